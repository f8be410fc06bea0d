import CKernels
import Glibc
import TestSupport
import Testing

@testable import Tensor

/// One matrix product with everything that selects a path through the kernel.
struct MatrixProductCase: Sendable, CustomTestStringConvertible {
  var m: Int
  var n: Int
  var k: Int
  var transposeA = false
  var transposeB = false
  /// Zero, a bias, C itself, another matrix.
  var start = 0
  var activation = Activation.linear
  /// Numbers between the rows of every matrix that belong to nobody.
  var gap = 0

  var testDescription: String {
    "\(m)x\(k)x\(n)\(transposeA ? " Aᵀ" : "")\(transposeB ? " Bᵀ" : "") start \(start) \(activation) gap \(gap)"
  }

  var lda: Int { (transposeA ? m : k) + gap }
  var ldb: Int { (transposeB ? k : n) + gap }
  var ldc: Int { n + gap }

  var lds: Int { n + 2 * gap }

  func operands(special: Bool) -> (a: [Float], b: [Float], c: [Float], starts: [Float]) {
    func numbers(_ count: Int, _ seed: Int) -> [Float] { KernelLevelTests.mixed(max(count, 1), seed: seed, special: special) }
    return (
      numbers((transposeA ? k : m) * lda, 21), numbers((transposeB ? n : k) * ldb, 22), numbers(m * ldc, 23),
      numbers(start == 3 ? m * lds : n, 24)
    )
  }

  func run(special: Bool) -> [Float] {
    let (a, b, c, starts) = operands(special: special)
    return unsafe starts.withUnsafeBufferPointer { starts in
      KernelLevelTests.run(a, b, out: c) { a, b, c in
        var g = unsafe ck_gemm_t()
        unsafe (g.m, g.n, g.k) = (m, n, k)
        unsafe (g.a, g.lda, g.transposeA) = (a, lda, transposeA ? 1 : 0)
        unsafe (g.b, g.ldb, g.transposeB) = (b, ldb, transposeB ? 1 : 0)
        unsafe (g.c, g.ldc) = (c, ldc)
        if start == 1 { unsafe g.bias = starts.baseAddress }
        if start == 2 { unsafe g.accumulate = 1 }
        if start == 3 { unsafe (g.start, g.lds) = (starts.baseAddress, lds) }
        unsafe g.activation = activation.rawValue
        unsafe ck_gemm(&g)
      }
    }
  }

  /// The same by one fused multiply-add after another in order of k. Tanh and sigmoid are left to the tests of those.
  func expected(special: Bool) -> [Float] {
    let (a, b, c, starts) = operands(special: special)
    var result = c
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = start == 1 ? starts[j] : start == 2 ? c[i * ldc + j] : start == 3 ? starts[i * lds + j] : 0
        for p in 0..<k { sum = fmaf(a[transposeA ? p * lda + i : i * lda + p], b[transposeB ? j * ldb + p : p * ldb + j], sum) }
        if activation == .relu && sum < 0 { sum = 0 }
        result[i * ldc + j] = sum
      }
    }
    return result
  }

  static let shapes: [MatrixProductCase] = {
    let sizes = [
      (1, 1, 1), (1, 17, 3), (3, 1, 16), (5, 33, 0), (2, 31, 15), (12, 32, 7), (13, 64, 64), (16, 16, 16), (17, 15, 33), (6, 48, 5),
      (31, 100, 17), (47, 33, 31), (48, 40, 20), (64, 65, 3), (97, 31, 9), (4, 257, 2), (257, 1, 4), (1, 1, 257), (1, 64, 300), (9, 34, 513),
      (49, 5, 260), (100, 3, 100), (64, 11, 130), (770, 2, 3), (1540, 1, 2),
    ]
    return sizes.map { MatrixProductCase(m: $0.0, n: $0.1, k: $0.2) }
  }()

  /// Every shape in every transposition; of starts, activations and gaps one combination each, in turn.
  static let all: [MatrixProductCase] = {
    var cases: [MatrixProductCase] = []
    for shape in shapes {
      for mode in 0..<4 {
        for start in 0..<4 {
          var test = shape
          (test.transposeA, test.transposeB, test.start) = (mode & 1 == 1, mode & 2 == 2, start)
          test.activation = [Activation.linear, .relu][(cases.count / 5) % 2]
          test.gap = [0, 0, 5][cases.count % 3] * ((cases.count / 7) % 2)
          cases.append(test)
        }
      }
    }
    return cases
  }()

  /// Few rows or few columns: every start, transposition and gap, with and without an activation, at sizes around the registers'.
  static let thin: [MatrixProductCase] = {
    var cases: [MatrixProductCase] = []
    for few in [1, 2, 3, 4, 5, 9] {
      for many in [1, 16, 21, 75] {
        for k in [1, 15, 33] {
          for mode in 0..<8 {
            for start in 0..<4 {
              var test = mode & 4 == 0 ? MatrixProductCase(m: few, n: many, k: k) : MatrixProductCase(m: many, n: few, k: k)
              (test.transposeA, test.transposeB, test.start) = (mode & 1 == 1, mode & 2 == 2, start)
              test.activation = [Activation.linear, .relu][(cases.count / 5) % 2]
              test.gap = [0, 3, 0][cases.count % 3]
              cases.append(test)
            }
          }
        }
      }
    }
    // Rows so far apart that they meet in the cache, and more than the first caches hold.
    for (m, n, k) in [(1, 70, 1024), (4, 33, 1024), (3, 140, 1030), (70, 1, 1024), (70, 2, 1025), (1, 520, 260)] {
      for mode in 0..<4 {
        cases.append(MatrixProductCase(m: m, n: n, k: k, transposeA: mode & 1 == 1, transposeB: mode & 2 == 2, start: mode))
      }
    }
    return cases
  }()
}

extension KernelLevelTests {
  @Test func matrixProductsAreFusedInOrder() {
    for special in [false, true] {
      for test in MatrixProductCase.all + MatrixProductCase.thin where !special || test.m * test.n * test.k < 40000 {
        let expected = KernelLevelTests.bits(test.expected(special: special))
        for (level, result) in EveryLevel.results({ test.run(special: special) }).enumerated() {
          let different = zip(KernelLevelTests.bits(result), expected).count { $0 != $1 }
          #expect(different == 0, "\(test.testDescription) on level \(level)")
        }
      }
    }
  }

  @Test(arguments: [Activation.tanh, .sigmoid]) func activationsBehindAProductAreTheElementwiseOnes(activation: Activation) {
    for shape in MatrixProductCase.shapes where shape.k < 100 {
      var test = shape
      test.start = 1
      let linear = test.run(special: false)
      test.activation = activation
      let expected = KernelLevelTests.run(linear, out: linear) { x, _, y in
        unsafe ck_unary(activation == .tanh ? UnaryFunction.tanh.rawValue : UnaryFunction.sigmoid.rawValue, linear.count, x, y)
      }
      for result in EveryLevel.results({ test.run(special: false) }) {
        let different = zip(result, expected).count { $0 != $1 }
        #expect(different == 0, "\(test.testDescription)")
      }
    }
  }
}
