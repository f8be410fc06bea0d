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
}
