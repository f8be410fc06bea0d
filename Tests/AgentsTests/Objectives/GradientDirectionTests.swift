import Testing

@testable import Agents

@Suite struct GradientDirectionTests {
  /// All 2ᴺ joint actions, one by one: the gradient as the expectation of the estimator, and the probability of a right step.
  private func enumerated(_ reward: GradientDirection.Reward, _ theta: Double, _ agents: Int) -> (gradient: Double, share: Double) {
    var samples: [(probability: Double, estimate: [Double])] = []
    for code in 0..<(1 << agents) {
      let actions = (0..<agents).map { (code >> $0) & 1 }
      let isRewarded = actions.allSatisfy { $0 == 1 } || (reward == .allEqual && actions.allSatisfy { $0 == 0 })
      let probability = actions.reduce(1.0) { $0 * ($1 == 1 ? theta : 1 - theta) }
      samples.append((probability, actions.map { isRewarded ? ($0 == 1 ? 1 / theta : -1 / (1 - theta)) : 0 }))
    }
    let gradient = (0..<agents).map { agent in samples.reduce(0) { $0 + $1.probability * $1.estimate[agent] } }
    // What cancels exactly on paper may leave a rounding error.
    let share = samples.reduce(0) { $0 + (zip($1.estimate, gradient).reduce(0) { $0 + $1.0 * $1.1 } > 1e-12 ? $1.probability : 0) }
    return (gradient[0], share)
  }

  @Test(arguments: [0.5, 0.3, 0.75]) func closedFormsAgreeWithAllJointActions(theta: Double) {
    for reward in [GradientDirection.Reward.allOne, .allEqual] {
      let toy = GradientDirection(reward, probability: theta)
      for agents in 1...8 {
        let slow = enumerated(reward, theta, agents)
        #expect(abs(toy.gradient(agents: agents) - slow.gradient) < 1e-12, "\(reward) \(agents)")
        #expect(abs(toy.exactShare(agents: agents) - slow.share) < 1e-12, "\(reward) \(agents)")
      }
    }
  }

  @Test func theStatementHoldsForTheRewardOfItsProof() {
    let toy = GradientDirection()
    for agents in 1...10 { #expect(toy.exactShare(agents: agents) == 1 / Double(1 << agents)) }
  }

  @Test func theOtherReadingHasNoDirectionAtOneHalf() {
    let toy = GradientDirection(.allEqual)
    for agents in 1...5 {
      #expect(toy.gradient(agents: agents) == 0 && toy.exactShare(agents: agents) == 0)
      #expect(toy.sampledShare(agents: agents, samples: 1000) == 0)
    }
    let beside = GradientDirection(.allEqual, probability: 0.5 + 1e-9)
    #expect(abs(beside.exactShare(agents: 6) * 64 - 1) < 1e-7)
  }

  @Test(arguments: [0.5, 0.3, 0.75]) func samplesComeCloseToTheClosedForm(theta: Double) {
    for reward in [GradientDirection.Reward.allOne, .allEqual] {
      let toy = GradientDirection(reward, probability: theta)
      for agents in 1...4 {
        let exact = toy.exactShare(agents: agents)
        // Six standard errors of 65 536 samples, and half a count: less than once in 10^8.
        let bound = 6 * (exact * (1 - exact) / 65_536).squareRoot() + 1 / 65_536
        #expect(abs(toy.sampledShare(agents: agents, samples: 65_536) - exact) <= bound, "\(reward) \(agents)")
      }
    }
  }
}
