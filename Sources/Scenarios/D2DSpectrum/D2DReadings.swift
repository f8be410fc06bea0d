import Tensor

/// What the claims read out of a run's metrics: numbers and curves, one for each seed.
struct D2DReadings {
  let table: MetricTable
  let settings: D2DSettings

  /// The paper's two methods.
  static let proposed = ["maac", "naac"]
  /// Those of the other four that learn with networks or tables of their own.
  static let independent = ["ac", "dqn", "qlearning"]
  static let others = independent + ["sla"]
  static let learners = proposed + others
  /// The sweep over λ at N = 10 below λ = 9, which is MAAC.
  static let lambdas = [0, 1, 2, 3, 5, 7]

  /// One number for each seed, and what it is of.
  struct Reading {
    /// The scheme, in words.
    let name: String
    /// Where it was measured, in words.
    let place: String
    let values: SeedValues
  }

  static func name(_ scheme: String) -> String { scheme == "qlearning" ? "Q-learning" : scheme.uppercased() }

  /// The place of a scheme's job; `last` is the coordinate that tells special jobs apart.
  func point(_ scheme: String, _ pairs: Int, _ last: (name: String, value: Double)? = nil) -> SweepPoint {
    let point = D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours)
    return SweepPoint(point.coordinates.map { (name: $0.name, value: $0.value) } + (last.map { [$0] } ?? []))
  }

  /// The numbers of pairs at which all of `schemes` measured a metric.
  func numbers(_ metric: String, _ schemes: [String]) -> [Int] {
    guard let first = schemes.first else { return [] }
    let candidates = table.points(of: first).compactMap { $0["pairs"].flatMap { Int(exactly: $0) } }
    return Set(candidates).sorted().filter { number in
      schemes.allSatisfy { !table.values(metric, of: $0, at: point($0, number)).isEmpty }
    }
  }

  /// Those of `schemes` that measured a metric at `count` numbers of pairs or more.
  func present(_ metric: String, _ schemes: [String], atLeast count: Int = 1) -> [String] {
    schemes.filter { numbers(metric, [$0]).count >= count }
  }

  func reading(_ metric: String, _ scheme: String, _ pairs: Int, _ last: (name: String, value: Double)? = nil) -> Reading {
    Reading(name: Self.name(scheme), place: "N = \(pairs)", values: table.values(metric, of: scheme, at: point(scheme, pairs, last)))
  }

  /// One number made of those at all of `numbers`, for each seed that has all of them.
  func overSweep(_ metric: String, _ scheme: String, _ numbers: [Int], _ join: ([Double]) -> Double) -> Reading {
    let parts = numbers.map { reading(metric, scheme, $0).values }
    let place = "N = " + numbers.map { "\($0)" }.joined(separator: ", ")
    return Reading(name: Self.name(scheme), place: place, values: parts.isEmpty ? [:] : SeedValues.joined(parts, join))
  }

  /// The mean over the sweep for each seed that has all of it.
  func sweepMean(_ metric: String, _ scheme: String, _ numbers: [Int]) -> Reading {
    let mean = overSweep(metric, scheme, numbers, Statistics.mean)
    return Reading(name: mean.name, place: Self.place(numbers), values: mean.values)
  }

  /// The sweep over λ at N = 10 with MAAC, which is NAAC at λ = 9, as the last.
  func overNeighbours(_ metric: String) -> [Reading] {
    let sweep = Self.lambdas.map { lambda in
      let values = table.values(metric, of: "naac", at: D2DPack.point("naac", pairs: 10, neighbours: lambda))
      return Reading(name: "NAAC with lambda = \(lambda)", place: "N = 10", values: values)
    }
    return sweep + [reading(metric, "maac", 10)]
  }

  /// For the names of statistics over a sweep.
  static func place(_ numbers: [Int]) -> String {
    (numbers.count == 1 ? "N = " : "mean over N = ") + numbers.map { "\($0)" }.joined(separator: ", ")
  }

  /// Spearman's rank correlation; zero for a curve that is flat, which neither grows nor falls.
  static func trend(_ x: [Int], _ y: [Double]) -> Double {
    let correlation = Statistics.spearmanCorrelation(x.map { Double($0) }, y)
    return correlation.isFinite ? correlation : 0
  }

  /// The block that the executed policy gives each pair, for each seed that has one of all pairs. `[seeds][N]`
  func blocks(_ scheme: String, _ pairs: Int) -> [(seed: Int, blocks: [Int32])] {
    let parts = (0..<pairs).map { reading("block.\($0)", scheme, pairs).values }
    return parts[0].seeds.compactMap { seed in
      let blocks = parts.compactMap { $0[seed].flatMap { Int32(exactly: $0) } }
      return blocks.count == pairs && blocks.allSatisfy { 0 <= $0 && $0 < settings.system.resourceBlocks } ? (seed, blocks) : nil
    }
  }

  // MARK: Learning curves

  /// The reward of learning slots 1, 2, ... above another scheme's on the same fading.
  typealias Gain = (seed: Int, gain: [Double])

  /// Learning slots below which nothing can be said about convergence.
  static let fewestLearningSlots = 80

  /// What a scheme's exploring agents gain over `reference`, slot by slot, for each seed. A longer curve is cut to the shorter.
  func gains(_ scheme: String, over reference: String, _ pairs: Int, _ last: (name: String, value: Double)? = nil) -> [Gain] {
    let references = table.curves("trainingReward", of: reference, at: point(reference, pairs))
    return table.curves("trainingReward", of: scheme, at: point(scheme, pairs, last)).compactMap { curve in
      guard let other = references.first(where: { $0.seed == curve.seed }), zip(curve.steps, other.steps).allSatisfy({ $0 == $1 }) else { return nil }
      return (curve.seed, zip(curve.values, other.values).map { $0 - $1 })
    }
  }

  /// The mean of the last quarter: what a curve ends at.
  static func final(_ gain: [Double]) -> Double { Statistics.mean(Array(gain.suffix(max(1, gain.count / 4)))) }

  /// The first learning slot at whose end the mean of the last 20 slots of (reward − random reward on the same fading) reaches 90 % of
  /// its final value. Nil for a curve that ends without a gain, which never settles, and for one that is too short.
  static func settlingSlot(_ gain: [Double]) -> Double? {
    guard gain.count >= fewestLearningSlots else { return nil }
    let goal = 0.9 * final(gain)
    guard goal > 0 else { return nil }
    var window = 0.0
    for (index, value) in gain.enumerated() {
      window += value
      if index >= 20 { window -= gain[index - 20] }
      if index >= 19, window / 20 >= goal { return Double(index + 1) }
    }
    return nil
  }

  /// The settling slots of all seeds. A seed that never settles counts with all of its slots: leaving it out would flatter the rest.
  static func settlingSlots(_ gains: [Gain]) -> SeedValues {
    SeedValues(seeds: gains.map(\.seed), values: gains.map { settlingSlot($0.gain) ?? Double($0.gain.count) })
  }

  /// How many seeds end without a gain, in words; empty for none.
  static func lost(_ gains: [Gain], _ name: String) -> String {
    let lost = gains.count { settlingSlot($0.gain) == nil }
    return lost == 0 ? "" : "\(name) ended without a gain in \(lost) of \(gains.count) seeds, which count with their whole length."
  }
}
