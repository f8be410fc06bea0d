import Tensor

/// Speeds of single operations with their derivatives, on arrays that stay in the second cache: value and gradient, for each element.
enum OperationSuite {
  private typealias Build = (Tape, Variable, Variable) -> Variable

  private static let rows = 256
  private static let columns = 64

  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    let indices = (0..<rows).map { Int32($0 * 7 % columns) }
    let order = (0..<rows).map { Int32($0 * 5 % rows) }
    var operations: [(String, Build)] = []
    func add(_ name: String, _ build: @escaping Build) { operations.append((name, build)) }
    add("add") { _, x, y in x + y }
    add("multiply") { _, x, y in x * y }
    add("divide") { _, x, y in x / y }
    add("power") { _, x, y in x.power(y) }
    add("maximum") { _, x, y in x.maximum(y) }
    add("exp") { _, x, _ in x.exp() }
    add("log") { _, x, _ in x.log() }
    add("log1p") { _, x, _ in x.logOnePlus() }
    add("sin") { _, x, _ in x.sin() }
    add("tanh") { _, x, _ in x.tanh() }
    add("sigmoid") { _, x, _ in x.sigmoid() }
    add("softplus") { _, x, _ in x.softplus() }
    add("relu") { _, x, _ in x.relu() }
    add("elu") { _, x, _ in x.elu() }
    add("gelu") { _, x, _ in x.gelu() }
    add("clamped") { _, x, _ in x.clamped(to: 0.5...1.5) }
    add("choosing") { _, x, y in (x .> 1).choosing(x, otherwise: y) }
    add("huber") { _, x, y in huber(x, y) }
    add("add-row") { _, x, y in x + y.slice(0..<1, along: 0) }
    add("multiply-column") { _, x, y in x * y.columns(0..<1) }
    add("sum-rows") { _, x, _ in x.sum(along: 1) }
    add("sum-columns") { _, x, _ in x.sum(along: 0) }
    add("max-rows") { _, x, _ in x.max(along: 1) }
    add("logSumExp") { _, x, _ in x.logSumExp(along: 1) }
    add("softmax") { _, x, _ in x.softmax() }
    add("logSoftmax") { _, x, _ in x.logSoftmax() }
    add("standardized") { _, x, _ in x.standardized() }
    add("variance") { _, x, _ in x.variance(along: 1) }
    add("norm") { _, x, _ in x.norm(along: 1) }
    add("selecting") { _, x, _ in x.selecting(indices.span) }
    add("gathering") { _, x, _ in x.gathering(order.span) }
    add("transposed") { _, x, _ in x.transposed() }
    add("columns") { _, x, _ in x.columns(16..<48) }
    add("concatenate") { _, x, y in Variable.concatenate([x, y], along: 1) }
    add("reshaped") { _, x, _ in x.reshaped([64, 256]) }
    for (name, build) in operations { report(try measure(meter, name, build)) }
  }

  private static func measure(_ meter: PerfMeter, _ name: String, _ build: Build) throws -> PerfResult? {
    let count = rows * columns
    var layout = Layout()
    layout.append("x", [rows, columns], fanIn: 1)
    layout.append("y", [rows, columns], fanIn: 1)
    var parameters = Parameters(layout)
    var numbers = [Float](repeating: 0, count: 2 * count)
    RandomStream(seed: 9, purpose: .environment).fill(&numbers, with: .uniform)
    parameters.values = Tensor(numbers.map { $0 + 0.5 })
    var gradient = Tensor(zeros: [2 * count])
    let tape = Tape()
    return try meter.measure("operation/\(name)", unit: .time("ns/element", perSecond: 1e9 / Double(count)), samples: 5) {
      tape.gradient(of: parameters, into: &gradient) { build(tape, $0[0], $0[1]).sum() }
    }
  }
}
