/// What the actions of all pairs give to everybody in one slot.
///
/// Arrays of `[N, s]` have a place for each block of the largest sets; places that a smaller set leaves unused are zero.
public struct UnderlayOutcome: Hashable, Sendable {
  /// SINR of the cellular users (eq. 1), linear. `[K]`
  public var cellularSINR: [Float]
  /// Their rates (eq. 3 without the bandwidth), bit/s/Hz. `[K]`
  public var cellularRates: [Float]
  /// SINR of the pairs on each of their blocks (eq. 2), linear. `[N, s]`
  public var pairSINR: [Float]
  /// Their rates there, log₂(1 + SINR). `[N, s]`
  public var blockRates: [Float]
  /// Their rates over all their blocks (eq. 4 without the bandwidth), bit/s/Hz. `[N]`
  public var pairRates: [Float]
  /// Power of the base station and of other pairs on each block of a pair at its receiver, without noise, in watts. `[N, s]`
  public var blockInterference: [Float]
  /// Its mean over the blocks of the pair. `[N]`
  public var interference: [Float]
  /// The rewards (eqs. 5-7). `[N]`
  public var rewards: [Float]
  /// Cellular users in outage.
  public var cellularOutages = 0
  /// Pairs in outage: their mean rate over their blocks is below log₂(1 + threshold); with one block, their SINR is below the threshold.
  public var pairOutages = 0
  /// Blocks that at least one pair uses.
  public var blocksUsed = 0

  var cellularSignal: [Float]
  var cellularInterference: [Float]
  var signal: [Float]
  /// Who sends on each block: pairs in order of block and then of number, the place of that block in `[N, s]`, the part of P_d there,
  /// and where each block's begin.
  var members: [Int32]
  var places: [Int32]
  var shares: [Float]
  var starts: [Int32]

  public init(pairs: Int, blocks: Int, blocksPerSet: Int = 1) {
    cellularSINR = Array(repeating: 0, count: blocks)
    cellularRates = cellularSINR
    cellularSignal = cellularSINR
    cellularInterference = cellularSINR
    pairSINR = Array(repeating: 0, count: pairs * blocksPerSet)
    blockRates = pairSINR
    blockInterference = pairSINR
    signal = pairSINR
    shares = pairSINR
    pairRates = Array(repeating: 0, count: pairs)
    interference = pairRates
    rewards = pairRates
    members = Array(repeating: 0, count: pairs * blocksPerSet)
    places = members
    starts = Array(repeating: 0, count: blocks + 1)
  }
}
