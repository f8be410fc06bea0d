/// A block of single-precision numbers that begins at a multiple of 64 bytes, as AVX-512 wants and `Array` cannot promise.
///
/// Shared between copies of a ``Tensor/Tensor`` until one of them is changed; never handed out.
@safe final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// `count` numbers, all zero.
  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    unsafe pointer.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { unsafe pointer.deallocate() }

  func copy() -> Storage {
    let other = Storage(count: count)
    unsafe other.pointer.update(from: pointer, count: count)
    return other
  }
}
