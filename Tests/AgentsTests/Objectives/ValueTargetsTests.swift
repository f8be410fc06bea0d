import Agents
import Tensor
import TestSupport
import Testing

@Suite struct ValueTargetsTests {
  private func targets<Number: BinaryFloatingPoint>(_ vector: GoldenVectors.DQN, double: Bool, _ type: Number.Type) -> [Double] {
    let rewards = vector.reward.map { Number($0) }
    let discounts = vector.terminated.map { Number(vector.gamma * (1 - $0)) }
    let online = vector.qNextOnline.joined().map { Number($0) }
    let next = vector.qNextTarget.joined().map { Number($0) }
    var result = [Number](repeating: 0, count: rewards.count)
    var span = result.mutableSpan
    if double {
      ValueTargets.evaluated(rewards: rewards.span, discounts: discounts.span, chosenBy: online.span, next: next.span, into: &span)
    } else {
      ValueTargets.greatest(rewards: rewards.span, discounts: discounts.span, next: next.span, into: &span)
    }
    return result.map { Double($0) }
  }

  @Test func targetsAreThoseOfAnotherProgram() throws {
    let vector = try GoldenVectors.load().dqn
    #expect(relativeDistance(targets(vector, double: false, Double.self), vector.targetDqn) < 1e-12)
    #expect(relativeDistance(targets(vector, double: true, Double.self), vector.targetDouble) < 1e-12)
    #expect(relativeDistance(targets(vector, double: false, Float.self), vector.targetDqn) < 1e-6)
    #expect(relativeDistance(targets(vector, double: true, Float.self), vector.targetDouble) < 1e-6)
  }

  @Test func lossAndGradientAreThoseOfAnotherProgram() throws {
    let vector = try GoldenVectors.load().dqn
    let rows = vector.q.count
    let tape = Tape()
    let q = tape.variable(Tensor(vector.q.joined().map { Float($0) }, shape: [rows, 3]))
    let goals = targets(vector, double: true, Float.self).map { Float($0) }
    let actions = vector.action.map { Int32($0) }
    let loss = huber(q.selecting(actions.span), tape.constant(goals, shape: [rows, 1])).mean()
    #expect(relativeDistance([Double(loss.number)], [vector.huberDelta1MeanLossDouble]) < 1e-6)
    let gradient = tape.gradients(of: loss, withRespectTo: [q])[0].array.map { Double($0) }
    #expect(relativeDistance(gradient, Array(vector.gradQ.joined())) < 1e-6)
  }

  @Test func aTerminationCutsOffWhateverFollows() {
    let (rewards, discounts): ([Float], [Float]) = ([1, 2], [0, 0.5])
    let next: [Float] = [.infinity, .nan, 3, 3]
    var result: [Float] = [0, 0]
    var span = result.mutableSpan
    ValueTargets.greatest(rewards: rewards.span, discounts: discounts.span, next: next.span, into: &span)
    #expect(result == [1, 3.5])
  }

  @Test func theFirstOfEqualValuesChooses() {
    let (reward, discount): ([Double], [Double]) = ([0], [1])
    let (online, next): ([Double], [Double]) = ([2, 5, 5], [7, 8, 9])
    var result = [0.0]
    var span = result.mutableSpan
    ValueTargets.evaluated(rewards: reward.span, discounts: discount.span, chosenBy: online.span, next: next.span, into: &span)
    #expect(result == [8])
  }

  private func multistep(
    _ rewards: [Double], _ terminated: [Bool], _ truncated: [Bool], _ discount: Double, _ steps: Int
  ) -> (returns: [Double], discounts: [Double], lengths: [Int32]) {
    var returns = rewards
    var discounts = rewards
    var lengths = rewards.map { _ in Int32(0) }
    var a = returns.mutableSpan
    var b = discounts.mutableSpan
    var c = lengths.mutableSpan
    ValueTargets.multistep(
      rewards: rewards.span, terminated: terminated.span, truncated: truncated.span, discount: discount, steps: steps, returns: &a, discounts: &b,
      lengths: &c)
    return (returns, discounts, lengths)
  }

  @Test func returnsOfSeveralStepsEndWithTheirEpisode() {
    // Episodes: steps 0–2, terminated; steps 3 and 4, truncated; steps 5 and 6, unfinished.
    let rewards = [1.0, 2, 4, 8, 16, 32, 64]
    let terminated = [false, false, true, false, false, false, false]
    let truncated = [false, false, false, false, true, false, false]
    let result = multistep(rewards, terminated, truncated, 0.5, 2)
    #expect(result.returns == [2, 4, 4, 16, 16, 64, 64])
    #expect(result.discounts == [0.25, 0, 0, 0.25, 0.5, 0.25, 0.5])
    #expect(result.lengths == [2, 2, 1, 2, 1, 2, 1])
    let one = multistep(rewards, terminated, truncated, 0.5, 1)
    #expect(one.returns == rewards && one.discounts == [0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5] && one.lengths == [1, 1, 1, 1, 1, 1, 1])
    let all = multistep(rewards, terminated, truncated, 0.5, 100)
    #expect(all.returns == [3, 4, 4, 16, 16, 64, 64])
    #expect(all.discounts == [0, 0, 0, 0.25, 0.5, 0.25, 0.5])
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let numbers: [Float] = [1, 2]
      var result: [Float] = [0, 0]
      var span = result.mutableSpan
      let next: [Float] = [1, 2, 3]
      ValueTargets.greatest(rewards: numbers.span, discounts: numbers.span, next: next.span, into: &span)
    }
  }
}
