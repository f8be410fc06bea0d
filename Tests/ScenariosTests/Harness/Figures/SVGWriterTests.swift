import Testing

@testable import Scenarios

@Suite struct SVGWriterTests {
  @Test func coordinatesAreRoundedToHundredths() {
    #expect(SVGWriter.number(1.0 / 3) == "0.33")
    #expect(SVGWriter.number(-0.005) == "-0.01")
    #expect(SVGWriter.number(0.001) == "0")
    #expect(SVGWriter.number(120) == "120")
    #expect(SVGWriter.number(99.999) == "100")
  }

  @Test func markupIsSpelledOut() {
    #expect(escaped("<a href=\"x\">&'\u{1}</a>\n") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;\n")
  }

  @Test func longTextsAreWrapped() {
    let lines = SVGWriter.wrapped("one two three four five six", width: 60, size: 12)
    #expect(lines.count > 1)
    #expect(lines.joined(separator: " ") == "one two three four five six")
    #expect(lines.allSatisfy { SVGWriter.width(of: $0, size: 12) <= 60 })
  }

  /// Widths in pixels that a browser measured in DejaVu Sans, the widest of the fonts that a drawing may be shown in. None is judged
  /// narrower than it is, nor much wider.
  @Test(arguments: [
    ("Fig. 7. Outage probability of cellular links against the number of D2D pairs", 15.0, true, 634.8),
    ("Outage probability of cellular links", 13.0, false, 223.5),
    ("NAAC (λ = 3)", 12.0, false, 79.5),
    ("Total reward minus oracle's (bit/s/Hz)", 13.0, false, 241.0),
    ("Executed policy, against the oracle", 13.0, true, 256.6),
    ("MAAC, MMM WWW", 15.0, true, 159.7),
    ("Q-learning", 12.0, false, 63.1),
  ])
  func textsAreJudgedAsWideAsTheyMayBe(text: String, size: Double, isBold: Bool, measured: Double) {
    let width = SVGWriter.width(of: text, size: size, isBold: isBold)
    #expect(width >= measured && width < 1.15 * measured, "\(width) for \(measured)")
  }
}
