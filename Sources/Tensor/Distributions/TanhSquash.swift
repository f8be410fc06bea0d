import CKernels

/// The map from all real numbers to bounded actions: a = c + h tanh u, with the centre c and the half width h of each component's range.
public struct TanhSquash: Sendable, Equatable {
  /// h, one for all components or one for each.
  let halfWidths: [Float]
  /// c, as many as half widths.
  let centers: [Float]
  private let logHalfWidths: Double

  /// The same range for all components.
  public init(to range: ClosedRange<Float> = -1...1) {
    self.init(low: [range.lowerBound], high: [range.upperBound])
  }

  /// A range for each component.
  public init(low: [Float], high: [Float]) {
    precondition(
      !low.isEmpty && low.count == high.count && zip(low, high).allSatisfy { $0 < $1 && ($1 - $0).isFinite },
      "TanhSquash: the ranges \(low) to \(high)")
    halfWidths = zip(low, high).map { ($1 - $0) * 0.5 }
    centers = zip(low, high).map { ($0 + $1) * 0.5 }
    logHalfWidths = halfWidths.reduce(0) { $0 + Math.log(Double($1)) }
  }

  /// a = c + h tanh u. `[…, D]`
  public func callAsFunction(_ u: Variable) -> Variable {
    check(u.shape.columns)
    let t = u.tanh()
    if halfWidths.count == 1 { return t.record(.affine(t.node, scale: halfWidths[0], shift: centers[0]), t.shape) }
    return t * u.tape.constant(halfWidths, shape: [halfWidths.count]) + u.tape.constant(centers, shape: [centers.count])
  }

  /// ln |∂a/∂u| = Σ_d (ln h_d + ln(1 − tanh² u_d)). `[…, D]` to `[…, 1]`
  ///
  /// ln(1 − tanh² u) = 2 (ln 2 − u − softplus(−2u)) (Haarnoja et al. 2018, appendix C, in a form that neither cancels nor overflows).
  public func logVolume(_ u: Variable) -> Variable {
    check(u.shape.columns)
    let folded = u + (u * -2).softplus()
    let sum = folded.sum(along: -1, keepingAxis: true)
    return sum.record(.affine(sum.node, scale: -2, shift: volumeConstant(u.shape.columns)), sum.shape)
  }

  /// u = artanh((a − c) / h) = ½ (ln(1 + y) − ln(1 − y)), with y kept within ±(1 − 2⁻²⁴), the largest number below 1. `[…, D]`
  ///
  /// An action is a rounded number, so that u is known to about 2⁻²⁵ / (1 − y²) = 2⁻²⁷ (e^{|u|} + e^{−|u|})²: 10⁻⁶ at |u| = 2, 10⁻³ at 6,
  /// and nothing beyond 8.66, where y ends. With c ≠ 0 the rounding of a, which is relative to |a| / h, comes in its place. A policy that
  /// learns from its own actions keeps u.
  public func inverse(_ action: Variable) -> Variable {
    check(action.shape.columns)
    let tape = action.tape
    let limit: Float = 1 - 0x1p-24
    let y: Variable
    if halfWidths.count == 1 {
      y = (action - centers[0]) / tape.constant(halfWidths[0])
    } else {
      y = (action - tape.constant(centers, shape: [centers.count])) / tape.constant(halfWidths, shape: [halfWidths.count])
    }
    let inside = y.clamped(to: -limit...limit)
    return (inside.logOnePlus() - (-inside).logOnePlus()) * 0.5
  }

  /// Writes the actions without a tape, and takes ln |∂a/∂u| off the log-probability of each row: the bits of the functions above.
  ///
  /// - Parameters:
  ///   - unsquashed: u. `[rows, D]`
  ///   - actions: Receives a. `[rows, D]`
  ///   - logProbabilities: ln p(u), becomes ln p(a). `[rows]`
  public func apply(_ unsquashed: Span<Float>, into actions: inout MutableSpan<Float>, logProbabilities: inout MutableSpan<Float>) {
    let (rows, count) = (logProbabilities.count, unsquashed.count)
    let columns = rows == 0 ? 0 : count / rows
    precondition(count == rows * columns && actions.count == count, "TanhSquash.apply: \(count) numbers to \(actions.count) for \(rows) rows")
    guard count > 0 else { return }
    check(columns)
    let constant = volumeConstant(columns)
    unsafe unsquashed.withUnsafeBufferPointer { unsquashed in
      unsafe actions.withUnsafeMutableBufferPointer { actions in
        let (u, a) = (unsquashed.baseAddress!, actions.baseAddress!)
        unsafe ck_affine(count, -2, u, 0, a)
        unsafe ck_unary(UnaryFunction.softplus.rawValue, count, a, a)
        unsafe ck_binary(BinaryFunction.add.rawValue, count, u, a, a)
        // The product with −2 is exact, so that the sum is rounded as a fused one.
        for row in 0..<rows { unsafe logProbabilities[row] -= -2 * ck_sum(columns, a + row * columns) + constant }
        unsafe ck_unary(UnaryFunction.tanh.rawValue, count, u, a)
        if halfWidths.count == 1 {
          unsafe ck_affine(count, halfWidths[0], a, centers[0], a)
        } else {
          for row in 0..<rows {
            for d in 0..<columns { unsafe a[row * columns + d] = unsafe a[row * columns + d] * halfWidths[d] + centers[d] }
          }
        }
      }
    }
  }

  /// Σ_d (2 ln 2 + ln h_d)
  private func volumeConstant(_ columns: Int) -> Float {
    let widths = halfWidths.count == 1 ? Double(columns) * logHalfWidths : logHalfWidths
    return Float(Double(columns) * 2 * Math.log(2) + widths)
  }

  private func check(_ columns: Int) {
    precondition(halfWidths.count == 1 || halfWidths.count == columns, "TanhSquash: \(halfWidths.count) ranges for \(columns) components")
  }
}
