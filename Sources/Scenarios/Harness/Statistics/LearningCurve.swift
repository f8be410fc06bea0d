/// What the agents of one seed gain while they learn: their reward in slots 1, 2, ... less a reference's reward in the same slots.
///
/// The reference meets the same channel in the same slot, so that what both owe to luck cancels.
public struct LearningCurve: Sendable, Hashable {
  /// Slots below which nothing can be said about where a curve ends.
  public static let fewestSlots = 80
  /// The slots over which a gain is averaged before it counts as reached.
  public static let window = 20
  /// The share of the final gain at which a curve has settled.
  public static let settledShare = 0.9

  public let seed: Int
  /// The gain of each slot.
  public let gains: [Double]

  public init(seed: Int, gains: [Double]) {
    self.seed = seed
    self.gains = gains
  }

  /// Pairs curves by seed and slot. Seeds without a reference are left out, and so are those whose slots are not the same; the longer
  /// of two curves is cut to the shorter.
  public static func gains(of curves: [MetricCurve], over references: [MetricCurve]) -> [LearningCurve] {
    curves.compactMap { curve in
      guard let other = references.first(where: { $0.seed == curve.seed }), zip(curve.steps, other.steps).allSatisfy({ $0 == $1 }) else { return nil }
      return LearningCurve(seed: curve.seed, gains: zip(curve.values, other.values).map { $0 - $1 })
    }
  }

  /// The mean of the last quarter of the slots, of the last one at least: what the curve ends at. NaN of no slot.
  public var finalGain: Double { Statistics.mean(Array(gains.suffix(max(1, gains.count / 4)))) }

  /// The first slot at whose end the mean gain of the last ``window`` slots reaches ``settledShare`` of the final gain.
  ///
  /// Nil for a curve that ends without a gain, which never settles, and for one of fewer than ``fewestSlots`` slots. O(slots).
  public var settlingSlot: Int? {
    guard gains.count >= LearningCurve.fewestSlots else { return nil }
    let goal = LearningCurve.settledShare * finalGain
    guard goal > 0 else { return nil }
    var sum = 0.0
    for (index, gain) in gains.enumerated() {
      sum += gain
      if index >= LearningCurve.window { sum -= gains[index - LearningCurve.window] }
      if index + 1 >= LearningCurve.window, sum / Double(LearningCurve.window) >= goal { return index + 1 }
    }
    return nil
  }
}

extension [LearningCurve] {
  /// The settling slots of all seeds. A seed that never settles counts with all of its slots: leaving it out would flatter the rest.
  public var settlingSlots: SeedValues {
    SeedValues(seeds: map(\.seed), values: map { Double($0.settlingSlot ?? $0.gains.count) })
  }

  /// The standard deviation of the gain over some slots, counted from zero, for each seed that has them all.
  public func fluctuation(over slots: Range<Int>) -> SeedValues {
    let long = filter { $0.gains.count >= slots.upperBound }
    return SeedValues(seeds: long.map(\.seed), values: long.map { Statistics.standardDeviation([Double]($0.gains[slots])) })
  }

  /// How many seeds end without a gain, in words; empty for none.
  public func lossNote(_ name: String) -> String {
    let lost = count { $0.settlingSlot == nil }
    return lost == 0 ? "" : "\(name) ended without a gain in \(lost) of \(count) seeds, which count with their whole length."
  }

  /// The judgement on curves of which some are too short to tell where they end; nil where all are long enough.
  public func tooShort(threshold: Double) -> Judgement? {
    guard contains(where: { $0.gains.count < LearningCurve.fewestSlots }) else { return nil }
    let note = "At least \(LearningCurve.fewestSlots) learning slots are needed to tell where a curve ends."
    return Judgement(.inconclusive, statistic: nil, threshold: threshold, seeds: count, note: note)
  }
}
