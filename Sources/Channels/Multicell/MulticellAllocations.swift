import Tensor

/// How powers are chosen at random, user by user.
public enum RandomAllocation: String, Sendable, CaseIterable {
  /// A uniform number of (0, 1) for each frequency, scaled so that the budget is spent.
  case uniform
  /// A uniform number of (0, 1) times P / N_f for each frequency: about half of the budget is spent.
  case unscaled
  /// Uniform among all divisions of the budget: exponential numbers, scaled.
  case dirichlet
  /// The whole budget on one frequency.
  case oneFrequency
}

/// Allocations that need no game: at random, water-filling that ignores interference, and a fixed split of the frequencies.
///
/// Memory for the networks of some gains; after the making nothing is allocated.
public struct MulticellAllocations: Sendable {
  private let lanes: NetworkLanes
  private let frequencies: Int
  private let users: Int
  private let noise: Float
  /// The cell that a frequency belongs to in a fixed split is f mod B; of each user whether it is that cell's. `[N_f, U]`
  private let isOwn: [Bool]
  private var filling: LaneWaterFilling
  private var levels: [Float]
  private var numbers: [Float]

  public init(_ gains: MulticellGains) {
    let network = gains.network
    (lanes, frequencies, users, noise) = (gains.lanes, network.frequencies, network.totalUsers, Float(network.noise))
    let cells = network.cellsOfUsers
    isOwn = (0..<network.frequencies).flatMap { f in cells.map { f % network.cells == $0 } }
    filling = LaneWaterFilling(frequencies: frequencies, users: users)
    levels = Array(repeating: 0, count: frequencies * users * NetworkLanes.width)
    numbers = Array(repeating: 0, count: users * frequencies)
  }

  /// Draws the powers of all networks.
  ///
  /// - Parameters:
  ///   - allocation: The law of each user's powers.
  ///   - powers: Receives p; the budgets stay.
  ///   - step: Which numbers of the streams.
  ///   - streams: The stream of each network; the step is that of the draw.
  public mutating func draw(
    _ allocation: RandomAllocation = .uniform, into powers: inout MulticellPowers, step: Int = 0, streams: (_ network: Int) -> RandomStream
  ) {
    check(powers)
    for network in 0..<lanes.count {
      streams(network).fill(&numbers, with: allocation == .dirichlet ? .exponential : .uniform, step: step)
      for user in 0..<users {
        let first = user * frequencies
        let budget = powers.budget(network: network, user: user)
        var sum: Float = 0
        for f in 0..<frequencies { sum += numbers[first + f] }
        let factor = allocation == .unscaled ? budget / Float(frequencies) : budget / sum
        // The whole part of the first number, which is below one, times N_f.
        let single = Int(numbers[first] * Float(frequencies))
        for f in 0..<frequencies {
          let power = allocation == .oneFrequency ? (f == single ? budget : 0) : factor * numbers[first + f]
          powers[network: network, frequency: f, user: user] = power
        }
      }
    }
  }

  /// Selfish single-user water-filling: over σ² / g, as if nobody interfered.
  public mutating func fillSelfishly(_ powers: inout MulticellPowers, in gains: MulticellGains) { fill(&powers, gains, split: false) }

  /// A fixed orthogonal split: frequency f belongs to cell f mod B, whose users fill their cell's frequencies over σ² / g.
  ///
  /// - Precondition: There are at least as many frequencies as cells.
  public mutating func fillOrthogonally(_ powers: inout MulticellPowers, in gains: MulticellGains) {
    precondition(
      frequencies >= gains.network.cells, "MulticellAllocations.fillOrthogonally: \(frequencies) frequencies for \(gains.network.cells) cells")
    fill(&powers, gains, split: true)
  }

  private mutating func fill(_ powers: inout MulticellPowers, _ gains: MulticellGains, split: Bool) {
    check(powers)
    let (width, size) = (NetworkLanes.width, levels.count)
    // So far above all others that no water reaches it, and finite, so that sums of levels are.
    let shut: Float = 1e30
    for group in 0..<lanes.groups {
      let source = lanes.gainGroup(of: group) * size
      for place in 0..<frequencies * users {
        let isOpen = !split || isOwn[place]
        for lane in 0..<width {
          levels[place * width + lane] = isOpen ? noise * gains.inverseOwn[source + place * width + lane] : shut
        }
      }
      MulticellAllocations.fill(&filling, levels, &powers, group: group)
    }
  }

  private static func fill(_ filling: inout LaneWaterFilling, _ levels: [Float], _ powers: inout MulticellPowers, group: Int) {
    let width = NetworkLanes.width
    let (size, row) = (levels.count, powers.users * width)
    unsafe levels.withUnsafeBufferPointer { levels in
      unsafe powers.withPowersAndBudgets { p, budgets in
        unsafe filling.fill(levels.baseAddress!, budgets.baseAddress! + group * row, into: p.baseAddress! + group * size)
      }
    }
  }

  private func check(_ powers: MulticellPowers) {
    precondition(
      powers.lanes == lanes && powers.users == users && powers.frequencies == frequencies, "MulticellAllocations: powers of other networks")
  }
}
