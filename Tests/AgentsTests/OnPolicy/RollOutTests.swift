import Tensor
import Testing

@testable import Agents

@Suite struct RollOutTests {
  private let specification = EnvironmentSpecification(copies: 2, agents: 2, observationSize: 1, actions: ActionSpace(choices: [3], bounds: [0...1]))
  private var head: ActionHead {
    ActionHead(specification.actions, bounding: .scaled, isStateDependent: true, isPerChoice: false, logDeviations: -20...2)
  }

  /// A roll-out of three steps: row r of step t has the observation 10 t + r. Copy 1 is cut off in step 0 and both end in step 2.
  private func filled() -> RollOut {
    var rollOut = RollOut(steps: 3, head: head, for: specification, separatesContinuous: true)
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    var outputs = [Float](repeating: 0, count: 4 * 5)
    RandomStream(seed: 8, purpose: .environment).fill(&outputs, with: .normal)
    func row(_ t: Int) -> [Float] { (0..<4).map { Float(10 * t + $0) } }
    for t in 0..<3 {
      rollOut.draw(outputs, from: RandomStream(seed: 1, purpose: .exploration), step: t, into: &actions)
      batch.observations = row(t + 1)
      batch.finalObservations = row(t + 1).map { -$0 }
      batch.rewards = row(t).map { $0 / 100 }
      (batch.terminated, batch.truncated) = ([t == 2, t == 2], [t == 1 && false, t == 0 || t == 2])
      rollOut.store(row(t), batch)
      // What the environment got is what was drawn, brought into its range.
      for r in 0..<4 {
        #expect(actions.choices[r] == rollOut.choices[4 * t + r])
        #expect(actions.values[r] == min(max(0.5 + 0.5 * rollOut.values[4 * t + r], 0), 1))
      }
    }
    return rollOut
  }

  @Test func stepsLieOneBehindTheOther() {
    let rollOut = filled()
    #expect(rollOut.isFull && rollOut.jointSteps == 6)
    #expect(rollOut.observations == [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33])
    #expect(rollOut.rewards == [0, 0.01, 0.02, 0.03, 0.1, 0.11, 0.12, 0.13, 0.2, 0.21, 0.22, 0.23])
    #expect(rollOut.terminated == Array(repeating: false, count: 8) + Array(repeating: true, count: 4))
  }

  @Test func successorsAreKeptWhereAnEpisodeIsCutOffAndDoesNotEnd() {
    let rollOut = filled()
    // Copy 1 in step 0: the second joint step. What ended in step 2 has no successor, though it was cut off too.
    #expect(rollOut.cuts == 1 && rollOut.cutPlaces[0] == 1)
    #expect(Array(rollOut.cutObservations[..<2]) == [-12, -13])
  }

  @Test func theLogProbabilityHasTwoParts() {
    let rollOut = filled()
    var outputs = [Float](repeating: 0, count: 4 * 5)
    RandomStream(seed: 8, purpose: .environment).fill(&outputs, with: .normal)
    for row in 0..<12 {
      let logits = (0..<3).map { Double(outputs[row % 4 * 5 + $0]) }
      let choice = Math.log(ReferenceNetworks.softmax(logits)[Int(rollOut.choices[row])])
      let parts = Double(rollOut.logProbabilities[row] - rollOut.continuousLogProbabilities[row])
      #expect(abs(parts - choice) < 1e-5)
    }
  }

  @Test func aMinibatchLiesAgentByAgent() {
    let rollOut = filled()
    var configuration = ActorCriticNetworksConfiguration()
    configuration.deviationsDependOnState = true
    let networks = ActorCriticNetworks(configuration, for: specification, view: .joint(withIndex: true))
    var batch = OnPolicyMinibatch(networks, jointSteps: 4, separatesContinuous: true)
    let numbers = (0..<12).map(Float.init)
    // Joint steps 5 (step 2, copy 1), 0 and 3.
    batch.load([1, 5, 0, 3, 2, 4], 1..<4, of: rollOut, values: numbers, advantages: numbers.map { -$0 }, returns: numbers, networks)
    #expect(batch.rows == 6)
    #expect(Array(batch.observations[..<6]) == [22, 0, 12, 23, 1, 13])
    #expect(Array(batch.oldValues[..<6]) == [10, 0, 6, 11, 1, 7])
    #expect(Array(batch.advantages[..<6]) == [-10, 0, -6, -11, -1, -7])
    #expect(Array(batch.choices[..<6]) == [10, 0, 6, 11, 1, 7].map { rollOut.choices[$0] })
    #expect(Array(batch.seen[..<8]) == [22, 23, 1, 0, 0, 1, 1, 0] && Array(batch.seen[12..<16]) == [22, 23, 0, 1])
    batch.normalize(.count)
    let mean = batch.advantages[..<6].reduce(0, +) / 6
    #expect(abs(mean) < 1e-6)
  }

  @Test func aFullRollOutTakesNoMore() async {
    await #expect(processExitsWith: .failure) {
      let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 1, actions: .discrete(2))
      var configuration = PPOConfiguration()
      configuration.steps = 1
      var learner = PPO(configuration, for: specification, seed: 1)
      var actions = ActionBatch(for: specification)
      learner.act([0], step: 0, into: &actions)
      learner.observe([0], actions, StepBatch(for: specification))
      learner.act([0], step: 1, into: &actions)
    }
  }
}
