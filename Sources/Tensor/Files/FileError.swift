/// A file could not be read or written: which one, where in it, and why.
public struct FileError: Error, CustomStringConvertible, Sendable {
  public let path: String
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
