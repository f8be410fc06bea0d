import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Random kernels: the same bits at every level, nothing written behind the end, and no dependence on how a fill is cut into pieces.
extension KernelLevelTests {
  private static let key: UInt64 = 0x1234_5678_9ABC_DEF0

  private static func integers(_ count: Int, below bound: UInt32, firstBlock: UInt64 = 0xFFFF_FFF0) -> [Int32] {
    var values = [Int32](repeating: -5, count: count + 1)
    unsafe ck_random_integers(count, bound, key, 5, 6, 7, firstBlock, &values)
    #expect(values.last == -5)
    return Array(values.dropLast())
  }

  private static func doubles(_ distribution: Distribution, _ count: Int, firstBlock: UInt64 = 0xFFFF_FFF0) -> [UInt64] {
    var values = [Double](repeating: -5, count: count + 1)
    unsafe ck_random64(distribution.rawValue, count, key, 5, 6, 7, firstBlock, &values)
    #expect(values.last == -5)
    return values.dropLast().map(\.bitPattern)
  }

  private static func complex(_ count: Int, firstBlock: UInt64 = 0xFFFF_FFF0) -> [UInt32] {
    var real = [Float](repeating: -5, count: count + 1)
    var imaginary = real
    unsafe ck_random_complex(count, key, 5, 6, 7, firstBlock, &real, &imaginary)
    #expect(real.last == -5 && imaginary.last == -5)
    return (real.dropLast() + imaginary.dropLast()).map(\.bitPattern)
  }

  private static func allEqual(_ results: [some Equatable]) -> Bool { results.allSatisfy { $0 == results[0] } }

  @Test(arguments: [1, 2, 3, 100, 1 << 20, 1_431_655_766, 1 << 31] as [UInt32]) func randomIntegers(bound: UInt32) {
    for n in KernelLevelTests.sizes + [2000] {
      #expect(KernelLevelTests.allEqual(EveryLevel.results { KernelLevelTests.integers(n, below: bound) }))
    }
  }

  @Test(arguments: Distribution.allCases) func randomFillsInDoublePrecision(distribution: Distribution) {
    for n in KernelLevelTests.sizes + [2000] {
      #expect(KernelLevelTests.allEqual(EveryLevel.results { KernelLevelTests.doubles(distribution, n) }))
    }
  }

  @Test func complexRandomFills() {
    for n in KernelLevelTests.sizes + [2000] { #expect(KernelLevelTests.allEqual(EveryLevel.results { KernelLevelTests.complex(n) })) }
  }

  @Test func ordersAndChoices() {
    let stream = RandomStream(seed: 3, purpose: .replay)
    for n in KernelLevelTests.sizes + [2000] {
      let results = EveryLevel.results { () -> [Int32] in
        var part = [Int32](repeating: 0, count: (n + 1) / 2)
        stream.fillDistinct(&part, below: n)
        var few = [Int32](repeating: 0, count: n)
        // Limits above 3/2 · 2³⁰ reject many words.
        stream.fillDistinct(&few, below: 1_610_000_000)
        return stream.permutation(of: n) + part + few
      }
      #expect(KernelLevelTests.allEqual(results))
    }
  }

  @Test func aFillDoesNotDependOnItsPieces() {
    // Pieces of whole blocks: 4 single numbers or integers, 2 doubles or complex numbers.
    for size in [4, 12, 64, 100] {
      var integers: [Int32] = []
      var doubles: [UInt64] = []
      var singles: [UInt32] = []
      for begin in stride(from: 0, to: 1000, by: size) {
        let count = min(size, 1000 - begin)
        integers += KernelLevelTests.integers(count, below: 1_431_655_766, firstBlock: UInt64(begin / 4))
        doubles += KernelLevelTests.doubles(.normal, count, firstBlock: UInt64(begin / 2))
        singles += KernelLevelTests.complex(count, firstBlock: UInt64(begin / 2)).prefix(count)
      }
      #expect(integers == KernelLevelTests.integers(1000, below: 1_431_655_766, firstBlock: 0))
      #expect(doubles == KernelLevelTests.doubles(.normal, 1000, firstBlock: 0))
      #expect(singles == Array(KernelLevelTests.complex(1000, firstBlock: 0).prefix(1000)))
    }
  }
}
