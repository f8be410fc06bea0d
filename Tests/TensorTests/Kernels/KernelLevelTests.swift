import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Every kernel gives the same bits on every CPU level.
///
/// NaNs are compared as NaN: the payload is the hardware's choice.
@Suite(.serialized) struct KernelLevelTests {
  static let sizes = [1, 3, 15, 16, 17, 31, 33, 64, 100, 257]

  /// The bits of numbers, all NaNs as one.
  static func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern } }

  /// The first place where the results of two levels differ.
  static func difference(_ results: [[Float]]) -> String? {
    for level in results.indices.dropFirst() {
      let (a, b) = (bits(results[0]), bits(results[level]))
      if a == b { continue }
      guard a.count == b.count, let i = a.indices.first(where: { a[$0] != b[$0] }) else { return "counts differ" }
      return "level \(level), element \(i) of \(a.count): \(results[level][i]), portable \(results[0][i])"
    }
    return nil
  }

  /// Numbers of every kind: of size 1, of any exponent, subnormal, huge, infinite, NaN, zeros of both signs.
  static func mixed(_ count: Int, seed: Int, special: Bool = true) -> [Float] {
    var generator = RandomStream(seed: 7, purpose: RandomPurpose(rawValue: 2001), index: seed).generator(step: count)
    return (0..<count).map { _ in
      switch generator.integer(below: special ? 16 : 9) {
      case 0...5: return Float(generator.uniform(-2, 2))
      case 6...8: return Float(generator.uniform(-30, 30))
      case 9...10: return Float(bitPattern: generator.next32())
      case 11: return Float(bitPattern: generator.next32() & 0x807F_FFFF)
      case 12: return Float(bitPattern: (generator.next32() & 0x80FF_FFFF) | 0x7E00_0000)
      case 13: return generator.integer(below: 2) == 0 ? .infinity : -.infinity
      case 14: return generator.integer(below: 4) == 0 ? .nan : Float(bitPattern: 0x0020_0000)
      default: return generator.integer(below: 2) == 0 ? 0 : -0.0
      }
    }
  }

  /// Calls a kernel with pointers to `a` and `b` and returns `out` as it left it.
  @safe static func run(
    _ a: [Float], _ b: [Float] = [0], out: [Float], _ kernel: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    var out = out
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe out.withUnsafeMutableBufferPointer { out in unsafe kernel(a.baseAddress!, b.baseAddress!, out.baseAddress!) }
      }
    }
    return out
  }

  @Test(arguments: UnaryFunction.allCases) func functionsOfOneArgument(function: UnaryFunction) {
    for n in KernelLevelTests.sizes {
      let x = KernelLevelTests.mixed(n, seed: 1)
      let results = EveryLevel.results {
        KernelLevelTests.run(x, out: Array(repeating: 5, count: n + 1)) { x, _, y in unsafe ck_unary(function.rawValue, n, x, y) }
      }
      #expect(KernelLevelTests.difference(results) == nil, "\(function) of \(n)")
      #expect(results[0][n] == 5, "\(function) of \(n) wrote behind its end")
    }
  }

  @Test(arguments: BinaryFunction.allCases) func functionsOfTwoArguments(function: BinaryFunction) {
    for n in KernelLevelTests.sizes {
      let (a, b) = (KernelLevelTests.mixed(n, seed: 2), KernelLevelTests.mixed(n, seed: 3))
      let results = EveryLevel.results {
        KernelLevelTests.run(a, b, out: Array(repeating: 5, count: n + 1)) { a, b, y in unsafe ck_binary(function.rawValue, n, a, b, y) }
      }
      #expect(KernelLevelTests.difference(results) == nil, "\(function) of \(n)")
      #expect(results[0][n] == 5, "\(function) of \(n) wrote behind its end")
    }
  }

  @Test(arguments: sizes, [false, true]) func linearCombinationsAndReductions(n: Int, special: Bool) {
    let (x, y) = (KernelLevelTests.mixed(n, seed: 4, special: special), KernelLevelTests.mixed(n, seed: 5, special: special))
    let results = EveryLevel.results { () -> [Float] in
      var all = KernelLevelTests.run(x, out: y) { x, _, y in unsafe ck_affine(n, 0.3, x, -0.7, y) }
      all += KernelLevelTests.run(x, out: y) { x, _, y in unsafe ck_polyak(n, x, 0.01, y) }
      all += KernelLevelTests.run(x, y, out: [0, 0, 0]) { x, y, out in
        unsafe out[0] = ck_sum(n, x)
        unsafe out[1] = ck_dot(n, x, y)
        unsafe out[2] = ck_max(n, x)
      }
      return all
    }
    #expect(KernelLevelTests.difference(results) == nil)
  }

  @Test(arguments: sizes, [1, 2, 7, 16, 33]) func rowsAndColumns(columns: Int, rows: Int) {
    for special in [false, true] {
      let x = KernelLevelTests.mixed(rows * columns, seed: 6, special: special)
      let row = KernelLevelTests.mixed(columns, seed: 7, special: special)
      let results = EveryLevel.results { () -> [Float] in
        var all: [Float] = []
        for accumulate: Int32 in [0, 1] {
          all += KernelLevelTests.run(x, out: row) { x, _, y in unsafe ck_column_sums(rows, columns, x, y, accumulate) }
        }
        all += KernelLevelTests.run(x, out: Array(repeating: 0, count: rows)) { x, _, y in unsafe ck_row_sums(rows, columns, x, y) }
        all += KernelLevelTests.run(x, out: x) { x, _, y in unsafe ck_softmax_rows(rows, columns, x, y) }
        return all
      }
      #expect(KernelLevelTests.difference(results) == nil)
    }
  }

  @Test(arguments: sizes) func rowsOfTables(columns: Int) {
    let (rows, groups, choices) = (9, 3, 4)
    let table = KernelLevelTests.mixed(groups * choices * columns, seed: 8)
    let bias = KernelLevelTests.mixed(columns, seed: 9)
    let x = KernelLevelTests.mixed(rows * columns, seed: 10)
    let index = (0..<(rows * groups)).map { Int32(($0 * 7) % 5) - 1 }
    let results = EveryLevel.results { () -> [Float] in
      let zeros = Array(repeating: Float(0), count: rows * columns)
      var all = KernelLevelTests.run(table, bias, out: zeros) { table, bias, y in
        unsafe ck_sum_table_rows(rows, groups, choices, columns, table, index, bias, y)
      }
      all += KernelLevelTests.run(table, out: zeros) { table, _, y in
        unsafe ck_sum_table_rows(rows, groups, choices, columns, table, index, nil, y)
      }
      all += KernelLevelTests.run(x, out: table) { x, _, y in unsafe ck_scatter_table_rows(rows, groups, choices, columns, x, index, y) }
      return all
    }
    #expect(KernelLevelTests.difference(results) == nil)
  }

  /// The optimisers' rules with the state that each keeps.
  enum Rule: CaseIterable {
    case adam, adamW, plain, momentum, nesterov, rmsProp, rmsPropCentered, rmsPropMomentum, rmsPropAll

    var keepsMean: Bool { self == .rmsPropCentered || self == .rmsPropAll }
    var keepsFirst: Bool { ![.plain, .rmsProp, .rmsPropCentered].contains(self) }
  }

  @Test(arguments: Rule.allCases, [false, true]) func optimiserStep(rule: Rule, withTarget: Bool) {
    for n in KernelLevelTests.sizes {
      for special in [false, true] {
        var state = (0..<6).map { KernelLevelTests.mixed(n + 1, seed: 11 + $0, special: special) }
        state[3] = state[3].map(\.magnitude)
        let results = EveryLevel.results { KernelLevelTests.step(rule, state, withTarget: withTarget) }
        #expect(KernelLevelTests.difference(results) == nil, "\(rule) of \(n)")
        let ends = state.indices.filter { $0 != 1 }.map { state[$0][n] }
        #expect(KernelLevelTests.bits(results[0].suffix(5)) == KernelLevelTests.bits(ends), "\(rule) of \(n) wrote behind its end")
      }
    }
  }

  /// One step on all but the last of parameters, gradient, m, v, target and a: all but the gradient joined, then what lies behind their ends.
  static func step(_ rule: Rule, _ state: [[Float]], withTarget: Bool) -> [Float] {
    var (p, m, v, t, a) = (state[0], state[2], state[3], state[4], state[5])
    let n = p.count - 1
    var s = unsafe ck_step_t()
    unsafe s.n = n
    unsafe (s.gradientScale, s.beta1, s.beta2, s.rate, s.scale, s.epsilon, s.polyak) = (0.9, 0.9, 0.999, 0.01, 1.3, 1e-8, 0.05)
    unsafe s.decay = [.adamW, .nesterov, .rmsPropAll].contains(rule) ? 0.1 : 0
    unsafe s.nesterov = rule == .nesterov ? 1 : 0
    unsafe state[1].withUnsafeBufferPointer { g in
      unsafe p.withUnsafeMutableBufferPointer { p in
        unsafe m.withUnsafeMutableBufferPointer { m in
          unsafe v.withUnsafeMutableBufferPointer { v in
            unsafe t.withUnsafeMutableBufferPointer { t in
              unsafe a.withUnsafeMutableBufferPointer { a in
                unsafe (s.p, s.g, s.v) = (p.baseAddress, g.baseAddress, v.baseAddress)
                if rule.keepsFirst { unsafe s.m = m.baseAddress }
                if rule.keepsMean { unsafe s.a = a.baseAddress }
                if withTarget { unsafe s.target = t.baseAddress }
                switch rule {
                case .adam, .adamW: unsafe ck_adam(&s)
                case .plain, .momentum, .nesterov: unsafe ck_sgd(&s)
                default: unsafe ck_rmsprop(&s)
                }
              }
            }
          }
        }
      }
    }
    let all = [p, m, v, t, a]
    return all.flatMap { $0.dropLast() } + all.map { $0[n] }
  }

  @Test(arguments: sizes, [false, true]) func limitsAndSquares(n: Int, special: Bool) {
    let x = KernelLevelTests.mixed(n + 1, seed: 17, special: special)
    var squares: [Double] = []
    let results = EveryLevel.results { () -> [Float] in
      _ = KernelLevelTests.run(x, out: [0]) { x, _, _ in squares.append(unsafe ck_sum_of_squares(n, x)) }
      return KernelLevelTests.run([0], out: x) { _, _, y in unsafe ck_clamp(n, -0.7, 1.1, y) }
    }
    #expect(KernelLevelTests.difference(results) == nil)
    #expect(KernelLevelTests.bits([results[0][n]]) == KernelLevelTests.bits([x[n]]), "wrote behind its end")
    let patterns = squares.map { $0.isNaN ? 0 : $0.bitPattern }
    #expect(Set(patterns).count == 1)
    // Squares are exact; a sum of n numbers of one sign is wrong by less than n units of 2⁻⁵³, in whatever order.
    var sum = 0.0
    for value in x.dropLast() { sum += Double(value) * Double(value) }
    let error = abs(squares[0] - sum)
    #expect(sum.isFinite ? error <= sum * 0x1p-52 * Double(n) : sum.isNaN ? squares[0].isNaN : squares[0] == sum)
  }

  @Test(arguments: Distribution.allCases) func randomFills(distribution: Distribution) {
    for n in KernelLevelTests.sizes {
      let results = EveryLevel.results {
        KernelLevelTests.run([0], out: Array(repeating: 5, count: n + 1)) { _, _, y in
          unsafe ck_random(distribution.rawValue, n, 0x1234_5678_9ABC_DEF0, 5, 6, 7, 0xFFFF_FFF0, y)
        }
      }
      #expect(KernelLevelTests.difference(results) == nil, "\(distribution) of \(n)")
      #expect(results[0][n] == 5, "\(distribution) of \(n) wrote behind its end")
    }
  }

  /// The tape's operations, with their gradients, from the list that also drives the checks against double precision.
  @Test(arguments: OperationCase.all) func operationsOfTheTape(test: OperationCase) {
    let results = EveryLevel.results { () -> [Float] in
      let tape = Tape()
      let variables = test.inputs.enumerated().map { tape.variable(Tensor($1.numbers($0), shape: $1.shape)) }
      let loss = test.scalar(tape, variables)
      return loss.array + tape.gradients(of: loss, withRespectTo: variables).flatMap(\.array)
    }
    #expect(KernelLevelTests.difference(results) == nil)
  }

  @Test func aLevelAboveTheHighestIsNotTaken() {
    EveryLevel.fixed {
      let level = ck_level()
      #expect(ck_use_level(3) == level)
      #expect(ck_use_level(-1) == level)
    }
    #expect(ProcessorLevel.allCases.map(\.name) == ["portable", "avx2", "avx512"])
  }
}
