import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct AutomatonSchemeTests {
  private func updated(_ scheme: AutomatonScheme, _ start: [Double], action: Int, response: Double, best: Int = 0) -> [Double] {
    var p = start
    var span = p.mutableSpan
    scheme.update(&span, action: action, response: response, best: best)
    return p
  }

  @Test func rewardInactionIsThatOfTheVectors() throws {
    let golden = try GoldenVectors.load().lri
    var p = golden.start
    for (pair, expected) in zip(golden.actionReward, golden.after) {
      p = updated(.rewardInaction(step: golden.step), p, action: Int(pair[0]), response: pair[1])
      #expect(zip(p, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test func rewardPenaltyByHand() {
    let scheme = AutomatonScheme.rewardPenalty(reward: 0.2, penalty: 0.1)
    let start = [0.5, 0.3, 0.2]
    // A reward is that of L_R-I.
    #expect(relativeDistance(updated(scheme, start, action: 1, response: 1), [0.4, 0.44, 0.16]) < 1e-14)
    // A penalty: p_i ← (1 − b) p_i, p_j ← b / (K − 1) + (1 − b) p_j.
    #expect(relativeDistance(updated(scheme, start, action: 1, response: 0), [0.5, 0.27, 0.23]) < 1e-14)
    // Between them: the mean of both moves.
    #expect(relativeDistance(updated(scheme, start, action: 1, response: 0.25), [0.475, 0.3125, 0.2125]) < 1e-14)
  }

  @Test func pursuitByHand() {
    let start = [0.5, 0.3, 0.2]
    #expect(relativeDistance(updated(.pursuit(step: 0.1), start, action: 0, response: 1, best: 2), [0.45, 0.27, 0.28]) < 1e-14)
    #expect(updated(.pursuit(step: 0.1), start, action: 0, response: 0, best: 2) == start)
    let always = AutomatonScheme.pursuit(step: 0.1, movesOnPenalty: true)
    #expect(relativeDistance(updated(always, start, action: 0, response: 0, best: 2), [0.45, 0.27, 0.28]) < 1e-14)
    // Δ = 1 / (3 · 10); what is smaller than a step goes to zero.
    let discrete = AutomatonScheme.discretizedPursuit(resolution: 10)
    #expect(relativeDistance(updated(discrete, [0.6, 0.38, 0.02], action: 0, response: 1, best: 1), [17.0 / 30, 13.0 / 30, 0]) < 1e-14)
    #expect(updated(discrete, start, action: 0, response: 0, best: 1) == start)
  }

  @Test func discretizedPursuitEndsAfterAsManySteps() {
    // From 1/K each other action has N steps of 1/(K N) to lose.
    let scheme = AutomatonScheme.discretizedPursuit(resolution: 7)
    var p = [0.25, 0.25, 0.25, 0.25]
    for step in 1...7 {
      p = updated(scheme, p, action: 0, response: 1, best: 3)
      #expect((p[3] == 1) == (step == 7), "step \(step)")
    }
    #expect(p == [0, 0, 0, 1])
  }

  @Test(arguments: [
    AutomatonScheme.rewardInaction(step: 0.3), .rewardPenalty(reward: 0.3, penalty: 0.2), .pursuit(step: 0.3),
    .pursuit(step: 0.01, movesOnPenalty: true), .discretizedPursuit(resolution: 13), .discretizedPursuit(resolution: 3, movesOnPenalty: true),
  ]) func probabilitiesStayProbabilities(scheme: AutomatonScheme) {
    var p = [Double](repeating: 1.0 / 7, count: 7)
    var generator = RandomStream(seed: 4, purpose: .environment).generator()
    for _ in 0..<20_000 {
      p = updated(
        scheme, p, action: generator.integer(below: 7), response: generator.uniform() < 0.5 ? generator.uniform() : 1,
        best: generator.integer(below: 7))
      #expect(p.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(p.reduce(0, +) - 1) < 1e-13)
    }
  }

  @Test func theInverseDistributionFunctionGuardsItsEnd() {
    let p = [0.25, 0, 0.75 - 1e-12, 0]
    #expect([0, 0.2499, 0.25, 0.999, 1 - 1e-13].map { AutomatonScheme.choice(p.span, uniform: $0) } == [0, 0, 2, 2, 2])
  }

  @Test func impossibleCallsStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      var p = [0.5, 0.5]
      var span = p.mutableSpan
      AutomatonScheme.rewardInaction(step: 0.1).update(&span, action: 2, response: 1)
    }
    await #expect(processExitsWith: .failure) {
      var p = [0.5, 0.5]
      var span = p.mutableSpan
      AutomatonScheme.rewardInaction(step: 0.1).update(&span, action: 1, response: .nan)
    }
  }
}
