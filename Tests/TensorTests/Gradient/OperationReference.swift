import Foundation
import Testing

@testable import Tensor

/// Row-major matrices of doubles for the references.
struct Matrix {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  var transposed: Matrix {
    var result = Matrix(columns, rows, Array(repeating: 0, count: values.count))
    for i in 0..<rows { for j in 0..<columns { result.values[j * rows + i] = values[i * columns + j] } }
    return result
  }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    var result = Matrix(a.rows, b.columns, Array(repeating: 0, count: a.rows * b.columns))
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for k in 0..<a.columns { result.values[i * b.columns + j] += a.values[i * a.columns + k] * b.values[k * b.columns + j] }
      }
    }
    return result
  }
}

/// The functions of the kernels in double precision.
enum Reference {
  static func sigmoid(_ x: Double) -> Double { x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)) }

  static func tanh(_ x: Double) -> Double {
    let a = abs(x)
    if a < 0.3 {
      // The quotient of the power series of sinh and cosh, which does not cancel near zero.
      var sinh = 0.0
      var cosh = 0.0
      var term = 1.0
      for k in 0..<24 {
        if k % 2 == 0 { cosh += term } else { sinh += term }
        term *= x / Double(k + 1)
      }
      return sinh / cosh
    }
    let e = Math.exp(-2 * a)
    return x < 0 ? -(1 - e) / (1 + e) : (1 - e) / (1 + e)
  }

  static func apply(_ function: UnaryFunction, _ x: Double) -> Double {
    switch function {
    case .negate: -x
    case .exp: Math.exp(x)
    case .log: Math.log(x)
    case .tanh: tanh(x)
    case .sigmoid: sigmoid(x)
    case .relu: max(x, 0)
    case .sqrt: x.squareRoot()
    case .square: x * x
    case .abs: Swift.abs(x)
    case .reciprocal: 1 / x
    case .expm1: Foundation.expm1(x)
    case .log1p: Foundation.log1p(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .softplus: x > 0 ? x + Foundation.log1p(Foundation.exp(-x)) : Foundation.log1p(Foundation.exp(x))
    case .elu: x > 0 ? x : Foundation.expm1(x)
    case .normalCDF: Foundation.erfc(-x / 2.0.squareRoot()) / 2
    case .gelu: x * Foundation.erfc(-x / 2.0.squareRoot()) / 2
    }
  }

  static func apply(_ function: BinaryFunction, _ a: Double, _ b: Double) -> Double {
    switch function {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: max(a, b)
    case .minimum: min(a, b)
    case .reluSlope: b > 0 ? a : 0
    case .tanhSlope: a * (1 - b * b)
    case .sigmoidSlope: a * b * (1 - b)
    case .eluSlope: b > 0 ? a : a * (b + 1)
    case .greater: a > b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .power: Foundation.pow(a, b)
    }
  }

  static func apply(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .linear: x
    case .relu: max(x, 0)
    case .tanh: tanh(x)
    case .sigmoid: sigmoid(x)
    case .softplus: apply(UnaryFunction.softplus, x)
    case .elu: apply(UnaryFunction.elu, x)
    case .gelu: apply(UnaryFunction.gelu, x)
    }
  }

  static func apply(_ activation: FusedActivation, _ x: Double) -> Double { apply(Activation(rawValue: activation.rawValue)!, x) }

  static func softmax(_ x: [Double], columns: Int) -> [Double] {
    var result = x
    for start in stride(from: 0, to: x.count, by: columns) {
      let row = x[start..<(start + columns)]
      let largest = row.max()!
      let sum = row.reduce(0.0) { $0 + Math.exp($1 - largest) }
      for i in 0..<columns { result[start + i] = Math.exp(x[start + i] - largest) / sum }
    }
    return result
  }
}
