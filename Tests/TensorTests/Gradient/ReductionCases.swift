import Testing

@testable import Tensor

extension OperationCase {
  /// A function of the vectors along one axis, for every axis, with the axis kept and without.
  private static func along(
    _ name: String, low: Double = -1, high: Double = 1, signs: Bool = false, _ build: @escaping @Sendable (Variable, Int, Bool) -> Variable,
    _ reference: @escaping @Sendable ([Double]) -> [Double]
  ) -> [OperationCase] {
    let shape: Shape = [3, 4, 2]
    return (0..<3).map { axis in
      let view = AxisView(shape, axis)
      let (outer, extent, inner) = (Int(view.outer), Int(view.extent), Int(view.inner))
      return OperationCase(name: "\(name) along axis \(axis)", inputs: [Input(shape: shape, low: low, high: high, signs: signs)]) {
        build($1[0], axis - (axis == 2 ? 3 : 0), axis == 1)
      } reference: { x, _ in
        var result: [Double] = []
        for o in 0..<outer {
          let columns = (0..<inner).map { j in reference((0..<extent).map { x[0][(o * extent + $0) * inner + j] }) }
          for e in 0..<columns[0].count { for j in 0..<inner { result.append(columns[j][e]) } }
        }
        return result
      }
    }
  }

  static let reductions: [OperationCase] = {
    var cases: [OperationCase] = []
    cases += along("sum", { $0.sum(along: $1, keepingAxis: $2) }, { [$0.reduce(0, +)] })
    cases += along("mean", { $0.mean(along: $1, keepingAxis: $2) }, { [$0.reduce(0, +) / Double($0.count)] })
    cases += along("variance", { $0.variance(along: $1, keepingAxis: $2) }, { [variance($0, 0)] })
    cases += along("unbiased variance", { $0.variance(along: $1, correction: 1, keepingAxis: $2) }, { [variance($0, 1)] })
    cases += along("norm one", low: 0.2, signs: true, { $0.norm(.one, along: $1, keepingAxis: $2) }, { [$0.reduce(0) { $0 + abs($1) }] })
    cases += along("norm two", { $0.norm(along: $1, keepingAxis: $2) }, { [$0.reduce(0) { $0 + $1 * $1 }.squareRoot()] })
    cases += along("norm infinity", low: 0.2, signs: true, { $0.norm(.infinity, along: $1, keepingAxis: $2) }, { [$0.map(abs).max()!] })
    cases += [
      all("sum", { $0.sum() }, { $0.reduce(0, +) }),
      all("mean", { $0.mean() }, { $0.reduce(0, +) / Double($0.count) }),
      all("variance", { $0.variance(correction: 1) }, { variance($0, 1) }),
      all("norm", { $0.norm() }, { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
      OperationCase(name: "sum of [3, 37]", inputs: [Input(shape: [3, 37], low: -1, high: 1)]) {
        $1[0].sum(along: 1)
      } reference: { x, _ in
        (0..<3).map { x[0][($0 * 37)..<(($0 + 1) * 37)].reduce(0, +) }
      },
      OperationCase(name: "spread", inputs: [Input(shape: [2, 3], low: -1, high: 1)]) { tape, x in
        record(tape, .spread(x[0].node, AxisView(outer: 2, extent: 4, inner: 3)), [2, 4, 3])
      } reference: { x, _ in
        (0..<24).map { x[0][$0 / 12 * 3 + $0 % 3] }
      },
    ]
    return cases
  }()

  /// Rows shorter and longer than a register.
  static let standardizations: [OperationCase] = [5, 19].flatMap { width in
    let input = Input(shape: [3, width], low: -2, high: 2)
    @Sendable func rows(_ x: [Double], _ body: ([Double], _ mean: Double, _ scale: Double) -> [Double]) -> [Double] {
      (0..<3).flatMap { row -> [Double] in
        let part = Array(x[(row * width)..<((row + 1) * width)])
        return body(part, part.reduce(0, +) / Double(width), 1 / (variance(part, 0) + Double(Float(0.125))).squareRoot())
      }
    }
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "standardized [3, \(width)]", inputs: [input]) {
        $1[0].standardized(epsilon: 0.125)
      } reference: { x, _ in
        rows(x[0]) { part, mean, scale in part.map { ($0 - mean) * scale } }
      }
    ]
    cases += [
      OperationCase(name: "inverseDeviation [3, \(width)]", inputs: [input]) { tape, x in
        record(tape, .inverseDeviation(x[0].node, epsilon: 0.125), [3, 1])
      } reference: { x, _ in
        rows(x[0]) { _, _, scale in [scale] }
      }
    ]
    return cases
  }

  static let extremes: [OperationCase] = {
    var cases: [OperationCase] = []
    cases += along("max", { $0.max(along: $1, keepingAxis: $2) }, { [$0.max()!] })
    cases += along("min", { $0.min(along: $1, keepingAxis: $2) }, { [$0.min()!] })
    cases += [all("max", { $0.max() }, { $0.max()! }), all("min", { $0.min() }, { $0.min()! })]
    return cases
  }()

  static let exponentials: [OperationCase] = {
    var cases: [OperationCase] = []
    cases += along(
      "softmax", low: -2, high: 2, { x, axis, _ in x.softmax(along: axis) }, { x in x.map { Math.exp($0) / x.reduce(0) { $0 + Math.exp($1) } } })
    cases += along(
      "logSoftmax", low: -2, high: 2, { x, axis, _ in x.logSoftmax(along: axis) }, { x in x.map { $0 - Math.log(x.reduce(0) { $0 + Math.exp($1) }) } }
    )
    cases += along(
      "logSumExp", low: -2, high: 2, { $0.logSumExp(along: $1, keepingAxis: $2) }, { x in [Math.log(x.reduce(0) { $0 + Math.exp($1) })] })
    cases += [
      OperationCase(name: "logSoftmax beyond a register", inputs: [Input(shape: [2, 21], low: -3, high: 3)]) {
        $1[0].logSoftmax()
      } reference: { x, _ in
        (0..<42).map { i in x[0][i] - Math.log(x[0][(i / 21 * 21)..<(i / 21 * 21 + 21)].reduce(0) { $0 + Math.exp($1) }) }
      }
    ]
    return cases
  }()

  static let losses: [OperationCase] = {
    let input = Input(shape: [3, 5], low: -1, high: 1)
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "meanSquaredError", inputs: [input, input]) {
        meanSquaredError($1[0], $1[1] * 0.5)
      } reference: { x, _ in
        var sum = 0.0
        for i in 0..<15 { sum += (x[0][i] - x[1][i] / 2) * (x[0][i] - x[1][i] / 2) }
        return [sum / 15]
      }
    ]
    cases += [
      // Differences on both sides of the threshold, none near it.
      OperationCase(name: "huber", inputs: [Input(shape: [4, 3], low: 0.1, high: 0.3), Input(shape: [1, 3], low: 0, high: 0.05, signs: false)]) {
        huber($1[0], $1[1], delta: 1) + huber($1[0] * 10, $1[1], delta: 0.5)
      } reference: { x, _ in
        (0..<12).map { i in
          let (d, e) = (x[0][i] - x[1][i % 3], 10 * x[0][i] - x[1][i % 3])
          return d * d / 2 + 0.5 * (e - 0.25)
        }
      }
    ]
    cases += [
      OperationCase(name: "crossEntropy", inputs: [input]) {
        let targets: [Int32] = [4, 0, 2]
        return crossEntropy($1[0], targets.span)
      } reference: { x, _ in
        (0..<3).map { row in
          let logits = x[0][(row * 5)..<(row * 5 + 5)]
          return Math.log(logits.reduce(0) { $0 + Math.exp($1) }) - x[0][row * 5 + [4, 0, 2][row]]
        }
      }
    ]
    return cases
  }()

  private static func all(_ name: String, _ build: @escaping @Sendable (Variable) -> Variable, _ reference: @escaping @Sendable ([Double]) -> Double)
    -> OperationCase
  {
    OperationCase(name: "\(name) of all", inputs: [Input(shape: [2, 3, 3], low: -1, high: 1)]) {
      build($1[0])
    } reference: { x, _ in
      [reference(x[0])]
    }
  }

  private static func variance(_ x: [Double], _ correction: Int) -> Double {
    let mean = x.reduce(0, +) / Double(x.count)
    return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - correction)
  }
}
