import Testing

@testable import Tensor

@Suite struct ArenaTests {
  private func places(_ arena: Arena, _ sizes: [Int]) -> [Int] { sizes.map { unsafe Int(bitPattern: arena.floats($0)) } }

  @Test func aRepeatedSequenceGetsTheSameMemory() {
    let arena = Arena()
    // Blocks of 1 MiB: the third and the fifth request do not fit in what is left of one.
    let sizes = [10, 200_000, 100_000, 1, 500_000, 0, 33]
    let first = places(arena, sizes)
    for _ in 0..<5 {
      arena.rewind()
      #expect(places(arena, sizes) == first)
    }
    arena.rewind()
    #expect(places(arena, [10]) == [first[0]])
  }

  @Test func piecesAreAlignedAndApart() {
    let arena = Arena()
    let sizes = (0..<200).map { ($0 * 37) % 5000 }
    let places = places(arena, sizes)
    let ordered = zip(places, sizes).sorted { $0.0 < $1.0 }
    #expect(places.allSatisfy { $0 % 64 == 0 })
    for (a, b) in zip(ordered, ordered.dropFirst()) { #expect(a.0 + max(4 * a.1, 1) <= b.0) }
  }
}
