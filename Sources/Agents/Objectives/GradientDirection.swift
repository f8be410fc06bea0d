import Tensor

/// A toy of many agents: how often a step along a policy gradient of one sample goes in the right direction.
///
/// N agents act at random, P(aᵢ = 1) = θ, none knowing of the others. The estimator of one sample is
/// ∇̂ᵢ = r(a) ∂/∂θ ln p(aᵢ) = r(a) (aᵢ / θ − (1 − aᵢ) / (1 − θ)); a step is right when ⟨∇̂, ∇J⟩ > 0, where ∇J is the true gradient.
///
/// The statement p ∝ 0.5ᴺ is Proposition 1 of Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments"
/// (2017), whose proof takes r = 1 if all actions are one (``Reward/allOne``): ∂J/∂θᵢ = θᴺ⁻¹ > 0, the only sample with a reward is
/// (1, ..., 1), and p = θᴺ, exactly 0.5ᴺ at θ = 0.5. Its text rewards all actions that are equal (``Reward/allEqual``): then
/// J = θᴺ + (1 − θ)ᴺ, whose gradient at θ = 0.5 is zero by symmetry, no step is right or wrong, and p = 0 for every N. Beside θ = 0.5 it
/// says the same again: with θ > 0.5 and N > 1 the gradient is positive and p = θᴺ, which tends to 0.5ᴺ.
public struct GradientDirection: Sendable {
  /// For which joint actions the reward is one; it is zero for all others.
  public enum Reward: Sendable {
    case allOne, allEqual
  }

  static let purpose = RandomPurpose(rawValue: 1022)

  public let reward: Reward
  /// P(aᵢ = 1) = θ of every agent.
  public let probability: Double

  /// - Precondition: `probability` lies strictly between 0 and 1.
  public init(_ reward: Reward = .allOne, probability: Double = 0.5) {
    precondition(probability > 0 && probability < 1, "GradientDirection: the probability must lie between 0 and 1, got \(probability)")
    self.reward = reward
    self.probability = probability
  }

  /// ∂J/∂θᵢ, the same for every agent: θᴺ⁻¹, and with a reward for all zeros θᴺ⁻¹ − (1 − θ)ᴺ⁻¹.
  public func gradient(agents: Int) -> Double {
    let ones = power(probability, agents - 1)
    return reward == .allOne ? ones : ones - power(1 - probability, agents - 1)
  }

  /// The closed form of P(⟨∇̂, ∇J⟩ > 0): a sample of all ones has ∇̂ᵢ = 1 / θ and is right when the gradient is positive, one of all zeros
  /// has ∇̂ᵢ = −1 / (1 − θ) and is right when it is rewarded and the gradient is negative.
  public func exactShare(agents: Int) -> Double {
    let gradient = gradient(agents: agents)
    if gradient == 0 { return 0 }
    return gradient > 0 ? power(probability, agents) : power(1 - probability, agents)
  }

  /// The share of right steps among samples that are drawn one by one. O(samples · agents).
  ///
  /// - Parameters:
  ///   - agents: N
  ///   - samples: How many are drawn.
  ///   - seed: Names the samples.
  public func sampledShare(agents: Int, samples: Int, seed: UInt64 = 0) -> Double {
    precondition(agents > 0 && samples > 0, "GradientDirection.sampledShare: \(agents) agents, \(samples) samples")
    let gradient = gradient(agents: agents)
    // A uniform whole number of 32 bits is below this with probability θ.
    let bound = UInt64(probability * 4_294_967_296)
    var generator = RandomStream(seed: seed, purpose: GradientDirection.purpose, index: agents).generator()
    var right = 0
    for _ in 0..<samples {
      var ones = 0
      for _ in 0..<agents where UInt64(generator.next32()) < bound { ones += 1 }
      guard ones == agents || (reward == .allEqual && ones == 0) else { continue }
      let product = gradient * (Double(ones) / probability - Double(agents - ones) / (1 - probability))
      if product > 0 { right += 1 }
    }
    return Double(right) / Double(samples)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * base } }
}
