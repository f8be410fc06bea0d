/// Tables for LaTeX, with the rules of the package booktabs.
enum LaTeXText {
  /// A table that floats, with caption and label `tab:NAME`.
  static func table(_ table: ReportTable) -> String {
    let columns = table.columns.indices.map { table.isNumeric($0) ? "r" : "l" }.joined()
    func row(_ cells: [String]) -> String { "    " + cells.map(line).joined(separator: " & ") + " \\\\\n" }
    var text = "\\begin{table}\n  \\centering\n  \\caption{\(line(table.title)). \(line(table.caption))}\n  \\label{tab:\(table.name)}\n"
    text += "  \\begin{tabular}{\(columns)}\n    \\toprule\n" + row(table.columns.map(\.caption)) + "    \\midrule\n"
    for cells in table.rows { text += row(cells.map(\.text)) }
    return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n"
  }

  /// One line of text in which nothing is a command.
  static func line(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\n", "\r": result += " "
      case "&", "%", "$", "#", "_", "{", "}": result += "\\" + String(character)
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "–": result += "--"
      case "−": result += "$-$"
      case "·": result += "$\\cdot$"
      case "\u{202F}": result += "\\,"
      default: result.append(character)
      }
    }
    return result
  }
}
