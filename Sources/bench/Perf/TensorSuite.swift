import CKernels
import Tensor

/// Speeds of the engine: matrix products, training steps, element-wise kernels, the tape.
enum TensorSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for (m, k, n) in products { report(try product(meter, m, k, n)) }
    for (a, m, k, n) in stacks { report(try stacked(meter, a, m, k, n)) }
    for (widths, batch) in steps { report(try step(meter, widths, batch: batch)) }
    report(try step(meter, steps[steps.count - 1].0, batch: steps[steps.count - 1].1, threads: 2))
    report(try manyNetworks(meter, [20, 64, 64, 8], batch: 32, copies: 8))
    report(try inference(meter))
    // With the floating-point operations of one element: additions, multiplications, divisions, and two for each fused pair.
    for (name, function, operations) in [("exp", CK_EXP, 23.0), ("log", CK_LOG, 19.0), ("tanh", CK_TANH_OF, 41.0), ("sigmoid", CK_SIGMOID_OF, 25.0)] {
      report(try unary(meter, name, Int32(function), operations))
    }
    try outOfCache(meter, report)
    for (name, count) in [("adam/6024", 6024), ("adam/4194304", 4 << 20)] { report(try adam(meter, name, count)) }
    let count = 4 << 20
    report(try optimizer(meter, "sgd", SGD(count: count, learningRate: 1e-9, momentum: 0.9), vectors: 5, count))
    report(try optimizer(meter, "adamw", AdamW(count: count, learningRate: 1e-9), vectors: 7, count))
    report(try optimizer(meter, "rmsprop", RMSProp(count: count, learningRate: 1e-9, momentum: 0.9, centered: true), vectors: 9, count))
    report(try tape(meter))
    try secondOrder(meter, report)
    try OperationSuite.run(meter, report)
    try ComplexSuite.run(meter, report)
    try RandomSuite.run(meter, report)
  }

  static let products = [
    (64, 64, 64), (32, 64, 64), (32, 176, 64), (64, 512, 128), (256, 11, 512), (256, 512, 256), (64, 1024, 512), (256, 1024, 512), (1024, 1024, 1024),
  ]

  /// Products side by side, each with as many rows as stand behind the number of products, and one product of the same work.
  static let stacks = [(8, 64, 256, 256), (1, 512, 256, 256), (50, 64, 64, 64), (1, 3200, 64, 64)]

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

  /// Products of `a` pairs of matrices that lie side by side, as layers of many networks make them.
  private static func stacked(_ meter: PerfMeter, _ a: Int, _ m: Int, _ k: Int, _ n: Int) throws -> PerfResult? {
    let left = Tensor(numbers(a * m * k, seed: 1), shape: [a, m, k])
    let right = Tensor(numbers(a * k * n, seed: 2), shape: [a, k, n])
    let tape = Tape()
    let operations = 2 * Double(a * m) * Double(k) * Double(n)
    return try meter.measure("stacked/\(a)x\(m)x\(k)x\(n)", unit: .rate("GFLOP/s", perCall: operations * 1e-9), work: .operations(operations)) {
      tape.scope { _ = matmul(tape.constant(left), tape.constant(right)) }
    }
  }

  /// Forward, backward and Adam of several networks of one architecture, each on a batch of its own.
  private static func manyNetworks(_ meter: PerfMeter, _ widths: [Int], batch: Int, copies: Int) throws -> PerfResult? {
    let network = Network(widths: widths)
    var parameters = network.initialized(copies: copies, from: RandomStream(seed: 1, purpose: .initialization))
    var gradient = Tensor(zeros: [parameters.count])
    var optimizer = Adam(count: parameters.count, learningRate: 1e-9)
    let input = Tensor(numbers(copies * batch * widths[0], seed: 3), shape: [copies, batch, widths[0]])
    let goal = Tensor(numbers(copies * batch * network.outputs, seed: 4), shape: [copies, batch, network.outputs])
    let tape = Tape()
    let name = "step/\(copies)x" + widths.map(String.init).joined(separator: "-") + "/b\(batch)"
    let work = PerfWork.operations(2 * Double(copies * batch) * products(widths))
    return try meter.measure(name, unit: .time("us", perSecond: 1e6), work: work) {
      tape.gradient(of: parameters, into: &gradient) { p in
        meanSquaredError(network(tape.constant(input), p), tape.constant(goal))
      }
      optimizer.update(&parameters, along: gradient)
    }
  }

  /// Multiplications of a row in the products of a step: no gradient with respect to the input is needed.
  private static func products(_ widths: [Int]) -> Double {
    var sum = 0.0
    for index in 1..<widths.count { sum += Double(widths[index - 1] * widths[index]) * (index == 1 ? 2 : 3) }
    return sum
  }

  /// Forward, backward and Adam on the mean squared error of a dense network.
  private static func step(_ meter: PerfMeter, _ widths: [Int], batch: Int, threads: Int = 1) throws -> PerfResult? {
    let network = Network(widths: widths)
    var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var gradient = Tensor(zeros: [parameters.count])
    // A tiny rate keeps the values as they are however long the measurement takes.
    var optimizer = Adam(count: parameters.count, learningRate: 1e-9)
    let input = Tensor(numbers(batch * widths[0], seed: 3), shape: [batch, widths[0]])
    let goal = Tensor(numbers(batch * network.outputs, seed: 4), shape: [batch, network.outputs])
    optimizer.threads = threads
    let tape = Tape(threads: threads)
    let name = "step/" + widths.map(String.init).joined(separator: "-") + "/b\(batch)" + (threads > 1 ? "/t\(threads)" : "")
    let work = PerfWork.operations(2 * Double(batch) * products(widths), threads: threads)
    return try meter.measure(name, unit: .time("us", perSecond: 1e6), work: work) {
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

  /// Functions of each element on arrays that fit no cache. A line that is written has been read before, which counts as traffic.
  private static func outOfCache(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    let count = 4 << 20
    let a = numbers(count, seed: 7)
    let b = numbers(count, seed: 8)
    var y = a
    func bytes(_ vectors: Int) -> Double { Double(4 * vectors * count) }
    let add = try meter.measure("kernel/add/\(count)", unit: .rate("GB/s", perCall: bytes(3) * 1e-9), work: .bytes(bytes(4))) {
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe y.withUnsafeMutableBufferPointer { unsafe ck_binary(Int32(CK_ADD), count, a.baseAddress, b.baseAddress, $0.baseAddress) }
        }
      }
    }
    report(add)
    for (name, function) in [("relu", CK_RELU_OF), ("exp", CK_EXP), ("tanh", CK_TANH_OF)] {
      report(
        try meter.measure("kernel/\(name)/\(count)", unit: .rate("GB/s", perCall: bytes(2) * 1e-9), work: .bytes(bytes(3))) {
          unsafe a.withUnsafeBufferPointer { a in
            unsafe y.withUnsafeMutableBufferPointer { unsafe ck_unary(Int32(function), count, a.baseAddress, $0.baseAddress) }
          }
        })
    }
    let parameters = Tensor(a)
    var target = Tensor(b)
    report(
      try meter.measure("kernel/polyak/\(count)", unit: .rate("GB/s", perCall: bytes(3) * 1e-9), work: .bytes(bytes(3))) {
        target.move(toward: parameters, by: 0.01)
      })
  }

  /// A product of the Hessian with a vector against a gradient, on a network of two layers.
  private static func secondOrder(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    let network = Network([.dense(32, 64, .tanh), .dense(64, 8)])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = Tensor(numbers(32 * 32, seed: 3), shape: [32, 32])
    let goal = Tensor(numbers(32 * 8, seed: 4), shape: [32, 8])
    let direction = Tensor(numbers(parameters.count, seed: 5))
    var result = Tensor(zeros: [parameters.count])
    let tape = Tape()
    func loss(_ p: PlacedParameters) -> Variable { meanSquaredError(network(tape.constant(input), p), tape.constant(goal)) }
    report(
      try meter.measure("order/first/32-64-8/b32", unit: .time("us", perSecond: 1e6)) {
        tape.gradient(of: parameters, into: &result) { loss($0) }
      })
    report(
      try meter.measure("order/second/32-64-8/b32", unit: .time("us", perSecond: 1e6)) {
        tape.hessianProduct(of: parameters, along: direction, into: &result) { loss($0) }
      })
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
