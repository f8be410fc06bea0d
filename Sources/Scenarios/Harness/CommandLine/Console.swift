import Foundation

/// Where a command's text goes: results to the standard output, everything else to the standard error.
public struct Console: Sendable {
  /// Writes results.
  public var output: @Sendable (String) -> Void
  /// Writes progress, warnings and errors.
  public var error: @Sendable (String) -> Void
  /// Whether errors go to a terminal on which a line can be written over.
  public var isLive: Bool
  /// Characters in a line of that terminal.
  public var width: Int

  public init(output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void, isLive: Bool = false, width: Int = 80) {
    self.output = output
    self.error = error
    self.isLive = isLive
    self.width = width
  }

  /// The process's own.
  public static var standard: Console {
    var size = winsize()
    let isLive = isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    let width = unsafe isLive && ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    return Console(output: { write($0, to: 1) }, error: { write($0, to: 2) }, isLive: isLive, width: width)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      done += count
    }
  }
}
