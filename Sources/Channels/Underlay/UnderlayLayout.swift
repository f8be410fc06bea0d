/// Where the links of one copy lie in an array: their received powers, or their fading.
///
/// In this order: base station to cellular user m `[K]`, base station to receiver n `[N]`, base station to transmitter n
/// `[N]`, transmitter i to cellular user m `[N, K]`, transmitter i to receiver n `[N, N]`. The diagonal of the last is the
/// pairs' own links. Where these fade on each block by themselves, their places for each block follow `[N, K]`.
public struct UnderlayLayout: Hashable, Sendable {
  public let pairs: Int
  public let blocks: Int
  /// Whether own links have a place for each block.
  public let separatesBlocks: Bool

  public init(pairs: Int, blocks: Int, separatesBlocks: Bool = false) {
    self.pairs = pairs
    self.blocks = blocks
    self.separatesBlocks = separatesBlocks
  }

  public init(_ cell: UnderlayCell) {
    self.init(pairs: cell.pairs, blocks: cell.resourceBlocks, separatesBlocks: cell.ownFading == .perBlock)
  }

  public var baseToReceivers: Int { blocks }
  public var baseToTransmitters: Int { blocks + pairs }
  public var pairsToCellular: Int { blocks + 2 * pairs }
  public var pairsToReceivers: Int { blocks + 2 * pairs + pairs * blocks }
  public var ownOnBlocks: Int { pairsToReceivers + pairs * pairs }
  public var count: Int { ownOnBlocks + (separatesBlocks ? pairs * blocks : 0) }

  /// Base station to cellular user.
  public func base(toCellular user: Int) -> Int { user }
  /// Base station to the receiver of a pair.
  public func base(toReceiver pair: Int) -> Int { baseToReceivers + pair }
  /// Base station to the transmitter of a pair.
  public func base(toTransmitter pair: Int) -> Int { baseToTransmitters + pair }
  /// The transmitter of a pair to a cellular user.
  public func transmitter(_ pair: Int, toCellular user: Int) -> Int { pairsToCellular + pair * blocks + user }
  /// The transmitter of pair `i` to the receiver of pair `n`.
  public func transmitter(_ i: Int, toReceiver n: Int) -> Int { pairsToReceivers + i * pairs + n }
  /// The own link of a pair on a block.
  public func own(_ pair: Int, on block: Int) -> Int {
    separatesBlocks ? ownOnBlocks + pair * blocks + block : transmitter(pair, toReceiver: pair)
  }
}
