import Tensor

extension NodePositions {
  /// The most nodes that a layout may have.
  public static let greatestLayout = 65536

  /// One copy of the nodes of a layout that somebody wrote down.
  ///
  /// The first line is `x_m,y_m` or `x_m,y_m,height_m`, each further line one node in metres. Lines that are empty or begin with `#` are
  /// passed over. Coordinates are plain decimal numbers up to 10⁷, heights up to 10⁵.
  ///
  /// - Parameters:
  ///   - csv: The text, from wherever: whatever does not fit is refused with its line.
  ///   - name: The file or parameter that it came from, for errors.
  ///   - height: The height of nodes if the text gives none.
  public init(csv: String, name: String, height: Meters = Meters(0)) throws(FileError) {
    var reader = LayoutReader(name: name, defaultHeight: height.value)
    var line = 0
    for text in csv.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      try reader.read(text, line: line)
    }
    guard reader.columns > 0 else { throw FileError(path: name, reason: "has no line 'x_m,y_m' or 'x_m,y_m,height_m' before its nodes") }
    guard !reader.positions.isEmpty else { throw FileError(path: name, reason: "has no nodes") }
    self.init(reader.positions, heights: reader.heights.map(Meters.init))
  }

  /// The nodes of one copy as a text that ``init(csv:name:height:)`` reads back bit for bit.
  public func csv(copy: Int = 0) -> String {
    var text = "x_m,y_m,height_m\n"
    for node in 0..<nodes {
      let position = self[copy, node]
      text += "\(position.x),\(position.y),\(heights[node])\n"
    }
    return text
  }
}

/// What was read of a layout so far.
private struct LayoutReader {
  let name: String
  let defaultHeight: Double
  var columns = 0
  var positions: [Position] = []
  var heights: [Double] = []

  init(name: String, defaultHeight: Double) {
    self.name = name
    self.defaultHeight = defaultHeight
  }

  mutating func read(_ bytes: Substring.UTF8View, line: Int) throws(FileError) {
    var bytes = bytes
    if line == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let text = LayoutReader.trimmed(bytes)
    if text.isEmpty || text.first == UInt8(ascii: "#") { return }
    // A node needs less; a longer line is something else, and is not worth splitting.
    guard text.count <= 256 else { throw failure(line, "is longer than 256 bytes") }
    let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { LayoutReader.trimmed($0) }
    if columns == 0 {
      let header = fields.map { String(decoding: $0, as: UTF8.self) }
      guard header == ["x_m", "y_m"] || header == ["x_m", "y_m", "height_m"] else {
        throw failure(line, "must be 'x_m,y_m' or 'x_m,y_m,height_m', the first line of a layout")
      }
      columns = header.count
      return
    }
    guard fields.count == columns else { throw failure(line, "has \(fields.count) fields where the first line names \(columns)") }
    guard positions.count < NodePositions.greatestLayout else {
      throw failure(line, "is one node too many: a layout has at most \(NodePositions.greatestLayout)")
    }
    let x = try number(fields[0], "x_m", limit: 1e7, line: line)
    let y = try number(fields[1], "y_m", limit: 1e7, line: line)
    heights.append(columns == 3 ? try number(fields[2], "height_m", limit: 1e5, line: line) : defaultHeight)
    positions.append(Position(x: x, y: y))
  }

  private func number(_ field: Substring.UTF8View, _ column: String, limit: Double, line: Int) throws(FileError) -> Double {
    // Only what a decimal number is made of: no 'inf', 'nan' or hexadecimal digits.
    let known = Array("0123456789+-.eE".utf8)
    guard field.allSatisfy(known.contains), let value = Double(String(decoding: field, as: UTF8.self)) else {
      let shown = String(decoding: field.prefix(24).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
      throw failure(line, "has '\(shown)' for \(column), which is no decimal number")
    }
    guard abs(value) <= limit else { throw failure(line, "has \(value) m for \(column), beyond ±\(limit) m") }
    return value
  }

  private func failure(_ line: Int, _ reason: String) -> FileError { FileError(path: name, reason: "line \(line) \(reason)") }

  /// Without spaces, tabs and carriage returns at both ends.
  private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
    let blank: [UInt8] = [0x20, 0x09, 0x0D]
    var bytes = bytes
    while let first = bytes.first, blank.contains(first) { bytes = bytes.dropFirst() }
    while let last = bytes.last, blank.contains(last) { bytes = bytes.dropLast() }
    return bytes
  }
}
