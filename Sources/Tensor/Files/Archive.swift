/// A state that can be saved and brought back bit for bit.
///
/// One function serves both directions, so that what is saved and what is restored cannot differ.
public protocol Archivable {
  /// Visits every part of the state, always the same parts in the same order, each under a name of its own.
  mutating func archive(in archive: Archive) throws(FileError)
}

/// One pass over the parts of a state: to write them to a safetensors file, or to read them from one.
///
/// The same visit runs three times: `measuring` collects names and sizes, `writing` streams the bytes (a state of
/// gigabytes needs no second copy in memory), `reading` restores. A part that the file lacks, or whose type or size
/// differs from what the state expects, is refused with its name.
public final class Archive {
  enum Direction { case measuring, writing, reading }

  /// Element types of the safetensors format that an archive uses.
  enum ElementType: String {
    case float32 = "F32"
    case float64 = "F64"
    case int32 = "I32"
    case int64 = "I64"
    case uint8 = "U8"

    var size: Int {
      switch self {
      case .float32, .int32: 4
      case .float64, .int64: 8
      case .uint8: 1
      }
    }
  }

  let path: String
  let direction: Direction
  var prefix = ""
  var entries: [SafetensorsHeader.Entry] = []
  private var names = Set<String>()
  let target: AtomicFile?
  let source: SafetensorsFile?

  init(path: String, direction: Direction, target: AtomicFile? = nil, source: SafetensorsFile? = nil) {
    self.path = path
    self.direction = direction
    self.target = target
    self.source = source
  }

  /// True while a state is being restored.
  public var isReading: Bool { direction == .reading }

  /// Visits parts under names that begin with `name.`
  public func group(_ name: String, _ body: () throws(FileError) -> Void) throws(FileError) {
    let outer = prefix
    prefix += name + "."
    defer { prefix = outer }
    try body()
  }

  /// An error about this archive.
  public func failure(_ reason: String) -> FileError { FileError(path: path, reason: reason) }

  /// Visits an array. When restored it must have its present length, unless it is `resizable`.
  public func array(_ name: String, _ values: inout [Float], resizable: Bool = false) throws(FileError) {
    try elements(name, &values, .float32, zero: 0, resizable: resizable)
  }

  /// Visits an array of doubles.
  public func array(_ name: String, _ values: inout [Double], resizable: Bool = false) throws(FileError) {
    try elements(name, &values, .float64, zero: 0, resizable: resizable)
  }

  /// Visits an array of 32-bit integers.
  public func array(_ name: String, _ values: inout [Int32], resizable: Bool = false) throws(FileError) {
    try elements(name, &values, .int32, zero: 0, resizable: resizable)
  }

  /// Visits an array of bytes.
  public func array(_ name: String, _ values: inout [UInt8], resizable: Bool = false) throws(FileError) {
    try elements(name, &values, .uint8, zero: 0, resizable: resizable)
  }

  /// Visits an array of truth values.
  public func array(_ name: String, _ values: inout [Bool], resizable: Bool = false) throws(FileError) {
    var bytes = values.map { $0 ? UInt8(1) : 0 }
    try array(name, &bytes, resizable: resizable)
    if isReading {
      if let other = bytes.first(where: { $0 > 1 }) { throw failure("the part '\(prefix + name)' holds the byte \(other) for a truth value") }
      values = bytes.map { $0 != 0 }
    }
  }

  /// Visits an integer.
  public func value(_ name: String, _ value: inout Int) throws(FileError) {
    var values = [Int64(value)]
    try elements(name, &values, .int64, zero: 0, resizable: false)
    value = Int(values[0])
  }

  /// Visits a number.
  public func value(_ name: String, _ value: inout Double) throws(FileError) {
    var values = [value]
    try array(name, &values)
    value = values[0]
  }

  /// Visits a single-precision number.
  public func value(_ name: String, _ value: inout Float) throws(FileError) {
    var values = [value]
    try array(name, &values)
    value = values[0]
  }

  /// Visits a truth value.
  public func value(_ name: String, _ value: inout Bool) throws(FileError) {
    var values = [value]
    try array(name, &values)
    value = values[0]
  }

  /// Visits a text.
  public func value(_ name: String, _ value: inout String) throws(FileError) {
    var bytes = Array(value.utf8)
    try array(name, &bytes, resizable: true)
    if isReading {
      guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("the part '\(prefix + name)' is no text") }
      value = text
    }
  }

  func elements<Element: BitwiseCopyable>(
    _ name: String, _ values: inout [Element], _ type: ElementType, zero: Element, resizable: Bool
  ) throws(FileError) {
    switch direction {
    case .measuring:
      try measure(name, type, shape: [values.count])
    case .writing:
      try unsafe target!.write(values.span.bytes)
    case .reading:
      let entry = try find(name, type)
      if entry.count != values.count {
        guard resizable else { throw mismatch(name, expected: values.count, found: entry.count) }
        values = Array(repeating: zero, count: entry.count)
      }
      var span = values.mutableSpan
      var bytes = unsafe span.mutableBytes
      try source!.read(entry, into: &bytes)
    }
  }

  func measure(_ name: String, _ type: ElementType, shape: [Int]) throws(FileError) {
    let full = prefix + name
    guard full != "__metadata__" else { throw failure("no part of a state can be named '\(full)'") }
    guard names.insert(full).inserted else { throw failure("two parts of the state are named '\(full)'") }
    let begin = entries.last?.end ?? 0
    entries.append(.init(name: full, type: type.rawValue, shape: shape, begin: begin, end: begin + shape.reduce(1, *) * type.size))
  }

  func find(_ name: String, _ type: ElementType) throws(FileError) -> SafetensorsHeader.Entry {
    let full = prefix + name
    guard let entry = source!.header[full] else { throw failure("the part '\(full)' is missing") }
    guard entry.type == type.rawValue else {
      throw failure("the part '\(full)' holds \(entry.type) where \(type.rawValue) is expected")
    }
    return entry
  }

  func mismatch(_ name: String, expected: Int, found: Int) -> FileError {
    failure("the part '\(prefix + name)' holds \(found) numbers where \(expected) are expected")
  }

  /// Saves a state under `path` in one atomic step.
  ///
  /// - Parameters:
  ///   - state: What is saved; visited twice, to be measured and to be written.
  ///   - path: The file, which is replaced if there is one.
  ///   - metadata: Texts that go into the file's header, readable without the state.
  public static func save(_ state: inout some Archivable, to path: String, metadata: [String: String] = [:]) throws(FileError) {
    let measuring = Archive(path: path, direction: .measuring)
    try state.archive(in: measuring)
    let header = SafetensorsHeader(entries: measuring.entries, metadata: metadata)
    let file = try AtomicFile(replacing: path)
    try unsafe file.write(header.encoded().span.bytes)
    let begin = file.byteCount
    try state.archive(in: Archive(path: path, direction: .writing, target: file))
    guard file.byteCount - begin == header.bodySize else {
      throw FileError(path: path, reason: "the state changed while it was saved")
    }
    try file.commit()
  }

  /// Restores a state from `path`. On failure the state may be partly restored: restore into a copy where that matters.
  ///
  /// - Returns: The metadata of the file.
  @discardableResult
  public static func restore(_ state: inout some Archivable, from path: String) throws(FileError) -> [String: String] {
    try restore(&state, from: ByteSource(path: path))
  }

  static func restore(_ state: inout some Archivable, from bytes: ByteSource) throws(FileError) -> [String: String] {
    let source = try SafetensorsFile(source: bytes)
    try state.archive(in: Archive(path: bytes.path, direction: .reading, source: source))
    return source.header.metadata
  }
}
