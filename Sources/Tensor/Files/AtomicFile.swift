import Foundation
import Synchronization

/// Writes a file so that readers see the old content or the new, never a part, whatever happens in between.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is then renamed over the
/// target. Left alone without `commit()`, the temporary file is removed and the target stays as it was. Every writer has a
/// temporary file of its own, `NAME.PROCESS-NUMBER.part`, so that of several writers of one file the last to commit wins. What a
/// killed process leaves is nobody's to remove here: it cannot be told from the file of a writer on another machine.
public final class AtomicFile {
  public let path: String
  let temporaryPath: String
  let descriptor: Int32
  private(set) var byteCount = 0
  private var committed = false
  private static let opened = Atomic<Int>(0)

  /// Opens the temporary file beside `path`.
  public init(replacing path: String) throws(FileError) {
    self.path = path
    var name: String
    var descriptor: Int32
    // A process of the same number may have been killed and have left a file.
    repeat {
      name = "\(path).\(getpid())-\(AtomicFile.opened.wrappingAdd(1, ordering: .relaxed).newValue).part"
      descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    } while descriptor < 0 && errno == EEXIST
    temporaryPath = name
    self.descriptor = descriptor
    if descriptor < 0 { throw FileError(path: path, reason: "cannot be written (\(systemReason()))") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if descriptor >= 0 && !committed { unsafe unlink(temporaryPath) }
  }

  /// Appends bytes.
  public func write(_ bytes: RawSpan) throws(FileError) {
    var written = 0
    while written < bytes.byteCount {
      let count = unsafe bytes.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, reason: "cannot be written (\(systemReason()))")
      }
      written += count
    }
    byteCount += written
  }

  /// Appends a text.
  public func write(_ text: String) throws(FileError) {
    let bytes = Array(text.utf8)
    try unsafe write(bytes.span.bytes)
  }

  /// Flushes the bytes to the disk and puts the file in its place.
  public func commit() throws(FileError) {
    if fsync(descriptor) != 0 { throw FileError(path: path, reason: "cannot be flushed to the disk (\(systemReason()))") }
    if unsafe rename(temporaryPath, path) != 0 { throw FileError(path: path, reason: "cannot be put in place (\(systemReason()))") }
    committed = true
    let folder = (path as NSString).deletingLastPathComponent
    let handle = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if handle >= 0 {
      fsync(handle)
      close(handle)
    }
  }

  /// Replaces the file at `path` by `text` in one step.
  public static func write(_ text: String, to path: String) throws(FileError) {
    let file = try AtomicFile(replacing: path)
    try file.write(text)
    try file.commit()
  }
}

/// The system's words for the last error.
func systemReason() -> String { unsafe String(cString: strerror(errno)) }
