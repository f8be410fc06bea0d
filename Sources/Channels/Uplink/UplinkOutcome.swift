/// What came of one allocation in one millisecond.
public struct UplinkOutcome: Sendable, Hashable {
  /// γ of each user's link. `[I]`
  public internal(set) var ratios: [Double]
  /// Whether it exceeds γ_min. `[I]`
  public internal(set) var isMet: [Bool]
  /// Whether the user has its subchannel to itself. `[I]`
  public internal(set) var isAlone: [Bool]
  /// What the user's link counts if it is alone, in Mbit/J. `[I]`
  public internal(set) var efficiencies: [Double]
  /// Users on each subchannel. `[N]`
  public internal(set) var occupancy: [Int32]
  /// I^suc of eq. 6: users that are alone.
  public internal(set) var freeUsers = 0
  /// Users that are alone and exceed γ_min: those whose β of eq. 20 grows.
  public internal(set) var servedUsers = 0
  /// Σ u over users that are alone, in Mbit/J.
  public internal(set) var sumEfficiency = 0.0
  /// r of eqs. 6 and 7.
  public internal(set) var reward = 0.0

  init(users: Int, subchannels: Int) {
    ratios = Array(repeating: 0, count: users)
    isMet = Array(repeating: false, count: users)
    isAlone = isMet
    efficiencies = ratios
    occupancy = Array(repeating: 0, count: subchannels)
  }

  /// Whether no two users collide.
  public var isFree: Bool { freeUsers == isAlone.count }
}
