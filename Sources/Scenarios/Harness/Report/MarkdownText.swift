/// Pieces of Markdown in which nothing of a text is markup.
enum MarkdownText {
  /// One line of text.
  static func line(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\n", "\r": result += " "
      case "\\", "`", "*", "_", "[", "]", "|", "#": result += "\\" + String(character)
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    return result
  }

  /// A row of a table; a cell between `**` is bold.
  static func row(_ cells: [String]) -> String {
    "| "
      + cells.map { cell in
        cell.hasPrefix("**") && cell.hasSuffix("**") ? "**\(line(String(cell.dropFirst(2).dropLast(2))))**" : line(cell)
      }.joined(separator: " | ") + " |\n"
  }

  /// A table with its heading, without its caption.
  static func table(_ table: ReportTable) -> String {
    var text = "### \(line(table.title))\n\n" + row(table.columns.map(\.caption))
    text += "|" + table.columns.indices.map { table.isNumeric($0) ? "---:|" : "---|" }.joined() + "\n"
    for cells in table.rows { text += row(cells.map(\.text)) }
    return text
  }
}
