/// A file could not be read or written: which one, where in it, and why.
public struct FileError: Error, CustomStringConvertible, Sendable {
  public let path: String
  public let reason: String
  /// The byte of the file at which the reason was found, where there is one.
  public let offset: Int?

  public init(path: String, reason: String, offset: Int? = nil) {
    self.path = path
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(path): \(reason)" + (offset.map { " (at byte \($0))" } ?? "") }
}
