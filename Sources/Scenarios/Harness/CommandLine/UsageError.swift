/// The command line asks for something that cannot be done as written: exit code 2.
public struct UsageError: Error, CustomStringConvertible, Sendable, Equatable {
  public let message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }

  /// An unknown name, with the nearest known one and the list of all.
  ///
  /// - Parameters:
  ///   - kind: What the name should name, for example `scheme`.
  ///   - name: The unknown one, as typed.
  ///   - known: All that there are, in the order of the message.
  ///   - owner: Whose names they are, for example `pack 'd2d'`.
  public static func unknown(_ kind: String, _ name: String, known: [String], of owner: String?) -> UsageError {
    let place = owner.map { " of the \($0)" } ?? ""
    guard !known.isEmpty else { return UsageError("there is no \(kind) '\(name)'\(place), nor any other") }
    let near = nearestName(to: name, in: known).map { "; the nearest is '\($0)'" } ?? ""
    return UsageError("there is no \(kind) '\(name)'\(place)\(near) (known: \(known.joined(separator: ", ")))")
  }
}

/// A run cannot go on for a reason that is neither a file's nor the command line's: exit code 1.
public struct RunError: Error, CustomStringConvertible, Sendable {
  public let message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
