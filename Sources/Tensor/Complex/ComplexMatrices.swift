import CKernels

/// Many complex matrices of one shape in double precision: a value with copy-on-write storage.
///
/// Real and imaginary parts lie in planes of their own, with the matrix as the fastest index: element (r, c) of matrix m is number
/// (r · columns + c) · stride + m of both planes. So every operation computes eight matrices in one register, and batches of any size give
/// each matrix the bits that it has alone. What lies in a plane between `count` and `stride` is padding without a meaning.
///
/// In shapes M is the number of rows, N that of columns and E the number of matrices.
public struct ComplexMatrices: Sendable, Equatable, CustomStringConvertible {
  /// The number of matrices, E.
  public let count: Int
  public let rows: Int
  public let columns: Int
  /// The distance of neighbouring elements of one matrix in a plane: `count` rounded up to a multiple of 8, and 8 more where that is a
  /// multiple of 64, for elements at multiples of 512 bytes meet in few sets of the cache (half the speed at 1024 matrices).
  public let stride: Int
  var storage: DoubleStorage

  /// All zero. `[E, M, N]`
  ///
  /// - Precondition: No extent is negative.
  public init(count: Int, rows: Int, columns: Int) {
    precondition(count >= 0 && rows >= 0 && columns >= 0, "ComplexMatrices: \(count) matrices of [\(rows), \(columns)]")
    self.count = count
    self.rows = rows
    self.columns = columns
    let rounded = (count + 7) & ~7
    stride = rounded % 64 == 0 && rounded > 0 ? rounded + 8 : rounded
    storage = DoubleStorage(count: 2 * rows * columns * stride)
  }

  /// The given elements by matrix, row and column.
  public init(count: Int, rows: Int, columns: Int, _ element: (_ matrix: Int, _ row: Int, _ column: Int) -> Complex) {
    self.init(count: count, rows: rows, columns: columns)
    for matrix in 0..<count {
      for row in 0..<rows {
        for column in 0..<columns { put(element(matrix, row, column), matrix, row, column) }
      }
    }
  }

  /// The given elements, matrix after matrix, each in row-major order. `[E, M, N]`
  ///
  /// - Precondition: There are E M N elements.
  public init(_ elements: [Complex], count: Int, rows: Int, columns: Int) {
    precondition(elements.count == count * rows * columns, "ComplexMatrices: \(elements.count) elements for [\(count), \(rows), \(columns)]")
    self.init(count: count, rows: rows, columns: columns) { elements[($0 * rows + $1) * columns + $2] }
  }

  /// The identity matrix, `count` times. `[E, size, size]`
  public static func identity(count: Int, size: Int) -> ComplexMatrices {
    var result = ComplexMatrices(count: count, rows: size, columns: size)
    result.addToDiagonal(1)
    return result
  }

  /// One element of one matrix.
  public subscript(matrix matrix: Int, row row: Int, column column: Int) -> Complex {
    get {
      check(matrix, row, column)
      let place = place(row, column) + matrix
      return unsafe Complex(storage.pointer[place], storage.pointer[planeCount + place])
    }
    set {
      check(matrix, row, column)
      makeUnique()
      put(newValue, matrix, row, column)
    }
  }

  private func check(_ matrix: Int, _ row: Int, _ column: Int) {
    precondition(
      matrix >= 0 && matrix < count && row >= 0 && row < rows && column >= 0 && column < columns,
      "ComplexMatrices: element (\(matrix), \(row), \(column)) of \(shape)")
  }

  private func put(_ value: Complex, _ matrix: Int, _ row: Int, _ column: Int) {
    let place = place(row, column) + matrix
    unsafe storage.pointer[place] = value.real
    unsafe storage.pointer[planeCount + place] = value.imaginary
  }

  /// Where the numbers of an element begin in a plane.
  func place(_ row: Int, _ column: Int) -> Int { (row * columns + column) * stride }

  /// The numbers of one plane, M N stride.
  var planeCount: Int { rows * columns * stride }

  /// The elements, matrix after matrix, each in row-major order. `[E, M, N]`
  public var elements: [Complex] {
    var result: [Complex] = []
    result.reserveCapacity(count * rows * columns)
    for matrix in 0..<count {
      for row in 0..<rows {
        for column in 0..<columns { result.append(self[matrix: matrix, row: row, column: column]) }
      }
    }
    return result
  }

  /// The real parts. `[M, N, stride]`
  public var real: Span<Double> {
    @_lifetime(borrow self)
    borrowing get {
      let start = unsafe UnsafePointer<Double>(storage.pointer)
      let span = unsafe Span(_unsafeStart: start, count: planeCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The imaginary parts. `[M, N, stride]`
  public var imaginary: Span<Double> {
    @_lifetime(borrow self)
    borrowing get {
      let start = unsafe UnsafePointer<Double>(storage.pointer + planeCount)
      let span = unsafe Span(_unsafeStart: start, count: planeCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Calls `body` with both planes, for writing. Each is `[M, N, stride]`.
  public mutating func withMutablePlanes<Result>(
    _ body: (_ real: inout MutableSpan<Double>, _ imaginary: inout MutableSpan<Double>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    let numbers = planeCount
    let realStart = unsafe storage.pointer
    let imaginaryStart = unsafe storage.pointer + numbers
    defer { withExtendedLifetime(storage) {} }
    var real = unsafe MutableSpan(_unsafeStart: realStart, count: numbers)
    var imaginary = unsafe MutableSpan(_unsafeStart: imaginaryStart, count: numbers)
    return try body(&real, &imaginary)
  }

  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }

  /// The planes as kernels take them. Valid while `storage` is.
  var planes: ck_planes_t {
    unsafe ck_planes_t(rows: rows, columns: columns, re: storage.pointer, im: storage.pointer + planeCount)
  }

  var shape: String { "[\(count), \(rows), \(columns)]" }

  func hasShape(_ count: Int, _ rows: Int, _ columns: Int) -> Bool { self.count == count && self.rows == rows && self.columns == columns }

  /// The conjugate transposes Aᴴ. `[E, N, M]`
  public var conjugateTranspose: ComplexMatrices {
    var result = ComplexMatrices(count: count, rows: columns, columns: rows)
    formConjugateTranspose(into: &result)
    return result
  }

  /// The conjugate transposes: result ← Aᴴ.
  ///
  /// - Parameter result: Receives `[E, N, M]`.
  public func formConjugateTranspose(into result: inout ComplexMatrices) {
    precondition(result.hasShape(count, columns, rows), "ComplexMatrices.formConjugateTranspose: \(shape) into \(result.shape)")
    result.makeUnique()
    let (from, to) = unsafe (storage.pointer, result.storage.pointer)
    for row in 0..<rows {
      for column in 0..<columns {
        let (source, target) = (place(row, column), result.place(column, row))
        for matrix in 0..<count {
          unsafe to[target + matrix] = from[source + matrix]
          unsafe to[planeCount + target + matrix] = -from[planeCount + source + matrix]
        }
      }
    }
    withExtendedLifetime(self) {}
  }

  /// Adds a real number to every diagonal element: A ← A + λ I.
  public mutating func addToDiagonal(_ value: Double) {
    makeUnique()
    for i in 0..<min(rows, columns) {
      let place = place(i, i)
      for matrix in 0..<count { unsafe storage.pointer[place + matrix] += value }
    }
  }

  /// Whether shapes and all elements are equal. A NaN equals nothing.
  public static func == (a: ComplexMatrices, b: ComplexMatrices) -> Bool {
    guard a.hasShape(b.count, b.rows, b.columns) else { return false }
    for element in 0..<2 * a.rows * a.columns {
      for matrix in element * a.stride..<element * a.stride + a.count where unsafe a.storage.pointer[matrix] != b.storage.pointer[matrix] {
        return false
      }
    }
    return true
  }

  public var description: String {
    let shown = count > 0 ? (0..<min(rows * columns, 4)).map { "\(self[matrix: 0, row: $0 / columns, column: $0 % columns])" } : []
    return "ComplexMatrices\(shape)(\(shown.joined(separator: ", "))\(shown.count < count * rows * columns ? ", …" : ""))"
  }
}
