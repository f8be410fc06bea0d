import Tensor

/// How received powers become numbers of order one that a network can take in: an offset and a factor for each kind of power.
///
///     standardized, decibels:  y = (10 log₁₀ P − offset) · factor
///     linear:                  y = P · factor
///
/// The constants come from large-scale powers, or from fixed references, and never change: what a number means must not drift while somebody
/// learns from it.
public struct PowerScaling: Hashable, Sendable {
  public enum Rule: String, CaseIterable, Sendable {
    /// Decibels, minus the mean and divided by the standard deviation of the kind's large-scale powers.
    case standardized
    /// Decibels above the kind's reference.
    case decibels = "db"
    /// Multiples of the kind's reference.
    case linear
  }

  /// Powers of one kind.
  public struct Kind: Hashable, Sendable {
    /// Large-scale powers in watts, at least one.
    public var levels: [Float]
    /// Watts.
    public var reference: Double

    public init(levels: [Float], reference: Double) {
      self.levels = levels
      self.reference = reference
    }
  }

  /// Spreads below this count as this, so that alike links are not blown apart.
  public static let leastDeviationDB = 3.0

  private let isLogarithmic: Bool
  private let offsets: [Float]
  private let factors: [Float]

  public init(_ rule: Rule, kinds: [Kind]) {
    precondition(kinds.allSatisfy { !$0.levels.isEmpty && $0.reference > 0 }, "PowerScaling: a kind needs levels and a positive reference")
    isLogarithmic = rule != .linear
    switch rule {
    case .linear:
      offsets = kinds.map { _ in 0 }
      factors = kinds.map { Float(1 / $0.reference) }
    case .decibels:
      offsets = kinds.map { Float(Decibels(linear: $0.reference).value) }
      factors = kinds.map { _ in 1 }
    case .standardized:
      let moments = kinds.map { PowerScaling.moments($0.levels) }
      offsets = moments.map { Float($0.mean) }
      factors = moments.map { Float(1 / max($0.deviation, PowerScaling.leastDeviationDB)) }
    }
  }

  /// Mean and (population) standard deviation of the decibels of some powers. Like ``LinkQuality/decibels(of:into:)`` it counts numbers
  /// below the smallest normal one as that one: links of 380 dB and more fade to zero in single precision.
  static func moments(_ powers: [Float]) -> (mean: Double, deviation: Double) {
    let values = powers.map { Decibels(linear: Double(max($0, .leastNormalMagnitude))).value }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, Math.sqrt(variance))
  }

  /// Scales powers that lie kind after kind. Allocates nothing.
  ///
  /// - Parameters:
  ///   - powers: In watts.
  ///   - ends: Where each kind ends, rising to the number of powers.
  ///   - scaled: In the same order.
  public func apply(_ powers: [Float], ends: [Int], into scaled: inout [Float]) {
    precondition(
      ends.count == factors.count && ends.last == powers.count && powers.count == scaled.count,
      "PowerScaling.apply: \(factors.count) kinds that end at \(ends) of \(powers.count) powers, \(scaled.count) results")
    if isLogarithmic {
      LinkQuality.decibels(of: powers, into: &scaled)
    } else {
      for i in powers.indices { scaled[i] = powers[i] }
    }
    var first = 0
    for kind in factors.indices {
      let (offset, factor) = (offsets[kind], factors[kind])
      for i in first..<ends[kind] { scaled[i] = (scaled[i] - offset) * factor }
      first = ends[kind]
    }
  }
}
