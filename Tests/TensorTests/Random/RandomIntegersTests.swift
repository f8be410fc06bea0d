import Tensor
import TestSupport
import Testing

@Suite struct RandomIntegersTests {
  private let stream = RandomStream(seed: 0x9E37_79B9_7F4A_7C15, purpose: .replay, index: 3)
  private static let lengths = [0, 1, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257, 999]
  /// The bound with the most rejections: a third of all words.
  private static let worst = 1_431_655_766

  private func integers(_ stream: RandomStream, below bound: Int, step: Int = 0, count: Int) -> [Int32] {
    var values = [Int32](repeating: -1, count: count)
    stream.fillIntegers(&values, below: bound, step: step)
    return values
  }

  /// The definition, one number after the other.
  private func expected(_ i: Int, below bound: Int, step: Int) -> Int32 {
    let key = (UInt32(truncatingIfNeeded: stream.seed), UInt32(stream.seed >> 32))
    var block: Philox.Block = (UInt32(i / 4), UInt32(step), stream.index, stream.purpose.rawValue)
    while true {
      block = Philox.rounds(block, key: key)
      let product = UInt64([block.0, block.1, block.2, block.3][i % 4]) * UInt64(bound)
      if product % (1 << 32) >= (1 << 32) % UInt64(bound) { return Int32(product >> 32) }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 100, 1 << 20, worst, (1 << 31) - 1, 1 << 31]) func aPlaceGetsTheFirstWordThatIsNotRejected(bound: Int) {
    let values = integers(stream, below: bound, step: 9, count: 5000)
    #expect(values == (0..<5000).map { expected($0, below: bound, step: 9) })
    for count in Self.lengths { #expect(integers(stream, below: bound, step: 9, count: count) == Array(values.prefix(count))) }
  }

  @Test(arguments: [2, 3, 10, 1000]) func integersAreEquallyFrequent(bound: Int) {
    var counts = Array(repeating: 0, count: bound)
    for value in integers(stream, below: bound, count: 60000) { counts[Int(value)] += 1 }
    #expect(ChiSquare.isUniform(counts))
  }

  @Test func largeBoundsAreWithoutBias() {
    // Without rejection the residues of 3 would have the chances 1/2, 1/4, 1/4 in some order.
    for bound in [3 << 29, Self.worst + 1] where bound % 3 == 0 {
      var counts = [0, 0, 0]
      for value in integers(stream, below: bound, count: 30000) { counts[Int(value) % 3] += 1 }
      #expect(ChiSquare.isUniform(counts))
    }
    // Equal parts of the range that rejects the most.
    var counts = Array(repeating: 0, count: 64)
    for value in integers(stream, below: Self.worst, count: 60000) { counts[Int(value) * 64 / Self.worst] += 1 }
    #expect(ChiSquare.isUniform(counts))
  }

  @Test(arguments: [6, worst]) func neighboursAndOtherNamesAreIndependent(bound: Int) {
    func centred(_ stream: RandomStream, step: Int = 0) -> [Double] {
      integers(stream, below: bound, step: step, count: 20001).map { (Double($0) + 0.5) / Double(bound) - 0.5 }
    }
    let base = centred(RandomStream(seed: 1, purpose: .replay))
    let others = [
      centred(RandomStream(seed: 2, purpose: .replay)), centred(RandomStream(seed: 1, purpose: .bootstrap)),
      centred(RandomStream(seed: 1, purpose: .replay, index: 1)), centred(RandomStream(seed: 1, purpose: .replay), step: 1),
    ]
    // A product of two such numbers has the deviation 1/12; five and a half standard errors.
    for other in others { #expect(abs(12 * Moments.meanProduct(base, other)) < 5.5 / 141.42) }
    for lag in 1...5 { #expect(abs(12 * Moments.meanProduct(Array(base.dropLast(lag)), Array(base.dropFirst(lag)))) < 5.5 / 141.3) }
  }

  @Test func redrawnNumbersOfTwoPurposesDiffer() {
    let a = integers(RandomStream(seed: 1, purpose: .replay), below: Self.worst, count: 10000)
    let b = integers(RandomStream(seed: 1, purpose: .bootstrap), below: Self.worst, count: 10000)
    // Each pair is equal with probability 7 · 10⁻¹⁰.
    for (x, y) in zip(a, b) { #expect(x != y) }
  }

  /// All orders of n values by chi-square over n! cells.
  @Test(arguments: [2, 3, 4, 5]) func allOrdersAreEquallyLikely(count: Int) {
    var cells = [[Int32]: Int]()
    let orders = (1...count).reduce(1, *)
    for step in 0..<(orders * 400) { cells[stream.permutation(of: count, step: step), default: 0] += 1 }
    #expect(cells.count == orders)
    #expect(ChiSquare.isUniform(Array(cells.values)))
  }

  @Test func aPermutationHoldsEveryNumberOnce() {
    for count in Self.lengths + [10000] {
      let values = stream.permutation(of: count, step: 4)
      #expect(values.sorted() == (0..<count).map { Int32($0) })
    }
    var words: [Int32] = [7, 7, 9]
    stream.shuffle(&words)
    #expect(words.sorted() == [7, 7, 9])
  }

  @Test func everyNumberComesToEveryPlaceEquallyOften() {
    // 300 numbers cross the borders of blocks (64) and of chunks (256) of draws.
    let count = 300
    var cells = Array(repeating: 0, count: 10 * 10)
    for step in 0..<200 {
      for (place, value) in stream.permutation(of: count, step: step).enumerated() { cells[place / 30 * 10 + Int(value) / 30] += 1 }
    }
    // Each row and column of the table is full, so the statistic has 81 degrees of freedom, not 99: the bound is on the safe side.
    #expect(ChiSquare.isUniform(cells))
  }

  @Test func aPermutationIsDrawnAsFisherAndYatesSay() {
    let count = 1000
    var generatorValues = (0..<count).map { Int32($0) }
    for i in 0..<count {
      let j = i + Int(expected(i, below: count - i, step: 2))
      generatorValues.swapAt(i, j)
    }
    #expect(stream.permutation(of: count, step: 2) == generatorValues)
  }

  @Test(arguments: [1, 2, 5, 64, 100, 1000, 5000]) func aPartIsTheBeginningOfTheWhole(count: Int) {
    let whole = stream.permutation(of: count, step: 6)
    for k in [0, 1, 2, 15, 16, 17, 64, 65, 80, 256, 257, 1000, 1024, 1025, 5000] where k <= count {
      var part = [Int32](repeating: -1, count: k)
      stream.fillDistinct(&part, below: count, step: 6)
      #expect(part == Array(whole.prefix(k)), "\(k) of \(count)")
    }
  }

  @Test func fewNumbersOfVeryManyAreDifferentAndUniform() {
    let count = 1 << 31
    var part = [Int32](repeating: -1, count: 20000)
    stream.fillDistinct(&part, below: count, step: 1)
    #expect(Set(part).count == 20000)
    var cells = Array(repeating: 0, count: 50)
    for value in part { cells[Int(value) * 50 / count] += 1 }
    #expect(ChiSquare.isUniform(cells))
  }

  @Test func allOrderedPairsAreEquallyLikely() {
    var cells = [[Int32]: Int]()
    for step in 0..<15000 {
      var pair: [Int32] = [0, 0]
      stream.fillDistinct(&pair, below: 6, step: step)
      cells[pair, default: 0] += 1
    }
    #expect(cells.count == 30)
    #expect(ChiSquare.isUniform(Array(cells.values)))
  }

  @Test func impossibleBoundsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var values: [Int32] = [0]
      RandomStream(seed: 1, purpose: .replay).fillIntegers(&values, below: 0)
    }
    await #expect(processExitsWith: .failure) {
      var values: [Int32] = [0]
      RandomStream(seed: 1, purpose: .replay).fillIntegers(&values, below: (1 << 31) + 1)
    }
    await #expect(processExitsWith: .failure) {
      var values: [Int32] = [0, 0]
      RandomStream(seed: 1, purpose: .replay).fillDistinct(&values, below: 1)
    }
    await #expect(processExitsWith: .failure) { _ = RandomStream(seed: 1, purpose: .replay).permutation(of: -1) }
  }
}
