import Testing

@testable import Scenarios

@Suite struct ReportTableTests {
  let table = ReportTable(
    name: "complexity", title: "Cost", caption: "",
    columns: [.init("scheme, all"), .init("weights"), .init("time", unit: "µs"), .init("note")],
    rows: [["MAAC", 1_234_567, 0.1, .empty], ["a \"b\"", .number(.nan), 1e-7, .empty], ["line\r\nend", .empty, 2, .empty]])

  @Test func theFileHoldsExactNumbers() {
    #expect(
      table.csv == """
        "scheme, all",weights,time (µs),note
        MAAC,1234567,0.1,
        "a ""b""\",,1e-07,
        "line\r\nend",,2,

        """)
  }

  @Test func columnsOfNumbersAreKnown() {
    #expect((0..<4).map(table.isNumeric) == [false, true, true, false])
    let mixed = ReportTable(name: "m", title: "", caption: "", columns: [.init("a"), .init("b")], rows: [[1, "x"], ["about 2", 3]])
    #expect(!mixed.isNumeric(0) && !mixed.isNumeric(1))
  }

  @Test(arguments: [
    (0.0, "0"), (-3, "-3"), (9999, "9999"), (10_000, "10\u{202F}000"), (-1_234_567, "-1\u{202F}234\u{202F}567"), (0.123456, "0.1235"),
    (12_345.678, "12\u{202F}346"), (999.96, "1000"), (0.0001, "0.0001"), (0.0000123456, "1.235·10⁻⁵"), (-9.9999e-7, "-1·10⁻⁶"), (1e15, "1·10¹⁵"),
    (1.2345e16, "1.235·10¹⁶"), (6.02214e23, "6.022·10²³"), (.infinity, "–"), (.leastNonzeroMagnitude, "5·10⁻³²⁴"),
    (.greatestFiniteMagnitude, "1.798·10³⁰⁸"),
  ])
  func numbersAreReadable(value: Double, text: String) { #expect(ReportTable.readable(value) == text) }

  @Test func literalsAreCells() {
    #expect(("a" as ReportTable.Cell) == .text("a"))
    #expect((3 as ReportTable.Cell) == .number(3) && (0.5 as ReportTable.Cell) == .number(0.5))
    #expect(ReportTable.Cell.empty.text == "–" && (12_345 as ReportTable.Cell).text == "12\u{202F}345")
  }
}
