import Tensor

/// Log-normal shadowing of static links: one normal value in decibels for each link, drawn once and kept.
///
/// Links are independent, also those that share a user: a value that belonged to the user would cancel in every ratio of powers.
public struct LogNormalShadowing: Hashable, Sendable {
  /// The standard deviation σ.
  public var deviation: Decibels

  public init(deviation: Decibels) {
    precondition(deviation.value >= 0, "LogNormalShadowing: the deviation must not be negative, got \(deviation.value) dB")
    self.deviation = deviation
  }

  /// The additional losses of `count` links, the same whenever they are asked for.
  ///
  /// - Parameters:
  ///   - count: The number of links.
  ///   - stream: Names the drop.
  ///   - step: Which of the positions of that drop (an episode).
  public func losses(count: Int, stream: RandomStream, step: Int = 0) -> [Decibels] {
    if deviation.value == 0 { return Array(repeating: Decibels(0), count: count) }
    var generator = stream.generator(step: step)
    return (0..<count).map { _ in Decibels(deviation.value * generator.normal()) }
  }
}
