/// A number that moves on a straight line and then stays: an exploration rate, an exponent.
///
/// x(t) = from + (to − from) min(t / T, 1) with T = `over`
public struct LinearSchedule: Hashable, Sendable {
  public var from: Double
  public var to: Double
  /// T, after which the number stays; 0 for a number that is `to` from the start.
  public var over: Int

  public init(from: Double, to: Double, over: Int) {
    self.from = from
    self.to = to
    self.over = over
  }

  /// The same number at all times.
  public static func constant(_ value: Double) -> LinearSchedule { LinearSchedule(from: value, to: value, over: 0) }

  /// x(t)
  public func value(at time: Int) -> Double {
    time >= over ? to : from + (to - from) * (Double(time) / Double(over))
  }
}
