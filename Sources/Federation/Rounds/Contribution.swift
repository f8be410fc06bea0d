/// What one client sends in one round: the numbers to be averaged and how much they weigh.
public struct Contribution: Hashable, Sendable {
  /// The number of the client, from 0.
  public var client: Int
  /// The number of the round, from 0.
  public var round: Int
  /// What the numbers mean: ``ExchangePlan/fingerprint``, equal for those that may be averaged.
  public var layout: UInt64
  /// How much they count beside the others; not negative.
  public var weight: Double
  /// `[N]`
  public var values: [Float]

  public init(client: Int, round: Int, layout: UInt64, weight: Double, values: [Float]) {
    (self.client, self.round, self.layout, self.weight, self.values) = (client, round, layout, weight, values)
  }

  /// Bytes in front of the numbers: round, layout and weight of 8 bytes, client and number of numbers of 4.
  public static let headerBytes = 32

  /// The bytes of a message with so many numbers: the header, and 4 for each.
  public static func byteCount(numbers: Int) -> Int { headerBytes + 4 * numbers }

  /// The message, every number with its lowest byte first.
  ///
  /// - Precondition: Client and number of numbers lie below 2³².
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount(numbers: values.count))
    func append(_ number: some FixedWidthInteger) {
      for place in 0..<(number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
    append(UInt64(bitPattern: Int64(round)))
    append(layout)
    append(weight.bitPattern)
    append(UInt32(client))
    append(UInt32(values.count))
    for value in values { append(value.bitPattern) }
    return bytes
  }

  /// Reads a message.
  ///
  /// - Throws: A ``Refusal`` for bytes that are no message; what it says is judged by a ``RoundIntake``.
  public init(decoding bytes: [UInt8]) throws(Refusal) {
    func number<Number: FixedWidthInteger>(_ type: Number.Type, at start: Int) -> Number {
      (0..<(Number.bitWidth / 8)).reduce(0) { $0 | Number(truncatingIfNeeded: bytes[start + $1]) << (8 * $1) }
    }
    guard bytes.count >= Self.headerBytes else {
      throw Refusal(.malformed, client: nil, "a message of \(bytes.count) bytes is shorter than its header of \(Self.headerBytes)")
    }
    let count = Int(number(UInt32.self, at: 28))
    let needed = Self.byteCount(numbers: count)
    guard bytes.count == needed else {
      throw Refusal(.malformed, client: nil, "a message for \(count) numbers has \(bytes.count) bytes where \(needed) are expected")
    }
    round = Int(Int64(bitPattern: number(UInt64.self, at: 0)))
    layout = number(UInt64.self, at: 8)
    weight = Double(bitPattern: number(UInt64.self, at: 16))
    client = Int(number(UInt32.self, at: 24))
    values = (0..<count).map { Float(bitPattern: number(UInt32.self, at: Self.headerBytes + 4 * $0)) }
  }
}
