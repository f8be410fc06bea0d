import Tensor

/// The best division of a power budget over parallel channels, exact by sorting.
///
/// Maximise Σ_i ln(1 + p_i / n_i) subject to Σ p_i = P and p_i ≥ 0, where n_i is the noise and interference of channel i over its gain:
/// p_i = max(0, w − n_i) with the water level w that spends the budget (Cover and Thomas, Elements of Information Theory, 9.4). With k the
/// number of channels below water, w = (P + Σ_{i ≤ k} n_(i)) / k over the sorted levels.
///
/// Levels may be negative (as those of Ren and Wong's forward-looking water-filling are); the formula is the same. A level of +∞, or a gain
/// of zero, is a channel that cannot be used. If none can, nothing is spent and the water level is +∞; a NaN or −∞ among the levels makes
/// the whole result NaN. Powers are found relative to the lowest level, so that they keep their digits when the levels are far above P.
///
/// A value of this type is scratch memory: it grows to the largest problem and is kept for the next; then nothing is allocated.
public struct WaterFilling: Sendable {
  private var levels: [Double] = []
  private var keys: [Double] = []
  private var edges: [Edge] = []
  private var tilts: [Tilt] = []

  public init() {}

  /// Fills channels of given levels.
  ///
  /// - Parameters:
  ///   - levels: n_i, noise and interference over gain. `[n]`
  ///   - budget: P, finite and not negative.
  ///   - powers: Receives p_i. `[n]`
  /// - Returns: The water level w.
  /// - Complexity: O(n log n)
  @discardableResult
  public mutating func fill(levels: Span<Double>, budget: Double, into powers: inout MutableSpan<Double>) -> Double {
    precondition(levels.count == powers.count, "WaterFilling.fill: \(levels.count) levels into \(powers.count) powers")
    return WaterFilling.fill(levels, from: 0, count: levels.count, budget: budget, into: &powers, &keys)
  }

  /// Fills channels of given gains: n_i = 1 / g_i, which maximises Σ log₂(1 + g_i p_i).
  ///
  /// - Parameters:
  ///   - gains: g_i, not negative. `[n]`
  ///   - budget: P, finite and not negative.
  ///   - powers: Receives p_i. `[n]`
  /// - Returns: The water level w.
  @discardableResult
  public mutating func fill(gains: Span<Double>, budget: Double, into powers: inout MutableSpan<Double>) -> Double {
    precondition(gains.count == powers.count, "WaterFilling.fill: \(gains.count) gains into \(powers.count) powers")
    if levels.count < gains.count { levels = Array(repeating: 0, count: gains.count) }
    for i in gains.indices { levels[i] = WaterFilling.level(ofGain: gains[i]) }
    let levels = levels
    return WaterFilling.fill(levels.span, from: 0, count: gains.count, budget: budget, into: &powers, &keys)
  }

  /// Fills many sets of channels, each with a budget of its own; every one has the bits that it has alone.
  ///
  /// - Parameters:
  ///   - levels: n_i. `[E, n]`
  ///   - budgets: P, finite and not negative. `[E]`
  ///   - powers: Receives p_i. `[E, n]`
  ///   - waterLevels: Receives w. `[E]`
  /// - Complexity: O(E n log n)
  public mutating func fill(
    levels: Span<Double>, budgets: Span<Double>, into powers: inout MutableSpan<Double>, waterLevels: inout MutableSpan<Double>
  ) {
    let sets = budgets.count
    precondition(
      levels.count == powers.count && waterLevels.count == sets && (sets > 0 ? levels.count % sets == 0 : levels.isEmpty),
      "WaterFilling.fill: \(levels.count) levels and \(sets) budgets into \(powers.count) powers and \(waterLevels.count) water levels")
    let count = sets > 0 ? levels.count / sets : 0
    for set in 0..<sets {
      waterLevels[set] = WaterFilling.fill(levels, from: set * count, count: count, budget: budgets[set], into: &powers, &keys)
    }
  }

  /// The level of a gain: 1 / g, +∞ for 0.
  private static func level(ofGain gain: Double) -> Double {
    precondition(!(gain < 0), "WaterFilling.fill: a gain of \(gain)")
    return gain == 0 ? .infinity : 1 / gain
  }

  private static func check(budget: Double) {
    precondition(budget >= 0 && budget.isFinite, "WaterFilling.fill: a budget of \(budget)")
  }

  private static func fill(
    _ levels: Span<Double>, from origin: Int, count: Int, budget: Double, into powers: inout MutableSpan<Double>, _ keys: inout [Double]
  ) -> Double {
    check(budget: budget)
    if keys.count < count { keys = Array(repeating: 0, count: count) }
    var lowest = Double.infinity
    var isBroken = false
    for i in origin..<origin + count {
      let level = levels[i]
      lowest = level < lowest ? level : lowest
      isBroken = isBroken || level.isNaN
    }
    if isBroken || !(lowest.isFinite) {
      let power = isBroken || lowest < 0 ? Double.nan : 0
      for i in origin..<origin + count { powers[i] = power }
      return isBroken || lowest < 0 ? .nan : .infinity
    }
    let usable = gather(levels, from: origin, count: count, above: lowest, &keys)
    sortInPlace(&keys, count: usable)
    let water = height(keys.span, count: usable, budget: budget)
    for i in origin..<origin + count {
      let power = water - (levels[i] - lowest)
      powers[i] = power > 0 ? power : 0
    }
    return lowest + water
  }

  /// How far the finite levels lie above the lowest. Returns their number.
  private static func gather(_ levels: Span<Double>, from origin: Int, count: Int, above lowest: Double, _ keys: inout [Double]) -> Int {
    var keys = keys.mutableSpan
    var usable = 0
    for i in origin..<origin + count {
      let level = levels[i]
      keys[usable] = level - lowest
      usable += level < .infinity ? 1 : 0
    }
    return usable
  }

  /// The water above the lowest of at least one level, given as sorted distances from it.
  private static func height(_ sorted: Span<Double>, count: Int, budget: Double) -> Double {
    var sum = 0.0
    var water = budget
    for k in 1..<max(count, 1) {
      // Level k is dry if the k levels below it already hold the budget: water ≤ level.
      if sorted[k] * Double(k) - sum >= budget { break }
      sum += sorted[k]
      water = (budget + sum) / Double(k + 1)
    }
    return water
  }
}

extension WaterFilling {
  /// Where the power of a channel begins to rise with the water, or stops.
  fileprivate struct Edge: Comparable, Sendable {
    var height: Double
    var channel: Int32
    var isCap: Bool

    static func < (a: Edge, b: Edge) -> Bool {
      if a.height != b.height { return a.height < b.height }
      if a.channel != b.channel { return a.channel < b.channel }
      return !a.isCap && b.isCap
    }
  }

  /// A channel seen from the lowest edge: its power is weight · (height − start) between `start` and `end`, where it is the cap.
  fileprivate struct Tilt: Sendable {
    var channel: Int
    var weight: Double
    var cap: Double
    var start: Double
    var end: Double
  }

  /// Fills weighted and capped channels: maximise Σ_i u_i ln(1 + p_i / n_i) subject to Σ p_i = P and 0 ≤ p_i ≤ c_i.
  ///
  /// p_i = min(c_i, max(0, w u_i − n_i)): total power is piecewise linear in w, with edges at n_i / u_i and (n_i + c_i) / u_i, which are sorted.
  /// Channels of weight or cap zero receive nothing. If the caps of all usable channels sum to less than P, each receives its cap and w is +∞.
  ///
  /// - Parameters:
  ///   - levels: n_i, noise and interference over gain. `[n]`
  ///   - weights: u_i, finite and not negative; nil for 1. `[n]`
  ///   - caps: c_i, not negative, +∞ for none; nil for none. `[n]`
  ///   - budget: P, finite and not negative.
  ///   - powers: Receives p_i. `[n]`
  /// - Returns: The water level w: 1 / w is the gain of the objective for a further watt.
  /// - Complexity: O(n log n)
  @discardableResult
  public mutating func fill(
    levels: Span<Double>, weights: Span<Double>?, caps: Span<Double>?, budget: Double, into powers: inout MutableSpan<Double>
  ) -> Double {
    let count = levels.count
    precondition(
      powers.count == count && (weights?.count ?? count) == count && (caps?.count ?? count) == count,
      "WaterFilling.fill: \(count) levels, \(weights?.count ?? count) weights, \(caps?.count ?? count) caps into \(powers.count) powers")
    WaterFilling.check(budget: budget)
    let nothing = Tilt(channel: 0, weight: 0, cap: 0, start: 0, end: 0)
    if tilts.count < count {
      tilts = Array(repeating: nothing, count: count)
      edges = Array(repeating: Edge(height: 0, channel: 0, isCap: false), count: 2 * count)
    }
    var usable = 0
    var lowest = Double.infinity
    for i in 0..<count {
      let (level, weight, cap) = (levels[i], weights?[i] ?? 1, caps?[i] ?? .infinity)
      precondition(weight >= 0 && weight.isFinite && cap >= 0, "WaterFilling.fill: weight \(weight) and cap \(cap) of channel \(i)")
      if level.isNaN || level == -.infinity {
        for j in 0..<count { powers[j] = .nan }
        return .nan
      }
      powers[i] = 0
      if level < .infinity && weight > 0 && cap > 0 {
        tilts[usable] = Tilt(channel: i, weight: weight, cap: cap, start: 0, end: 0)
        lowest = min(lowest, level / weight)
        usable += 1
      }
    }
    if usable == 0 { return .infinity }
    var edgeCount = 0
    for j in 0..<usable {
      let (weight, cap) = (tilts[j].weight, tilts[j].cap)
      let offset = max(0, levels[tilts[j].channel] - lowest * weight)
      // A cap that is lost in rounding beside the level still ends above its start, or it would be spent without a look at the budget.
      let start = offset / weight
      (tilts[j].start, tilts[j].end) = (start, max((offset + cap) / weight, start.nextUp))
      edges[edgeCount] = Edge(height: tilts[j].start, channel: Int32(j), isCap: false)
      edgeCount += 1
      if cap < .infinity {
        edges[edgeCount] = Edge(height: tilts[j].end, channel: Int32(j), isCap: true)
        edgeCount += 1
      }
    }
    sortInPlace(&edges, count: edgeCount)

    // The last edge that the water passes.
    var (reached, spent, slope, rising) = (0.0, 0.0, 0.0, 0)
    for e in 0..<edgeCount {
      let edge = edges[e]
      let next = spent + slope * (edge.height - reached)
      if next >= budget { break }
      (reached, spent) = (edge.height, next)
      rising += edge.isCap ? -1 : 1
      slope = rising == 0 ? 0 : slope + (edge.isCap ? -1 : 1) * tilts[Int(edge.channel)].weight
    }
    // From that edge on, so that edges far above the budget cost no digits.
    var (rest, weightSum) = (budget, 0.0)
    for j in 0..<usable {
      let tilt = tilts[j]
      if tilt.end <= reached {
        rest -= tilt.cap
      } else if tilt.start <= reached {
        rest -= tilt.weight * (reached - tilt.start)
        weightSum += tilt.weight
      }
    }
    let rise = weightSum > 0 ? rest / weightSum : .infinity
    for j in 0..<usable {
      let tilt = tilts[j]
      powers[tilt.channel] = min(tilt.cap, max(0, tilt.weight * (rise + (reached - tilt.start))))
    }
    return lowest + (reached + rise)
  }

  /// The least power that reaches a rate: minimise Σ p_i subject to Σ log₂(1 + p_i / n_i) = R and p_i ≥ 0.
  ///
  /// p_i = max(0, w − n_i) again, with log₂ w = (R + Σ_{i ≤ k} log₂ n_(i)) / k over the k channels below water.
  ///
  /// - Parameters:
  ///   - levels: n_i, positive, +∞ for a channel that cannot be used. `[n]`
  ///   - rate: R in bit/s/Hz, finite and not negative.
  ///   - powers: Receives p_i; +∞ for all when no channel can be used and R > 0. `[n]`
  /// - Returns: The water level w.
  /// - Complexity: O(n log n)
  @discardableResult
  public mutating func minimizePower(levels: Span<Double>, rate: Double, into powers: inout MutableSpan<Double>) -> Double {
    precondition(levels.count == powers.count, "WaterFilling.minimizePower: \(levels.count) levels into \(powers.count) powers")
    precondition(rate >= 0 && rate.isFinite, "WaterFilling.minimizePower: a rate of \(rate)")
    if keys.count < levels.count { keys = Array(repeating: 0, count: levels.count) }
    var usable = 0
    var lowest = Double.infinity
    for i in levels.indices {
      precondition(levels[i] > 0, "WaterFilling.minimizePower: a level of \(levels[i])")
      if levels[i] < .infinity {
        keys[usable] = levels[i]
        usable += 1
        lowest = min(lowest, levels[i])
      }
    }
    if usable == 0 {
      for i in powers.indices { powers[i] = rate > 0 ? .infinity : 0 }
      return .infinity
    }
    for i in 0..<usable { keys[i] = Math.log2(keys[i] / lowest) }
    sortInPlace(&keys, count: usable)
    var sum = 0.0
    var exponent = rate
    for k in 0..<usable {
      sum += keys[k]
      let next = (rate + sum) / Double(k + 1)
      if k > 0 && keys[k] >= next { break }
      exponent = next
    }
    let water = lowest * Math.pow(2, exponent)
    for i in powers.indices { powers[i] = max(0, water - levels[i]) }
    return water
  }
}
