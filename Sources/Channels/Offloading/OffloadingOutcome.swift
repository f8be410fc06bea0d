/// What one slot of offloading gives to everybody. Times in seconds, energies in joules; all zero where there is no user.
public struct OffloadingOutcome: Hashable, Sendable {
  /// SINR of each user at its SBS, linear; zero for who does not send. `[M, N]`
  public var sinr: [Double]
  /// Rates in bit/s: U (eq. 2). `[M, N]`
  public var rates: [Double]
  /// LocT (eq. 3). `[M, N]`
  public var localTimes: [Double]
  /// OffT of transmission (eq. 5), cut off at the limit. `[M, N]`
  public var transmissionTimes: [Double]
  /// OffT of the server's work (eq. 7). `[M, N]`
  public var serverTimes: [Double]
  /// max(LocT, OffT). `[M, N]`
  public var delays: [Double]
  /// T̃ − max(LocT, OffT). `[M, N]`
  public var slacks: [Double]
  /// LocE (eq. 4). `[M, N]`
  public var localEnergies: [Double]
  /// OffE of transmission (eq. 6). `[M, N]`
  public var transmissionEnergies: [Double]
  /// OffE of the server's work (eq. 8). `[M, N]`
  public var serverEnergies: [Double]
  /// V (eq. 13). `[M, N]`
  public var values: [Double]
  /// −LocE − OffE + V. `[M, N]`
  public var rewards: [Double]
  /// Whether the delay is within the deadline. `[M, N]`
  public var isInTime: [Bool]
  /// What each SBS receives from the users of other cells on each channel, without noise, in watts: I. `[M, K]`
  public var interference: [Double]
  /// Sums of the rewards of each cell. `[M]`
  public var cellRewards: [Double]
  /// The same with V not below the penalty cap. `[M]`
  public var cappedCellRewards: [Double]
  /// Sums over all users.
  public var systemReward = 0.0
  public var localEnergy = 0.0
  public var transmissionEnergy = 0.0
  public var serverEnergy = 0.0
  public var offloaded = 0.0
  /// Users within their deadlines.
  public var inTime = 0

  public init(cells: Int, users: Int, channels: Int) {
    sinr = Array(repeating: 0, count: cells * users)
    rates = sinr
    localTimes = sinr
    transmissionTimes = sinr
    serverTimes = sinr
    delays = sinr
    slacks = sinr
    localEnergies = sinr
    transmissionEnergies = sinr
    serverEnergies = sinr
    values = sinr
    rewards = sinr
    isInTime = Array(repeating: false, count: cells * users)
    interference = Array(repeating: 0, count: cells * channels)
    cellRewards = Array(repeating: 0, count: cells)
    cappedCellRewards = cellRewards
  }

  /// OffT (eq. 9). `[M, N]`
  public var offloadingTimes: [Double] { zip(transmissionTimes, serverTimes).map { $0 + $1 } }
  /// The energy of all users.
  public var energy: Double { localEnergy + transmissionEnergy + serverEnergy }
}
