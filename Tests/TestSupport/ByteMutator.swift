import Tensor

/// Damages the bytes of a valid file in the ways that find the holes of a reader.
///
/// Case i has its own random numbers, so that one case can be repeated alone. This target is optimised in debug builds, for a million cases.
public struct ByteMutator: Sendable {
  /// A valid file and where its parts are.
  public struct Original: Sendable {
    public let bytes: [UInt8]
    /// The little-endian field that announces the length of the header.
    public let lengthField: Range<Int>
    public let header: Range<Int>

    public init(_ bytes: [UInt8], lengthField: Range<Int>, header: Range<Int>) {
      self.bytes = bytes
      self.lengthField = lengthField
      self.header = header
    }
  }

  private let originals: [Original]
  private let tokens: [[UInt8]]
  private let stream: RandomStream
  private static let numbers = [
    "18446744073709551616", "18446744073709551615", "9223372036854775808", "9223372036854775807", "4611686018427387904", "2305843009213693952",
    "4294967296", "2147483648", "2147483647", "65536", "64", "8", "4", "1", "0", "00", "-0", "-1", "-9223372036854775808", "1e300", "1.5", "NaN",
    "1e-1",
  ].map { Array($0.utf8) }

  /// - Parameter tokens: Words of the format that are put into the header.
  public init(_ originals: [Original], tokens: [String], seed: UInt64) {
    self.originals = originals
    self.tokens = tokens.map { Array($0.utf8) }
    stream = RandomStream(seed: seed, purpose: .environment)
  }

  /// The bytes of one case: one to four changes, after most of which the announced length fits the header again.
  public func bytes(_ number: Int) -> [UInt8] {
    var random = stream.generator(step: number)
    let original = originals[random.integer(below: originals.count)]
    var bytes = original.bytes
    bytes.reserveCapacity(2 * bytes.count + 64)
    var end = original.header.upperBound
    for _ in 0...(random.integer(below: 2) == 0 ? 0 : random.integer(below: 4)) { change(&bytes, original, &end, &random) }
    // Without this most changes would end at the first check.
    if random.integer(below: 4) != 0, bytes.count >= original.lengthField.upperBound {
      let length = max(0, end - original.header.lowerBound)
      for (shift, place) in original.lengthField.enumerated() { bytes[place] = UInt8(truncatingIfNeeded: length >> (8 * shift)) }
    }
    if random.integer(below: 16) == 0, bytes.count >= original.lengthField.upperBound {
      // A length that lies: near the truth, at the edges of integers, or anything.
      let width = original.lengthField.count
      let kind = random.integer(below: 4)
      var length = random.next()
      if kind == 0 { length = UInt64(truncatingIfNeeded: end - original.header.lowerBound + random.integer(below: 9) - 4) }
      if kind == 1 { length = [UInt64.max, 1 << 63, (1 << 63) - 1, 100_000_000, 0][random.integer(below: 5)] }
      if kind == 2 { length >>= UInt64(random.integer(below: 64)) }
      for shift in 0..<width { bytes[original.lengthField.lowerBound + shift] = UInt8(truncatingIfNeeded: length >> (8 * UInt64(shift))) }
    }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ original: Original, _ end: inout Int, _ random: inout Philox) {
    if bytes.isEmpty { return bytes.append(UInt8(truncatingIfNeeded: random.next32())) }
    let begin = original.header.lowerBound
    func anywhere(_ random: inout Philox) -> Int {
      if random.integer(below: 4) != 0, end > begin, end <= bytes.count { return begin + random.integer(below: end - begin) }
      return random.integer(below: bytes.count)
    }
    func replace(_ range: Range<Int>, by new: some Collection<UInt8>) {
      if range.lowerBound >= begin && range.upperBound <= end {
        end += new.count - range.count
      } else {
        end = min(end, bytes.count - range.count + new.count)
      }
      bytes.replaceSubrange(range, with: new)
    }
    let place = anywhere(&random)
    switch random.integer(below: 11) {
    case 0: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next32())
    case 2:
      let length = 1 + random.integer(below: 16)
      replace(place..<min(place + length, bytes.count), by: EmptyCollection())
    case 3:
      let other = anywhere(&random)
      replace(place..<place, by: Array(bytes[other..<min(other + 1 + random.integer(below: 48), bytes.count)]))
    case 4:
      let other = anywhere(&random)
      let piece = Array(bytes[other..<min(other + 1 + random.integer(below: 24), bytes.count)])
      replace(place..<min(place + piece.count, bytes.count), by: piece)
    case 5:
      if random.integer(below: 4) == 0 { replace(place..<bytes.count, by: EmptyCollection()) } else { bytes.removeLast() }
    case 6:
      for _ in 0...random.integer(below: 16) { bytes.append(UInt8(truncatingIfNeeded: random.next32())) }
    case 7: replace(place..<place, by: tokens[random.integer(below: tokens.count)])
    case 8:
      let token = tokens[random.integer(below: tokens.count)]
      replace(place..<min(place + token.count, bytes.count), by: token)
    default:
      // The number at or behind the place becomes another one.
      var first = place
      while first < bytes.count, !(48...57).contains(bytes[first]) { first += 1 }
      var last = first
      while last < bytes.count, (48...57).contains(bytes[last]) { last += 1 }
      if first < last { replace(first..<last, by: Self.numbers[random.integer(below: Self.numbers.count)]) }
    }
  }
}
