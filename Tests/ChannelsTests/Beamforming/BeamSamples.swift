import Channels
import Tensor

/// Channels and plain complex arithmetic for the tests of beams.
enum BeamSamples {
  /// Independent CN(0, 1) elements. `[E, K, M]`
  static func rayleigh(_ count: Int, _ users: Int, _ antennas: Int, seed: UInt64) -> ComplexMatrices {
    var numbers = [Double](repeating: 0, count: 2 * count * users * antennas)
    RandomStream(seed: seed, purpose: .fading).fill(&numbers, with: .normal)
    let half = 0.5.squareRoot()
    return ComplexMatrices(count: count, rows: users, columns: antennas) { matrix, row, column in
      let place = 2 * ((matrix * users + row) * antennas + column)
      return Complex(numbers[place] * half, numbers[place + 1] * half)
    }
  }

  /// A B by three plain loops.
  static func product(_ a: ComplexMatrices, _ b: ComplexMatrices) -> ComplexMatrices {
    ComplexMatrices(count: a.count, rows: a.rows, columns: b.columns) { matrix, row, column in
      (0..<a.columns).reduce(Complex.zero) { $0 + a[matrix: matrix, row: row, column: $1] * b[matrix: matrix, row: $1, column: column] }
    }
  }

  /// Σ_m |W_mk|² of one beam.
  static func squaredNorm(_ beams: ComplexMatrices, matrix: Int, column: Int) -> Double {
    (0..<beams.rows).reduce(0) { $0 + beams[matrix: matrix, row: $1, column: column].squaredMagnitude }
  }

  static func zeroForcing(_ channels: ComplexMatrices, _ normalization: BeamNormalization = .unitBeams) -> (beams: ComplexMatrices, flags: [Bool]) {
    var beams = ComplexMatrices(count: channels.count, rows: channels.columns, columns: channels.rows)
    var flags = [Bool](repeating: false, count: channels.count)
    var workspace = BeamWorkspace()
    Precoding.formZeroForcing(channels, normalization, into: &beams, isFullRank: &flags, workspace: &workspace)
    return (beams, flags)
  }

  static func regularized(_ channels: ComplexMatrices, loading: Double, _ normalization: BeamNormalization = .unitBeams) -> ComplexMatrices {
    var beams = ComplexMatrices(count: channels.count, rows: channels.columns, columns: channels.rows)
    var flags = [Bool](repeating: false, count: channels.count)
    var workspace = BeamWorkspace()
    Precoding.formRegularizedZeroForcing(channels, loading: loading, normalization, into: &beams, isFullRank: &flags, workspace: &workspace)
    return beams
  }

  static func maximumRatio(_ channels: ComplexMatrices, _ normalization: BeamNormalization = .unitBeams) -> ComplexMatrices {
    var beams = ComplexMatrices(count: channels.count, rows: channels.columns, columns: channels.rows)
    var workspace = BeamWorkspace()
    Precoding.formMaximumRatio(channels, normalization, into: &beams, workspace: &workspace)
    return beams
  }

  static func gains(_ channels: ComplexMatrices, _ beams: ComplexMatrices) -> [Double] {
    var result = [Double](repeating: -1, count: channels.count * channels.rows * beams.columns)
    var workspace = BeamWorkspace()
    var span = result.mutableSpan
    BeamGains.form(channels, beams, into: &span, workspace: &workspace)
    return result
  }

  /// The greatest distance of two elements.
  static func distance(_ a: ComplexMatrices, _ b: ComplexMatrices) -> Double {
    zip(a.elements, b.elements).map { ($0 - $1).magnitude }.max() ?? 0
  }

  static func pick(_ matrix: Int, of a: ComplexMatrices) -> ComplexMatrices {
    ComplexMatrices(count: 1, rows: a.rows, columns: a.columns) { _, row, column in a[matrix: matrix, row: row, column: column] }
  }
}
