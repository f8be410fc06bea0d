/// What a pair may choose in one slot (section III-A): one of α sets of blocks and one of β power levels.
///
/// The sets are all subsets of 1 up to s of the K blocks, by size and then in lexicographic order, so that with s = 1 set k is block k. Level l of
/// β sends P_d (l + 1) / β, spread equally over the blocks of the set. Action = set · β + level.
public struct UnderlayActions: Hashable, Sendable {
  /// K
  public let blocks: Int
  /// Blocks of the largest sets: s.
  public let blocksPerSet: Int
  /// β
  public let powerLevels: Int
  /// α
  public let sets: Int
  /// αβ
  public var count: Int { sets * powerLevels }

  /// Whether an action is nothing but its block: no sets of several and one power level.
  var areBlocks: Bool { blocksPerSet == 1 && powerLevels == 1 }

  /// The blocks of each action in rising order, −1 behind the last. `[αβ, s]`
  public let members: [Int32]
  /// How many they are. `[αβ]`
  public let sizes: [Int32]
  /// The part of P_d that each of them gets. `[αβ]`
  public let shares: [Float]

  /// The number of sets: Σ_{j=1}^{s} (K over j).
  public static func setCount(blocks: Int, blocksPerSet: Int) -> Int {
    var sets = 0
    var ofSize = 1
    for size in 0..<min(blocksPerSet, blocks) {
      ofSize = ofSize * (blocks - size) / (size + 1)
      sets += ofSize
    }
    return sets
  }

  /// - Precondition: 1 ≤ s ≤ 3, s ≤ K and at least one level.
  /// - Complexity: O(αβ s)
  public init(blocks: Int, blocksPerSet: Int = 1, powerLevels: Int = 1) {
    precondition(
      blocks > 0 && 1...3 ~= blocksPerSet && blocksPerSet <= blocks && powerLevels > 0,
      "UnderlayActions: sets of up to \(blocksPerSet) of \(blocks) blocks at \(powerLevels) power levels")
    self.blocks = blocks
    self.blocksPerSet = blocksPerSet
    self.powerLevels = powerLevels
    var subsets: [[Int]] = []
    for size in 1...blocksPerSet {
      var subset = Array(0..<size)
      while true {
        subsets.append(subset)
        // The last block that can still rise does, and those behind it follow it closely.
        guard let place = subset.indices.last(where: { subset[$0] < blocks - size + $0 }) else { break }
        subset[place] += 1
        for later in place + 1..<max(size, place + 1) { subset[later] = subset[later - 1] + 1 }
      }
    }
    sets = subsets.count
    var members: [Int32] = []
    var sizes: [Int32] = []
    var shares: [Float] = []
    for subset in subsets {
      for level in 0..<powerLevels {
        for place in 0..<blocksPerSet { members.append(place < subset.count ? Int32(subset[place]) : -1) }
        sizes.append(Int32(subset.count))
        shares.append(Float(Double(level + 1) / Double(powerLevels) / Double(subset.count)))
      }
    }
    self.members = members
    self.sizes = sizes
    self.shares = shares
  }

  /// The blocks that an action sends on, in rising order.
  public func blocks(of action: Int) -> [Int] { (0..<Int(sizes[action])).map { Int(members[action * blocksPerSet + $0]) } }

  /// The part of P_d that it puts on each of them.
  public func share(of action: Int) -> Float { shares[action] }

  /// The action that puts the whole power on one block.
  public func alone(on block: Int) -> Int { block * powerLevels + powerLevels - 1 }
}
