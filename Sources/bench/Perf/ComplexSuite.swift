import Tensor

/// Speeds of batches of small complex matrices.
enum ComplexSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for batch in [1, 64, 1024] { report(try pseudoInverse(meter, rows: 4, columns: 8, batch: batch)) }
    report(try pseudoInverse(meter, rows: 16, columns: 32, batch: 1024))
    report(try product(meter, size: 8, batch: 1024))
  }

  /// At the portable level there is no limit to compare with: its peak is that of fused multiply-adds made of other instructions.
  private static func work(_ operations: Double) -> PerfWork { ProcessorLevel.current == .portable ? .other : .operations(operations) }

  private static func matrices(_ batch: Int, _ rows: Int, _ columns: Int, seed: UInt64) -> ComplexMatrices {
    var numbers = [Float](repeating: 0, count: 2 * batch * rows * columns)
    RandomStream(seed: seed, purpose: .environment).fill(&numbers, with: .normal)
    let elements = (0..<batch * rows * columns).map { Complex(Double(numbers[2 * $0]), Double(numbers[2 * $0 + 1])) }
    return ComplexMatrices(elements, count: batch, rows: rows, columns: columns)
  }

  /// Real operations of one pseudo-inverse: the Gram matrix, its factor and two substitutions; divisions and roots count as one.
  static func pseudoInverseOperations(rows: Int, columns: Int) -> Double {
    let (n, width) = (Double(min(rows, columns)), Double(max(rows, columns)))
    let gram = n * (n - 1) / 2 * width * 8 + n * width * 4
    var factor = 0.0
    for j in 0..<min(rows, columns) {
      let (done, left) = (Double(j), n - 1 - Double(j))
      factor += 4 * done + 2 + left * (8 * done + 2)
    }
    return gram + factor + width * (n * (n - 1) * 8 + 4 * n)
  }

  private static func pseudoInverse(_ meter: PerfMeter, rows: Int, columns: Int, batch: Int) throws -> PerfResult? {
    let a = matrices(batch, rows, columns, seed: 1)
    var result = ComplexMatrices(count: batch, rows: columns, columns: rows)
    var isFullRank = [Bool](repeating: false, count: batch)
    var workspace = ComplexWorkspace()
    let work = work(Double(batch) * pseudoInverseOperations(rows: rows, columns: columns))
    return try meter.measure("complex/pinv-\(rows)x\(columns)/b\(batch)", unit: .rate("matrices/s", perCall: Double(batch)), work: work) {
      a.formPseudoInverse(into: &result, isFullRank: &isFullRank, workspace: &workspace)
    }
  }

  private static func product(_ meter: PerfMeter, size: Int, batch: Int) throws -> PerfResult? {
    let (a, b) = (matrices(batch, size, size, seed: 2), matrices(batch, size, size, seed: 3))
    var result = ComplexMatrices(count: batch, rows: size, columns: size)
    var workspace = ComplexWorkspace()
    let work = work(Double(batch * size * size * size * 8))
    return try meter.measure("complex/product-\(size)x\(size)/b\(batch)", unit: .rate("matrices/s", perCall: Double(batch)), work: work) {
      a.multiplied(by: b, into: &result, workspace: &workspace)
    }
  }
}
