/// Reads the JSON of a safetensors header, and nothing else that JSON can say.
///
/// The format has two levels: an object of names, each with an object of the three fields `dtype`, `shape` and `data_offsets`, and one name
/// `__metadata__` with an object of texts. So nothing here calls itself, whatever the nesting, and what is held never outgrows the text by
/// more than a constant factor.
struct SafetensorsParser {
  private let bytes: [UInt8]
  private let path: String
  private var place = 0
  /// Where the text begins in the file.
  private static let begin = 8

  private(set) var entries: [(entry: SafetensorsHeader.Entry, place: Int)] = []
  private(set) var metadata: [String: String] = [:]

  init(_ bytes: [UInt8], path: String) throws(FileError) {
    self.bytes = bytes
    self.path = path
    var sawMetadata = false
    // The format wants the brace first, without space.
    guard take("{") else { throw failure("an opening brace is missing") }
    try members { (parser, name, place) throws(FileError) in
      if name == "__metadata__" {
        guard !sawMetadata else { throw parser.failure("'__metadata__' is repeated") }
        sawMetadata = true
        try parser.texts()
      } else {
        let entry = try parser.entry(name)
        parser.entries.append((entry, SafetensorsParser.begin + place))
      }
    }
    skipSpace()
    guard place == bytes.count else { throw failure("something follows the closing brace") }
  }

  private func failure(_ reason: String) -> FileError {
    FileError(path: path, reason: "its header is not valid safetensors JSON: \(reason)", offset: Self.begin + place)
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// The members of an object whose brace has been taken; `body` reads a value.
  private mutating func members(_ body: (inout SafetensorsParser, String, Int) throws(FileError) -> Void) throws(FileError) {
    skipSpace()
    if take("}") { return }
    while true {
      skipSpace()
      let begin = place
      let name = try string()
      skipSpace()
      guard take(":") else { throw failure("a colon is missing") }
      skipSpace()
      try body(&self, name, begin)
      skipSpace()
      if take("}") { return }
      guard take(",") else { throw failure("a comma or a closing brace is missing") }
    }
  }

  private mutating func texts() throws(FileError) {
    guard take("{") else { throw failure("'__metadata__' is no object") }
    try members { (parser, name, _) throws(FileError) in
      guard parser.metadata.updateValue(try parser.string(), forKey: name) == nil else {
        throw parser.failure("'\(name)' is repeated in '__metadata__'")
      }
    }
  }

  private mutating func entry(_ name: String) throws(FileError) -> SafetensorsHeader.Entry {
    guard take("{") else { throw failure("the description of '\(name)' is no object") }
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { (parser, field, _) throws(FileError) in
      switch field {
      case "dtype" where type == nil: type = try parser.string()
      case "shape" where shape == nil: shape = try parser.integers(field, atMost: SafetensorsHeader.highestRank)
      case "data_offsets" where offsets == nil: offsets = try parser.integers(field, atMost: 2)
      case "dtype", "shape", "data_offsets": throw parser.failure("'\(field)' of '\(name)' is repeated")
      default: throw parser.failure("'\(name)' has the unknown field '\(field)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw failure("'\(name)' is described without a type, a shape and two offsets")
    }
    return SafetensorsHeader.Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func integers(_ field: String, atMost most: Int) throws(FileError) -> [Int] {
    guard take("[") else { throw failure("'\(field)' is no list") }
    var values: [Int] = []
    skipSpace()
    if take("]") { return values }
    while true {
      guard values.count < most else { throw failure("'\(field)' holds more than \(most) numbers") }
      skipSpace()
      values.append(try integer())
      skipSpace()
      if take("]") { return values }
      guard take(",") else { throw failure("a comma or a closing bracket is missing") }
    }
  }

  private mutating func integer() throws(FileError) -> Int {
    let negative = take("-")
    let begin = place
    var value = 0
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !first, !second else { throw failure("a number is too large") }
      value = sum
      place += 1
    }
    guard place > begin else { throw failure("a whole number is missing") }
    guard bytes[begin] != UInt8(ascii: "0") || place == begin + 1 else { throw failure("a number begins with zero") }
    if let byte = next, byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { throw failure("a number is not whole") }
    return negative ? -value : value
  }

  private mutating func string() throws(FileError) -> String {
    guard take("\"") else { throw failure("a string is missing") }
    let begin = place
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
    var text = bytes[begin..<place]
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw failure("a string is no UTF-8") }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw failure("a string holds a control character")
      default: text.append(byte)
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escape(into text: inout ArraySlice<UInt8>) throws(FileError) {
    guard let byte = next else { throw failure("a string does not end") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if 0xD800..<0xDC00 ~= code {
        guard take("\\"), take("u") else { throw failure("half of a character is missing") }
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw failure("half of a character is missing") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a character is missing") }
      text.append(contentsOf: UTF8.encode(scalar)!)
    default: throw failure("an escape is unknown")
    }
  }

  private mutating func hexadecimal() throws(FileError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure("four hexadecimal digits are missing") }
      code = code << 4 | UInt32(digit)
      place += 1
    }
    return code
  }
}

extension SafetensorsHeader {
  /// Reads a header's JSON, which begins at byte 8 of the file and is followed by a body of `bodySize` bytes.
  init(parsing json: [UInt8], bodySize: Int, path: String) throws(FileError) {
    let parser = try SafetensorsParser(json, path: path)
    try self.init(checking: parser.entries, metadata: parser.metadata, bodyOffset: 8 + json.count, bodySize: bodySize, path: path)
  }
}
