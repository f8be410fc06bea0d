import Channels

/// The numbers of an agent's observation: affine functions of decibels and of tasks that make them of order one.
///
/// Gains h: (10 log₁₀ h + 110) / 15; interference: (10 log₁₀ (I + N₀ B) + 134) / 20, both with powers in watts; bits, cycles and deadlines of
/// tasks: from their range to −1...1. The constants are fixed, so that a number means the same in every network.
public struct EdgeScaling: Hashable, Sendable {
  /// A number and the scale from it on: y = (x − center) / half.
  public struct Range: Hashable, Sendable {
    public let center: Double
    public let half: Double

    init(_ least: Double, _ greatest: Double) {
      center = (least + greatest) / 2
      half = (greatest - least) / 2
    }

    /// The scaled number; zero if the range is a point.
    @inline(__always)
    func scaled(_ x: Double) -> Float { half > 0 ? Float((x - center) / half) : 0 }
    /// The number that a scaled one stands for.
    func restored(_ y: Float) -> Double { center + half * Double(y) }
  }

  public static let gainOffsetDB: Float = 110
  public static let gainUnitDB: Float = 15
  public static let interferenceOffsetDB: Float = 134
  public static let interferenceUnitDB: Float = 20

  public let bits: Range
  public let cycles: Range
  /// Over the users of all speeds.
  public let deadlines: Range

  public init(_ cells: OffloadingCells) {
    bits = Range(cells.taskBits.lowerBound, cells.taskBits.upperBound)
    cycles = Range(cells.taskCycles.lowerBound, cells.taskCycles.upperBound)
    let speeds = cells.userGigahertz.values.map { $0 * 1e9 }
    deadlines = Range(
      cells.deadlineFraction * cells.taskCycles.lowerBound / (speeds.max() ?? 1),
      cells.deadlineFraction * cells.taskCycles.upperBound / (speeds.min() ?? 1))
  }
}
