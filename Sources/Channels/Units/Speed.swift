/// A speed in metres per second.
public struct MetersPerSecond: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ speed: KilometersPerHour) { value = speed.value / 3.6 }

  public static func < (a: MetersPerSecond, b: MetersPerSecond) -> Bool { a.value < b.value }

  /// The way made in a time.
  public static func * (speed: MetersPerSecond, time: Seconds) -> Meters { Meters(speed.value * time.value) }
}

/// A speed in kilometres per hour.
public struct KilometersPerHour: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ speed: MetersPerSecond) { value = speed.value * 3.6 }

  public static func < (a: KilometersPerHour, b: KilometersPerHour) -> Bool { a.value < b.value }
}
