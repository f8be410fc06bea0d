import TestSupport
import Testing

@testable import Tensor

@Suite struct TapeTests {
  private let network = Network(widths: [6, 17, 3], activation: .tanh)
  private var parameters: Parameters { network.initialized(from: RandomStream(seed: 1, purpose: .initialization)) }

  private func numbers(_ count: Int, _ index: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 6, purpose: .environment, index: index).fill(&values, with: .normal)
    return values
  }

  private func loss(_ tape: Tape, _ parameters: PlacedParameters, rows: Int = 9) -> Variable {
    let output = network(tape.constant(numbers(rows * 6, 0), shape: [rows, 6]), parameters)
    return meanSquaredError(output, tape.constant(numbers(rows * 3, 1), shape: [rows, 3]))
  }

  @Test func theGradientOfANetworkIsThatOfDoublePrecision() {
    let parameters = parameters
    let tape = Tape()
    var gradient = Tensor(zeros: [parameters.count])
    let value = tape.gradient(of: parameters, into: &gradient) { loss(tape, $0) }
    let (input, goals) = (numbers(54, 0).map(Double.init), numbers(27, 1).map(Double.init))
    func reference(_ p: [Double]) -> Double {
      var hidden = Matrix(9, 6, input) * Matrix(6, 17, Array(p[0..<102]))
      for i in hidden.values.indices { hidden.values[i] = Reference.tanh(hidden.values[i] + p[102 + i % 17]) }
      let output = hidden * Matrix(17, 3, Array(p[119..<170]))
      var sum = 0.0
      for i in goals.indices {
        let difference = output.values[i] + p[170 + i % 3] - goals[i]
        sum += difference * difference
      }
      return sum / 27
    }
    let p = parameters.values.array.map(Double.init)
    #expect(abs(Double(value) - reference(p)) < 1e-6)
    #expect(relativeDistance(gradient.array.map(Double.init), FiniteDifference.gradient(at: p, of: reference)) < 1e-6)
  }

  @Test func aRepeatedStepReusesItsMemoryAndItsBits() {
    let parameters = parameters
    let tape = Tape()
    var gradient = Tensor(zeros: [parameters.count])
    var places: [Int] = []
    var capacity = 0
    var first = gradient
    for step in 0..<50 {
      gradient = Tensor(Array(repeating: .nan, count: parameters.count))
      var now: [Int] = []
      tape.gradient(of: parameters, into: &gradient) { placed in
        let loss = loss(tape, placed)
        // Where the values lie that the tape itself allocated: behind the parameters.
        now = (placed.count..<tape.count).map { unsafe Int(bitPattern: tape.nodes[$0].value) }
        return loss
      }
      if step == 0 { (places, first, capacity) = (now, gradient, tape.nodes.capacity) }
      #expect(now == places && gradient == first && tape.nodes.capacity == capacity)
    }
    #expect(tape.count == 0)
  }

  @Test func gradientsOfGradientsInsideAGradient() {
    // f(x) = (x²)² evaluated through an inner derivative: g = d(x³)/dx = 3 x²; loss = Σ g²; d loss/dx = 36 x³.
    var layout = Layout()
    layout.append("x", [3], fanIn: 1)
    var parameters = Parameters(layout)
    parameters.values = Tensor([0.5, -1, 2])
    let (value, gradient) = valueAndGradient(at: parameters) { tape, placed in
      let x = placed[0]
      let inner = tape.gradients(of: (x.squared() * x).sum(), withRespectTo: [x])[0]
      return inner.squared().sum()
    }
    #expect(abs(value - 9 * (0.0625 + 1 + 16)) < 1e-4)
    #expect(relativeDistance(gradient.array.map(Double.init), [4.5, -36, 288]) < 1e-6)
  }

  @Test func everyElementOfAGradientIsWritten() {
    var layout = Layout()
    layout.append("used", [1], fanIn: 1)
    layout.append("unused", [2], fanIn: 1)
    layout.append("scalar", .scalar, fanIn: 1)
    var parameters = Parameters(layout)
    parameters.values = Tensor([3, 1, 1, 5])
    let tape = Tape()
    func gradient(_ body: (PlacedParameters) -> Variable) -> [Float] {
      var gradient = Tensor(Array(repeating: .nan, count: 4))
      tape.gradient(of: parameters, into: &gradient, body)
      return gradient.array
    }
    #expect(gradient { $0[0].squared().sum() } == [6, 0, 0, 0])
    #expect(gradient { $0[0].reshaped(.scalar) * $0[2] } == [5, 0, 0, 3])
    // The loss is a parameter, a shape of it, or no function of the parameters at all.
    #expect(gradient { $0[2] } == [0, 0, 0, 1])
    #expect(gradient { $0[0].reshaped(.scalar) } == [1, 0, 0, 0])
    #expect(gradient { _ in tape.constant([2], shape: .scalar) } == [0, 0, 0, 0])
    #expect(gradient { $0[2].stopped() } == [0, 0, 0, 0])
    #expect(gradient { ($0[0] + $0[0]).sum() + $0[0].sum() } == [3, 0, 0, 0])
  }

  @Test func derivativesAtKinksFollowTheirConvention() {
    let tape = Tape()
    func slopes(_ x: [Float], _ body: (Variable) -> Variable) -> [Float] {
      tape.rewind()
      let variable = tape.variable(Tensor(x))
      return tape.gradients(of: body(variable).sum(), withRespectTo: [variable])[0].array
    }
    #expect(slopes([-1, 0, 1]) { $0.relu() } == [0, 0, 1])
    #expect(slopes([-1, 0, 1]) { $0.magnitude() } == [-1, 0, 1])
    #expect(slopes([-1, 0, 1]) { $0.maximum(tape.constant([0, 0, 0], shape: [3])) } == [0, 0, 1])
    #expect(slopes([-1, 0, 1]) { tape.constant([0, 0, 0], shape: [3]).maximum($0) } == [0, 1, 1])
    #expect(slopes([-1, 0, 1]) { $0.minimum(tape.constant([0, 0, 0], shape: [3])) } == [1, 0, 0])
    #expect(slopes([1, 2, 3]) { $0.stopped() } == [0, 0, 0])
  }

  @Test func constantsAreCopiedAndTensorsAreShared() {
    let tape = Tape()
    var values: [Float] = [1, 2]
    var tensor = Tensor([3, 4])
    let copied = tape.constant(values, shape: [2])
    let shared = tape.constant(tensor)
    (values[0], tensor[0]) = (9, 9)
    #expect(copied.array == [1, 2] && shared.array == [3, 4] && tensor.array == [9, 4])
    var out = Tensor(zeros: [2])
    (copied + shared).copy(into: &out)
    #expect(out.array == [4, 6])
    tape.scope { _ = tape.constant(values, shape: [2]).exp() }
    #expect(tape.count == 0)
  }

  @Test func theLargestOfEqualsIsTheFirst() {
    let tape = Tape()
    #expect(tape.constant([1, 3, 3, 2, 2, 2], shape: [2, 3]).oneHotOfLargest().array == [0, 1, 0, 1, 0, 0])
  }

  @Test func operandsOfOtherShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.variable(Tensor(zeros: [2, 3])).product(tape.variable(Tensor(zeros: [2, 3])))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.variable(Tensor(zeros: [2, 3])).product(tape.variable(Tensor(zeros: [3, 2])), plus: tape.variable(Tensor(zeros: [3])))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.variable(Tensor(zeros: [2, 3])) + tape.variable(Tensor(zeros: [3, 2]))
    }
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = Variable.concatenate([tape.variable(Tensor(zeros: [2, 3])), tape.variable(Tensor(zeros: [3, 3]))], along: 1)
    }
    await #expect(processExitsWith: .failure) { _ = Tape().variable(Tensor(zeros: [2, 3])).columns(1..<4) }
    await #expect(processExitsWith: .failure) { _ = Tape().variable(Tensor(zeros: [2, 3])).reshaped([5]) }
    await #expect(processExitsWith: .failure) { _ = Tape().variable(Tensor(zeros: [2, 3])).broadcast(to: [6]) }
    await #expect(processExitsWith: .failure) { _ = Tape().variable(Tensor(zeros: [2, 3])).number }
    await #expect(processExitsWith: .failure) { _ = Tape().constant([1, 2, 3], shape: [2]) }
  }

  @Test func indicesOutOfRangeAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let indices: [Int32] = [0, 3]
      _ = Tape().variable(Tensor(zeros: [2, 3])).selecting(indices.span)
    }
    await #expect(processExitsWith: .failure) {
      let indices: [Int32] = [-2]
      _ = Tape().variable(Tensor(zeros: [4, 3])).sumOfRows(indices.span, groups: 1)
    }
    await #expect(processExitsWith: .failure) {
      let indices: [Int32] = [0]
      let tape = Tape()
      _ = tape.variable(Tensor(zeros: [4, 3])).sumOfRows(indices.span, groups: 1, plus: tape.variable(Tensor(zeros: [2])))
    }
    await #expect(processExitsWith: .failure) {
      let indices: [Int32] = [2]
      _ = Tape().oneHot(indices.span, choices: 2)
    }
  }

  @Test func aLossThatIsNotASingleNumberIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let x = tape.variable(Tensor([1, 2]))
      _ = tape.gradients(of: x.squared(), withRespectTo: [x])
    }
    await #expect(processExitsWith: .failure) {
      var layout = Layout()
      layout.append("x", [2], fanIn: 1)
      let tape = Tape()
      var gradient = Tensor(zeros: [3])
      tape.gradient(of: Parameters(layout), into: &gradient) { $0[0].sum() }
    }
  }
}
