/// A frequency or a bandwidth in hertz.
public struct Hertz: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ frequency: Gigahertz) { value = frequency.value * 1e9 }

  public static func < (a: Hertz, b: Hertz) -> Bool { a.value < b.value }
}

/// A frequency in gigahertz.
public struct Gigahertz: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ frequency: Hertz) { value = frequency.value / 1e9 }

  public static func < (a: Gigahertz, b: Gigahertz) -> Bool { a.value < b.value }
}
