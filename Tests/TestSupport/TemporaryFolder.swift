import Foundation

/// A folder of its own for one test, which disappears with it.
public final class TemporaryFolder {
  public let path: String

  public init() throws {
    let name = "marconi-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// The names of all files in the folder.
  public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  /// The bytes of a file.
  public func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  /// Writes a file. (Foundation's own way flushes it to the disk, which takes milliseconds.)
  public func write(_ bytes: [UInt8], to name: String) throws {
    let descriptor = unsafe open(file(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(bytes.count)) == 0, unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
  }
}
