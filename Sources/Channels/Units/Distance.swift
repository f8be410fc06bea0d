/// A length in metres.
public struct Meters: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ length: Kilometers) { value = length.value * 1000 }

  public static func < (a: Meters, b: Meters) -> Bool { a.value < b.value }
}

/// A length in kilometres.
public struct Kilometers: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ length: Meters) { value = length.value / 1000 }

  public static func < (a: Kilometers, b: Kilometers) -> Bool { a.value < b.value }
}
