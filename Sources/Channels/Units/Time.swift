/// A span of time in seconds.
public struct Seconds: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ time: Milliseconds) { value = time.value / 1000 }

  public static func < (a: Seconds, b: Seconds) -> Bool { a.value < b.value }
}

/// A span of time in milliseconds.
public struct Milliseconds: Hashable, Comparable, Sendable {
  public var value: Double

  public init(_ value: Double) { self.value = value }
  public init(_ time: Seconds) { value = time.value * 1000 }

  public static func < (a: Milliseconds, b: Milliseconds) -> Bool { a.value < b.value }
}
