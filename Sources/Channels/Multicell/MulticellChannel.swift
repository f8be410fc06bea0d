import Tensor

/// Channels of many realisations of a network that stay for a block and are drawn anew for the next (section II).
///
/// Elements of h_{b̃,(b,u)}[f] are independent CN(0, a_{b̃,b}), which is eq. (2); beams are zero-forcing with ‖w‖ = 1, eq. (3). Everything depends on the seed, the
/// copy's index and the block alone: copies together have the bits of each apart. After the first block nothing is allocated.
public struct MulticellChannel: Archivable, Sendable {
  /// What is drawn.
  public enum Draws: String, Sendable, CaseIterable {
    /// What the gains depend on. Their joint law is that of the other case; there are no channels and beams to look at.
    case beams
    /// The channel of every antenna, from which beams and gains are computed.
    case antennas
  }

  public let network: MulticellNetwork
  public let draws: Draws
  public let seed: UInt64
  /// The index of the first copy's random streams.
  public let firstCopy: Int
  public private(set) var block = 0
  /// The gains of the present block.
  public private(set) var gains: MulticellGains
  /// Where antennas are drawn, of each copy and cell the parts Re h, Im h, Re w, Im w, each `[N_f, U_b, M_b]`; empty otherwise. `[copies, rawSize]`
  public private(set) var raw: [Float]
  private var beamDraws: BeamDraws
  private var antennaDraws: AntennaDraws?

  /// Begins at block 0.
  ///
  /// - Precondition: The network has no ``MulticellNetwork/contradiction``.
  public init(_ network: MulticellNetwork, copies: Int = 1, draws: Draws = .beams, seed: UInt64, firstCopy: Int = 0) {
    precondition(network.contradiction == nil, "MulticellChannel: \(network.contradiction ?? "")")
    self.network = network
    self.draws = draws
    self.seed = seed
    self.firstCopy = firstCopy
    gains = MulticellGains(network, lanes: NetworkLanes(realizations: copies))
    raw = draws == .antennas ? Array(repeating: 0, count: copies * MulticellChannel.rawSize(network)) : []
    beamDraws = BeamDraws(network)
    antennaDraws = draws == .antennas ? AntennaDraws(network) : nil
    draw()
  }

  public var copies: Int { gains.lanes.realizations }

  /// Numbers of one copy in ``raw``.
  public static func rawSize(_ network: MulticellNetwork) -> Int { rawStart(network, network.cells) }

  /// Where a cell's numbers begin among those of a copy.
  public static func rawStart(_ network: MulticellNetwork, _ cell: Int) -> Int {
    (0..<cell).reduce(0) { $0 + 4 * network.frequencies * network.users[$1] * network.antennas[$1] }
  }

  /// Moves to another block.
  ///
  /// - Complexity: O(copies · N_f · Σ_{b̃,b} U_b̃² U_b), with antennas O(copies · N_f · Σ_{b̃,b} U_b U_b̃ M_b̃).
  public mutating func move(to block: Int) {
    precondition(block >= 0, "MulticellChannel.move: block \(block)")
    self.block = block
    draw()
  }

  private mutating func draw() {
    let (seed, first) = (seed, firstCopy)
    for group in 0..<gains.lanes.groups {
      let start = group * NetworkLanes.width
      let used = min(NetworkLanes.width, copies - start)
      let stream = RandomStream(seed: seed, purpose: .fading, index: first + start)
      for frequency in 0..<network.frequencies {
        let step = block * network.frequencies + frequency
        switch draws {
        case .beams: beamDraws.draw(lanes: used, frequency: frequency, group: group, step: step, first: stream, into: &gains)
        case .antennas:
          antennaDraws?.draw(lanes: used, frequency: frequency, group: group, step: step, first: stream, into: &gains, raw: &raw)
        }
      }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("block", &block)
    guard archive.isReading else { return }
    guard block >= 0 else { throw archive.failure("a block has a negative number") }
    draw()
  }
}
