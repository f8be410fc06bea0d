/// The frame structure of NR for one subcarrier spacing (TS 38.211, Tables 4.2-1, 4.3.2-1 and 4.3.2-2).
///
/// Frames of 10 ms hold 10 subframes of 1 ms, a subframe 2^µ slots, a slot 14 symbols (12 with the extended prefix); a resource block is
/// 12 subcarriers of 15 · 2^µ kHz. Left out are µ = 5 and 6, of frequencies above 52.6 GHz.
public struct Numerology: Hashable, Sendable {
  /// What precedes each symbol.
  public enum CyclicPrefix: Sendable, CaseIterable {
    case normal
    /// Longer, for wide delay spreads; for 60 kHz alone.
    case extended
  }

  /// µ
  public let index: Int
  public let cyclicPrefix: CyclicPrefix

  /// - Precondition: µ lies in 0...4, and the extended prefix comes with µ = 2.
  public init(_ index: Int, cyclicPrefix: CyclicPrefix = .normal) {
    precondition(
      index >= 0 && index <= 4 && (cyclicPrefix == .normal || index == 2),
      "Numerology: \(index) with the \(cyclicPrefix) prefix; there are 0...4, and the extended prefix for 2")
    self.index = index
    self.cyclicPrefix = cyclicPrefix
  }

  /// Subcarriers of a resource block.
  public static let subcarriersPerBlock = 12
  public static let subframesPerFrame = 10

  /// Δf = 15 · 2^µ kHz
  public var subcarrierSpacing: Hertz { Hertz(15e3 * Double(1 << index)) }
  public var slotsPerSubframe: Int { 1 << index }
  public var slotsPerFrame: Int { Numerology.subframesPerFrame << index }
  public var symbolsPerSlot: Int { cyclicPrefix == .normal ? 14 : 12 }
  /// 2^−µ ms
  public var slotMilliseconds: Double { 1 / Double(1 << index) }

  /// The bandwidth of neighbouring resource blocks: 12 n Δf, 180 · 2^µ kHz each.
  public func bandwidth(blocks: Int = 1) -> Hertz {
    precondition(blocks >= 0, "Numerology.bandwidth: \(blocks) blocks")
    return Hertz(Double(blocks * Numerology.subcarriersPerBlock) * subcarrierSpacing.value)
  }

  /// The most resource blocks that a channel may use, N_RB; nil where the standard has no such channel.
  ///
  /// TS 38.101-1 and 38.101-2 (release 18), Table 5.3.2-1.
  public func blocks(inChannelOf bandwidth: Hertz, _ range: FrequencyRange) -> Int? {
    range.transmissionBlocks(index: index, bandwidth: bandwidth)
  }

  /// The least distance of the outermost subcarriers' edges from the edge of the channel; nil where the standard has no such channel.
  ///
  /// (B − N_RB 12 Δf) / 2 − Δf / 2   (TS 38.101-1 and 38.101-2, Table 5.3.3-1)
  public func minimumGuardBand(inChannelOf bandwidth: Hertz, _ range: FrequencyRange) -> Hertz? {
    blocks(inChannelOf: bandwidth, range).map {
      Hertz((bandwidth.value - self.bandwidth(blocks: $0).value) / 2 - subcarrierSpacing.value / 2)
    }
  }
}

/// The frequencies whose channels have common rules (TS 38.101-1 and 38.101-2, 5.1).
public enum FrequencyRange: Sendable, CaseIterable {
  /// FR1: 410 to 7125 MHz.
  case below7GHz
  /// FR2-1: 24.25 to 52.6 GHz.
  case above24GHz

  /// Channel bandwidths in MHz, narrow to wide.
  public var channelBandwidthsMHz: [Int] {
    switch self {
    case .below7GHz: [3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100]
    case .above24GHz: [50, 100, 200, 400]
    }
  }

  fileprivate func transmissionBlocks(index: Int, bandwidth: Hertz) -> Int? {
    let row: [Int?] =
      switch (self, index) {
      case (.below7GHz, 0): [15, 25, 52, 79, 106, 133, 160, 188, 216, 242, 270]
      case (.below7GHz, 1): [nil, 11, 24, 38, 51, 65, 78, 92, 106, 119, 133, 162, 189, 217, 245, 273]
      case (.below7GHz, 2): [nil, nil, 11, 18, 24, 31, 38, 44, 51, 58, 65, 79, 93, 107, 121, 135]
      case (.above24GHz, 2): [66, 132, 264]
      case (.above24GHz, 3): [32, 66, 132, 264]
      default: []
      }
    guard let column = channelBandwidthsMHz.firstIndex(where: { Double($0) * 1e6 == bandwidth.value }), column < row.count else { return nil }
    return row[column]
  }
}

/// What a scheduler divides: the resource blocks of a carrier over the symbols of a slot (TS 38.211, 4.4.2).
public struct ResourceGrid: Hashable, Sendable {
  public let numerology: Numerology
  public let blocks: Int

  /// - Precondition: There is at least one block and at most 275 (TS 38.331).
  public init(_ numerology: Numerology, blocks: Int) {
    precondition(blocks >= 1 && blocks <= 275, "ResourceGrid: \(blocks) blocks; there are 1 to 275")
    self.numerology = numerology
    self.blocks = blocks
  }

  /// All blocks of a channel; nil where the standard has no such channel.
  public init?(_ numerology: Numerology, channelOf bandwidth: Hertz, _ range: FrequencyRange) {
    guard let blocks = numerology.blocks(inChannelOf: bandwidth, range) else { return nil }
    self.init(numerology, blocks: blocks)
  }

  public var subcarriers: Int { blocks * Numerology.subcarriersPerBlock }
  /// The bandwidth of all blocks, without guard bands.
  public var bandwidth: Hertz { numerology.bandwidth(blocks: blocks) }
  /// Subcarriers times symbols of a slot.
  public var elementsPerSlot: Int { subcarriers * numerology.symbolsPerSlot }
  public var elementsPerSecond: Int { elementsPerSlot * numerology.slotsPerFrame * 100 }
}
