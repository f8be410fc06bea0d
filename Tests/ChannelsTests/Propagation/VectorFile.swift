import Foundation

/// A committed table of numbers: commas between columns, one line of names, comments after `#`.
struct VectorFile {
  let rows: [[String]]

  init(_ name: String) throws {
    let url = Bundle.module.url(forResource: name, withExtension: "csv", subdirectory: "Resources")!
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    rows = lines.dropFirst().map { $0.split(separator: ",").map(String.init) }
  }
}
