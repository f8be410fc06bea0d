import Agents

/// The objectives on arrays, which tests have.
enum Objectives {
  static func generalizedAdvantages<Real: BinaryFloatingPoint & BitwiseCopyable>(
    _ rewards: [Real], _ values: [Real], _ successors: [Real], terminated: [Bool], truncated: [Bool], sequences: Int = 1, discount: Real, trace: Real
  ) -> [Real] {
    var result = [Real](repeating: 99, count: rewards.count)
    var span = result.mutableSpan
    Agents.generalizedAdvantages(
      rewards: rewards.span, values: values.span, successorValues: successors.span, terminated: terminated.span, truncated: truncated.span,
      sequences: sequences, discount: discount, trace: trace, into: &span)
    return result
  }

  static func discountedReturns(_ rewards: [Double], _ successors: [Double], terminated: [Bool], truncated: [Bool], discount: Double) -> [Double] {
    var result = [Double](repeating: 99, count: rewards.count)
    var span = result.mutableSpan
    Agents.discountedReturns(
      rewards: rewards.span, successorValues: successors.span, terminated: terminated.span, truncated: truncated.span, discount: discount, into: &span
    )
    return result
  }

  static func lambdaReturns(_ rewards: [Double], discounts: [Double], _ successors: [Double], trace: Double) -> [Double] {
    var result = [Double](repeating: 99, count: rewards.count)
    var span = result.mutableSpan
    Agents.lambdaReturns(rewards: rewards.span, discounts: discounts.span, successorValues: successors.span, trace: trace, into: &span)
    return result
  }

  static func nStepReturns<Real: BinaryFloatingPoint & BitwiseCopyable>(
    _ rewards: [Real], _ successors: [Real], terminated: [Bool], truncated: [Bool], steps: Int, discount: Real
  ) -> [Real] {
    var result = [Real](repeating: 99, count: rewards.count)
    var span = result.mutableSpan
    Agents.nStepReturns(
      rewards: rewards.span, successorValues: successors.span, terminated: terminated.span, truncated: truncated.span, steps: steps,
      discount: discount, into: &span)
    return result
  }

  static func normalized<Real: BinaryFloatingPoint & BitwiseCopyable>(_ x: [Real], _ divisor: VarianceDivisor, epsilon: Double) -> [Real] {
    var result = x
    var span = result.mutableSpan
    normalize(&span, divisor: divisor, epsilon: epsilon)
    return result
  }

  static func explainedVariance(_ values: [Double], of returns: [Double]) -> Double { Agents.explainedVariance(values.span, of: returns.span) }
}
