import Tensor

/// Mathematics of actor-critic methods for continuous actions: what DDPG, TD3 and SAC are made of.
///
/// Actions are in units of half the width of their range around its centre, so that every component lies in [−1, 1]. C critics lie side by side.

/// ã = clip(π'(s') + clip(σ ε, ±c), ±1): the target action with clipped noise (Fujimoto, van Hoof and Meger 2018, eq. 14).
///
/// - Parameters:
///   - action: π'(s'). `[B, D]`
///   - noise: ε, standard normal numbers. `[B, D]`
///   - deviation: σ
///   - limit: c
/// - Returns: `[B, D]`, through which no derivative flows.
public func smoothedTargetAction(_ action: Variable, noise: Variable, deviation: Float, limit: Float) -> Variable {
  (action.stopped() + (noise * deviation).clamped(to: -limit...limit)).clamped(to: -1...1)
}

/// min_i Q_i: the most careful of C critics. `[C, B, 1]` to `[B, 1]`
public func smallestValue(_ values: Variable) -> Variable {
  let shape = values.shape.removing(0)
  return values.shape[0] == 1 ? values.reshaped(shape) : values.min(along: 0)
}

/// y = r + γ m min_i Q'_i(s', ã), m = 0 where the task ended: the clipped double-Q target (Fujimoto et al. 2018, algorithm 1); with one critic
/// that of DDPG (Lillicrap et al. 2016, algorithm 1).
///
/// - Parameters:
///   - rewards: r. `[B, 1]`
///   - continues: m, 1 where the successor has a value: also after a truncation. `[B, 1]`
///   - values: Q'_i(s', ã). `[C, B, 1]`
///   - discount: γ
/// - Returns: `[B, 1]`
public func clippedDoubleTarget(rewards: Variable, continues: Variable, values: Variable, discount: Float) -> Variable {
  rewards + continues * smallestValue(values) * discount
}

/// y = r + γ m (min_i Q'_i(s', a') − α ln π(a'|s')), a' ~ π(s'): the soft target (Haarnoja et al. 2018, "Soft actor-critic algorithms and
/// applications", eq. 6 with eq. 3).
///
/// - Parameters:
///   - rewards: r. `[B, 1]`
///   - continues: m. `[B, 1]`
///   - values: Q'_i(s', a'). `[C, B, 1]`
///   - logProbabilities: ln π(a'|s'). `[B, 1]`
///   - temperature: α
///   - discount: γ
/// - Returns: `[B, 1]`
public func softTarget(
  rewards: Variable, continues: Variable, values: Variable, logProbabilities: Variable, temperature: Float, discount: Float
) -> Variable {
  rewards + continues * (smallestValue(values) - logProbabilities * temperature) * discount
}

/// Σ_i mean (Q_i(s, a) − y)²: the error of C critics towards one target.
///
/// - Parameters:
///   - values: Q_i(s, a). `[C, B, 1]`
///   - targets: y. `[B, 1]`
public func criticLoss(_ values: Variable, targets: Variable) -> Variable {
  (values - targets).squared().sum() * (1 / Float(targets.shape.count))
}

/// −mean Q(s, π(s)), whose gradient is the deterministic policy gradient (Silver et al. 2014, theorem 1).
///
/// - Parameter values: Q(s, π(s)) of one critic. `[1, B, 1]`
public func deterministicActorLoss(_ values: Variable) -> Variable { values.sum() * (-1 / Float(values.shape.count)) }

/// mean (α ln π(a|s) − min_i Q_i(s, a)), a ~ π(s) reparameterised (Haarnoja et al. 2018, eq. 9, with the smaller of two critics).
///
/// - Parameters:
///   - values: Q_i(s, a). `[C, B, 1]`
///   - logProbabilities: ln π(a|s). `[B, 1]`
///   - temperature: α
public func softActorLoss(_ values: Variable, logProbabilities: Variable, temperature: Float) -> Variable {
  (logProbabilities * temperature - smallestValue(values)).mean()
}

/// −(mean ln π(a|s) + H̄): the derivative of the temperature's loss −ln α · mean (ln π(a|s) + H̄) with respect to ln α.
///
/// The form of the authors' program; eq. 17 of the paper has α in the place of ln α, which multiplies this by α.
/// - Parameters:
///   - meanLogProbability: The mean of ln π(a|s).
///   - targetEntropy: H̄
public func temperatureSlope(meanLogProbability: Float, targetEntropy: Float) -> Float { -(meanLogProbability + targetEntropy) }
