import Agents
import Synchronization
import Tensor
import TestSupport
import Testing

/// A walk on a line whose two agents share it; each defect breaks one clause of the contract of environments.
private struct Walk: Environment {
  enum Defect: String, CaseIterable {
    case none, shortObservations, longFinalObservations, shortRewards, shortMetrics, shortTerminated, longTruncated
    case infiniteReward, nanObservation, nanFinalObservation, nanMetric, nanAtReset
    case unwrittenReward, unwrittenObservation, unwrittenFinalObservation, unwrittenMetric, unwrittenTerminated, unwrittenTruncated
    case successorOfReset, forgottenInArchive, sharedRandomness, failsToSave
  }

  static let calls = Mutex(0)
  let defect: Defect
  let specification = EnvironmentSpecification(copies: 2, agents: 2, observationSize: 1, actions: .discrete(3), metrics: ["place"])
  private var places = [0, 0]
  private var ages = [0, 0]

  init(_ defect: Defect) { self.defect = defect }

  mutating func reset(into batch: inout StepBatch) {
    (places, ages) = ([0, 0], [0, 0])
    batch.observations = [0, 0, 0, defect == .nanAtReset ? .nan : 0]
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in 0..<2 {
      places[copy] += Int(actions.choices[copy * 2]) + Int(actions.choices[copy * 2 + 1]) - 2
      ages[copy] += 1
      let place = Float(places[copy])
      let (terminated, truncated) = (abs(places[copy]) >= 4, ages[copy] >= 6)
      if defect != .unwrittenTerminated || terminated { batch.terminated[copy] = terminated }
      if defect != .unwrittenTruncated || truncated { batch.truncated[copy] = truncated }
      for row in (copy * 2)..<(copy * 2 + 2) {
        if defect != .unwrittenFinalObservation || row < 3 { batch.finalObservations[row] = place }
        if defect != .unwrittenReward || row < 3 { batch.rewards[row] = -abs(place) }
      }
      if defect != .unwrittenMetric || copy == 0 { batch.metrics[copy] = place }
      if terminated || truncated { (places[copy], ages[copy]) = (0, 0) }
      for row in (copy * 2)..<(copy * 2 + 2) where defect != .unwrittenObservation || row < 3 {
        batch.observations[row] = Float(places[copy])
      }
      // The successor is meant to be the true one, here it lies one step aside of what is acted on.
      if defect == .successorOfReset && ages[copy] > 0 { batch.finalObservations[copy * 2] += 1 }
    }
    switch defect {
    case .shortObservations: batch.observations.removeLast()
    case .longFinalObservations: batch.finalObservations.removeLast()
    case .shortRewards: batch.rewards.removeLast()
    case .shortMetrics: batch.metrics.removeLast()
    case .shortTerminated: batch.terminated.removeLast()
    case .longTruncated: batch.truncated.append(false)
    case .infiniteReward: batch.rewards[1] = .infinity
    case .nanObservation: (batch.observations[2], batch.finalObservations[2]) = (.nan, 0)
    case .nanFinalObservation: batch.finalObservations[2] = .nan
    case .nanMetric: batch.metrics[1] = .nan
    case .sharedRandomness:
      batch.rewards[0] += Float(
        Walk.calls.withLock {
          $0 += 1
          return $0
        })
    default: break
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    if defect == .failsToSave { throw archive.failure("nothing can be saved") }
    var numbers = (places + (defect == .forgottenInArchive ? [0, 0] : ages)).map(Int32.init)
    try archive.array("numbers", &numbers)
    if archive.isReading {
      places = numbers[0..<2].map(Int.init)
      if defect != .forgottenInArchive { ages = numbers[2..<4].map(Int.init) }
    }
  }

  /// What the checker has to say about a defect.
  var expected: String {
    switch defect {
    case .none: ""
    case .shortObservations: "observations has 3"
    case .longFinalObservations: "finalObservations has 3"
    case .shortRewards: "rewards has 3"
    case .shortMetrics: "metrics has 1"
    case .shortTerminated: "terminated has 1"
    case .longTruncated: "truncated has 3"
    case .infiniteReward, .unwrittenReward: "number of rewards is not finite or was not written"
    case .nanObservation, .unwrittenObservation: "number of observations is not finite or was not written"
    case .nanFinalObservation, .unwrittenFinalObservation: "number of finalObservations is not finite or was not written"
    case .nanMetric, .unwrittenMetric: "number of metrics is not finite or was not written"
    case .nanAtReset: "reset: a number of observations"
    case .unwrittenTerminated, .unwrittenTruncated: "the same start and actions gave another result"
    case .successorOfReset: "observations and finalObservations differ"
    case .forgottenInArchive: "does not go on as the original"
    case .sharedRandomness: "a restored copy does not go on"
    case .failsToSave: "nothing can be saved"
    }
  }
}

@Suite struct EnvironmentCheckerTests {
  @Test(arguments: Walk.Defect.allCases) private func aPlantedDefectIsFound(defect: Walk.Defect) throws {
    let folder = try TemporaryFolder()
    let found = defects(archivePath: folder.file("check")) { Walk(defect) }
    if defect == .none {
      #expect(found == [])
    } else {
      #expect(found.contains { $0.contains(Walk(defect).expected) }, "\(found)")
    }
  }

  @Test func theProbesAreInOrder() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("check")
    #expect(defects(archivePath: path) { IdentityTask(agents: 3, copies: 4) } == [])
    #expect(defects(archivePath: path) { CoordinationGame([[1, 0], [0, 2]]) } == [])
    #expect(defects(archivePath: path) { PaymentChain([0, 1, 2], terminates: true) } == [])
    #expect(defects(archivePath: path) { PaymentChain([1], terminates: false) } == [])
  }
}
