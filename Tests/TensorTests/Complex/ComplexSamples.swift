import Testing

@testable import Tensor

/// Complex matrices for tests, and what they are compared by.
enum ComplexSamples {
  /// Independent standard normal parts.
  static func normal(_ count: Int, _ rows: Int, _ columns: Int, seed: Int) -> ComplexMatrices {
    let stream = RandomStream(seed: 11, purpose: RandomPurpose(rawValue: 2002), index: seed)
    var numbers = [Float](repeating: 0, count: 2 * count * rows * columns)
    stream.fill(&numbers, with: .normal)
    return ComplexMatrices(count: count, rows: rows, columns: columns) { matrix, row, column in
      let place = 2 * ((matrix * rows + row) * columns + column)
      return Complex(Double(numbers[place]), Double(numbers[place + 1]))
    }
  }

  /// One matrix from numbers that alternate between real and imaginary parts.
  static func matrix(_ numbers: [Double], _ rows: Int, _ columns: Int) -> ComplexMatrices {
    ComplexMatrices(stride(from: 0, to: numbers.count, by: 2).map { Complex(numbers[$0], numbers[$0 + 1]) }, count: 1, rows: rows, columns: columns)
  }

  /// Some of the matrices, in the given order.
  static func pick(_ matrices: [Int], of a: ComplexMatrices) -> ComplexMatrices {
    ComplexMatrices(count: matrices.count, rows: a.rows, columns: a.columns) { a[matrix: matrices[$0], row: $1, column: $2] }
  }

  /// The bits of all elements, all NaNs as one.
  static func bits(_ a: ComplexMatrices) -> [UInt64] {
    a.elements.flatMap { [$0.real, $0.imaginary] }.map { $0.isNaN ? 0x7FF8 << 48 : $0.bitPattern }
  }

  /// The Frobenius norm of a − b over that of b, the largest of all matrices.
  static func relativeError(_ a: ComplexMatrices, _ b: ComplexMatrices) -> Double {
    guard a.hasShape(b.count, b.rows, b.columns) else { return .infinity }
    var worst = 0.0
    for matrix in 0..<a.count {
      var (error, size) = (0.0, 0.0)
      for row in 0..<a.rows {
        for column in 0..<a.columns {
          let (x, y) = (a[matrix: matrix, row: row, column: column], b[matrix: matrix, row: row, column: column])
          error += (x - y).squaredMagnitude
          size += y.squaredMagnitude
        }
      }
      let ratio = (error / size).squareRoot()
      // Not `max`, which would lose a NaN.
      if !(ratio <= worst) { worst = ratio }
    }
    return worst
  }

  /// A B by three plain loops.
  static func product(_ a: ComplexMatrices, _ b: ComplexMatrices) -> ComplexMatrices {
    ComplexMatrices(count: a.count, rows: a.rows, columns: b.columns) { matrix, row, column in
      (0..<a.columns).reduce(Complex.zero) { $0 + a[matrix: matrix, row: row, column: $1] * b[matrix: matrix, row: $1, column: column] }
    }
  }

  static func adjoint(_ a: ComplexMatrices) -> ComplexMatrices {
    ComplexMatrices(count: a.count, rows: a.columns, columns: a.rows) { a[matrix: $0, row: $2, column: $1].conjugate }
  }

  static func isHermitian(_ a: ComplexMatrices) -> Bool { a == adjoint(a) }

  /// Unit roundoff.
  static let u = 0x1p-53
}
