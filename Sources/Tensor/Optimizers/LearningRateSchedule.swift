/// A learning rate as a function of the number of steps taken.
///
/// Before each step: `optimizer.learningRate = schedule.rate(at: optimizer.step)`. The rate follows from the step alone, so that a
/// resumed run needs nothing but the optimiser's own state.
public indirect enum LearningRateSchedule: Hashable, Sendable {
  /// α(t) = α
  case constant(Double)
  /// α(t) = from + (to − from) t / T for t ≤ T = `over`, then `to`.
  case linear(from: Double, to: Double, over: Int)
  /// α(t) = to + (from − to) (1 + cos(π t / T)) / 2 for t ≤ T = `over`, then `to` (Loshchilov and Hutter 2017, eq. 5, one cycle).
  case cosine(from: Double, to: Double, over: Int)
  /// α(t) = from · factorᵗ
  case exponential(from: Double, factor: Double)
  /// α(t) = from · factor^⌊t / n⌋ with n = `every`.
  case steps(from: Double, factor: Double, every: Int)
  /// α(t) = start + (α'(0) − start) t / n for t < n, the number of steps; then α'(t − n), where α' is the schedule `then`
  /// (gradual warm-up, Goyal et al. 2017, section 2.2).
  case warmUp(_ steps: Int, from: Double = 0, then: LearningRateSchedule)

  /// The rate α(t) for the step that follows `step` steps.
  ///
  /// - Precondition: `step` is not negative, the schedule's numbers of steps are positive (a warm-up's may be zero), and its
  ///   factors are not negative.
  /// - Complexity: O(1), and one more for each warm-up. In double precision, with the same bits on every machine.
  public func rate(at step: Int) -> Float {
    precondition(step >= 0, "LearningRateSchedule.rate: step \(step)")
    return Float(value(at: step))
  }

  private func value(at step: Int) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .linear(let from, let to, let count):
      let t = LearningRateSchedule.progress(step, count)
      return t == 1 ? to : from + (to - from) * t
    case .cosine(let from, let to, let count):
      let t = LearningRateSchedule.progress(step, count)
      return t == 1 ? to : to + (from - to) * (1 + Math.cos(.pi * t)) / 2
    case .exponential(let from, let factor):
      return LearningRateSchedule.decayed(from, factor, step)
    case .steps(let from, let factor, let count):
      precondition(count > 0, "LearningRateSchedule.rate: a decay every \(count) steps")
      return LearningRateSchedule.decayed(from, factor, step / count)
    case .warmUp(let count, let start, let then):
      precondition(count >= 0, "LearningRateSchedule.rate: a warm-up of \(count) steps")
      if step >= count { return then.value(at: step - count) }
      return start + (then.value(at: 0) - start) * (Double(step) / Double(count))
    }
  }

  /// The part of `count` steps that is done.
  private static func progress(_ step: Int, _ count: Int) -> Double {
    precondition(count > 0, "LearningRateSchedule.rate: a schedule over \(count) steps")
    return step >= count ? 1 : Double(step) / Double(count)
  }

  private static func decayed(_ from: Double, _ factor: Double, _ times: Int) -> Double {
    precondition(factor >= 0, "LearningRateSchedule.rate: a factor of \(factor)")
    return factor == 1 ? from : from * Math.pow(factor, Double(times))
  }
}
