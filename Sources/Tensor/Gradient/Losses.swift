/// The mean of squared differences: (1/n) Σ (a − b)².
public func meanSquaredError(_ a: Variable, _ b: Variable) -> Variable { (a - b).squared().mean() }

/// Huber's loss of each element (Huber 1964): d²/2 where |d| ≤ δ, δ (|d| − δ/2) elsewhere, with d = a − b.
///
/// - Returns: The losses element by element, of the operands' common shape.
public func huber(_ a: Variable, _ b: Variable, delta: Float = 1) -> Variable {
  precondition(delta > 0, "huber: the threshold must be positive, not \(delta)")
  let difference = a - b
  // With c the difference cut to ±δ both cases are c (d − c/2).
  let cut = difference.clamped(to: -delta...delta)
  return cut * (difference - cut * 0.5)
}

/// The cross-entropy −ln softmax(logits)[target] of each row.
///
/// - Parameters:
///   - logits: `[rows, choices]`
///   - targets: The right choice of each row.
/// - Returns: `[rows, 1]`
public func crossEntropy(_ logits: Variable, _ targets: Span<Int32>) -> Variable { -logits.logSoftmax().selecting(targets) }
