/// A table that a pack makes from a run: a part of the report and a file `tables/NAME.csv`.
public struct ReportTable: Sendable, Hashable {
  /// The head of a column.
  public struct Column: Sendable, Hashable {
    public var label: String
    /// Empty for texts and for numbers without unit.
    public var unit: String

    public init(_ label: String, unit: String = "") {
      self.label = label
      self.unit = unit
    }

    /// The label with its unit.
    var caption: String { unit.isEmpty ? label : "\(label) (\(unit))" }
  }

  /// What stands in a column of a row; literals of texts and numbers are cells.
  public enum Cell: Sendable, Hashable {
    case text(String)
    /// In files as it is; for people with about four digits, whole numbers with all of theirs. Not a number is like `empty`.
    case number(Double)
    case empty

    /// The mean of one value a seed with its 95 % interval, or the value of the only seed.
    public static func interval(_ values: SeedValues) -> Cell {
      guard !values.isEmpty else { return .empty }
      let interval = Statistics.meanInterval(values.values)
      guard values.count > 1 else { return .text(shortText(interval.value)) }
      return .text("\(shortText(interval.value)) [\(shortText(interval.low)), \(shortText(interval.high))]")
    }
  }

  /// The name of its file and its place in the report: lower-case letters, digits and hyphens, for example `complexity`.
  public var name: String
  public var title: String
  /// What the reader sees and how it was made.
  public var caption: String
  public var columns: [Column]
  /// A cell for each column in each row.
  public var rows: [[Cell]]

  /// - Precondition: The name is one of a file as above, and every row has as many cells as there are columns.
  public init(name: String, title: String, caption: String, columns: [Column], rows: [[Cell]]) {
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
    precondition(!name.isEmpty && name.allSatisfy(letters.contains), "ReportTable: the name '\(name)' is not of lower-case letters, digits, hyphens")
    for row in rows {
      precondition(row.count == columns.count, "ReportTable '\(name)': a row of \(row.count) cells for \(columns.count) columns")
    }
    self.name = name
    self.title = title
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// The table as comma-separated text: a header with units, then the rows with exact numbers.
  public var csv: String {
    CSVText.text(
      [columns.map(\.caption)]
        + rows.map { row in
          row.map { cell in
            switch cell {
            case .text(let text): text
            case .number(let value): value.isFinite ? JSON.text(value) : ""
            case .empty: ""
            }
          }
        })
  }

  /// Whether a column holds numbers, which stand at its right edge. Columns without any cell that says something hold texts.
  func isNumeric(_ column: Int) -> Bool {
    var hasNumber = false
    for row in rows {
      switch row[column] {
      case .text: return false
      case .number: hasNumber = true
      case .empty: continue
      }
    }
    return hasNumber
  }
}

extension ReportTable.Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }

  /// For people.
  var text: String {
    switch self {
    case .text(let text): text
    case .number(let value): ReportTable.readable(value)
    case .empty: "–"
    }
  }
}

extension ReportTable {
  /// A number for people: about four digits, whole numbers with all of theirs, groups of three digits from five digits on, and a power of
  /// ten where there would be more than three zeros behind the point or more than fifteen digits before it.
  static func readable(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 0.0001 && size < 1e15 { return grouped(value.rounded() == value ? JSON.text(value) : shortText(value)) }
    // Numbers of such sizes print themselves with an exponent, but for a few at the lower end of the large ones.
    let parts = "\(size)".split(separator: "e")
    var exponent = parts.count == 2 ? Int(parts[1])! : size < 1e16 ? 15 : 16
    let mantissa = parts.count == 2 ? Double(parts[0])! : size / Ticks.decimal(1, exponent)
    var digits = fixedText(mantissa, digits: 3, trimmed: true)
    if digits == "10" { (digits, exponent) = ("1", exponent + 1) }
    return "\(value < 0 ? "-" : "")\(digits)·10\(Ticks.superscript(exponent))"
  }

  /// Narrow spaces that break no line between groups of three digits, in numbers with at least five before the point.
  private static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let whole = text.dropFirst(sign.count).prefix { $0 != "." }
    guard whole.count > 4 else { return text }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0 && (whole.count - index) % 3 == 0 { result += "\u{202F}" }
      result.append(digit)
    }
    return sign + result + text.dropFirst(sign.count + whole.count)
  }
}
