import Testing

@testable import Channels

@Suite struct InPlaceSortTests {
  @Test(arguments: [0, 1, 2, 31, 32, 33, 34, 100, 1000]) func sortsTheFirstElements(count: Int) {
    var generator = RandomStream(seed: UInt64(count), purpose: .environment).generator()
    for span in [1, 3, 1_000_000] {
      // With a tail that must stay, and with ties where the span is small.
      let values = (0..<count + 5).map { _ in Int.random(in: -span...span, using: &generator) }
      var sorted = values
      sortInPlace(&sorted, count: count)
      #expect(sorted == values[..<count].sorted() + values[count...])
      var falling = Array(values.sorted().reversed())
      sortInPlace(&falling, count: count + 5)
      #expect(falling == values.sorted())
    }
  }

  @Test func moreThanThereIsIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var values = [2, 1]
      sortInPlace(&values, count: 3)
    }
  }
}
