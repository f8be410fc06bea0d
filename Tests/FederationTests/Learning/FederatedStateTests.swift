import Tensor
import TestSupport
import Testing

@testable import Federation

/// What a federation keeps between steps: resuming at round boundaries, threads, files from elsewhere.
@Suite struct FederatedStateTests {
  private func learner(
    clients: Int = 3, seed: UInt64 = 1, threads: Int = 1, _ change: (inout FederationConfiguration) -> Void = { _ in }
  ) -> FederatedLearner<DriftingClients> {
    var configuration = FederationConfiguration()
    configuration.roundSteps = 4
    change(&configuration)
    return FederatedLearner(DriftingClients(clients: clients), configuration, seed: seed, threads: threads)
  }

  private func everything(threads: Int) -> FederatedLearner<DriftingClients> {
    learner(clients: 5, threads: threads) {
      $0.part = .everything(but: [.lastLayer(of: "actor")])
      $0.moments = .averaged
      $0.weight = .given
      ($0.participation.fraction, $0.participation.dropout, $0.participation.lateness) = (0.8, 0.1, 0.3)
      $0.participation.late = .refused
    }
  }

  /// Saved at each of the first rounds and between them, restored and continued: the same bytes as without.
  @Test func aRestoredFederationGoesOnBitForBit() throws {
    var whole = everything(threads: 1)
    whole.givenWeights = [1, 2, 3, 4, 5]
    whole.advance(40)
    let expected = try savedBytes(whole)
    for steps in [4, 8, 12, 16, 20, 22, 23] {
      var first = everything(threads: 1)
      first.givenWeights = [1, 2, 3, 4, 5]
      first.advance(steps)
      var second = everything(threads: 2)
      try restore(&second, from: savedBytes(first))
      #expect(second.records == first.records)
      second.advance(40 - steps)
      #expect(try savedBytes(second) == expected, "saved after \(steps) steps")
    }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    for groups in [AveragingGroups.server, .clustered([[0, 1], [0, 1, 4], [2, 3], [3, 4, 0], [4]])] {
      func bytes(_ threads: Int) throws -> [UInt8] {
        var learner = learner(clients: 5, threads: threads) {
          $0.groups = groups
          $0.weight = .sampleCount
          $0.participation.dropout = 0.2
        }
        learner.advance(30)
        return try savedBytes(learner)
      }
      let one = try bytes(1)
      for threads in [2, 3, 8] { #expect(try bytes(threads) == one) }
    }
  }

  @Test func foreignStatesAreRefused() throws {
    var other = everything(threads: 1)
    other.advance(20)
    let bytes = try savedBytes(other)
    #expect(throws: FileError.self) {
      var fewer = learner(clients: 4)
      try restore(&fewer, from: bytes)
    }
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let mutator = ByteMutator(
      [.init(bytes, lengthField: 0..<8, header: 8..<(8 + length))], tokens: ["shape", "dtype", "data_offsets", "F64", "I32"], seed: 6)
    for number in 0..<300 {
      var learner = other
      do { try restore(&learner, from: mutator.bytes(number)) } catch { continue }
      learner.makeRound()
    }
  }
}
