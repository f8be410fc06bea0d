/// The header of a NumPy file: a Python dictionary of three keys, of which nothing but what NumPy writes is read.
struct NpyHeader {
  private(set) var type = ""
  private(set) var fortranOrder = false
  private(set) var shape: [Int] = []

  private let bytes: [UInt8]
  private let path: String
  private let begin: Int
  private var place = 0

  /// - Parameter begin: Where the text begins in the file.
  init(parsing bytes: [UInt8], at begin: Int, path: String) throws(FileError) {
    self.bytes = bytes
    self.path = path
    self.begin = begin
    var seen: [String] = []
    skipSpace()
    guard take("{") else { throw failure("an opening brace is missing") }
    skipSpace()
    while !take("}") {
      let key = try string()
      guard !seen.contains(key) else { throw failure("the key '\(key)' is repeated") }
      skipSpace()
      guard take(":") else { throw failure("a colon is missing") }
      skipSpace()
      switch key {
      case "descr":
        if next == UInt8(ascii: "[") { throw failure("it describes records; save the fields as single arrays") }
        type = try string()
      case "fortran_order": fortranOrder = try truth()
      case "shape": shape = try extents()
      default: throw failure("the key '\(key)' is unknown")
      }
      seen.append(key)
      skipSpace()
      if take(",") { skipSpace() } else if next != UInt8(ascii: "}") { throw failure("a comma or a closing brace is missing") }
    }
    skipSpace()
    guard place == bytes.count else { throw failure("something follows the closing brace") }
    guard seen.count == 3 else { throw failure("one of 'descr', 'fortran_order' and 'shape' is missing") }
  }

  private func failure(_ reason: String) -> FileError {
    FileError(path: path, reason: "its header is no NumPy header: \(reason)", offset: begin + place)
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

  /// A string of printable ASCII characters in either kind of quotes; the ones that NumPy writes need no escape.
  private mutating func string() throws(FileError) -> String {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw failure("a string is missing") }
    let first = place + 1
    var last = first
    while last < bytes.count, bytes[last] != quote {
      guard (0x20..<0x7F).contains(bytes[last]), bytes[last] != UInt8(ascii: "\\") else {
        place = last
        throw failure("a string holds the byte \(bytes[last])")
      }
      last += 1
    }
    guard last < bytes.count else { throw failure("a string does not end") }
    place = last + 1
    return String(decoding: bytes[first..<last], as: UTF8.self)
  }

  private mutating func truth() throws(FileError) -> Bool {
    for (word, value) in [("True", true), ("False", false)] where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw failure("neither True nor False is found")
  }

  private mutating func extents() throws(FileError) -> [Int] {
    guard take("(") else { throw failure("a tuple is missing") }
    var values: [Int] = []
    var comma = true
    skipSpace()
    while !take(")") {
      guard comma else { throw failure("a comma or a closing parenthesis is missing") }
      guard values.count < NpyFile.highestRank else { throw failure("the shape has more than \(NpyFile.highestRank) extents") }
      values.append(try extent())
      skipSpace()
      comma = take(",")
      skipSpace()
    }
    guard values.count != 1 || comma else { throw failure("the shape is no tuple") }
    return values
  }

  private mutating func extent() throws(FileError) -> Int {
    let first = place
    var value = 0
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw failure("an extent is too large") }
      value = sum
      place += 1
    }
    guard place > first else { throw failure("an extent is no whole number from 0 on") }
    // Python 2 marked long numbers.
    _ = take("L")
    return value
  }
}
