import Tensor
import TestSupport
import Testing

@Suite struct PhiloxTests {
  /// Known answers of philox4x32 with ten rounds, from the file `kat_vectors` of Random123 (Salmon et al. 2011).
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      (
        [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [0xFFFF_FFFF, 0xFFFF_FFFF],
        [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
      ),
      (
        [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func givesThePublishedAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    let words = Philox.rounds((counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
    #expect([words.0, words.1, words.2, words.3] == answer)
    var generator = Philox(
      seed: UInt64(key[0]) | UInt64(key[1]) << 32, counter: (counter[0], counter[1], counter[2], counter[3]))
    #expect((0..<4).map { _ in generator.next32() } == answer)
  }

  @Test func theSecondBlockCountsTheFirstWordOn() {
    var generator = Philox(seed: 7, counter: (UInt32.max, 5, 6, 7))
    for _ in 0..<4 { _ = generator.next32() }
    let next = Philox.rounds((0, 5, 6, 7), key: (7, 0))
    #expect(generator.next32() == next.0)
    #expect(generator.next() == UInt64(next.1) | UInt64(next.2) << 32)
  }

  @Test func uniformNumbersAreUniform() {
    var generator = Philox(seed: 11, counter: (0, 0, 0, 0))
    let values = (0..<40000).map { _ in generator.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(KolmogorovSmirnov.agrees(values, with: { $0 }))
    // Mean 1/2 and variance 1/12 with five and a half standard errors.
    #expect(abs(Moments.mean(values) - 0.5) < 0.00794)
    #expect(abs(Moments.mean(values.map { $0 - 0.5 }, power: 2) - 0.0833333) < 0.00205)
  }

  @Test func anIntervalExcludesItsUpperEnd() {
    // 1 + u · 2⁻⁵² rounds up to the excluded end for every second u.
    var generator = Philox(seed: 1, counter: (0, 0, 0, 0))
    for _ in 0..<10000 {
      let x = generator.uniform(1, 1.0.nextUp)
      #expect(x == 1)
      let y = generator.uniform(-3, 5)
      #expect(y >= -3 && y < 5)
    }
  }

  @Test func normalNumbersAreNormal() {
    var generator = Philox(seed: 12, counter: (0, 0, 0, 0))
    let values = (0..<40000).map { _ in generator.normal() }
    // Standard errors of the first four moments: 1, √2, √15, √96 over √n.
    let bound = 5.5 / 200
    #expect(abs(Moments.mean(values)) < bound)
    #expect(abs(Moments.mean(values, power: 2) - 1) < 1.4142 * bound)
    #expect(abs(Moments.mean(values, power: 3)) < 3.873 * bound)
    #expect(abs(Moments.mean(values, power: 4) - 3) < 9.798 * bound)
    #expect(KolmogorovSmirnov.agrees(values, with: KolmogorovSmirnov.normal))
  }

  @Test(arguments: [2, 3, 10, 1000])
  func integersAreEquallyFrequent(bound: Int) {
    var generator = Philox(seed: 13, counter: (0, 0, UInt32(bound), 0))
    let draws = 60000
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<draws { counts[generator.integer(below: bound)] += 1 }
    let expected = Double(draws) / Double(bound)
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // Wilson and Hilferty's quantile of chi-square at 5.2 standard deviations.
    let freedom = Double(bound - 1)
    let root = 1 - 2 / (9 * freedom) + 5.2 * (2 / (9 * freedom)).squareRoot()
    #expect(statistic < freedom * root * root * root)
  }

  @Test func largeBoundsAreWithoutBias() {
    // A product without rejection gives residues 0, 1, 2 of 3 · 2³⁰ numbers the chances 1/4, 1/4, 1/2 in some order.
    var generator = Philox(seed: 14, counter: (0, 0, 0, 0))
    var counts = [0, 0, 0]
    for _ in 0..<30000 { counts[generator.integer(below: 3 << 30) % 3] += 1 }
    for count in counts { #expect(abs(Double(count) - 10000) < 5.5 * 81.65) }
    #expect(generator.integer(below: 1) == 0)
  }
}
