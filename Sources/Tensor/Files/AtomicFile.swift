import Foundation

/// Writes a file so that readers see the old content or the new, never a part, whatever happens in between.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is then renamed over the
/// target. Left alone without `commit()`, the temporary file is removed and the target stays as it was.
public final class AtomicFile {
  public let path: String
  let temporaryPath: String
  let descriptor: Int32
  private(set) var byteCount = 0
  private var committed = false

  /// Opens the temporary file beside `path`.
  public init(replacing path: String) throws(FileError) {
    self.path = path
    temporaryPath = path + ".part"
    descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileError(path: path, reason: "cannot be written (\(systemReason()))") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !committed { unsafe unlink(temporaryPath) }
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
