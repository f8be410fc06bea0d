import Testing

@testable import Tensor

/// The public spelling of each operation in the file of PyTorch's results, by the name that it has there.
enum TorchOperation {
  typealias Build = @Sendable (Tape, [Variable]) -> Variable

  static let all: [String: Build] = {
    var all: [String: Build] = [:]
    let groups = [unary, scalars, binary, choices, powers, broadcasts, reductions, places, special, products, rearrangements, indexed, losses]
    for group in groups { all.merge(group) { _, _ in preconditionFailure("TorchOperation: two operations of one name") } }
    return all
  }()

  private static func one(_ build: @escaping @Sendable (Variable) -> Variable) -> Build { { build($1[0]) } }
  private static func two(_ build: @escaping @Sendable (Variable, Variable) -> Variable) -> Build { { build($1[0], $1[1]) } }

  private static let unary: [String: Build] = {
    let functions: [String: @Sendable (Variable) -> Variable] = [
      "negate": { -$0 }, "exp": { $0.exp() }, "expMinusOne": { $0.expMinusOne() }, "log": { $0.log() }, "logOnePlus": { $0.logOnePlus() },
      "squareRoot": { $0.squareRoot() }, "squared": { $0.squared() }, "reciprocal": { $0.reciprocal() }, "magnitude": { $0.magnitude() },
      "sin": { $0.sin() }, "cos": { $0.cos() }, "tanh": { $0.tanh() }, "sigmoid": { $0.sigmoid() }, "softplus": { $0.softplus() },
      "relu": { $0.relu() }, "leakyRelu": { $0.leakyRelu() }, "leakyRelu 0.125": { $0.leakyRelu(slope: 0.125) }, "elu": { $0.elu() },
      "elu 0.5": { $0.elu(alpha: 0.5) }, "gelu": { $0.gelu() }, "normalCDF": { $0.normalCDF() }, "clamped": { $0.clamped(to: -0.75...1.25) },
    ]
    var result = functions.mapValues { one($0) }
    for name in ["relu", "leakyRelu", "leakyRelu 0.125", "elu", "elu 0.5", "magnitude"] { result[name + " at 0"] = result[name] }
    for name in ["tanh", "sigmoid", "softplus", "elu", "elu 0.5", "gelu", "normalCDF", "relu", "leakyRelu"] {
      result[name + " far out"] = result[name]
    }
    for name in ["expMinusOne", "logOnePlus"] { result[name + " near 0"] = result[name] }
    for name in ["sin", "cos"] { result[name + " of large arguments"] = result[name] }
    result["clamped on the bounds"] = result["clamped"]
    for name in ["log", "squareRoot", "reciprocal"] { result[name + " beside infinity"] = result[name] }
    for name in functions.keys where name != "log" && name != "squareRoot" { result[name + " at infinity"] = result[name] }
    return result
  }()

  private static let scalars: [String: Build] = [
    "x + 0.75": one { $0 + 0.75 }, "0.75 + x": one { 0.75 + $0 }, "x - 0.75": one { $0 - 0.75 }, "0.75 - x": one { 0.75 - $0 },
    "x * 0.75": one { $0 * 0.75 }, "0.75 * x": one { 0.75 * $0 }, "x / 0.75": one { $0 / 0.75 }, "0.75 / x": one { 0.75 / $0 },
    "x * x": one { $0 * $0 }, "x / x": one { $0 / $0 },
  ]

  private static let arithmetic: [String: @Sendable (Variable, Variable) -> Variable] = [
    "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 }, "divide": { $0 / $1 }, "maximum": { $0.maximum($1) },
    "minimum": { $0.minimum($1) }, "power": { $0.power($1) },
  ]

  private static let binary: [String: Build] = {
    var result = arithmetic.mapValues { two($0) }
    for name in ["maximum", "minimum"] { for suffix in [" at ties", " of infinities"] { result[name + suffix] = result[name] } }
    for name in ["divide by 0", "divide by infinity"] { result[name] = result["divide"] }
    return result
  }()

  private static let choices: [String: Build] = [
    "greater": two { $0 .> $1 }, "less": two { $0 .< $1 }, "equal": two { $0 .== $1 },
    "choosing": { tape, x in
      // With three operands as the file's case, with two as its special values.
      if x.count == 2 { return (x[0] .> x[1]).choosing(x[0], otherwise: x[1]) }
      return (x[2] .> 1).choosing(x[0].exp(), otherwise: x[1] * x[2])
    },
    "choosing with a broadcast mask": { ($1[2] .> 1).choosing($1[0], otherwise: $1[1]) },
    "choosing a number": one { ($0 .> 1).choosing($0 * $0, otherwise: 0.5) },
    "choosing beside infinity": one { ($0 .> 0).choosing($0, otherwise: 0) },
    "stopped": one { $0.stopped() * $0 },
    "replacingValue": two { $0.replacingValue(by: $1) },
  ]

  private static let powers: [String: Build] = {
    var result: [String: Build] = [:]
    for exponent: Float in [2.5, 0.5, -1.5] { result["power \(exponent)"] = one { $0.power(exponent) } }
    for exponent in -2...3 { result["power \(exponent)"] = one { $0.power(Float(exponent)) } }
    for exponent in 0...3 { result["power \(exponent) at 0"] = one { $0.power(Float(exponent)) } }
    for exponent: Float in [0.5, 1.5] { result["power \(exponent) at 0"] = one { $0.power(exponent) } }
    result["power 2 at infinity"] = result["power 2"]
    for name in ["power of 0", "power 0 of 0", "power 0 of a variable", "power of negative numbers"] { result[name] = two { $0.power($1) } }
    return result
  }()

  private static let broadcasts: [String: Build] = {
    let shapes: [(Shape, Shape)] = [
      ([3, 4], [4]), ([4], [3, 4]), ([3, 1], [3, 4]), ([3, 1], [1, 4]), ([], [2, 3]), ([2, 3], [1, 1]), ([2, 3, 4], [1, 3, 1]), ([2, 1, 4], [3, 1]),
      ([4], [2, 2, 1]), ([2, 1, 2, 3], [1, 3, 1, 3]), ([2, 2, 2, 2], [2]),
    ]
    var result: [String: Build] = [:]
    for (i, (first, second)) in shapes.enumerated() {
      for (j, name) in ["add", "multiply", "divide", "subtract", "maximum", "minimum", "power"].enumerated()
      where j == 1 || i % 4 == j % 4 {
        result["\(name) \(first) \(second)"] = two(arithmetic[name]!)
      }
    }
    return result
  }()

  private static let shapes: [Shape] = [[5], [3, 5], [2, 2, 3], [2, 3, 1, 2]]

  private static let reducers: [String: @Sendable (Variable, Int, Bool) -> Variable] = [
    "sum": { $0.sum(along: $1, keepingAxis: $2) }, "mean": { $0.mean(along: $1, keepingAxis: $2) },
    "variance 0": { $0.variance(along: $1, keepingAxis: $2) }, "variance 1": { $0.variance(along: $1, correction: 1, keepingAxis: $2) },
    "norm one": { $0.norm(.one, along: $1, keepingAxis: $2) }, "norm two": { $0.norm(.two, along: $1, keepingAxis: $2) },
    "norm infinity": { $0.norm(.infinity, along: $1, keepingAxis: $2) }, "max": { $0.max(along: $1, keepingAxis: $2) },
    "min": { $0.min(along: $1, keepingAxis: $2) }, "logSumExp": { $0.logSumExp(along: $1, keepingAxis: $2) },
    "softmax": { x, axis, _ in x.softmax(along: axis) }, "logSoftmax": { x, axis, _ in x.logSoftmax(along: axis) },
  ]

  private static let reductions: [String: Build] = {
    var result: [String: Build] = [:]
    for (name, reduce) in reducers {
      for shape in shapes { for axis in 0..<shape.rank { result["\(name) along \(axis) of \(shape)"] = one { reduce($0, axis, false) } } }
      if !name.hasSuffix("oftmax") { result["\(name) along 1 of [2, 3, 4], kept"] = one { reduce($0, 1, true) } }
      if ["sum", "max", "softmax", "norm two"].contains(name) { result["\(name) along -2 of [2, 3, 4]"] = one { reduce($0, -2, false) } }
      for axis in 0..<2 { result["\(name) along \(axis)"] = one { reduce($0, axis, false) } }
    }
    result["sum of all"] = one { $0.sum() }
    result["mean of all"] = one { $0.mean() }
    result["variance 0 of all"] = one { $0.variance() }
    result["variance 1 of all"] = one { $0.variance(correction: 1) }
    result["norm one of all"] = one { $0.norm(.one) }
    result["norm two of all"] = one { $0.norm() }
    result["norm infinity of all"] = one { $0.norm(.infinity) }
    result["max of all"] = one { $0.max() }
    result["min of all"] = one { $0.min() }
    return result
  }()

  private static func constant(_ places: [Int32], _ x: Variable, _ axis: Int) -> Variable {
    x.tape.constant(places.map(Float.init), shape: x.shape.removing(axis))
  }

  private static let places: [String: Build] = {
    var result: [String: Build] = [:]
    for shape in shapes {
      for axis in 0..<shape.rank {
        result["argmax along \(axis) of \(shape)"] = one { constant($0.argmax(along: axis), $0, axis) }
        result["argmin along \(axis) of \(shape)"] = one { constant($0.argmin(along: axis), $0, axis) }
      }
    }
    for suffix in [" at ties", " with NaN"] {
      result["argmax" + suffix] = one { constant($0.argmax(), $0, 1) }
      result["argmin" + suffix] = one { constant($0.argmin(), $0, 1) }
    }
    result["oneHotOfLargest"] = one { $0.oneHotOfLargest() }
    return result
  }()

  /// Ties, zeros, infinities and large numbers in reductions.
  private static let special: [String: Build] = {
    var result: [String: Build] = [
      "max along 1 at ties": one { $0.max(along: 1) }, "max along 1 at ties, shared": one { $0.max(along: 1) },
      "max of all at ties": one { $0.max() },
      "min along 1 at ties": one { $0.min(along: 1) }, "min along 1 at ties, shared": one { $0.min(along: 1) },
      "min of all at ties": one { $0.min() },
      "norm infinity at ties": one { $0.norm(.infinity, along: 1) }, "norm one at 0": one { $0.norm(.one, along: 1) },
      "norm two at 0": one { $0.norm(along: 1) }, "norm infinity at 0": one { $0.norm(.infinity, along: 1) },
      "norm two beside 0": one { $0.norm(along: -1) }, "variance of equals": one { $0.variance(along: 1, correction: 1) },
      "logSumExp of -inf only": one { $0.logSumExp(along: 1) }, "logSumExp with inf": one { $0.logSumExp(along: 1) },
    ]
    for name in ["norm one", "norm two", "norm infinity", "sum", "max"] {
      let reduce = reducers[name]!
      result["\(name) of infinities"] = one { reduce($0, 1, false) }
    }
    for name in ["softmax", "logSoftmax", "logSumExp"] {
      let reduce = reducers[name]!
      for axis in 0..<2 {
        for suffix in ["with -inf", "of large numbers"] { result["\(name) along \(axis) \(suffix)"] = one { reduce($0, axis, false) } }
      }
    }
    return result
  }()

  private static let products: [String: Build] = {
    var result: [String: Build] = [
      "product transposed": { $1[0].product($1[1], transposed: true, plus: $1[2], activation: .tanh) },
      "product with a whole start": { $1[0].product($1[1], plus: $1[2], activation: .sigmoid) },
      "product of a variable with itself": one { matmul($0, $0, transposingSecond: true) },
    ]
    for width in [5, 21] { result["standardized \(width)"] = one { $0.standardized(epsilon: 0.125) } }
    for activation in Activation.allCases { result["product \(activation)"] = { $1[0].product($1[1], plus: $1[2], activation: activation) } }
    for suffix in ["batched with starts", "batched with one start", "of one row"] {
      result["product \(suffix)"] = { $1[0].product($1[1], plus: $1[2], activation: .tanh) }
    }
    for kind in ["", " batched", " with one right matrix", " of rank 4", " of rank 4 with one right matrix"] {
      result["matmul\(kind)"] = two { matmul($0, $1) }
      result["matmul\(kind) T"] = two { matmul($0, $1, transposingFirst: true) }
      result["matmul\(kind) by T"] = two { matmul($0, $1, transposingSecond: true) }
      result["matmul\(kind) T by T"] = two { matmul($0, $1, transposingFirst: true, transposingSecond: true) }
    }
    return result
  }()

  private static let rearrangements: [String: Build] = {
    var result: [String: Build] = [
      "reshaped": one { $0.reshaped([4, 6]) * $0.exp().reshaped([4, 6]) }, "expanded": one { $0.expanded(at: 1) * $0.expanded(at: 0) },
      "transposed": one { $0.transposed() }, "columns": one { $0.columns(1..<3) },
    ]
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 3, 2], [2, 3, 0, 1], [1, 0, 2, 3], [0, 3, 1, 2], [2, 0, 1]]
    for order in orders { result["transposed \(order)"] = one { $0.transposed(order) } }
    let targets: [(Shape, Shape)] = [
      ([4], [3, 4]), ([3, 1], [3, 4]), ([], [2, 2]), ([2, 1, 3], [2, 4, 3]), ([1, 3, 1], [2, 3, 2]), ([2, 1], [3, 2, 2]),
    ]
    for (first, second) in targets { result["broadcast \(first) to \(second)"] = one { $0.broadcast(to: second) } }
    for axis in 0..<3 {
      result["slice along \(axis)"] = one { $0.slice(1..<$0.shape[axis], along: axis) }
      result["padded along \(axis)"] = one { $0.padded(before: 2, behind: 1, along: axis) }
      result["concatenate along \(axis)"] = two { Variable.concatenate([$0, $1, $0], along: axis) }
      result["stack along \(axis)"] = two { Variable.stack([$0, $1, $0 * 2], along: axis) }
    }
    return result
  }()

  private static let indexed: [String: Build] = {
    var result: [String: Build] = [:]
    for axis in 0..<3 {
      let order: [Int32] = [1, 0, 1, 1]
      result["gathering along \(axis)"] = one { $0.gathering(order.span, along: axis) }
      result["selecting along \(axis)"] = one { x in
        let extent = x.shape[axis]
        let indices = (0..<(x.shape.count / extent)).map { Int32($0 * 5 % extent) }
        return x.selecting(indices.span, along: axis)
      }
    }
    let choices: [Int32] = [2, 0, -1, 1, 1, 2, 0, 0]
    let rows: [Int32] = [2, 0]
    let hot: [Int32] = [2, 0, 1]
    result["gathering all but one"] = one { $0.gathering(rows.span) }
    result["oneHot"] = { $1[0] * $0.oneHot(hot.span, choices: 3) }
    result["sumOfRows"] = one { $0.sumOfRows(choices.span, groups: 2) }
    result["sumOfRows plus a start"] = two { $0.sumOfRows(choices.span, groups: 2, plus: $1) }
    return result
  }()

  private static let losses: [String: Build] = {
    let targets: [Int32] = [4, 0, 2]
    var result: [String: Build] = [
      "meanSquaredError": two { meanSquaredError($0, $1) },
      "crossEntropy": one { crossEntropy($0, targets.span) },
      "crossEntropy of certain rows": one { crossEntropy($0, targets.span) },
    ]
    for delta: Float in [1, 0.5] {
      for suffix in ["", " at the kinks", " at infinity"] { result["huber \(delta)\(suffix)"] = two { huber($0, $1, delta: delta) } }
    }
    return result
  }()
}
