import Foundation
import Tensor

/// A 64-bit hash of bytes, to tell files and plans apart and to notice damage; no defence against malice.
///
/// FNV-1a (Fowler, Noll and Vo): h ← (h xor byte) · 0x100000001b3, from 0xcbf29ce484222325.
struct ContentHash: Hashable, Sendable {
  private(set) var value: UInt64

  init(value: UInt64 = 0xcbf2_9ce4_8422_2325) { self.value = value }

  mutating func update(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The hash of a file's content, taken in eight interleaved strands (byte i goes to strand i mod 8), because one strand would
  /// take longer than the reading.
  static func ofFile(_ path: String) throws(FileError) -> ContentHash {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw FileError(path: path, reason: "cannot be read (\(systemMessage()))") }
    defer { close(number) }
    var strands = SIMD8<UInt64>(repeating: ContentHash().value)
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    var tail = ContentHash()
    while true {
      let count = unsafe pread(number, &block, block.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path: path, reason: "cannot be read at byte \(offset) (\(systemMessage()))") }
      if count == 0 { break }
      offset += count
      let whole = count / 8 * 8
      for place in stride(from: 0, to: whole, by: 8) {
        let bytes = SIMD8<UInt8>(block[place..<place + 8])
        strands = (strands ^ SIMD8<UInt64>(truncatingIfNeeded: bytes)) &* 0x100_0000_01b3
      }
      tail.update(block[whole..<count])
    }
    for strand in 0..<8 { tail.update((0..<8).map { UInt8(truncatingIfNeeded: strands[strand] >> (8 * $0)) }) }
    tail.update((0..<8).map { UInt8(truncatingIfNeeded: offset >> (8 * $0)) })
    return tail
  }
}
