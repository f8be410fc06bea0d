import Tensor

/// Small cells whose users offload computing tasks to the servers of their base stations: the numbers that the physics depends on.
///
/// M small-cell base stations (SBSs) share K channels; SBS m serves N_m users (UEs), each with a task in every slot, of which it may send a part to
/// the SBS on one channel of its own. The defaults are those of Huang, Leng, Maharjan and Zhang, "Multi-agent deep reinforcement learning for
/// computation offloading and interference coordination in small cell networks" (IEEE Transactions on Vehicular Technology, 2021), section V-A, with a
/// choice for what the paper leaves open. Arrays over users have N places for every cell, N being the greatest N_m.
public struct OffloadingCells: Hashable, Sendable {
  /// Small-scale fading.
  public enum Fading: String, CaseIterable, Sendable {
    /// Rayleigh, drawn anew for every slot, link and channel.
    case rayleigh
    /// Every gain stays at its large-scale value.
    case none
  }

  /// When users get new tasks.
  public enum TaskRenewal: String, CaseIterable, Sendable {
    case everySlot
    case everyEpisode
  }

  /// Small cells: M.
  public var cells = 6
  /// Users of a cell: N_m, for all or for each cell.
  public var usersPerCell = PerCell(10)
  /// Channels that all cells reuse: K.
  public var channels = 16

  /// Sides of the rectangle in which SBSs are placed.
  public var areaWidthMeters = 1500.0
  public var areaHeightMeters = 1000.0
  /// Radius of a cell. Cells may overlap, and users may be outside the rectangle.
  public var radiusMeters = 250.0
  /// Least distance of a user from its SBS; shorter links to other SBSs count as this long.
  public var minimumDistanceMeters = 10.0
  /// Least distance between two SBSs.
  public var minimumSeparationMeters = 0.0

  /// Loss of every link at one kilometre.
  public var lossAtOneKilometerDB = 137.74
  /// Its additional loss for each factor of ten in distance.
  public var lossPerDecadeDB = 35.22
  /// Small-scale fading.
  public var fading = Fading.rayleigh

  /// Bandwidth of a channel: B.
  public var channelBandwidthHertz = 10e6
  /// Thermal noise in one hertz: N₀.
  public var noiseDensityDBmPerHertz = -174.0
  /// Greatest power of a user: P^max.
  public var userPowerDBm = PerCell(23.0)

  /// Range of the size of a task, uniform: d.
  public var leastTaskKilobytes = 200.0
  public var greatestTaskKilobytes = 300.0
  /// Bytes of a kilobyte.
  public var bytesPerKilobyte = 1000.0
  /// Range of the work of a task, uniform and independent of its size: ω / d.
  public var leastCyclesPerBit = 500.0
  public var greatestCyclesPerBit = 1000.0
  /// When users get new tasks.
  public var tasks = TaskRenewal.everySlot
  /// The deadline of a task in parts of the time that its user needs for it alone.
  public var deadlineFraction = 0.9

  /// Computing speed of a user: C.
  public var userGigahertz = PerCell(1.0)
  /// Computing speed of a server: C̄.
  public var serverGigahertz = PerCell(50.0)
  /// Energy of a user's computing: ε.
  public var userJoulesPerGigacycle = PerCell(1.0)
  /// Energy of a server's computing: ε̄.
  public var serverJoulesPerGigacycle = PerCell(0.01)

  /// What a task that meets its deadline counts: β of eq. 13.
  public var deadlineReward = 1.0
  /// A task that is late by no more than this meets its deadline.
  public var deadlineToleranceSeconds = 1e-9
  /// A transmission that takes longer is cut off there; it costs the energy until then. Zero: it never is.
  public var transmissionLimitSeconds = 10.0

  public init() {}

  /// The greatest number of users of a cell, and so the places that every cell has in arrays over users: N.
  public var users: Int { usersPerCell.values.max() ?? 0 }

  /// All users: Σ N_m.
  public var totalUsers: Int { exists.count { $0 } }

  /// Which of the places for users are taken. `[M, N]`
  public var exists: [Bool] {
    let counts = usersPerCell.values
    return (0..<cells * users).map { $0 % users < counts[counts.count == 1 ? 0 : $0 / users] }
  }

  /// The noise power in a channel: N₀ B.
  public var noise: Watts {
    Watts(ThermalNoise(densityPerHertz: PowerDBm(noiseDensityDBmPerHertz), figure: Decibels(0)).power(in: Hertz(channelBandwidthHertz)))
  }

  /// The model of every link.
  public var pathLoss: MacroPathLoss {
    MacroPathLoss(lossAtOneKilometer: Decibels(lossAtOneKilometerDB), lossPerDecade: Decibels(lossPerDecadeDB))
  }

  /// Where SBSs stand.
  public var area: Rectangle {
    Rectangle(
      center: Position(x: areaWidthMeters / 2, y: areaHeightMeters / 2), width: Meters(areaWidthMeters), height: Meters(areaHeightMeters))
  }

  /// Sizes of tasks in bits.
  public var taskBits: ClosedRange<Double> { leastTaskKilobytes * bytesPerKilobyte * 8...greatestTaskKilobytes * bytesPerKilobyte * 8 }
  /// Work of tasks in cycles.
  public var taskCycles: ClosedRange<Double> { taskBits.lowerBound * leastCyclesPerBit...taskBits.upperBound * greatestCyclesPerBit }

  /// What cannot be computed with these numbers, in one sentence; nil if there is nothing.
  public var contradiction: String? {
    if cells < 1 || channels < 1 || users < 1 || usersPerCell.values.contains(where: { $0 < 0 }) {
      return "there must be cells, channels and users, not \(cells), \(channels) and \(usersPerCell.values)"
    }
    if cells * users > 65_536 { return "\(cells) cells of \(users) users are more than 65536 users" }
    if ![1, cells].contains(usersPerCell.values.count) { return "\(usersPerCell.values.count) numbers of users for \(cells) cells" }
    for (name, values) in [
      ("userPowerDBm", userPowerDBm), ("userGigahertz", userGigahertz), ("serverGigahertz", serverGigahertz),
      ("userJoulesPerGigacycle", userJoulesPerGigacycle), ("serverJoulesPerGigacycle", serverJoulesPerGigacycle),
    ] where !values.fits(cells: cells, users: users) {
      return "\(values.values.count) values of \(name) for \(cells) cells of \(users) users: give one, one for each cell or one for each user"
    }
    if minimumDistanceMeters >= radiusMeters {
      return "the least distance of a user from its SBS (\(minimumDistanceMeters) m) must be below the radius of a cell (\(radiusMeters) m)"
    }
    if leastTaskKilobytes > greatestTaskKilobytes || leastCyclesPerBit > greatestCyclesPerBit {
      return "the least size and work of a task must not be above the greatest: \(leastTaskKilobytes) and \(greatestTaskKilobytes) KB, "
        + "\(leastCyclesPerBit) and \(greatestCyclesPerBit) cycles/bit"
    }
    return nil
  }
}
