import Tensor

/// How a learning automaton changes the probabilities p of its K actions after a response.
///
/// Action i was taken and answered with β ∈ [0, 1]: 0 for a penalty, 1 for a reward (P-model), or anything between (S-model). e_i is the vector with
/// a one in place i. Probabilities are in double precision and are brought back to the sum 1 after each change, so that nothing drifts.
public enum AutomatonScheme: Hashable, Sendable {
  /// L_R-I, linear reward-inaction (Shapiro and Narendra 1969): p ← p + b β (e_i − p).
  ///
  /// Absorbing: it ends with one action for ever, the best one with a probability that goes to 1 as b → 0.
  case rewardInaction(step: Double)
  /// L_R-P, linear reward-penalty (Narendra and Thathachar 1974), in the form for any β:
  /// p ← p + a β (e_i − p) + b (1 − β) ((1 − e_i) / (K − 1) − p).
  ///
  /// With a = b it is ergodic and expedient: with two actions of penalty probabilities c the mean of p_1 ends at c_2 / (c_1 + c_2). With b ≪ a it is L_R-εP.
  case rewardPenalty(reward: Double, penalty: Double)
  /// Pursuit of the action m with the largest mean response so far, continuous: p ← p + λ (e_m − p).
  ///
  /// CP_RP (Thathachar and Sastry 1986) moves after every response; CP_RI, reward-inaction (Oommen and Agache 2001), only after a reward, here with the
  /// factor β.
  case pursuit(step: Double, movesOnPenalty: Bool = false)
  /// Pursuit in steps of Δ = 1 / (K N) with the resolution N: p_j ← max(p_j − Δ, 0) for j ≠ m, and p_m takes what they lose.
  ///
  /// DP_RP (Oommen and Lanctôt 1990) moves after every response, DP_RI (Oommen and Agache 2001) only after a reward, here β > ½.
  case discretizedPursuit(resolution: Int, movesOnPenalty: Bool = false)

  /// Whether it needs the mean response of every action.
  public var isPursuit: Bool {
    switch self {
    case .rewardInaction, .rewardPenalty: false
    case .pursuit, .discretizedPursuit: true
    }
  }

  /// What is wrong with its numbers, or nil.
  var objection: String? {
    switch self {
    case .rewardInaction(let step) where !(step > 0 && step <= 1): "the step \(step) does not lie in (0, 1]"
    case .rewardPenalty(let a, let b) where !(a > 0 && a < 1 && b >= 0 && b < 1): "the steps \(a) and \(b) do not lie in (0, 1) and [0, 1)"
    case .pursuit(let step, _) where !(step > 0 && step <= 1): "the step \(step) does not lie in (0, 1]"
    case .discretizedPursuit(let resolution, _) where resolution < 1: "the resolution \(resolution) is not positive"
    default: nil
    }
  }

  /// Changes the probabilities of one automaton.
  ///
  /// - Parameters:
  ///   - probabilities: p. `[K]`
  ///   - action: i, what was done.
  ///   - response: β
  ///   - best: m, the action with the largest mean response; pursuit alone looks at it.
  /// - Precondition: `response` lies in 0...1, `action` and `best` below K.
  /// - Complexity: O(K), without taking memory.
  public func update(_ probabilities: inout MutableSpan<Double>, action: Int, response: Double, best: Int = 0) {
    let count = probabilities.count
    precondition(
      action >= 0 && action < count && best >= 0 && best < count && response >= 0 && response <= 1,
      "AutomatonScheme.update: action \(action) or best \(best) of \(count), or a response of \(response) outside of 0...1")
    guard count > 1 else { return }
    switch self {
    case .rewardInaction(let step):
      AutomatonScheme.move(&probabilities, toward: action, by: step * response)
    case .rewardPenalty(let a, let b):
      let (gain, loss) = (a * response, b * (1 - response))
      let share = loss / Double(count - 1)
      for j in 0..<count {
        let p = probabilities[j]
        probabilities[j] = j == action ? p + gain * (1 - p) - loss * p : p - gain * p + share - loss * p
      }
    case .pursuit(let step, let movesOnPenalty):
      AutomatonScheme.move(&probabilities, toward: best, by: movesOnPenalty ? step : step * response)
    case .discretizedPursuit(let resolution, let movesOnPenalty):
      guard movesOnPenalty || response > 0.5 else { return }
      let step = 1 / Double(count * resolution)
      var others = 0.0
      for j in 0..<count where j != best {
        // Less than half a step is what rounding left of none.
        let rest = probabilities[j] - step
        probabilities[j] = rest < step / 2 ? 0 : rest
        others += probabilities[j]
      }
      probabilities[best] = 1 - others
    }
    AutomatonScheme.normalize(&probabilities)
  }

  private static func move(_ probabilities: inout MutableSpan<Double>, toward action: Int, by step: Double) {
    for j in 0..<probabilities.count { probabilities[j] += step * ((j == action ? 1 : 0) - probabilities[j]) }
  }

  /// Divides by the sum where rounding has moved it by more than a few units in the last place.
  private static func normalize(_ probabilities: inout MutableSpan<Double>) {
    var sum = 0.0
    for j in 0..<probabilities.count { sum += probabilities[j] }
    guard abs(sum - 1) > 1e-14 else { return }
    for j in 0..<probabilities.count { probabilities[j] /= sum }
  }

  /// The first action whose probabilities, added up in order, exceed a uniform number of [0, 1); the last possible one if rounding leaves none.
  public static func choice(_ probabilities: Span<Double>, uniform: Double) -> Int {
    var sum = 0.0
    var last = 0
    for j in 0..<probabilities.count where probabilities[j] > 0 {
      sum += probabilities[j]
      last = j
      if uniform < sum { return j }
    }
    return last
  }
}

/// How a reward becomes the response β ∈ [0, 1] of an automaton.
public enum AutomatonResponse: Hashable, Sendable {
  /// β = r, cut to [0, 1]: for rewards that are responses already.
  case reward
  /// β = (r − a) / (b − a), cut to [0, 1].
  case range(ClosedRange<Float>)
  /// β = max(r, 0) / M with M ← max(decay · M, r) of the agent's own rewards: no range needs to be known.
  case runningMaximum(decay: Double)
}
