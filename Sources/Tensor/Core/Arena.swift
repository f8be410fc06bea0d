/// Memory that is handed out piece by piece and taken back all at once.
///
/// Blocks stay allocated between rewinds, so that a repeated sequence of requests allocates nothing the second time.
@safe final class Arena {
  @safe private struct Block {
    let start: UnsafeMutableRawPointer
    let size: Int
  }

  @exclusivity(unchecked) private var blocks: [Block] = []
  @exclusivity(unchecked) private var current = 0
  @exclusivity(unchecked) private var used = 0

  deinit {
    for block in unsafe blocks { unsafe block.start.deallocate() }
  }

  /// Takes everything back.
  func rewind() {
    unsafe current = 0
    unsafe used = 0
  }

  /// `count` numbers with undefined content that begin at a multiple of 64 bytes.
  func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    unsafe take(count * 4).bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// `count` integers with undefined content.
  func integers(_ count: Int) -> UnsafeMutablePointer<Int32> {
    unsafe take(count * 4).bindMemory(to: Int32.self, capacity: max(count, 1))
  }

  private func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = max(bytes + 63, 64) & ~63
    while unsafe current < blocks.count {
      if unsafe used + size <= blocks[current].size {
        defer { unsafe used += size }
        return unsafe blocks[current].start + used
      }
      unsafe current += 1
      unsafe used = 0
    }
    let block = max(size, 1 << 20)
    unsafe blocks.append(Block(start: .allocate(byteCount: block, alignment: 64), size: block))
    unsafe current = unsafe blocks.count - 1
    unsafe used = size
    return unsafe blocks[current].start
  }
}
