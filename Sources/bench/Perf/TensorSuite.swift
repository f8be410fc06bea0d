import CKernels
import Tensor

/// Speeds of the engine: matrix products, training steps, element-wise kernels, the tape.
enum TensorSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for (m, k, n) in products { report(try product(meter, m, k, n)) }
    for (widths, batch) in steps { report(try step(meter, widths, batch: batch)) }
    report(try inference(meter))
    // With the floating-point operations of one element: additions, multiplications, divisions, and two for each fused pair.
    for (name, function, operations) in [("exp", CK_EXP, 23.0), ("log", CK_LOG, 19.0), ("tanh", CK_TANH_OF, 41.0), ("sigmoid", CK_SIGMOID_OF, 25.0)] {
      report(try unary(meter, name, Int32(function), operations))
    }
    for (name, count) in [("adam/6024", 6024), ("adam/4194304", 4 << 20)] { report(try adam(meter, name, count)) }
    let count = 4 << 20
    report(try optimizer(meter, "sgd", SGD(count: count, learningRate: 1e-9, momentum: 0.9), vectors: 5, count))
    report(try optimizer(meter, "adamw", AdamW(count: count, learningRate: 1e-9), vectors: 7, count))
    report(try optimizer(meter, "rmsprop", RMSProp(count: count, learningRate: 1e-9, momentum: 0.9, centered: true), vectors: 9, count))
    report(try tape(meter))
    try ComplexSuite.run(meter, report)
    try RandomSuite.run(meter, report)
  }

  static let products = [
    (32, 64, 64), (32, 176, 64), (64, 512, 128), (256, 11, 512), (256, 512, 256), (64, 1024, 512), (256, 1024, 512), (1024, 1024, 1024),
  ]

  static let steps: [([Int], Int)] = [
    ([20, 64, 64, 8], 1), ([20, 64, 64, 8], 32), ([206, 64, 190], 32), ([2376, 64, 1], 32), ([12, 512, 256, 12], 256),
    ([410, 1024, 512, 256, 1], 64),
    ([2050, 1024, 512, 256, 1], 256),
  ]

  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: seed, purpose: .environment).fill(&values, with: .normal)
    return values
  }

  private static func product(_ meter: PerfMeter, _ m: Int, _ k: Int, _ n: Int) throws -> PerfResult? {
    let a = Tensor(numbers(m * k, seed: 1), shape: [m, k])
    let b = Tensor(numbers(k * n, seed: 2), shape: [k, n])
    var c = Tensor(zeros: [m, n])
    let operations = 2 * Double(m) * Double(k) * Double(n)
    return try meter.measure("gemm/\(m)x\(k)x\(n)", unit: .rate("GFLOP/s", perCall: operations * 1e-9), work: .operations(operations)) {
      a.multiplied(by: b, into: &c)
    }
  }

  /// Forward, backward and Adam on the mean squared error of a dense network.
  private static func step(_ meter: PerfMeter, _ widths: [Int], batch: Int) throws -> PerfResult? {
    let network = Network(widths: widths)
    var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var gradient = Tensor(zeros: [parameters.count])
    // A tiny rate keeps the values as they are however long the measurement takes.
    var optimizer = Adam(count: parameters.count, learningRate: 1e-9)
    let input = Tensor(numbers(batch * widths[0], seed: 3), shape: [batch, widths[0]])
    let goal = Tensor(numbers(batch * network.outputs, seed: 4), shape: [batch, network.outputs])
    let tape = Tape()
    var products = 0.0
    for index in 1..<widths.count { products += Double(widths[index - 1] * widths[index]) * (index == 1 ? 2 : 3) }
    let name = "step/" + widths.map(String.init).joined(separator: "-") + "/b\(batch)"
    return try meter.measure(name, unit: .time("us", perSecond: 1e6), work: .operations(2 * Double(batch) * products)) {
      tape.gradient(of: parameters, into: &gradient) { p in
        meanSquaredError(network(tape.constant(input), p), tape.constant(goal))
      }
      optimizer.update(&parameters, along: gradient)
    }
  }

  private static func inference(_ meter: PerfMeter) throws -> PerfResult? {
    let network = Network(widths: [20, 64, 64, 8])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = Tensor(numbers(20, seed: 3))
    var output = Tensor(zeros: [8])
    var workspace = Workspace()
    let work = PerfWork.operations(2 * Double(20 * 64 + 64 * 64 + 64 * 8))
    return try meter.measure("inference/20-64-64-8/b1", unit: .time("us", perSecond: 1e6), work: work) {
      var span = output.mutableSpan
      network.evaluate(input.span, rows: 1, parameters, into: &span, workspace: &workspace)
    }
  }

  private static func unary(_ meter: PerfMeter, _ name: String, _ function: Int32, _ operations: Double) throws -> PerfResult? {
    let x = numbers(4096, seed: 5).map { abs($0) + 0.1 }
    var y = [Float](repeating: 0, count: 4096)
    let work = PerfWork.operations(4096 * operations)
    return try meter.measure("kernel/\(name)/4096", unit: .rate("elements/ns", perCall: 4096 * 1e-9), work: work) {
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { unsafe ck_unary(function, 4096, x.baseAddress, $0.baseAddress) }
      }
    }
  }

  /// Adam with a moving target: reads five vectors and writes four; 17 floating-point operations an element.
  private static func adam(_ meter: PerfMeter, _ name: String, _ count: Int) throws -> PerfResult? {
    let network = Network([.dense(count - 1, 1)])
    var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var target = parameters
    let gradient = Tensor(numbers(count, seed: 6))
    var optimizer = Adam(count: count, learningRate: 1e-9)
    let bytes = 9 * 4 * Double(count)
    let work = count > 1 << 20 ? PerfWork.bytes(bytes) : .operations(17 * Double(count))
    return try meter.measure("kernel/\(name)", unit: .rate("GB/s", perCall: bytes * 1e-9), work: work) {
      optimizer.update(&parameters, along: gradient, moving: &target, by: 0.01)
    }
  }

  /// One step of an optimiser without a target, on vectors that fit no cache; it reads and writes so many in all.
  private static func optimizer(_ meter: PerfMeter, _ name: String, _ optimizer: some Optimizer, vectors: Int, _ count: Int) throws -> PerfResult? {
    var optimizer = optimizer
    var parameters = Network([.dense(count - 1, 1)]).initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let gradient = Tensor(numbers(count, seed: 6))
    let bytes = Double(4 * vectors * count)
    return try meter.measure("optimizer/\(name)/\(count)", unit: .rate("GB/s", perCall: bytes * 1e-9), work: .bytes(bytes)) {
      optimizer.update(&parameters, along: gradient)
    }
  }

  /// The bookkeeping of one operation: a long chain on a single number, forward and backward.
  private static func tape(_ meter: PerfMeter) throws -> PerfResult? {
    let tape = Tape()
    let network = Network([.dense(1, 1)])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var gradient = Tensor(zeros: [parameters.count])
    let length = 100
    // A scaling of one number is one node forward and one backward.
    return try meter.measure("tape/overhead", unit: .time("ns", perSecond: 1e9 / Double(2 * length))) {
      tape.gradient(of: parameters, into: &gradient) { p in
        var x = p[1].sum()
        for _ in 0..<length { x = x * 1.0001 }
        return x
      }
    }
  }
}
