import Tensor

/// Correlation matrices of antenna arrays.
public enum AntennaCorrelation {
  /// The exponential model: R_ij = ρ^(j − i) for i ≤ j and R_ji = R_ij* (Loyka, "Channel capacity of MIMO architecture using the exponential
  /// correlation matrix", IEEE Communications Letters 5, 2001). One matrix, `[1, size, size]`.
  ///
  /// - Parameters:
  ///   - size: The number of antennas.
  ///   - coefficient: ρ, the correlation of neighbouring antennas, |ρ| < 1; so the matrix is positive definite.
  public static func exponential(size: Int, coefficient: Complex) -> ComplexMatrices {
    precondition(coefficient.squaredMagnitude < 1, "AntennaCorrelation.exponential: |ρ| must be below one, got \(coefficient)")
    var powers = [Complex.one]
    for _ in 1..<max(size, 1) { powers.append(powers.last! * coefficient) }
    return ComplexMatrices(count: 1, rows: size, columns: size) { _, i, j in i <= j ? powers[j - i] : powers[i - j].conjugate }
  }
}
