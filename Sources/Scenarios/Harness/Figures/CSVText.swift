/// Tables as comma-separated text (RFC 4180), with a line feed behind each line.
enum CSVText {
  static func text(_ rows: [[String]]) -> String { rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined() }

  /// A field, in quotes where it holds a comma, a quote or a line end.
  private static func field(_ text: String) -> String {
    // By scalars: a carriage return and a line feed are one character.
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
