/// A NumPy file (`.npy`) that is open for reading: one array with its element type and shape.
///
/// The format, versions 1.0 to 3.0 (NumPy enhancement proposal 1): the magic bytes, the version, the length of the header (2 bytes, from version 2.0
/// on 4), the header (a Python dictionary with the keys `descr`, `fortran_order` and `shape`), and the numbers. Read are little-endian arrays in C
/// order. The header is checked against the file's size before anything is allocated for the array.
public final class NpyFile {
  /// The element types that are read.
  public enum ElementType: String, Sendable, CaseIterable {
    case float32 = "<f4"
    case float64 = "<f8"
    case int32 = "<i4"
    case int64 = "<i8"
    case uint8 = "|u1"
    case bool = "|b1"

    /// The bytes of one element.
    public var size: Int {
      switch self {
      case .float32, .int32: 4
      case .float64, .int64: 8
      case .uint8, .bool: 1
      }
    }
  }

  /// The longest header that is accepted.
  static let longestHeader = 65_535
  /// The most extents that are accepted, as in NumPy 2.
  static let highestRank = 64
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  public let type: ElementType
  /// The extents, slowest index first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  private let source: ByteSource
  private let bodyOffset: Int

  public var path: String { source.path }

  /// Opens `path` and checks its header.
  public convenience init(path: String) throws(FileError) { try self.init(source: ByteSource(path: path)) }

  init(source: ByteSource) throws(FileError) {
    func failure(_ reason: String, at offset: Int) -> FileError { FileError(path: source.path, reason: reason, offset: offset) }
    let (path, size) = (source.path, source.size)
    guard size >= 10 else { throw FileError(path: path, reason: "is too short for a NumPy file (\(size) bytes)") }
    let first = try source.bytes(at: 0, count: min(size, 12))
    guard first.starts(with: NpyFile.magic) else { throw failure("is no NumPy file: it does not begin with \\x93NUMPY", at: 0) }
    guard (1...3).contains(first[6]), first[7] == 0 else {
      throw failure("has the format version \(first[6]).\(first[7]); 1.0, 2.0 and 3.0 can be read", at: 6)
    }
    let begin = first[6] == 1 ? 10 : 12
    guard size >= begin else { throw failure("is cut off in the length of its header", at: size) }
    let length = first[8..<begin].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= size - begin else { throw failure("is cut off: a header of \(length) bytes is announced in a file of \(size)", at: 8) }
    guard length <= NpyFile.longestHeader else {
      throw failure("announces a header of \(length) bytes; at most \(NpyFile.longestHeader) are accepted", at: 8)
    }
    let header = try NpyHeader(parsing: source.bytes(at: begin, count: length), at: begin, path: path)
    guard let type = ElementType(rawValue: header.type) else {
      guard let little = NpyFile.littleEndian(header.type) else {
        throw failure(
          "holds elements of the type '\(header.type)'; save one of float32, float64, int32, int64, uint8 and bool, as by x.astype('float32')",
          at: begin)
      }
      throw failure("holds big-endian numbers ('\(header.type)'); save x.astype('\(little)') instead", at: begin)
    }
    // Up to one extent both orders are the same.
    guard !header.fortranOrder || header.shape.count < 2 else {
      throw failure("is in Fortran order; save numpy.ascontiguousarray(x) instead", at: begin)
    }
    var count = 1
    for extent in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw failure("has the impossible shape \(header.shape)", at: begin) }
      count = product
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.size)
    guard !overflow else { throw failure("has the impossible shape \(header.shape)", at: begin) }
    bodyOffset = begin + length
    guard bytes <= size - bodyOffset else {
      throw failure("is cut off: the shape \(header.shape) takes \(bytes) bytes, \(size - bodyOffset) follow the header", at: size)
    }
    guard bytes == size - bodyOffset else { throw failure("\(size - bodyOffset - bytes) bytes follow its array", at: bodyOffset + bytes) }
    self.type = type
    self.shape = header.shape
    self.count = count
    self.source = source
  }

  /// The little-endian spelling of a big-endian type that is otherwise read.
  private static func littleEndian(_ type: String) -> String? {
    guard type.first == ">" else { return nil }
    return ElementType(rawValue: "<" + type.dropFirst())?.rawValue
  }

  private func elements<Element: BitwiseCopyable>(_ wanted: ElementType, zero: Element) throws(FileError) -> [Element] {
    guard type == wanted else {
      throw FileError(path: path, reason: "holds elements of the type '\(type.rawValue)' where '\(wanted.rawValue)' is expected")
    }
    return try source.elements(at: bodyOffset, count: count, zero: zero)
  }

  /// Reads a `float32` array.
  public func floats() throws(FileError) -> [Float] { try elements(.float32, zero: 0) }

  /// Reads a `float64` array.
  public func doubles() throws(FileError) -> [Double] { try elements(.float64, zero: 0) }

  /// Reads an `int32` array.
  public func int32s() throws(FileError) -> [Int32] { try elements(.int32, zero: 0) }

  /// Reads an `int64` array.
  public func int64s() throws(FileError) -> [Int64] { try elements(.int64, zero: 0) }

  /// Reads a `uint8` array.
  public func bytes() throws(FileError) -> [UInt8] { try elements(.uint8, zero: 0) }

  /// Reads a `bool` array.
  public func bools() throws(FileError) -> [Bool] {
    let bytes = try elements(.bool, zero: UInt8(0))
    if let place = bytes.firstIndex(where: { $0 > 1 }) {
      throw FileError(path: path, reason: "holds the byte \(bytes[place]) for a truth value", offset: bodyOffset + place)
    }
    return bytes.map { $0 != 0 }
  }

  /// Reads a `float32` array of at most four extents as a tensor.
  public func tensor() throws(FileError) -> Tensor {
    guard type == .float32 else {
      throw FileError(path: path, reason: "holds elements of the type '\(type.rawValue)' where '<f4' is expected; save x.astype('float32')")
    }
    guard shape.count <= 4, shape.allSatisfy({ $0 <= Int(Int32.max) }) else {
      throw FileError(path: path, reason: "has the shape \(shape); a tensor has at most 4 extents below 2³¹")
    }
    var tensor = Tensor(zeros: Shape(shape))
    try read(into: &tensor)
    return tensor
  }

  // Apart, because the optimiser fails on a span of a local tensor (Docs/Workarounds.md).
  @inline(never)
  private func read(into tensor: inout Tensor) throws(FileError) {
    var span = tensor.mutableSpan
    var bytes = unsafe span.mutableBytes
    try source.read(at: bodyOffset, into: &bytes)
  }
}

/// Writes NumPy files (`.npy`, version 1.0): little-endian, C order, each in one atomic step.
public enum Npy {
  /// Writes a tensor as `float32`.
  public static func write(_ tensor: Tensor, to path: String) throws(FileError) {
    let shape = (0..<tensor.shape.rank).map { tensor.shape[$0] }
    try write(unsafe tensor.span.bytes, .float32, shape: shape, to: path)
  }

  /// Writes numbers as `float64`.
  ///
  /// - Parameters:
  ///   - values: The elements, row-major.
  ///   - shape: The extents, slowest index first; one extent if nil.
  ///   - path: The file, which is replaced if there is one.
  /// - Precondition: The shape holds as many elements as there are.
  public static func write(_ values: [Double], shape: [Int]? = nil, to path: String) throws(FileError) {
    let shape = checked(shape, count: values.count)
    try write(unsafe values.span.bytes, .float64, shape: shape, to: path)
  }

  /// Writes whole numbers as `int32`.
  ///
  /// - Parameters:
  ///   - values: The elements, row-major.
  ///   - shape: The extents, slowest index first; one extent if nil.
  ///   - path: The file, which is replaced if there is one.
  /// - Precondition: The shape holds as many elements as there are.
  public static func write(_ values: [Int32], shape: [Int]? = nil, to path: String) throws(FileError) {
    let shape = checked(shape, count: values.count)
    try write(unsafe values.span.bytes, .int32, shape: shape, to: path)
  }

  private static func checked(_ shape: [Int]?, count: Int) -> [Int] {
    guard let shape else { return [count] }
    precondition(
      shape.allSatisfy { $0 >= 0 } && (shape.contains(0) ? 0 : shape.reduce(1, *)) == count, "Npy.write: \(count) elements for the shape \(shape)")
    return shape
  }

  /// The bytes before the array: as NumPy writes them, with the array at a multiple of 64.
  static func header(_ type: NpyFile.ElementType, shape: [Int]) -> [UInt8] {
    let extents = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var text = Array("{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return NpyFile.magic + [1, 0, UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)] + text
  }

  private static func write(_ bytes: RawSpan, _ type: NpyFile.ElementType, shape: [Int], to path: String) throws(FileError) {
    let file = try AtomicFile(replacing: path)
    try unsafe file.write(header(type, shape: shape).span.bytes)
    try file.write(bytes)
    try file.commit()
  }
}
