import Tensor

/// A form of actions that divide wholes: every `parts` components of an action lie in 0...1 and are shares that add up to one.
///
/// An actor's outputs z become shares by f = softmax(L tanh((z − z̄) / L)), whose logits a limit L keeps from ends where no derivative is left. The mean z̄ over
/// the parts, on which a softmax does not depend, is taken off first: nothing holds it, and where it drifts away a limit of z itself has no derivative
/// either. What noise has moved is brought back by f ← max(f, smallest) / Σ max(f, smallest). Critics and noise see 2 f − 1, the shares in half widths of
/// their range.
public struct ShareHead: Hashable, Sendable {
  /// Components that divide the same whole.
  public var parts: Int
  /// L
  public var logitLimit: Float
  /// Whether z̄ is taken off.
  public var isCentred: Bool
  /// What noise leaves of a share, before all are scaled to a sum of one.
  public var smallest: Float

  public init(parts: Int, logitLimit: Float = 3, isCentred: Bool = true, smallest: Float = 1e-6) {
    precondition(parts > 0 && logitLimit > 0 && smallest > 0, "ShareHead: \(parts) parts, logits up to \(logitLimit), shares from \(smallest)")
    (self.parts, self.logitLimit, self.isCentred, self.smallest) = (parts, logitLimit, isCentred, smallest)
  }

  // MARK: On a tape

  /// - Parameter outputs: z. `[…, components]`
  /// - Returns: 2 f − 1 in the same shape.
  func shares(of outputs: Variable) -> Variable {
    rows(outputs) { outputs in
      let centred = isCentred ? outputs - outputs.mean(along: 1, keepingAxis: true) : outputs
      return ((centred * (1 / logitLimit)).tanh() * logitLimit).softmax() * 2 - 1
    }
  }

  /// - Parameter actions: 2 f − 1 with noise. `[…, components]`
  /// - Returns: The same as shares again.
  func projected(_ actions: Variable) -> Variable {
    rows(actions) { actions in
      let cut = (actions * 0.5 + 0.5).clamped(to: smallest...1)
      return cut / cut.sum(along: 1, keepingAxis: true) * 2 - 1
    }
  }

  private func rows(_ values: Variable, _ map: (Variable) -> Variable) -> Variable {
    map(values.reshaped(.matrix(values.shape.count / parts, parts))).reshaped(values.shape)
  }

  // MARK: On arrays

  /// z to 2 f − 1, in place.
  func share(_ outputs: inout [Float]) {
    var span = outputs.mutableSpan
    if isCentred { ShareHead.center(&span, parts: parts) }
    for i in span.indices { span[i] *= 1 / logitLimit }
    VectorMath.apply(.tanh, to: &span)
    for i in span.indices { span[i] *= logitLimit }
    VectorMath.apply(.exp, to: &span)
    ShareHead.scale(&span, parts: parts)
    for i in span.indices { span[i] = 2 * span[i] - 1 }
  }

  /// 2 f − 1 with noise to the same as shares again, in place.
  func project(_ actions: inout [Float]) {
    for i in actions.indices { actions[i] = 0.5 * actions[i] + 0.5 }
    projectShares(&actions)
    for i in actions.indices { actions[i] = 2 * actions[i] - 1 }
  }

  /// Any f to shares, in place.
  public func projectShares(_ actions: inout [Float]) {
    var span = actions.mutableSpan
    for i in span.indices { span[i] = min(max(span[i], smallest), 1) }
    ShareHead.scale(&span, parts: parts)
  }

  private static func center(_ values: inout MutableSpan<Float>, parts: Int) {
    var first = 0
    while first < values.count {
      var sum: Float = 0
      for i in first..<first + parts { sum += values[i] }
      for i in first..<first + parts { values[i] -= sum / Float(parts) }
      first += parts
    }
  }

  private static func scale(_ values: inout MutableSpan<Float>, parts: Int) {
    var first = 0
    while first < values.count {
      var sum: Float = 0
      for i in first..<first + parts { sum += values[i] }
      for i in first..<first + parts { values[i] /= sum }
      first += parts
    }
  }
}
