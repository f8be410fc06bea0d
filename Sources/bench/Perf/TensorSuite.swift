import CKernels
import Tensor

/// Speeds of the engine: matrix products, training steps, element-wise kernels, the tape.
enum TensorSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult) -> Void) throws {
    for (m, k, n) in products { report(try product(meter, m, k, n)) }
    for (widths, batch) in steps { report(try step(meter, widths, batch: batch)) }
    report(try inference(meter))
    for (name, function) in [("exp", CK_EXP), ("log", CK_LOG), ("tanh", CK_TANH_OF), ("sigmoid", CK_SIGMOID_OF)] {
      report(try unary(meter, name, Int32(function)))
    }
    for (name, count) in [("adam/6024", 6024), ("adam/4194304", 4 << 20)] { report(try adam(meter, name, count)) }
    report(try tape(meter))
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

  private static func product(_ meter: PerfMeter, _ m: Int, _ k: Int, _ n: Int) throws -> PerfResult {
    let a = Tensor(numbers(m * k, seed: 1), shape: [m, k])
    let b = Tensor(numbers(k * n, seed: 2), shape: [k, n])
    var c = Tensor(zeros: [m, n])
    let operations = 2 * Double(m) * Double(k) * Double(n)
    return try meter.measure(
      "gemm/\(m)x\(k)x\(n)", unit: "GFLOP/s", work: .operations(operations), value: { $0 * operations * 1e-9 },
      {
        a.multiplied(by: b, into: &c)
      })
  }

  /// Forward, backward and Adam on the mean squared error of a dense network.
  private static func step(_ meter: PerfMeter, _ widths: [Int], batch: Int) throws -> PerfResult {
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
    return try meter.measure(
      name, unit: "us", work: .operations(2 * Double(batch) * products), value: { 1e6 / $0 },
      {
        tape.gradient(of: parameters, into: &gradient) { p in
          meanSquaredError(network(tape.constant(input), p), tape.constant(goal))
        }
        optimizer.update(&parameters, along: gradient)
      })
  }

  private static func inference(_ meter: PerfMeter) throws -> PerfResult {
    let network = Network(widths: [20, 64, 64, 8])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let input = Tensor(numbers(20, seed: 3))
    var output = Tensor(zeros: [8])
    var workspace = Workspace()
    return try meter.measure(
      "inference/20-64-64-8/b1", unit: "us", work: .operations(2 * Double(20 * 64 + 64 * 64 + 64 * 8)), value: { 1e6 / $0 },
      {
        var span = output.mutableSpan
        network.evaluate(input.span, rows: 1, parameters, into: &span, workspace: &workspace)
      })
  }

  private static func unary(_ meter: PerfMeter, _ name: String, _ function: Int32) throws -> PerfResult {
    let x = numbers(4096, seed: 5).map { abs($0) + 0.1 }
    var y = [Float](repeating: 0, count: 4096)
    return try meter.measure(
      "kernel/\(name)/4096", unit: "elements/ns", value: { $0 * 4096 * 1e-9 },
      {
        unsafe x.withUnsafeBufferPointer { x in
          unsafe y.withUnsafeMutableBufferPointer { unsafe ck_unary(function, 4096, x.baseAddress, $0.baseAddress) }
        }
      })
  }

  /// Adam with a moving target: reads five vectors and writes four.
  private static func adam(_ meter: PerfMeter, _ name: String, _ count: Int) throws -> PerfResult {
    let network = Network([.dense(count - 1, 1)])
    var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var target = parameters
    let gradient = Tensor(numbers(count, seed: 6))
    var optimizer = Adam(count: count, learningRate: 1e-9)
    let bytes = 9 * 4 * Double(count)
    return try meter.measure(
      "kernel/\(name)", unit: "GB/s", work: count > 1 << 20 ? .bytes(bytes) : .other, value: { $0 * bytes * 1e-9 },
      {
        optimizer.update(&parameters, along: gradient, moving: &target, by: 0.01)
      })
  }

  /// The bookkeeping of one operation: a long chain on a single number, forward and backward.
  private static func tape(_ meter: PerfMeter) throws -> PerfResult {
    let tape = Tape()
    let network = Network([.dense(1, 1)])
    let parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var gradient = Tensor(zeros: [parameters.count])
    let length = 100
    // A scaling of one number is one node forward and one backward.
    return try meter.measure(
      "tape/overhead", unit: "ns", value: { 1e9 / $0 / Double(2 * length) },
      {
        tape.gradient(of: parameters, into: &gradient) { p in
          var x = p[1].sum()
          for _ in 0..<length { x = x * 1.0001 }
          return x
        }
      })
  }
}
