/// A number with about four digits, for people.
func shortText(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  if value == 0 { return "0" }
  var digits = 3
  var size = abs(value)
  while size >= 10 && digits > 0 {
    size /= 10
    digits -= 1
  }
  while size < 1 && digits < 9 {
    size *= 10
    digits += 1
  }
  return fixedText(value, digits: digits, trimmed: true)
}

/// A duration for people: `45 s`, `3 min 20 s`, `2 h 5 min`.
func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "long" }
  if seconds < 10 { return "\(fixedText(max(0, seconds), digits: 1, trimmed: true)) s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
  if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
  return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
}

/// A number with a fixed count of decimals, rounded half away from zero by whole-number arithmetic.
///
/// - Parameter trimmed: Whether zeros at the end are left out.
func fixedText(_ value: Double, digits: Int, trimmed: Bool = false) -> String {
  let factor = (0..<digits).reduce(1) { product, _ in product * 10 }
  let scaled = (value * Double(factor)).rounded(.toNearestOrAwayFromZero)
  guard abs(scaled) < 9e18 else { return "\(value)" }
  let whole = Int(abs(scaled))
  var text = "\(whole / factor)"
  if digits > 0 {
    let fraction = "\(whole % factor)"
    var decimals = String(repeating: "0", count: digits - fraction.count) + fraction
    if trimmed { while decimals.hasSuffix("0") { decimals.removeLast() } }
    if !decimals.isEmpty { text += "." + decimals }
  }
  return scaled < 0 ? "-" + text : text
}
