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
  /// Characters in a line of the terminal that results go to; nil where they go elsewhere, and lines stay whole.
  public var outputWidth: Int?

  public init(
    output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void, isLive: Bool = false, width: Int = 80,
    outputWidth: Int? = nil
  ) {
    self.output = output
    self.error = error
    self.isLive = isLive
    self.width = width
    self.outputWidth = outputWidth
  }

  /// A line broken at spaces to fit the terminal of results, or that of errors, behind its first `indent` characters.
  public func folded(_ line: String, indent: Int, isError: Bool = false) -> String {
    guard let width = isError ? (isLive ? width : nil) : outputWidth, width > indent + 20, line.count > width else { return line }
    var (lines, current) = ([String](), String(line.prefix(indent)))
    for word in line.dropFirst(indent).split(separator: " ") {
      if current.count > indent && current.count + 1 + word.count > width {
        lines.append(current)
        current = String(repeating: " ", count: indent)
      }
      current += (current.count > indent ? " " : "") + word
    }
    return (lines + [current]).joined(separator: "\n")
  }

  /// The process's own.
  public static var standard: Console {
    let isLive = isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    return Console(
      output: { write($0, to: 1) }, error: { write($0, to: 2) }, isLive: isLive, width: isLive ? width(2) ?? 80 : 80,
      outputWidth: isatty(1) == 1 ? width(1) : nil)
  }

  /// Characters in a line of a terminal, if it says so.
  private static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    return unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
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
