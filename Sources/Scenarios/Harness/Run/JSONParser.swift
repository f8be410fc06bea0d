/// A text is no JSON: where, and why.
struct JSONError: Error, CustomStringConvertible {
  let offset: Int
  let reason: String

  var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
  /// Reads one JSON value (RFC 8259) that fills the whole text. Repeated names in an object and nesting beyond 64 levels are refused.
  init(parsing text: some Sequence<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text))
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.isAtEnd else { throw parser.failure("something follows the value") }
    self = value
  }
}

/// Recursive descent over the bytes of a text that nobody vouches for.
private struct JSONParser {
  let bytes: [UInt8]
  var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }
  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  func failure(_ reason: String) -> JSONError { JSONError(offset: place, reason: reason) }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    place += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth <= 64 else { throw failure("values are nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[place...].starts(with: word.utf8) else { throw failure("no value begins") }
    place += word.utf8.count
    return value
  }

  mutating func object(depth: Int) throws(JSONError) -> JSON {
    place += 1
    var members: [JSON.Member] = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("a name is missing") }
      let name = try string()
      guard !members.contains(where: { $0.name == name }) else { throw failure("the name '\(name)' is repeated") }
      skipSpace()
      guard take(":") else { throw failure("a colon is missing") }
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("a comma or a closing brace is missing") }
    }
  }

  mutating func array(depth: Int) throws(JSONError) -> JSON {
    place += 1
    var values: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(values) }
      guard take(",") else { throw failure("a comma or a closing bracket is missing") }
    }
  }

  mutating func number() throws(JSONError) -> String {
    let begin = place
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[begin..<place], as: UTF8.self)
  }

  mutating func digits() throws(JSONError) {
    let begin = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    guard place > begin else { throw failure("a value or a digit is missing") }
  }

  mutating func string() throws(JSONError) -> String {
    place += 1
    var text: [UInt8] = []
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

  mutating func escape(into text: inout [UInt8]) throws(JSONError) {
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
      if 0xD800..<0xDC00 ~= code, take("\\"), take("u") {
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw failure("half of a character is missing") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a character is missing") }
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw failure("an escape is unknown")
    }
  }

  mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard place + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16),
      bytes[place] != UInt8(ascii: "+"), bytes[place] != UInt8(ascii: "-")
    else { throw failure("four hexadecimal digits are missing") }
    place += 4
    return code
  }
}
