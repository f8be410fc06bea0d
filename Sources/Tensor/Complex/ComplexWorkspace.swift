/// A block of double-precision numbers that begins at a multiple of 64 bytes.
@safe final class DoubleStorage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Double>
  let count: Int

  /// `count` numbers, all zero.
  init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Double>.stride, alignment: 64)
    unsafe pointer = raw.bindMemory(to: Double.self, capacity: max(count, 1))
    unsafe pointer.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { unsafe pointer.deallocate() }

  func copy() -> DoubleStorage {
    let other = DoubleStorage(count: count)
    unsafe other.pointer.update(from: pointer, count: count)
    return other
  }
}

/// Scratch memory for the operations of ``ComplexMatrices``: it grows to what the largest of them needs and is kept for the next.
///
/// One workspace serves operations of any kind and shape, one after the other.
public struct ComplexWorkspace: Sendable {
  private var storage = DoubleStorage(count: 0)

  public init() {}

  /// Room for so many elements of eight matrices each, and so many real numbers of eight matrices each.
  mutating func reserve(elements: Int, reals: Int = 0) -> UnsafeMutablePointer<Double> {
    let count = 16 * elements + 8 * reals
    if count > storage.count || !isKnownUniquelyReferenced(&storage) { storage = DoubleStorage(count: max(count, storage.count)) }
    return unsafe storage.pointer
  }
}
