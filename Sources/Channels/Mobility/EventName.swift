import Tensor

/// The random numbers of one node's events.
///
/// A counter has no room for copy, step, node and event at once. So the block of (node, step, copy, purpose) under the seed becomes a key and half of
/// a counter: 128 bits that are the node's own, under which events are counted. That two nodes share them is possible, but less likely than
/// 2⁻⁶⁰ for a thousand million nodes, copies and episodes.
struct EventName {
  private let key: UInt64
  private let words: (UInt32, UInt32, UInt32)

  init(_ stream: RandomStream, copy: Int, node: Int, step: Int) {
    let block = Philox.rounds(
      (UInt32(node), UInt32(truncatingIfNeeded: step), stream.index &+ UInt32(copy), stream.purpose.rawValue),
      key: (UInt32(truncatingIfNeeded: stream.seed), UInt32(truncatingIfNeeded: stream.seed >> 32)))
    key = UInt64(block.0) | UInt64(block.1) << 32
    words = (block.2, block.3, stream.purpose.rawValue)
  }

  /// The four numbers of 53 bits of an event: two blocks.
  func generator(event: Int32) -> Philox {
    Philox(seed: key, counter: (2 * UInt32(event), words.0, words.1, words.2))
  }

  /// As many numbers as a start takes, beyond those of all events.
  var startGenerator: Philox { Philox(seed: key, counter: (1 << 31, words.0, words.1, words.2)) }
}
