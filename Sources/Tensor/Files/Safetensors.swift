/// The header of a safetensors file: names, types, shapes and places of its arrays.
///
/// The file is 8 bytes (the header's length, little-endian), the header in JSON, then the arrays without gaps.
public struct SafetensorsHeader: Sendable {
  /// One array of the file.
  public struct Entry: Sendable, Equatable {
    public let name: String
    /// The element type as the format spells it, for example `F32`.
    public let type: String
    public let shape: [Int]
    /// Byte offsets from the end of the header.
    public let begin: Int
    public let end: Int

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The longest header that is accepted.
  static let longest = 100_000_000
  /// The most extents of an array that are accepted.
  static let highestRank = 32
  static let elementSizes = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1,
  ]

  public let entries: [Entry]
  public let metadata: [String: String]
  private let index: [String: Int]

  init(entries: [Entry], metadata: [String: String]) {
    self.entries = entries
    self.metadata = metadata
    index = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The array called `name`.
  public subscript(name: String) -> Entry? { index[name].map { entries[$0] } }

  /// The number of bytes behind the header.
  var bodySize: Int { entries.last?.end ?? 0 }

  /// The first bytes of a file with this header, padded so that the arrays begin at a multiple of 64.
  func encoded() -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(jsonQuoted($0.key)):\(jsonQuoted($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append("\(jsonQuoted(entry.name)):{\"dtype\":\"\(entry.type)\",\"shape\":[\(shape)],\"data_offsets\":[\(entry.begin),\(entry.end)]}")
    }
    var text = Array("{\(fields.joined(separator: ","))}".utf8)
    while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  /// Checks the arrays that a header names: every number against the others and against the size of the file's body.
  ///
  /// - Parameters:
  ///   - found: The arrays in the order of the header, each with the byte of the file at which its description begins.
  ///   - bodyOffset: Where the arrays begin in the file.
  init(
    checking found: [(entry: Entry, place: Int)], metadata: [String: String], bodyOffset: Int, bodySize: Int, path: String
  ) throws(FileError) {
    var names = Set<String>(minimumCapacity: found.count)
    for (entry, place) in found {
      func failure(_ reason: String) -> FileError { FileError(path: path, reason: reason, offset: place) }
      guard names.insert(entry.name).inserted else { throw failure("its header names '\(entry.name)' twice") }
      guard var bytes = Self.elementSizes[entry.type] else { throw failure("its header describes '\(entry.name)' without a known type") }
      for extent in entry.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw failure("the shape of '\(entry.name)' is impossible") }
        bytes = product
      }
      guard entry.begin >= 0, entry.end >= entry.begin, entry.end - entry.begin == bytes else {
        throw failure("the offsets of '\(entry.name)' do not fit its shape")
      }
      guard entry.end <= bodySize else {
        throw failure("it is cut off: '\(entry.name)' ends at byte \(entry.end) of a body of \(bodySize) bytes")
      }
    }
    let entries = found.map(\.entry).sorted { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    var place = 0
    for entry in entries {
      guard entry.begin == place else {
        throw FileError(path: path, reason: "its arrays overlap or leave a gap at '\(entry.name)'", offset: bodyOffset + place)
      }
      place = entry.end
    }
    guard place == bodySize else {
      throw FileError(path: path, reason: "\(bodySize - place) bytes follow its last array", offset: bodyOffset + place)
    }
    self.init(entries: entries, metadata: metadata)
  }
}

/// `text` as a JSON string.
package func jsonQuoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

/// A safetensors file that is open for reading. Its header has been checked before anything is allocated for an array.
public final class SafetensorsFile {
  public let header: SafetensorsHeader
  private let source: ByteSource
  private let bodyOffset: Int

  public var path: String { source.path }

  /// Opens `path` and checks its header.
  public convenience init(path: String) throws(FileError) { try self.init(source: ByteSource(path: path)) }

  init(source: ByteSource) throws(FileError) {
    self.source = source
    let size = source.size
    guard size >= 8 else { throw FileError(path: source.path, reason: "is too short for a safetensors file (\(size) bytes)") }
    let length = try source.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(size - 8) else {
      throw FileError(path: source.path, reason: "is cut off: a header of \(length) bytes is announced in a file of \(size)", offset: 0)
    }
    guard length <= UInt64(SafetensorsHeader.longest) else {
      throw FileError(
        path: source.path, reason: "announces a header of \(length) bytes; at most \(SafetensorsHeader.longest) are accepted", offset: 0)
    }
    bodyOffset = 8 + Int(length)
    let json = try source.bytes(at: 8, count: Int(length))
    header = try SafetensorsHeader(parsing: json, bodySize: size - bodyOffset, path: source.path)
  }

  /// Reads the bytes of one array.
  func read(_ entry: SafetensorsHeader.Entry, into bytes: inout MutableRawSpan) throws(FileError) {
    guard bytes.byteCount == entry.end - entry.begin else {
      throw FileError(path: path, reason: "the array '\(entry.name)' of \(entry.end - entry.begin) bytes does not fill \(bytes.byteCount)")
    }
    try source.read(at: bodyOffset + entry.begin, into: &bytes)
  }

  /// Reads one array of single-precision numbers.
  public func floats(_ name: String) throws(FileError) -> [Float] {
    guard let entry = header[name], entry.type == "F32" else {
      throw FileError(path: path, reason: "it holds no single-precision array '\(name)'")
    }
    return try source.elements(at: bodyOffset + entry.begin, count: entry.count, zero: 0)
  }
}
