import Foundation

/// The bytes of a file that nobody vouches for: their number is known before any is read.
final class ByteSource {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let memory: [UInt8]

  /// Opens a regular file.
  init(path: String) throws(FileError) {
    self.path = path
    // Without O_NONBLOCK a pipe would be waited for until somebody writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, reason: "cannot be read (\(systemReason()))") }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(path: path, reason: "is not a regular file")
    }
    size = Int(status.st_size)
    self.descriptor = descriptor
    memory = []
  }

  /// Bytes in memory that stand for a file.
  init(bytes: [UInt8], path: String) {
    self.path = path
    size = bytes.count
    descriptor = -1
    memory = bytes
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads as many bytes as there is room for.
  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(FileError) {
    guard offset >= 0, bytes.byteCount <= size, offset <= size - bytes.byteCount else {
      throw FileError(path: path, reason: "is cut off: \(bytes.byteCount) bytes are missing", offset: offset)
    }
    if bytes.byteCount == 0 { return }
    if descriptor < 0 {
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe memory.withUnsafeBytes { unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count])) }
      }
      return
    }
    var done = 0
    while done < bytes.byteCount {
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset + done)) }
      if count < 0 && errno == EINTR { continue }
      // Somebody can make the file shorter while it is read.
      guard count > 0 else { throw FileError(path: path, reason: "cannot be read to its end", offset: offset + done) }
      done += count
    }
  }

  /// Reads `count` bytes; nothing is allocated before they are known to be there.
  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] { try elements(at: offset, count: count, zero: 0) }

  /// Reads `count` elements; nothing is allocated before they are known to be there.
  func elements<Element: BitwiseCopyable>(at offset: Int, count: Int, zero: Element) throws(FileError) -> [Element] {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard count >= 0, !overflow, offset >= 0, offset <= size, byteCount <= size - offset else {
      throw FileError(path: path, reason: "is cut off: \(count) elements are missing", offset: offset)
    }
    var values = [Element](repeating: zero, count: count)
    var span = values.mutableSpan
    var bytes = unsafe span.mutableBytes
    try read(at: offset, into: &bytes)
    return values
  }
}
