import TestSupport
import Testing

@testable import Tensor

@Suite struct OperationTests {
  private func tensors(_ test: OperationCase) -> [Tensor] {
    test.inputs.enumerated().map { Tensor($1.numbers($0), shape: $1.shape) }
  }

  private func doubles(_ tensors: [Tensor]) -> [[Double]] { tensors.map { $0.array.map(Double.init) } }

  /// Cuts one list into lists as long as the operands.
  private func cut(_ values: [Double], _ test: OperationCase) -> [[Double]] {
    var start = 0
    return test.inputs.map { input in
      defer { start += input.shape.count }
      return Array(values[start..<(start + input.shape.count)])
    }
  }

  @Test(arguments: OperationCase.all) func valueIsThatOfTheReference(test: OperationCase) {
    let tape = Tape()
    let tensors = tensors(test)
    let x = doubles(tensors)
    let y = test.build(tape, tensors.map { tape.variable($0) })
    #expect(relativeDistance(y.array.map(Double.init), test.reference(x, x)) < 2e-6)
    #expect(abs(Double(test.scalar(tape, tensors.map { tape.variable($0) }).number) - test.scalar(x, point: x)) < 2e-5)
  }

  @Test(arguments: OperationCase.all) func gradientIsThatOfTheReference(test: OperationCase) {
    let tape = Tape()
    let tensors = tensors(test)
    let x = doubles(tensors)
    let variables = tensors.map { tape.variable($0) }
    let gradients = tape.gradients(of: test.scalar(tape, variables), withRespectTo: variables)
    #expect(gradients.map(\.shape) == variables.map(\.shape))
    let expected = FiniteDifference.gradient(at: x.flatMap(\.self)) { test.scalar(cut($0, test), point: x) }
    #expect(relativeDistance(gradients.flatMap { $0.array.map(Double.init) }, expected) < 1e-5)
  }

  @Test(arguments: OperationCase.all) func gradientOfTheDirectionalDerivativeIsThatOfTheReference(test: OperationCase) {
    let tape = Tape()
    let tensors = tensors(test)
    let x = doubles(tensors)
    let variables = tensors.map { tape.variable($0) }
    let gradients = tape.gradients(of: test.scalar(tape, variables), withRespectTo: variables)
    let count = x.reduce(0) { $0 + $1.count }
    let direction: [Float] = (0..<count).map { Float(($0 * 5 + 1) % 7) / 4 - 0.8 }
    var slope: Variable?
    for (gradient, part) in zip(gradients, cut(direction.map(Double.init), test)) {
      let term = (gradient * tape.constant(part.map(Float.init), shape: gradient.shape)).sum()
      slope = slope.map { $0 + term } ?? term
    }
    let second = tape.gradients(of: slope!, withRespectTo: variables)
    let expected = FiniteDifference.hessianProduct(at: x.flatMap(\.self), along: direction.map(Double.init)) {
      test.scalar(cut($0, test), point: x)
    }
    #expect(relativeDistance(second.flatMap { $0.array.map(Double.init) }, expected) < 2e-5)
  }

  /// A network of two tanh layers: H v of the mean squared error, through every slice of its parameters.
  @Test func hessianVectorProductOfATanhNetwork() {
    let (inputs, width, outputs, rows) = (3, 5, 2, 4)
    let network = Network([.dense(inputs, width, .tanh), .dense(width, outputs, .tanh)])
    let parameters = network.initialized(from: RandomStream(seed: 4, purpose: .initialization))
    var generator = RandomStream(seed: 5, purpose: .environment).generator()
    let input = (0..<(rows * inputs)).map { _ in Float(generator.uniform(-1, 1)) }
    let goals = (0..<(rows * outputs)).map { _ in Float(generator.uniform(-1, 1)) }
    let direction = (0..<parameters.count).map { _ in Float(generator.uniform(-1, 1)) }

    let tape = Tape()
    let placed = tape.place(parameters)
    let slices = (0..<placed.count).map { placed[$0] }
    let loss = meanSquaredError(network(tape.constant(input, shape: [rows, inputs]), placed), tape.constant(goals, shape: [rows, outputs]))
    let gradients = tape.gradients(of: loss, withRespectTo: slices)
    var slope: Variable?
    for (gradient, slice) in zip(gradients, parameters.layout.slices) {
      let part = Array(direction[slice.offset..<(slice.offset + slice.shape.count)])
      let term = (gradient * tape.constant(part, shape: slice.shape)).sum()
      slope = slope.map { $0 + term } ?? term
    }
    let product = tape.gradients(of: slope!, withRespectTo: slices).flatMap { $0.array.map(Double.init) }

    let x = parameters.values.array.map(Double.init)
    let expected = FiniteDifference.hessianProduct(at: x, along: direction.map(Double.init)) { p in
      var layer = Matrix(rows, inputs, input.map(Double.init))
      for index in 0..<2 {
        let (weights, bias) = (parameters.layout.slices[2 * index], parameters.layout.slices[2 * index + 1])
        layer = layer * Matrix(weights.shape[0], weights.shape[1], Array(p[weights.offset..<(weights.offset + weights.shape.count)]))
        for i in layer.values.indices { layer.values[i] = Reference.tanh(layer.values[i] + p[bias.offset + i % layer.columns]) }
      }
      var sum = 0.0
      for i in goals.indices { sum += (layer.values[i] - Double(goals[i])) * (layer.values[i] - Double(goals[i])) }
      return sum / Double(goals.count)
    }
    #expect(relativeDistance(product, expected) < 1e-5)

    var whole = Tensor(zeros: [parameters.count])
    tape.hessianProduct(of: parameters, along: Tensor(direction), into: &whole) {
      meanSquaredError(network(tape.constant(input, shape: [rows, inputs]), $0), tape.constant(goals, shape: [rows, outputs]))
    }
    #expect(whole.array.map(Double.init) == product)
  }

  /// The list of cases holds every operation and function, so that none is added without its checks.
  @Test func everyOperationHasACase() {
    var seen: Set<String> = []
    for test in OperationCase.all {
      let tape = Tape()
      _ = test.scalar(tape, tensors(test).map { tape.variable($0) })
      for node in tape.nodes {
        switch node.operation {
        case .unary(let function, _): seen.insert("\(function)")
        case .binary(let function, _, _): seen.insert("\(function)")
        default: seen.insert(String("\(node.operation)".prefix { $0 != "(" }))
        }
      }
    }
    let functions = UnaryFunction.allCases.map { "\($0)" } + BinaryFunction.allCases.map { "\($0)" }
    let operations = [
      "leaf", "product", "affine", "sum", "spread", "softmax", "logSoftmax", "standardize", "inverseDeviation", "slice", "pad", "select", "place",
      "gather", "scatter", "tableRows",
      "scatterRows", "transpose", "concatenate", "substitute", "reshape", "stop",
    ]
    #expect(seen == Set(functions + operations))
  }
}
