import Testing

@testable import Tensor

extension OperationCase {
  static let all: [OperationCase] = [
    unary, binary, choices, broadcasts, products, batches, reductions, standardizations, extremes, exponentials, indexed, shapes, losses, estimates,
  ].flatMap { $0 }

  /// Records an operation that has no public spelling.
  static func record(_ tape: Tape, _ operation: Operation, _ shape: Shape) -> Variable {
    unsafe Variable(tape: tape, node: tape.record(operation, shape, needsGradient: tape.dependsOnGradient(operation)))
  }

  static let unary: [OperationCase] = UnaryFunction.allCases.map { function in
    let isPositive = [.log, .sqrt, .reciprocal, .log1p].contains(function)
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
      case .expm1: x[0].expMinusOne()
      case .log1p: x[0].logOnePlus()
      case .sin: x[0].sin()
      case .cos: x[0].cos()
      case .softplus: x[0].softplus()
      case .elu: x[0].elu()
      case .normalCDF: x[0].normalCDF()
      case .gelu: x[0].gelu()
      }
    } reference: { x, _ in
      x[0].map { Reference.apply(function, $0) }
    }
  }

  static let binary: [OperationCase] = BinaryFunction.allCases.map { function in
    // The two operands of maximum and minimum differ by at least 0.3 at every place; both orders occur.
    let apart = [.maximum, .minimum, .greater, .equal].contains(function)
    let first = Input(shape: [4, 5], low: 0.5, high: 1.2, signs: apart)
    let second = apart ? Input(shape: [4, 5], low: -0.1, high: 0.1) : Input(shape: [4, 5], low: 0.5, high: 1.5, signs: function != .eluSlope)
    return OperationCase(name: "\(function)", inputs: [first, second]) { tape, x in
      switch function {
      case .add: x[0] + x[1]
      case .subtract: x[0] - x[1]
      case .multiply: x[0] * x[1]
      case .divide: x[0] / x[1]
      case .maximum: x[0].maximum(x[1])
      case .minimum: x[0].minimum(x[1])
      case .greater: x[0] .> x[1]
      case .equal: x[0] .== x[1]
      case .power: x[0].power(x[1])
      case .reluSlope, .tanhSlope, .sigmoidSlope, .eluSlope: record(tape, .binary(function, x[0].node, x[1].node), x[0].shape)
      }
    } reference: { x, _ in
      zip(x[0], x[1]).map { Reference.apply(function, $0, $1) }
    }
  }

  static let choices: [OperationCase] = {
    let input = Input(shape: [3, 5], low: 0.2, high: 2, signs: true)
    let positive = Input(shape: [3, 5], low: 0.4, high: 2)
    @Sendable func one(
      _ name: String, _ input: Input, _ build: @escaping @Sendable (Variable) -> Variable, _ f: @escaping @Sendable (Double) -> Double
    )
      -> OperationCase
    {
      OperationCase(name: name, inputs: [input]) {
        build($1[0])
      } reference: { x, _ in
        x[0].map(f)
      }
    }
    var cases: [OperationCase] = []
    cases.append(one("leakyRelu", input, { $0.leakyRelu(slope: 0.125) }, { $0 > 0 ? $0 : $0 / 8 }))
    cases.append(one("elu with alpha", input, { $0.elu(alpha: 0.5) }, { $0 > 0 ? $0 : Reference.apply(.expm1, $0) / 2 }))
    cases.append(one("clamped", input, { $0.clamped(to: -0.9...1.1) }, { min(max($0, Double(Float(-0.9))), Double(Float(1.1))) }))
    cases.append(one("power of 2.5", positive, { $0.power(2.5) }, { Reference.apply(.power, $0, 2.5) }))
    cases.append(one("3 - x", input, { 3 - $0 }, { 3 - $0 }))
    cases.append(one("2 / x", positive, { 2 / $0 }, { 2 / $0 }))
    cases.append(one("affine", input, { 3 * $0 / 2 - 0.25 }, { 1.5 * $0 - 0.25 }))
    cases += [
      OperationCase(name: "choosing", inputs: [input, input, positive]) { _, x in
        (x[2] .> 1).choosing(x[0].exp(), otherwise: x[1] * x[2])
      } reference: { x, point in
        (0..<15).map { point[2][$0] > 1 ? Math.exp(x[0][$0]) : x[1][$0] * x[2][$0] }
      }
    ]
    return cases
  }()

  /// Every function of two arguments with operands that are repeated along a first, a middle, a last and several axes.
  static let broadcasts: [OperationCase] = {
    let shapes: [(Shape, Shape)] = [
      ([3, 4], [4]), ([4], [3, 4]), ([3, 1], [3, 4]), ([3, 1], [1, 4]), ([2, 3, 4], [1, 3, 1]), ([2, 1, 4], [3, 1]), ([2, 1, 2, 3], [1, 3, 1, 3]),
      ([], [2, 3]), ([2, 3], [1, 1]), ([1, 3], [3]),
    ]
    var cases: [OperationCase] = []
    for function in [BinaryFunction.add, .subtract, .multiply, .divide, .maximum, .power, .tanhSlope, .sigmoidSlope, .eluSlope] {
      for (first, second) in shapes where function == .multiply || function == .divide || second.rank != 1 {
        let result = first.broadcast(with: second)!
        let inputs = [Input(shape: first, low: 1, high: 1.4), Input(shape: second, low: 0.4, high: 0.9)]
        cases.append(
          OperationCase(name: "\(function) \(first) \(second)", inputs: inputs) { tape, x in
            record(tape, .binary(function, x[0].node, x[1].node), result)
          } reference: { x, _ in
            (0..<result.count).map { Reference.apply(function, x[0][place($0, result, first)], x[1][place($0, result, second)]) }
          })
      }
    }
    return cases
  }()

  /// The place in an array of a smaller shape that is repeated to the place `index` of a larger one.
  static func place(_ index: Int, _ whole: Shape, _ part: Shape) -> Int {
    var (rest, place, size) = (index, 0, 1)
    for axis in 0..<whole.rank {
      let coordinate = rest % whole.extent(fromLast: axis + 1)
      rest /= whole.extent(fromLast: axis + 1)
      if part.extent(fromLast: axis + 1) > 1 { place += coordinate * size }
      size *= part.extent(fromLast: axis + 1)
    }
    return place
  }
}
