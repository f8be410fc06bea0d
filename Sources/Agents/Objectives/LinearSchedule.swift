/// A number that moves on a straight line and then stays: an exploration rate, an exponent.
///
/// x(t) = from + (to − from) min(max(t − t₀, 0) / T, 1) with t₀ = `after` and T = `over`
public struct LinearSchedule: Hashable, Sendable {
  public var from: Double
  public var to: Double
  /// T, after which the number stays; 0 for a number that is `to` from t₀ on.
  public var over: Int
  /// t₀, before which the number is `from`.
  public var after: Int

  public init(from: Double, to: Double, over: Int, after: Int = 0) {
    self.from = from
    self.to = to
    self.over = over
    self.after = after
  }

  /// The same number at all times.
  public static func constant(_ value: Double) -> LinearSchedule { LinearSchedule(from: value, to: value, over: 0) }

  /// x(t)
  public func value(at time: Int) -> Double {
    if time < after { return from }
    return time - after >= over ? to : from + (to - from) * (Double(time - after) / Double(over))
  }
}
