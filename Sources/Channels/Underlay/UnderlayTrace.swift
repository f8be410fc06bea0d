import Tensor

/// Gains of an underlay cell that were measured or computed elsewhere, slot by slot, in the place of positions, path loss, shadowing and fading.
///
/// An array of linear power gains (received over transmitted power, no decibels):
///
///     gains[t, 0, r]       from the base station,     r = cellular users 0 … K − 1, receivers K … K + N − 1, transmitters K + N … K + 2N − 1
///     gains[t, 1 + i, r]   from the transmitter of pair i to the same; what it is to transmitters is not used
///
/// A channel that has a trace reads slot (s + o) mod T of it in its slot s, where o is drawn from the fading seed and the copy's index: training, evaluation
/// and copies meet different parts. What a scheme knows of large-scale gains are the means over the trace.
public struct UnderlayTrace: Hashable, Sendable {
  /// T
  public let slots: Int
  /// N
  public let pairs: Int
  /// K
  public let blocks: Int
  /// In the order of ``UnderlayLayout``, slot after slot. `[T, links]`
  let gains: [Float]
  /// Mean gain of each link. `[links]`
  let means: [Float]
  /// The FNV-1a hash of the gains' bits, which tells traces apart.
  public let fingerprint: UInt64

  /// - Parameters:
  ///   - gains: `[T, 1 + N, K + 2N]`
  ///   - slots: T
  ///   - pairs: N
  ///   - blocks: K
  ///   - source: What the array is called in errors, the path of its file.
  /// - Throws: `FileError` for a gain that is negative or no number, and for a link of a pair that is never there.
  public init(gains: [Double], slots: Int, pairs: Int, blocks: Int, source: String = "the trace") throws(FileError) {
    let layout = UnderlayLayout(pairs: pairs, blocks: blocks)
    let columns = blocks + 2 * pairs
    precondition(
      slots > 0 && pairs > 0 && blocks > 0 && gains.count == slots * (1 + pairs) * columns,
      "UnderlayTrace: \(gains.count) gains for \(slots) slots of \(pairs) pairs on \(blocks) blocks")
    (self.slots, self.pairs, self.blocks) = (slots, pairs, blocks)
    var ordered = [Float](repeating: 0, count: slots * layout.count)
    var sums = [Double](repeating: 0, count: layout.count)
    for slot in 0..<slots {
      for sender in 0...pairs {
        // Between transmitters nothing is used.
        for end in 0..<(sender == 0 ? columns : blocks + pairs) {
          let gain = gains[(slot * (1 + pairs) + sender) * columns + end]
          guard gain >= 0 && Float(gain).isFinite else {
            throw FileError(
              path: source, reason: "has the gain \(gain) at [\(slot), \(sender), \(end)], where a finite number of at least 0 is needed")
          }
          let link =
            sender == 0
            ? end : end < blocks ? layout.transmitter(sender - 1, toCellular: end) : layout.transmitter(sender - 1, toReceiver: end - blocks)
          ordered[slot * layout.count + link] = Float(gain)
          sums[link] += gain
        }
      }
    }
    self.gains = ordered
    fingerprint = ordered.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
    means = sums.map { Float($0 / Double(slots)) }
    for pair in 0..<pairs where means[layout.transmitter(pair, toReceiver: pair)] == 0 {
      throw FileError(path: source, reason: "has only zeros at [:, \(1 + pair), \(blocks + pair)], the own link of pair \(pair)")
    }
  }

  /// Reads a NumPy file of `float32` or `float64`.
  ///
  /// - Parameters:
  ///   - path: The file's.
  ///   - pairs: N, which its shape must have.
  ///   - blocks: K, which its shape must have.
  public init(path: String, pairs: Int, blocks: Int) throws(FileError) {
    let file = try NpyFile(path: path)
    guard file.shape.count == 3, file.shape[0] > 0, file.shape[1] == 1 + pairs, file.shape[2] == blocks + 2 * pairs else {
      throw FileError(
        path: path,
        reason:
          "has the shape \(file.shape); \(pairs) pairs on \(blocks) blocks need [slots, \(1 + pairs), \(blocks + 2 * pairs)]: slots, who sends (the base "
          + "station first), who hears (cellular users, receivers, transmitters)")
    }
    let gains = file.type == .float64 ? try file.doubles() : try file.floats().map(Double.init)
    try self.init(gains: gains, slots: file.shape[0], pairs: pairs, blocks: blocks, source: path)
  }

  /// Writes the gains of one slot times a power for each link.
  func fill(_ powers: inout MutableSpan<Float>, slot: Int, transmitted: Span<Float>) {
    let first = slot % slots * means.count
    let gains = gains.span
    for link in powers.indices { powers[link] = gains[first + link] * transmitted[link] }
  }

  /// The slot of the trace that is a copy's first.
  func offset(_ stream: RandomStream) -> Int {
    var generator = stream.generator(step: 0)
    return generator.integer(below: slots)
  }
}
