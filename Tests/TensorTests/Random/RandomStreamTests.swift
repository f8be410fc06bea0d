import Tensor
import TestSupport
import Testing

@Suite struct RandomStreamTests {
  @Test func aNumberIsNamedBySeedPurposeIndexAndStep() {
    var generator = RandomStream(seed: 0x1234_5678_9ABC_DEF0, purpose: .fading, index: 3).generator(step: 9)
    let words = Philox.rounds((0, 9, 3, 13), key: (0x9ABC_DEF0, 0x1234_5678))
    #expect([generator.next32(), generator.next32()] == [words.0, words.1])
  }

  @Test func asksInAnyOrderGetTheSameNumbers() {
    let stream = RandomStream(seed: 5, purpose: .drop)
    let forwards = (0..<10).map { step in
      var generator = stream.generator(step: step)
      return generator.next()
    }
    let backwards = (0..<10).reversed().map { step in
      var generator = stream.generator(step: step)
      return generator.next()
    }
    #expect(forwards == backwards.reversed())
  }

  private func numbers(_ stream: RandomStream, step: Int = 0, count: Int = 20000) -> [Double] {
    var generator = stream.generator(step: step)
    return (0..<count).map { _ in generator.uniform() - 0.5 }
  }

  @Test func streamsThatDifferInOnePartAreUncorrelated() {
    let base = numbers(RandomStream(seed: 1, purpose: .fading, index: 0))
    let others = [
      numbers(RandomStream(seed: 2, purpose: .fading, index: 0)),
      numbers(RandomStream(seed: 1 << 32 | 1, purpose: .fading, index: 0)),
      numbers(RandomStream(seed: 1, purpose: .drop, index: 0)),
      numbers(RandomStream(seed: 1, purpose: .shadowing, index: 0)),
      numbers(RandomStream(seed: 1, purpose: RandomPurpose(rawValue: 1001), index: 0)),
      numbers(RandomStream(seed: 1, purpose: .fading, index: 1)),
      numbers(RandomStream(seed: 1, purpose: .fading, index: 0), step: 1),
    ]
    for other in others {
      #expect(abs(12 * Moments.meanProduct(base, other)) < 5.5 / 141.42)
      #expect(base != other)
    }
  }
}
