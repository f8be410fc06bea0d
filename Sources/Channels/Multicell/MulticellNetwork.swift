import Tensor

/// The sizes and the statistics of a network of cells that serve their users on the same frequency channels.
///
/// Wong et al., "Truly distributed multicell multi-band multiuser MIMO by synergizing game theory and deep learning" (IEEE Access, 2021),
/// section II: B base stations with M_b antennas, U_b users each of one antenna, N_f channels. Users are numbered cell after cell.
public struct MulticellNetwork: Hashable, Sendable {
  /// U_b of every cell. `[B]`
  public var users: [Int]
  /// M_b of every cell. `[B]`
  public var antennas: [Int]
  /// N_f
  public var frequencies: Int
  /// a of eq. (2): the mean power of an antenna's channel from the base station of the row to a user in the cell of the column; zero where
  /// they do not interfere. `[B, B]`
  public var linkGains: [Double]
  /// σ², the noise power of a channel.
  public var noise: Double

  public init(users: [Int], antennas: [Int], frequencies: Int, linkGains: [Double], noise: Double = 1) {
    self.users = users
    self.antennas = antennas
    self.frequencies = frequencies
    self.linkGains = linkGains
    self.noise = noise
  }

  /// Cells alike: a = 1 within a cell and 10^(−SIR / 10) between any two, eq. (23).
  ///
  /// - Parameters:
  ///   - cells: B
  ///   - users: U_b, the same in every cell.
  ///   - antennas: M_b, the same in every cell.
  ///   - frequencies: N_f
  ///   - sirDB: Mean signal-to-interference ratio of an antenna's channels in decibels; +∞ for cells that do not interfere.
  ///   - noise: σ², the noise power of a channel.
  public init(cells: Int, users: Int, antennas: Int, frequencies: Int, sirDB: Double, noise: Double = 1) {
    let cross = sirDB == .infinity ? 0 : Math.pow(10, -sirDB / 10)
    self.init(
      users: Array(repeating: users, count: cells), antennas: Array(repeating: antennas, count: cells), frequencies: frequencies,
      linkGains: (0..<cells * cells).map { $0 / cells == $0 % cells ? 1 : cross }, noise: noise)
  }

  /// B
  public var cells: Int { users.count }
  /// Users of all cells, U.
  public var totalUsers: Int { users.reduce(0, +) }
  /// The number of a cell's first user.
  public func firstUser(of cell: Int) -> Int { users[..<cell].reduce(0, +) }
  /// The numbers of a cell's users.
  public func range(of cell: Int) -> Range<Int> {
    let first = firstUser(of: cell)
    return first..<first + users[cell]
  }
  /// The cell of every user. `[U]`
  public var cellsOfUsers: [Int] { users.indices.flatMap { Array(repeating: $0, count: users[$0]) } }
  /// a from one base station to users in a cell.
  public func linkGain(from sender: Int, to cell: Int) -> Double { linkGains[sender * cells + cell] }

  /// What makes the network impossible, in one sentence; nil if nothing does.
  public var contradiction: String? {
    if users.isEmpty || antennas.count != cells || linkGains.count != cells * cells {
      return "\(users.count) numbers of users, \(antennas.count) numbers of antennas and \(linkGains.count) link gains do not describe one network"
    }
    if frequencies < 1 { return "\(frequencies) frequency channels: at least one is needed" }
    if let cell = users.firstIndex(where: { $0 < 1 }) { return "cell \(cell) has \(users[cell]) users: at least one is needed" }
    if let cell = users.indices.first(where: { users[$0] > antennas[$0] }) {
      return "\(antennas[cell]) antennas cannot serve \(users[cell]) users of cell \(cell) at once by zero-forcing: lower users, or rotate them"
    }
    if let gain = linkGains.first(where: { !($0 >= 0 && $0.isFinite) }) { return "a link gain of \(gain) is no power ratio" }
    if let cell = users.indices.first(where: { linkGain(from: $0, to: $0) == 0 }) { return "the link gain within cell \(cell) is zero" }
    return noise > 0 && noise.isFinite ? nil : "a noise power of \(noise) is not positive"
  }

  /// The users that a cell serves in a block where it has more of them than antennas: min(U_b, M_b) of them, in turn.
  ///
  /// Round-robin: block t begins with user t M_b mod U_b, so that over U_b blocks everybody is served equally often.
  public static func rotation(users: Int, antennas: Int, block: Int) -> [Int] {
    let count = min(users, antennas)
    return (0..<count).map { (block * count + $0) % users }
  }
}
