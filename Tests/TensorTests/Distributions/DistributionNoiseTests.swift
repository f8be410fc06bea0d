import TestSupport
import Testing

@testable import Tensor

@Suite struct DistributionNoiseTests {
  @Test(arguments: Distribution.allCases) func partZeroIsTheStreamsOwnFill(distribution: Distribution) {
    var expected = [Float](repeating: 0, count: 1001)
    DistributionChecks.stream.fill(&expected, with: distribution, step: 5)
    #expect(DistributionChecks.noise(distribution, 1001, step: 5) == expected)
  }

  @Test func piecesOfAPartFitTogether() {
    let whole = DistributionChecks.noise(.normal, 1000, step: 1, part: 7)
    var pieces = [Float](repeating: 0, count: 1000)
    unsafe pieces.withUnsafeMutableBufferPointer { buffer in
      for first in stride(from: 0, to: 1000, by: 100) {
        unsafe DistributionChecks.stream.draw(.normal, step: 1, part: 7, first: first, count: 100, into: buffer.baseAddress! + first)
      }
    }
    #expect(pieces == whole)
  }

  @Test func partsAreIndependent() {
    let parts = [0, 1, 2, 63].map { DistributionChecks.noise(.normal, 20000, step: 3, part: $0).map(Double.init) }
    for i in parts.indices {
      #expect(KolmogorovSmirnov.agrees(parts[i], with: KolmogorovSmirnov.normal))
      for j in 0..<i { #expect(abs(Moments.meanProduct(parts[i], parts[j])) < 5.5 / 141.42) }
    }
  }

  /// A block of four numbers, 92 random bits, occurs once in all parts together.
  @Test func partsShareNoBlock() {
    var seen: Set<[Float]> = []
    for part in [0, 1, 2, 31, 62, 63] {
      let numbers = DistributionChecks.noise(.uniform, 40000, step: 3, part: part)
      for i in stride(from: 0, to: numbers.count, by: 4) { seen.insert(Array(numbers[i..<i + 4])) }
    }
    #expect(seen.count == 60000)
  }

  @Test func aPartOutOfRangeIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = DistributionChecks.noise(.normal, 4, step: 0, part: 64) }
    await #expect(processExitsWith: .failure) { _ = DistributionChecks.noise(.normal, 4, step: 0, part: -1) }
  }
}
