import Tensor

/// The ticks of an axis at nice numbers, with labels spelled from whole numbers so that none shows a rounding error.
struct Ticks: Equatable {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  var ticks: [Tick]
  /// The labels are to be multiplied by this power of ten.
  var exponent = 0

  /// Multiples of 1, 2 or 5 times a power of ten inside `range`, about `count` of them.
  static func linear(_ range: ClosedRange<Double>, count: Int) -> Ticks {
    let (mantissa, power) = niceStep(range, count: count)
    let step = decimal(mantissa, power)
    let slack = 1e-9
    let first = Int((range.lowerBound / step - slack).rounded(.up))
    let last = Int((range.upperBound / step + slack).rounded(.down))
    guard first <= last else { return Ticks(ticks: []) }
    let largest = max(abs(first), abs(last)) * mantissa
    let magnitude = "\(largest)".count - 1 + power
    let exponent = largest > 0 && (magnitude >= 5 || magnitude < -3) ? magnitude : 0
    return Ticks(
      ticks: (first...last).map { Tick(value: decimal($0 * mantissa, power), label: text($0 * mantissa, power - exponent)) }, exponent: exponent)
  }

  /// Powers of ten inside a positive `range`, with 2 and 5 times these where that is not too much, every second, third, ... power where
  /// there are many; linear ticks where there are fewer than two.
  static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> Ticks {
    let low = Int(Math.log10(range.lowerBound).rounded(.down)) - 1
    let high = Int(Math.log10(range.upperBound).rounded(.up)) + 1
    func inside(_ mantissas: [Int], every stride: Int) -> [(mantissa: Int, power: Int)] {
      (low...high).filter { $0 % stride == 0 }.flatMap { power in mantissas.map { (mantissa: $0, power: power) } }.filter {
        let value = decimal($0.mantissa, $0.power)
        return value >= range.lowerBound * (1 - 1e-9) && value <= range.upperBound * (1 + 1e-9)
      }
    }
    let candidates = [inside([1, 2, 5], every: 1)] + (1...16).map { inside([1], every: $0) }
    guard let chosen = candidates.first(where: { (2...max(3, count + 1)).contains($0.count) }) else { return linear(range, count: count) }
    let isPlain = chosen.allSatisfy { (-3...4).contains($0.power) }
    return Ticks(
      ticks: chosen.map { mantissa, power in
        let raised = (mantissa == 1 ? "" : "\(mantissa)·") + "10" + superscript(power)
        return Tick(value: decimal(mantissa, power), label: isPlain ? text(mantissa, power) : raised)
      })
  }

  /// Ticks at given places.
  static func at(_ values: [Double]) -> Ticks { Ticks(ticks: values.map { Tick(value: $0, label: JSON.text($0)) }) }

  /// The smallest of 1, 2, 5 times a power of ten that divides the range into at most `count` parts.
  static func niceStep(_ range: ClosedRange<Double>, count: Int) -> (mantissa: Int, power: Int) {
    let raw = (range.upperBound - range.lowerBound) / Double(max(1, count))
    guard raw > 0, raw.isFinite else { return (1, 0) }
    let power = Int(Math.log10(raw).rounded(.down)) - 1
    for candidate in power...(power + 3) {
      for mantissa in [1, 2, 5] where decimal(mantissa, candidate) >= raw * (1 - 1e-9) { return (mantissa, candidate) }
    }
    return (1, power + 3)
  }

  /// mantissa · 10^power, correctly rounded.
  static func decimal(_ mantissa: Int, _ power: Int) -> Double { Double("\(mantissa)e\(power)")! }

  /// mantissa · 10^power in digits.
  static func text(_ mantissa: Int, _ power: Int) -> String {
    if mantissa == 0 { return "0" }
    let sign = mantissa < 0 ? "−" : ""
    let digits = "\(abs(mantissa))"
    if power >= 0 { return sign + digits + String(repeating: "0", count: power) }
    let padded = String(repeating: "0", count: max(0, 1 - power - digits.count)) + digits
    var fraction = padded.suffix(-power)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return sign + padded.dropLast(-power) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// A whole number in raised digits.
  static func superscript(_ number: Int) -> String {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return String("\(number)".map { raised[$0]! })
  }
}
