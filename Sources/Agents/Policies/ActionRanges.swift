import Tensor

/// The ranges of the components of a continuous action, and the way into units in which each of them is [−1, 1].
struct ActionRanges: Sendable {
  let bounds: [ClosedRange<Float>]
  /// (a + b) / 2 and 2 / (b − a) of each range [a, b].
  private let centers: [Float]
  private let inverseHalfWidths: [Float]

  init(_ bounds: [ClosedRange<Float>]) {
    self.bounds = bounds
    centers = bounds.map { 0.5 * ($0.lowerBound + $0.upperBound) }
    inverseHalfWidths = bounds.map { 1 / (0.5 * ($0.upperBound - $0.lowerBound)) }
  }

  /// Why the continuous algorithms for one agent do not fit a task, or nil if they do.
  static func objection(_ algorithm: String, to specification: EnvironmentSpecification) -> String? {
    if specification.agents != 1 { return "\(algorithm): it is for one agent, there are \(specification.agents)" }
    if !specification.actions.isContinuous { return "\(algorithm): the actions must be numbers, they are \(specification.actions)" }
    for range in specification.actions.bounds where !(range.upperBound - range.lowerBound).isFinite || range.lowerBound == range.upperBound {
      return "\(algorithm): an action needs a finite range of some width, not \(range)"
    }
    return nil
  }

  /// (a − centre) / half width of each component of each row. `[B, components]`
  func normalize(_ values: Span<Float>, into target: inout Tensor) {
    let components = bounds.count
    var span = target.mutableSpan
    for component in 0..<components {
      let (center, factor) = (centers[component], inverseHalfWidths[component])
      for i in stride(from: component, to: values.count, by: components) { span[i] = (values[i] - center) * factor }
    }
  }

  /// Writes the action in its range for each output, which is cut to [−1, 1] first. `[E, components]`
  func write(_ outputs: Span<Float>, into actions: inout [Float]) {
    var span = actions.mutableSpan
    for i in 0..<span.count { span[i] = ActionBounding.scaled.value(min(max(outputs[i], -1), 1), in: bounds[i % bounds.count]) }
  }
}
