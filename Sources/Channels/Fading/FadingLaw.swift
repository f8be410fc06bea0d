/// The law of the power of small-scale fading at one instant; the mean power is one.
public enum FadingLaw: Hashable, Sendable, CustomStringConvertible {
  /// h ~ CN(0, 1), |h|² exponential: scattered paths only.
  case rayleigh
  /// h = √(K / (K + 1)) e^(jψ) + √(1 / (K + 1)) w with w ~ CN(0, 1): a direct path beside the scattered ones (Rice 1944).
  ///
  /// `directToScattered` is the linear factor K ≥ 0, the ratio of their powers; K = 0 is Rayleigh's law.
  case rician(directToScattered: Double)
  /// |h|² ~ Gamma(m, 1 / m): P(|h|² ≤ g) = P(m, m g) with the regularised incomplete gamma function (Nakagami 1960), phase uniform.
  ///
  /// `shape` is m, at least ½ and at most 10⁴; m = 1 is Rayleigh's law, m = ½ that of a real normal amplitude.
  case nakagami(shape: Double)

  /// What results call it.
  public var description: String {
    switch self {
    case .rayleigh: "Rayleigh"
    case .rician(let factor): "Rician (K = \(factor))"
    case .nakagami(let shape): "Nakagami (m = \(shape))"
    }
  }

  func check() {
    switch self {
    case .rayleigh: break
    case .rician(let factor):
      precondition(factor >= 0 && factor.isFinite, "FadingLaw.rician: the factor K must be finite and not negative, got \(factor)")
    case .nakagami(let shape):
      precondition(shape >= 0.5 && shape <= 1e4, "FadingLaw.nakagami: the shape m must lie in 0.5...10000, got \(shape)")
    }
  }
}
