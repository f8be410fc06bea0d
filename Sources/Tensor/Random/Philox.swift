/// Philox4x32-10: a counter-based random number generator.
///
/// Ten rounds of two 32 × 32 → 64 bit products over a 128-bit counter (Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
/// as easy as 1, 2, 3", SC 2011). The first word of the counter is the block; the other three name the generator.
public struct Philox: RandomNumberGenerator, Sendable {
  public typealias Block = (UInt32, UInt32, UInt32, UInt32)

  let key: (UInt32, UInt32)
  var counter: Block
  var block: Block = (0, 0, 0, 0)
  var used = 4

  /// A generator that starts at `counter` under the key `seed`.
  public init(seed: UInt64, counter: Block) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.counter = counter
  }

  /// The bijection itself: ten rounds on one counter.
  @inline(__always)
  public static func rounds(_ counter: Block, key: (UInt32, UInt32)) -> Block {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p0 = UInt64(c.0) &* 0xD251_1F53
      let p1 = UInt64(c.2) &* 0xCD9E_8D57
      c = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: p0)
      )
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }

  /// The next 32 random bits.
  public mutating func next32() -> UInt32 {
    if used == 4 {
      block = Philox.rounds(counter, key: key)
      counter.0 &+= 1
      used = 0
    }
    used += 1
    switch used {
    case 1: return block.0
    case 2: return block.1
    case 3: return block.2
    default: return block.3
    }
  }

  /// The next 64 random bits, low word first.
  public mutating func next() -> UInt64 {
    switch used {
    case 4:
      block = Philox.rounds(counter, key: key)
      counter.0 &+= 1
      used = 2
      return UInt64(block.0) | UInt64(block.1) << 32
    case 2:
      used = 4
      return UInt64(block.2) | UInt64(block.3) << 32
    default:
      let low = UInt64(next32())
      return low | UInt64(next32()) << 32
    }
  }

  /// A uniform number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    // The sum can round up to `high`, which does not belong to the interval.
    max(low, min(low + (high - low) * uniform(), high.nextDown))
  }

  /// A standard normal number: √(−2 ln u) cos(2π v) (Box and Muller 1958).
  public mutating func normal() -> Double {
    let u = 1 - uniform()
    let v = uniform()
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Double.pi * v)
  }

  /// A uniform integer in 0..<bound without bias (multiply and reject; Lemire 2019).
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "Philox.integer: the bound must lie in 1...2³²−1, got \(bound)")
    let range = UInt64(bound)
    let threshold = (UInt64(1) << 32) % range
    while true {
      let product = UInt64(next32()) &* range
      if product & 0xFFFF_FFFF >= threshold { return Int(product >> 32) }
    }
  }
}
