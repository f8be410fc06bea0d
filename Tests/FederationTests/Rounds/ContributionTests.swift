import Federation
import Testing

@Suite struct ContributionTests {
  private let contribution = Contribution(client: 3, round: 258, layout: 0x0102_0304_0506_0708, weight: 1, values: [1, -2])

  @Test func theBytesAreThoseWrittenDown() {
    let bytes = contribution.encoded()
    let expected: [UInt8] = [
      2, 1, 0, 0, 0, 0, 0, 0,  // the round, 258
      8, 7, 6, 5, 4, 3, 2, 1,  // the layout
      0, 0, 0, 0, 0, 0, 0xF0, 0x3F,  // the weight, 1 in double precision
      3, 0, 0, 0,  // the client
      2, 0, 0, 0,  // how many numbers
      0, 0, 0x80, 0x3F,  // 1
      0, 0, 0, 0xC0,  // −2
    ]
    #expect(bytes == expected)
    #expect(bytes.count == Contribution.byteCount(numbers: 2))
    #expect(Contribution.byteCount(numbers: 0) == Contribution.headerBytes)
  }

  @Test func whatIsReadIsWhatWasWritten() throws {
    #expect(try Contribution(decoding: contribution.encoded()) == contribution)
    let odd = Contribution(client: 0, round: -1, layout: .max, weight: -0.0, values: [.infinity, .leastNonzeroMagnitude])
    let read = try Contribution(decoding: odd.encoded())
    #expect(read == odd && read.weight.sign == .minus)
  }

  @Test func whatIsNoMessageIsRefused() {
    let bytes = contribution.encoded()
    for count in 0..<bytes.count {
      #expect { try Contribution(decoding: Array(bytes.prefix(count))) } throws: { ($0 as? Refusal)?.reason == .malformed }
    }
    #expect { try Contribution(decoding: bytes + [0]) } throws: { "\($0)".contains("41 bytes where 40 are expected") }
    // A number of numbers that no memory holds.
    var huge = bytes
    for place in 28..<32 { huge[place] = 0xFF }
    #expect(throws: Refusal.self) { try Contribution(decoding: huge) }
  }
}
