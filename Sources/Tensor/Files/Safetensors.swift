import Foundation

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

  /// Reads a header's JSON. Every number is checked against the others and against the size of the file's body.
  init(parsing json: [UInt8], bodySize: Int, path: String) throws(FileError) {
    let fields: [String: Field]
    do {
      fields = try JSONDecoder().decode([String: Field].self, from: Data(json))
    } catch {
      throw FileError(path: path, reason: "its header (at byte 8) is not valid safetensors JSON")
    }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for (name, field) in fields {
      if name == "__metadata__" {
        metadata = field.texts
        continue
      }
      guard let type = field.dtype, let shape = field.shape, let offsets = field.dataOffsets, let size = Self.elementSizes[type] else {
        throw FileError(path: path, reason: "its header describes '\(name)' without a known type, a shape and offsets")
      }
      var bytes = size
      for extent in shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw FileError(path: path, reason: "the shape of '\(name)' is impossible") }
        bytes = product
      }
      guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] - offsets[0] == bytes else {
        throw FileError(path: path, reason: "the offsets of '\(name)' do not fit its shape")
      }
      guard offsets[1] <= bodySize else {
        throw FileError(path: path, reason: "it is cut off: '\(name)' ends at byte \(offsets[1]) of a body of \(bodySize) bytes")
      }
      entries.append(Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1]))
    }
    entries.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    var place = 0
    for entry in entries {
      guard entry.begin == place else { throw FileError(path: path, reason: "its arrays overlap or leave a gap at byte \(place) of the body") }
      place = entry.end
    }
    guard place == bodySize else { throw FileError(path: path, reason: "\(bodySize - place) bytes follow its last array") }
    self.init(entries: entries, metadata: metadata)
  }

  private struct Field: Decodable {
    var dtype: String?
    var shape: [Int]?
    var dataOffsets: [Int]?
    var texts: [String: String] = [:]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        texts = try decoder.singleValueContainer().decode([String: String].self)
        return
      }
      let container = try decoder.container(keyedBy: CodingKeys.self)
      dtype = try container.decodeIfPresent(String.self, forKey: .dtype)
      shape = try container.decodeIfPresent([Int].self, forKey: .shape)
      dataOffsets = try container.decodeIfPresent([Int].self, forKey: .dataOffsets)
    }
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
  public let path: String
  public let header: SafetensorsHeader
  private let descriptor: Int32
  private let bodyOffset: Int

  /// Opens `path` and checks its header.
  public init(path: String) throws(FileError) {
    self.path = path
    // Without O_NONBLOCK a pipe would be waited for until somebody writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, reason: "cannot be read (\(systemReason()))") }
    do throws(FileError) {
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw FileError(path: path, reason: "is not a regular file")
      }
      let size = Int(status.st_size)
      guard size >= 8 else { throw FileError(path: path, reason: "is too short for a safetensors file (\(size) bytes)") }
      var prefix = [UInt8](repeating: 0, count: 8)
      try Self.read(descriptor, at: 0, into: &prefix, path: path)
      let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length <= UInt64(min(size - 8, SafetensorsHeader.longest)) else {
        throw FileError(path: path, reason: "is cut off: a header of \(length) bytes is announced at byte 0 of a file of \(size)")
      }
      var json = [UInt8](repeating: 0, count: Int(length))
      try Self.read(descriptor, at: 8, into: &json, path: path)
      bodyOffset = 8 + Int(length)
      header = try SafetensorsHeader(parsing: json, bodySize: size - bodyOffset, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Reads the bytes of one array.
  func read(_ entry: SafetensorsHeader.Entry, into bytes: inout MutableRawSpan) throws(FileError) {
    try Self.read(descriptor, at: bodyOffset + entry.begin, into: &bytes, path: path)
  }

  /// Reads one array of single-precision numbers.
  public func floats(_ name: String) throws(FileError) -> [Float] {
    guard let entry = header[name], entry.type == "F32" else {
      throw FileError(path: path, reason: "it holds no single-precision array '\(name)'")
    }
    var values = [Float](repeating: 0, count: entry.count)
    var span = values.mutableSpan
    var bytes = unsafe span.mutableBytes
    try read(entry, into: &bytes)
    return values
  }

  private static func read(_ descriptor: Int32, at offset: Int, into bytes: inout [UInt8], path: String) throws(FileError) {
    var span = bytes.mutableSpan
    var raw = unsafe span.mutableBytes
    try read(descriptor, at: offset, into: &raw, path: path)
  }

  private static func read(_ descriptor: Int32, at offset: Int, into bytes: inout MutableRawSpan, path: String) throws(FileError) {
    var done = 0
    while done < bytes.byteCount {
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset + done)) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path, reason: "cannot be read at byte \(offset + done)") }
      done += count
    }
  }
}
