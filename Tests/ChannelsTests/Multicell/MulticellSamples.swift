import Channels
import Tensor

/// Networks for tests, and the game computed slowly in double precision, user by user, as the paper writes it.
enum MulticellSamples {
  /// Vectors A (strong) and B (weak): two cells of one user each, two channels, σ² = 0.1.
  static func pair(weak: Bool) -> MulticellGains {
    let network = MulticellNetwork(users: [1, 1], antennas: [1, 1], frequencies: 2, linkGains: [1, 1, 1, 1], noise: 0.1)
    let own = [[1.0, 0.5], [0.8, 1.2]]
    let cross = [[0.5, 0.2], [0.3, 0.6]].map { $0.map { weak ? $0 / 10 : $0 } }
    return MulticellGains(
      network, lanes: NetworkLanes(realizations: 1), own: { _, f, user in own[user][f] }, cross: { _, f, sender, _ in cross[sender][f] })
  }

  static func set(_ powers: inout MulticellPowers, _ values: [[Double]], network: Int = 0) {
    for (user, row) in values.enumerated() {
      for (f, value) in row.enumerated() { powers[network: network, frequency: f, user: user] = Float(value) }
    }
  }

  static func get(_ powers: MulticellPowers, network: Int = 0) -> [[Double]] {
    (0..<powers.users).map { user in (0..<powers.frequencies).map { Double(powers[network: network, frequency: $0, user: user]) } }
  }

  /// The greatest distance of two tables.
  static func distance(_ a: [[Double]], _ b: [[Double]]) -> Double { zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? 0 }

  /// The water level by trying every number of channels below water, with the powers.
  static func fill(_ levels: [Double], _ budget: Double) -> (water: Double, powers: [Double]) {
    let sorted = levels.sorted()
    var water = 0.0
    for k in 1...levels.count {
      let level = (budget + sorted[..<k].reduce(0, +)) / Double(k)
      if k == 1 || sorted[k - 1] < level { water = level }
    }
    return (water, levels.map { max(0, water - $0) })
  }

  /// c of eq. (7). `[user][frequency]`
  static func interference(_ gains: MulticellGains, _ powers: [[Double]], realization: Int = 0) -> [[Double]] {
    let cells = gains.network.cellsOfUsers
    return cells.indices.map { user in
      (0..<gains.network.frequencies).map { f in
        var sum = gains.network.noise
        for sender in cells.indices where cells[sender] != cells[user] {
          sum += powers[sender][f] * gains.cross(realization: realization, frequency: f, from: sender, to: user)
        }
        return sum / gains.own(realization: realization, frequency: f, user: user)
      }
    }
  }

  static func move(_ gains: MulticellGains, _ powers: [[Double]], budget: Double, realization: Int = 0) -> [[Double]] {
    let c = interference(gains, powers, realization: realization)
    return c.indices.map { user in
      let levels = c[user].indices.map { f -> Double in
        let (c, p) = (c[user][f], powers[user][f])
        let phi = -(c / (2 * c + p)).squareRoot()
        return (c * c + phi * p * p) / (c - phi * p)
      }
      return fill(levels, budget).powers
    }
  }

  static func rates(_ gains: MulticellGains, _ powers: [[Double]], realization: Int = 0) -> [Double] {
    let c = interference(gains, powers, realization: realization)
    return c.indices.map { user in c[user].indices.reduce(0) { $0 + Math.log2(1 + powers[user][$1] / c[user][$1]) } }
  }

  /// Two, three and four users of cells with different antennas, five channels, of which one pair of cells does not interfere.
  static let uneven = MulticellNetwork(
    users: [2, 3, 4], antennas: [4, 3, 8], frequencies: 5, linkGains: [1, 0.7, 0.2, 0.5, 2, 0, 0.3, 0.4, 1])

  static let usual = MulticellNetwork(cells: 3, users: 4, antennas: 8, frequencies: 6, sirDB: 0)

  static func random(_ gains: MulticellGains, budget: Double, seed: UInt64, first: Int = 0) -> MulticellPowers {
    var powers = MulticellPowers(gains, budget: budget)
    var allocations = MulticellAllocations(gains)
    allocations.draw(into: &powers) { RandomStream(seed: seed, purpose: .environment, index: first + $0) }
    return powers
  }
}
