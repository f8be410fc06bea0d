import Testing

@testable import Tensor

extension OperationCase {
  static let all: [OperationCase] = unary + binary + products + reductions + rows + shapes + estimates

  /// Records an operation that has no public spelling.
  static func record(_ tape: Tape, _ operation: Operation, _ shape: Shape) -> Variable {
    unsafe Variable(tape: tape, node: tape.record(operation, shape, needsGradient: tape.dependsOnGradient(operation)))
  }

  private static let unary: [OperationCase] = UnaryFunction.allCases.map { function in
    let isPositive = [.log, .sqrt, .reciprocal].contains(function)
    let input = Input(shape: [3, 7], low: isPositive ? 0.4 : 0.2, high: 2, signs: !isPositive)
    return OperationCase(name: "\(function)", inputs: [input]) { tape, x in
      switch function {
      case .negate: -x[0]
      case .exp: x[0].exp()
      case .log: x[0].log()
      case .tanh: x[0].tanh()
      case .sigmoid: x[0].sigmoid()
      case .relu: x[0].relu()
      case .sqrt: x[0].squareRoot()
      case .square: x[0].squared()
      case .abs: x[0].magnitude()
      case .reciprocal: x[0].reciprocal()
      }
    } reference: { x, _ in
      x[0].map { Reference.apply(function, $0) }
    }
  }

  private static let binary: [OperationCase] = BinaryFunction.allCases.map { function in
    // The two operands of maximum and minimum differ by at least 0.3 at every place; both orders occur.
    let apart = [.maximum, .minimum].contains(function)
    let first = Input(shape: [4, 5], low: 0.5, high: 1.2, signs: apart)
    let second = apart ? Input(shape: [4, 5], low: -0.1, high: 0.1) : Input(shape: [4, 5], low: 0.5, high: 1.5, signs: true)
    return OperationCase(name: "\(function)", inputs: [first, second]) { tape, x in
      switch function {
      case .add: x[0] + x[1]
      case .subtract: x[0] - x[1]
      case .multiply: x[0] * x[1]
      case .divide: x[0] / x[1]
      case .maximum: x[0].maximum(x[1])
      case .minimum: x[0].minimum(x[1])
      case .reluSlope, .tanhSlope, .sigmoidSlope: record(tape, .binary(function, x[0].node, x[1].node), x[0].shape)
      }
    } reference: { x, _ in
      zip(x[0], x[1]).map { Reference.apply(function, $0, $1) }
    }
  }

  private enum Start: String, CaseIterable { case none, row, matrix }

  private static let products: [OperationCase] = {
    var cases: [OperationCase] = []
    let (m, k, n) = (3, 5, 4)
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for start in Start.allCases {
          for activation in Activation.allCases {
            // All products of every transposition; of the activations those that layers use, and each once elsewhere.
            if activation != .linear && (transposeA || start == .none) { continue }
            var inputs = [
              Input(shape: transposeA ? [k, m] : [m, k], low: 0.2, high: 0.9, signs: true),
              Input(shape: transposeB ? [n, k] : [k, n], low: 0.1, high: 0.8),
            ]
            if start == .row { inputs.append(Input(shape: [n], low: 0.3, high: 0.7)) }
            if start == .matrix { inputs.append(Input(shape: [m, n], low: 0.3, high: 0.7)) }
            let name = "product\(transposeA ? " Aᵀ" : " A")\(transposeB ? "Bᵀ" : "B") start \(start) \(activation)"
            cases.append(
              OperationCase(name: name, inputs: inputs) { tape, x in
                if !transposeA { return x[0].product(x[1], transposed: transposeB, plus: x.count > 2 ? x[2] : nil, activation: activation) }
                let operation = Operation.product(
                  a: x[0].node, b: x[1].node, transposeA: true, transposeB: transposeB, start: x.count > 2 ? x[2].node : -1, activation: activation)
                return record(tape, operation, [m, n])
              } reference: { x, _ in
                let a = transposeA ? Matrix(k, m, x[0]).transposed : Matrix(m, k, x[0])
                let b = transposeB ? Matrix(n, k, x[1]).transposed : Matrix(k, n, x[1])
                return (a * b).values.enumerated().map { i, value in
                  Reference.apply(activation, value + (start == .none ? 0 : start == .row ? x[2][i % n] : x[2][i]))
                }
              })
          }
        }
      }
    }
    return cases
  }()

  private static let reductions: [OperationCase] = {
    let input = Input(shape: [3, 5], low: -1, high: 1)
    @Sendable func sums(_ x: [Double], _ key: (Int) -> Int, _ count: Int) -> [Double] {
      var result = [Double](repeating: 0, count: count)
      for (i, value) in x.enumerated() { result[key(i)] += value }
      return result
    }
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "sum", inputs: [input]) {
        $1[0].sum()
      } reference: { x, _ in
        [x[0].reduce(0, +)]
      }
    ]
    cases += [
      OperationCase(name: "mean", inputs: [input]) {
        $1[0].mean()
      } reference: { x, _ in
        [x[0].reduce(0, +) / 15]
      }
    ]
    cases += [
      OperationCase(name: "columnSums", inputs: [input]) {
        $1[0].columnSums()
      } reference: { x, _ in
        sums(x[0], { $0 % 5 }, 5)
      }
    ]
    cases += [
      OperationCase(name: "rowSums", inputs: [input]) {
        $1[0].rowSums()
      } reference: { x, _ in
        sums(x[0], { $0 / 5 }, 3)
      }
    ]
    cases += [
      OperationCase(name: "columnSums of rank 3", inputs: [Input(shape: [2, 3, 4], low: -1, high: 1)]) {
        $1[0].columnSums()
      } reference: { x, _ in
        sums(x[0], { $0 % 4 }, 4)
      }
    ]
    cases += [
      OperationCase(name: "spread", inputs: [Input(shape: .scalar, low: 0.4, high: 0.9)]) {
        $1[0].spread(to: [2, 9])
      } reference: { x, _ in
        Array(repeating: x[0][0], count: 18)
      }
    ]
    cases += [
      OperationCase(name: "spreadRow", inputs: [Input(shape: [5], low: -1, high: 1)]) {
        $1[0].repeatedRows(3)
      } reference: { x, _ in
        (0..<15).map { x[0][$0 % 5] }
      }
    ]
    cases += [
      OperationCase(name: "spreadColumn", inputs: [Input(shape: [4, 1], low: -1, high: 1)]) {
        $1[0].repeatedColumns(3)
      } reference: { x, _ in
        (0..<12).map { x[0][$0 / 3] }
      }
    ]
    cases += [
      OperationCase(name: "affine", inputs: [input]) {
        3 * $1[0] / 2 - 0.25
      } reference: { x, _ in
        x[0].map { 1.5 * $0 - 0.25 }
      }
    ]
    cases += [
      OperationCase(name: "softmax", inputs: [Input(shape: [3, 6], low: -2, high: 2)]) {
        $1[0].softmax()
      } reference: { x, _ in
        Reference.softmax(x[0], columns: 6)
      }
    ]
    cases += [
      OperationCase(name: "meanSquaredError", inputs: [input, input]) {
        meanSquaredError($1[0], $1[1] * 0.5)
      } reference: { x, _ in
        var sum = 0.0
        for i in 0..<15 { sum += (x[0][i] - x[1][i] / 2) * (x[0][i] - x[1][i] / 2) }
        return [sum / 15]
      }
    ]
    return cases
  }()

  private static let indices: [Int32] = [2, 0, -1, 1, 1, 2, 0, 0]

  private static let rows: [OperationCase] = {
    let table = Input(shape: [6, 5], low: -1, high: 1)
    @Sendable func gathered(_ table: [Double], _ start: [Double]?) -> [Double] {
      var result: [Double] = []
      for row in 0..<4 {
        for column in 0..<5 {
          var sum = start?[column] ?? 0
          for group in 0..<2 where indices[row * 2 + group] >= 0 { sum += table[(group * 3 + Int(indices[row * 2 + group])) * 5 + column] }
          result.append(sum)
        }
      }
      return result
    }
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "tableRows", inputs: [table]) {
        $1[0].sumOfRows(indices.span, groups: 2)
      } reference: { x, _ in
        gathered(x[0], nil)
      }
    ]
    cases += [
      OperationCase(name: "tableRows with start", inputs: [table, Input(shape: [5], low: -1, high: 1)]) {
        $1[0].sumOfRows(indices.span, groups: 2, plus: $1[1])
      } reference: { x, _ in
        gathered(x[0], x[1])
      }
    ]
    cases += [
      OperationCase(name: "scatterRows", inputs: [Input(shape: [4, 5], low: -1, high: 1)]) { tape, x in
        record(tape, unsafe .scatterRows(x[0].node, indices: tape.keep(indices.span), groups: 2), [6, 5])
      } reference: { x, _ in
        var result = [Double](repeating: 0, count: 30)
        for row in 0..<4 {
          for group in 0..<2 where indices[row * 2 + group] >= 0 {
            for column in 0..<5 { result[(group * 3 + Int(indices[row * 2 + group])) * 5 + column] += x[0][row * 5 + column] }
          }
        }
        return result
      }
    ]
    cases += [
      OperationCase(name: "select", inputs: [Input(shape: [3, 4], low: -1, high: 1)]) { tape, x in
        let indices: [Int32] = [3, 0, 2]
        return x[0].selecting(indices.span)
      } reference: { x, _ in
        [x[0][3], x[0][4], x[0][10]]
      }
    ]
    cases += [
      OperationCase(name: "place", inputs: [Input(shape: [3, 1], low: -1, high: 1)]) { tape, x in
        let indices: [Int32] = [3, 0, 2]
        return record(tape, unsafe .place(x[0].node, indices: tape.keep(indices.span)), [3, 4])
      } reference: { x, _ in
        [0, 0, 0, x[0][0], x[0][1], 0, 0, 0, 0, 0, x[0][2], 0]
      }
    ]
    return cases
  }()

  private static let shapes: [OperationCase] = {
    let input = Input(shape: [3, 4], low: -1, high: 1)
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "columns", inputs: [input]) {
        $1[0].columns(1..<3)
      } reference: { x, _ in
        [1, 2, 5, 6, 9, 10].map { x[0][$0] }
      }
    ]
    cases += [
      OperationCase(name: "placeColumns", inputs: [input]) { tape, x in
        record(tape, .placeColumns(x[0].node, from: 2), [3, 7])
      } reference: { x, _ in
        (0..<21).map { i -> Double in
          let column = i % 7 - 2
          return column < 0 || column > 3 ? 0 : x[0][i / 7 * 4 + column]
        }
      }
    ]
    cases += [
      OperationCase(name: "beside", inputs: [input, Input(shape: [3, 2], low: -1, high: 1)]) {
        $1[0].beside($1[1])
      } reference: { x, _ in
        (0..<18).map { i -> Double in
          let (row, column) = (i / 6, i % 6)
          return column < 4 ? x[0][row * 4 + column] : x[1][row * 2 + column - 4]
        }
      }
    ]
    cases += [
      OperationCase(name: "reshape", inputs: [input]) {
        ($1[0].reshaped([2, 6])).rowSums()
      } reference: { x, _ in
        let halves = [x[0][..<6], x[0][6...]]
        return halves.map { $0.reduce(0, +) }
      }
    ]
    return cases
  }()

  private static let estimates: [OperationCase] = {
    let input = Input(shape: [3, 4], low: 0.2, high: 1, signs: true)
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "stop", inputs: [input]) {
        $1[0] * $1[0].stopped()
      } reference: { x, point in
        zip(x[0], point[0]).map { $0 * $1 }
      }
    ]
    cases += [
      OperationCase(name: "replacingValue", inputs: [input, input]) {
        $1[0].squared().replacingValue(by: $1[1].exp())
      } reference: { x, point in
        (0..<12).map { i -> Double in
          let moved = x[0][i] * x[0][i] - point[0][i] * point[0][i]
          return Math.exp(point[1][i]) + moved
        }
      }
    ]
    cases += [
      OperationCase(name: "oneHot", inputs: [input]) { tape, x in
        let indices: [Int32] = [1, 3, 0]
        return x[0] * tape.oneHot(indices.span, choices: 4)
      } reference: { x, _ in
        (0..<12).map { [1, 7, 8].contains($0) ? x[0][$0] : 0 }
      }
    ]
    cases += [
      OperationCase(name: "oneHotOfLargest", inputs: [input]) {
        $1[0] * $1[0].oneHotOfLargest()
      } reference: { x, point in
        (0..<12).map { i -> Double in
          let row = point[0][(i / 4 * 4)..<(i / 4 * 4 + 4)]
          return point[0][i] == row.max()! ? x[0][i] : 0
        }
      }
    ]
    return cases
  }()
}
