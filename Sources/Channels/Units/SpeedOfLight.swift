/// A speed of light in metres per second: standards and programs use two.
public struct SpeedOfLight: Hashable, Sendable {
  public let value: Double

  /// - Precondition: Positive and finite.
  public init(metersPerSecond value: Double) {
    precondition(value > 0 && value.isFinite, "SpeedOfLight: must be positive and finite, got \(value) m/s")
    self.value = value
  }

  /// 299 792 458 m/s, the definition of the metre.
  public static let exact = SpeedOfLight(metersPerSecond: 299_792_458)

  /// 3.0 · 10⁸ m/s, as 3GPP TR 38.901 writes it. Beyond a breakpoint losses differ from the exact speed's by up to 0.006 dB.
  public static let rounded = SpeedOfLight(metersPerSecond: 3.0e8)

  /// The wavelength c / f.
  public func wavelength(of carrier: Hertz) -> Meters { Meters(value / carrier.value) }
}
