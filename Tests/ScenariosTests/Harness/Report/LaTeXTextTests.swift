import Foundation
import Testing

@testable import Scenarios

@Suite struct LaTeXTextTests {
  @Test func nothingOfATextIsACommand() {
    #expect(
      LaTeXText.line("50 % of a_b & {c} #1 $x$ ~^\\n\nend")
        == "50 \\% of a\\_b \\& \\{c\\} \\#1 \\$x\\$ \\textasciitilde{}\\textasciicircum{}\\textbackslash{}n end")
    #expect(LaTeXText.line("– 1·10 −2") == "-- 1$\\cdot$10 $-$2")
  }

  @Test func tablesHaveRulesAndAlignedColumns() {
    let table = ReportTable(
      name: "ends", title: "Ends", caption: "Of all_seeds", columns: [.init("climber"), .init("height", unit: "m")],
      rows: [["a&b", 1.5], ["c", .empty]])
    let text = LaTeXText.table(table)
    #expect(
      text.contains("\\begin{tabular}{lr}\n    \\toprule\n    climber & height (m) \\\\\n    \\midrule\n    a\\&b & 1.5 \\\\\n    c & -- \\\\\n"))
    #expect(text.contains("\\caption{Ends. Of all\\_seeds}") && text.contains("\\label{tab:ends}"))
    #expect(text.components(separatedBy: "\\begin").count == text.components(separatedBy: "\\end").count)
  }
}
