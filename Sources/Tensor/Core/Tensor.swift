import CKernels

/// Single-precision numbers in row-major order: a value with copy-on-write storage aligned to 64 bytes.
public struct Tensor: Sendable, Equatable, CustomStringConvertible {
  public private(set) var shape: Shape
  var storage: Storage

  /// All zero.
  public init(zeros shape: Shape) {
    self.shape = shape
    storage = Storage(count: shape.count)
  }

  /// The given numbers in row-major order.
  public init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "Tensor: \(values.count) numbers for the shape \(shape)")
    self.init(zeros: shape)
    for i in 0..<values.count { unsafe storage.pointer[i] = values[i] }
  }

  /// A vector of the given numbers.
  public init(_ values: [Float]) { self.init(values, shape: [values.count]) }

  public var count: Int { shape.count }

  /// The elements in row-major order.
  public var span: Span<Float> {
    @_lifetime(borrow self)
    borrowing get {
      let pointer = unsafe UnsafePointer<Float>(storage.pointer)
      let span = unsafe Span(_unsafeStart: pointer, count: storage.count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements in row-major order, for writing.
  public var mutableSpan: MutableSpan<Float> {
    @_lifetime(&self)
    mutating get {
      makeUnique()
      let span = unsafe MutableSpan(_unsafeStart: storage.pointer, count: storage.count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The elements in row-major order as an array.
  public var array: [Float] {
    guard count > 0 else { return [] }
    return unsafe Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count { unsafe buffer[i] = unsafe storage.pointer[i] }
      initialized = count
    }
  }

  /// One element by its place in row-major order.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "Tensor: element \(index) of \(count)")
      return unsafe storage.pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "Tensor: element \(index) of \(count)")
      makeUnique()
      unsafe storage.pointer[index] = newValue
    }
  }

  /// One element of a matrix.
  public subscript(row: Int, column: Int) -> Float {
    get { self[place(row, column)] }
    set { self[place(row, column)] = newValue }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    precondition(shape.rank == 2 && row < shape[0] && column < shape[1], "Tensor: element (\(row), \(column)) of \(shape)")
    return row * shape[1] + column
  }

  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }

  /// The same elements under another shape.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "Tensor.reshaped: \(self.shape) has no view \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// Moves every element towards `other`: t ← t + rate (other − t).
  ///
  /// With a small rate this is the soft update of target networks (Polyak averaging).
  /// - Precondition: The counts are equal.
  public mutating func move(toward other: Tensor, by rate: Float) {
    precondition(count == other.count, "Tensor.move: \(shape) toward \(other.shape)")
    makeUnique()
    unsafe ck_polyak(count, other.storage.pointer, rate, storage.pointer)
  }

  /// The matrix product, without a tape: result ← self · other.
  ///
  /// - Parameters:
  ///   - other: `[K, N]` for a matrix `[M, K]`.
  ///   - result: Receives `[M, N]`.
  /// - Complexity: O(M N K)
  public func multiplied(by other: Tensor, into result: inout Tensor) {
    precondition(
      shape.rank == 2 && other.shape.rank == 2 && shape[1] == other.shape[0] && result.shape == [shape[0], other.shape[1]],
      "Tensor.multiplied: \(shape) times \(other.shape) into \(result.shape)")
    result.makeUnique()
    var g = unsafe ck_gemm_t()
    unsafe g.m = shape[0]
    unsafe g.n = other.shape[1]
    unsafe g.k = shape[1]
    unsafe g.a = UnsafePointer(storage.pointer)
    unsafe g.lda = shape[1]
    unsafe g.b = UnsafePointer(other.storage.pointer)
    unsafe g.ldb = other.shape[1]
    unsafe g.c = result.storage.pointer
    unsafe g.ldc = other.shape[1]
    unsafe ck_gemm(&g)
    withExtendedLifetime((self, other)) {}
  }

  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    for i in 0..<a.count where unsafe a.storage.pointer[i] != b.storage.pointer[i] { return false }
    return true
  }

  public var description: String {
    let shown = (0..<min(count, 8)).map { "\(self[$0])" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

extension Archive {
  /// Visits a tensor. When restored its size must be as it is now.
  public func tensor(_ name: String, _ tensor: inout Tensor) throws(FileError) {
    switch direction {
    case .measuring:
      try measure(name, .float32, shape: (0..<tensor.shape.rank).map { tensor.shape[$0] })
    case .writing:
      try unsafe target!.write(tensor.span.bytes)
    case .reading:
      let entry = try find(name, .float32)
      guard entry.count == tensor.count else { throw mismatch(name, expected: tensor.count, found: entry.count) }
      var span = tensor.mutableSpan
      var bytes = unsafe span.mutableBytes
      try source!.read(entry, into: &bytes)
    }
  }
}
