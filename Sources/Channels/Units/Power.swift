import Tensor

/// A ratio of powers on the logarithmic scale: 10 log₁₀ of the linear ratio.
public struct Decibels: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }

  /// The decibels of a positive linear power ratio.
  public init(linear ratio: Double) {
    precondition(ratio > 0, "Decibels: a linear power ratio must be positive, got \(ratio)")
    value = 10 * Math.log10(ratio)
  }

  /// The power ratio itself: 10^(value / 10).
  public var linear: Double { Math.pow(10, value / 10) }

  public static func < (a: Decibels, b: Decibels) -> Bool { a.value < b.value }
  public static func + (a: Decibels, b: Decibels) -> Decibels { Decibels(a.value + b.value) }
  public static func - (a: Decibels, b: Decibels) -> Decibels { Decibels(a.value - b.value) }
  public static prefix func - (a: Decibels) -> Decibels { Decibels(-a.value) }
}

/// A power on the logarithmic scale, in decibels above one milliwatt.
///
/// Gains and losses in ``Decibels`` can be added to it; two powers cannot be added before they are ``Watts``.
public struct PowerDBm: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }

  /// The level of a positive power.
  public init(_ power: Watts) { value = Decibels(linear: power.value).value + 30 }

  public static func < (a: PowerDBm, b: PowerDBm) -> Bool { a.value < b.value }
  public static func + (a: PowerDBm, b: Decibels) -> PowerDBm { PowerDBm(a.value + b.value) }
  public static func - (a: PowerDBm, b: Decibels) -> PowerDBm { PowerDBm(a.value - b.value) }
  public static func - (a: PowerDBm, b: PowerDBm) -> Decibels { Decibels(a.value - b.value) }
}

/// A power in watts.
public struct Watts: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }

  /// The power of a level: 10^((level − 30) / 10).
  public init(_ level: PowerDBm) { value = Decibels(level.value - 30).linear }

  public static func < (a: Watts, b: Watts) -> Bool { a.value < b.value }
  public static func + (a: Watts, b: Watts) -> Watts { Watts(a.value + b.value) }
  public static func / (a: Watts, b: Double) -> Watts { Watts(a.value / b) }
}
