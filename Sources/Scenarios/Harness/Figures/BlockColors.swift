/// The colours of resource blocks on a white ground.
///
/// The first ten were found by a random search: their CIELAB lightness runs from 25 to 79 in steps of about 6, so that they stay apart in
/// grey, and their hues were moved to make the least distance between any two large. It is 33 in CIELAB for normal sight, and 24 for full
/// protanopia and for full deuteranopia as Machado, Oliveira and Fernandes (2009) simulate them. Neighbours in number are at least 23 apart
/// in lightness.
struct BlockColor: Hashable {
  /// Shares of red, green and blue from 0 to 1, as a screen takes them.
  let red: Double
  let green: Double
  let blue: Double

  private static let chosen = [0x256BF8, 0x56CB35, 0xB63C00, 0x47A8FF, 0x642828, 0x329283, 0x6A18AB, 0x38A759, 0x535283, 0xEDB2DA]

  private init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour of a block; grey for none. From the eleventh on, hues go round the circle by the golden ratio, darker and lighter in turn.
  init(_ block: Int?) {
    guard let block else {
      self.init(red: 0.33, green: 0.33, blue: 0.33)
      return
    }
    if BlockColor.chosen.indices.contains(block) {
      let code = BlockColor.chosen[block]
      self.init(red: Double(code >> 16) / 255, green: Double(code >> 8 & 255) / 255, blue: Double(code & 255) / 255)
      return
    }
    let hue = (Double(block) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    let lightness = block % 2 == 0 ? 0.42 : 0.58
    // The usual formula for hue, saturation (0.75) and lightness.
    let chroma = (1 - abs(2 * lightness - 1)) * 0.75
    func part(_ offset: Double) -> Double {
      let k = (offset + hue * 12).truncatingRemainder(dividingBy: 12)
      return lightness - chroma / 2 * max(-1, min(k - 3, 9 - k, 1))
    }
    self.init(red: part(0), green: part(8), blue: part(4))
  }

  /// As `#rrggbb`.
  var hex: String {
    let parts = [red, green, blue].map { part in
      let digits = String(Int((part * 255).rounded()), radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return "#" + parts.joined()
  }

  /// The relative luminance, with a screen's curve taken as a square.
  var luminance: Double { 0.2126 * red * red + 0.7152 * green * green + 0.0722 * blue * blue }

  /// The contrast to white, from 1 to 21 (WCAG 2).
  var contrastToWhite: Double { 1.05 / (luminance + 0.05) }

  /// What is read best on this colour.
  var ink: String { contrastToWhite >= 3.6 ? "#ffffff" : "#111111" }

  /// The colour, darkened until a small text in it is read well on white.
  var asText: BlockColor {
    var color = self
    while color.contrastToWhite < 4.8 { color = BlockColor(red: color.red * 0.94, green: color.green * 0.94, blue: color.blue * 0.94) }
    return color
  }
}
