import Tensor

/// How the numbers of one axis become pixels.
struct PlotScale {
  let isLogarithmic: Bool
  /// What the axis shows, in its own numbers.
  let range: ClosedRange<Double>
  /// Pixels of the ends of the range.
  let begin: Double
  let end: Double

  /// The range that shows all of `values` with a little room, and at least what the axis asks for.
  ///
  /// - Parameters:
  ///   - room: The share of the span that is added at both ends.
  ///   - reachesZero: Whether a range of positive numbers that begins near zero is begun at zero.
  static func range(of axis: Axis, _ values: [Double], room: Double, reachesZero: Bool) -> ClosedRange<Double> {
    let shown = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    var low = shown.min() ?? axis.range?.lowerBound ?? (axis.isLogarithmic ? 0.1 : 0)
    var high = shown.max() ?? axis.range?.upperBound ?? 1
    if axis.isLogarithmic {
      if high <= low * 1.0001 { (low, high) = (low / 2, high * 2) }
      let factor = Math.exp(Math.log(high / low) * room)
      (low, high) = (low / factor, high * factor)
    } else {
      if high - low <= 1e-12 * max(abs(low), abs(high)) {
        let half = low == 0 ? 1 : 0.05 * abs(low)
        (low, high) = (low - half, high + half)
      } else {
        let isPositive = low >= 0
        let span = high - low
        if reachesZero && isPositive && low < 0.2 * high { low = 0 } else { low -= room * span }
        high += room * span
      }
    }
    if let asked = axis.range, !axis.isLogarithmic || asked.lowerBound > 0 {
      // Room is for the data; an end that the axis asks for and the data respects stands as it is.
      low = (shown.min() ?? asked.lowerBound) >= asked.lowerBound ? asked.lowerBound : low
      high = (shown.max() ?? asked.upperBound) <= asked.upperBound ? asked.upperBound : high
    }
    return low...max(high, low.nextUp)
  }

  /// The pixel of a value; values that a logarithmic axis cannot show stand at its low end.
  func place(_ value: Double) -> Double {
    let share =
      if isLogarithmic {
        value <= range.lowerBound ? 0 : Math.log(value / range.lowerBound) / Math.log(range.upperBound / range.lowerBound)
      } else {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      }
    return begin + share * (end - begin)
  }

  func shows(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }
}
