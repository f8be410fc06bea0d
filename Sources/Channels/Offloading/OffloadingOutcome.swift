/// What one slot of offloading gives to one user. Times in seconds, energies in joules.
public struct OffloadingUserOutcome: Hashable, Sendable {
  /// SINR at its SBS, linear; zero if it does not send.
  public var sinr = 0.0
  /// Rate in bit/s: U (eq. 2).
  public var rate = 0.0
  /// LocT (eq. 3)
  public var localTime = 0.0
  /// OffT of transmission (eq. 5), cut off at the limit.
  public var transmissionTime = 0.0
  /// OffT of the server's work (eq. 7).
  public var serverTime = 0.0
  /// T̃ − max(LocT, OffT)
  public var slack = 0.0
  /// LocE (eq. 4)
  public var localEnergy = 0.0
  /// OffE of transmission (eq. 6).
  public var transmissionEnergy = 0.0
  /// OffE of the server's work (eq. 8).
  public var serverEnergy = 0.0
  /// V (eq. 13)
  public var value = 0.0
  /// Whether the delay is within the deadline.
  public var isInTime = false

  public init() {}

  /// OffT (eq. 9)
  public var offloadingTime: Double { transmissionTime + serverTime }
  /// max(LocT, OffT)
  public var delay: Double { max(localTime, offloadingTime) }
  /// LocE + OffE (eq. 10)
  public var energy: Double { localEnergy + (transmissionEnergy + serverEnergy) }
  /// −LocE − OffE + V, its part of eq. 12.
  public var reward: Double { value - energy }
}

/// What one slot of offloading gives to everybody.
public struct OffloadingOutcome: Hashable, Sendable {
  /// All zero where there is no user. `[M, N]`
  public var users: [OffloadingUserOutcome]
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
    self.users = Array(repeating: OffloadingUserOutcome(), count: cells * users)
    interference = Array(repeating: 0, count: cells * channels)
    cellRewards = Array(repeating: 0, count: cells)
    cappedCellRewards = cellRewards
  }

  /// The energy of all users.
  public var energy: Double { localEnergy + transmissionEnergy + serverEnergy }
}
