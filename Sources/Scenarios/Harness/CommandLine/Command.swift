/// One word of a command-line tool, for example `run`.
public protocol Command: Sendable {
  var name: String { get }
  /// One line for the list of commands.
  var summary: String { get }
  /// The arguments without a name, as help shows them; one in brackets may be left out, a last one with dots may be repeated: `[DIR...]`.
  var arguments: [String] { get }
  var options: [OptionDescription] { get }
  /// A command line that works, without the tool's name.
  var example: String { get }

  /// Does the work.
  ///
  /// - Throws: `UsageError` (exit code 2) or any other error (exit code 1); the tool prints it.
  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode
}

/// How a command ended.
public enum ExitCode: Int32, Sendable {
  case done = 0
  case failed = 1
  case usage = 2
  case interrupted = 130
}

/// An option of a command: `--name`, with a value where `value` names one.
public struct OptionDescription: Sendable, Hashable {
  public let name: String
  /// What help shows for the value; nil for an option without one.
  public let value: String?
  public let summary: String
  public let isRepeatable: Bool

  public init(_ name: String, value: String? = nil, summary: String, isRepeatable: Bool = false) {
    self.name = name
    self.value = value
    self.summary = summary
    self.isRepeatable = isRepeatable
  }
}

/// What a tool gives its commands.
public struct ToolContext: Sendable {
  /// The tool's name.
  public var tool: String
  public var version: String
  public var packs: [any Pack]
  public var console: Console
  /// The command line as it was typed, with the tool's name.
  public var commandLine: [String]
  public var cpuLevel: @Sendable () -> String
  /// The revision of the source that the tool was built from, where it is known.
  public var revision: @Sendable () -> String?
  public var environment: [String: String]
  /// Asked by a run after every chunk. An error ends the run as a crash would.
  public var shouldStop: @Sendable () throws -> Bool

  /// The pack called `name`, or these algorithms in its environment.
  func pack(_ name: String, algorithms: [String]) throws(UsageError) -> any Pack {
    let pack = try pack(name)
    guard !algorithms.isEmpty else { return pack }
    guard let pack = pack as? any EnvironmentPack else { throw UsageError("the pack '\(name)' has no environment for --algorithm") }
    return ScenarioPack(try Algorithm.named(algorithms), in: pack)
  }

  /// The pack called `name`.
  public func pack(_ name: String) throws(UsageError) -> any Pack {
    guard let pack = packs.first(where: { $0.name == name }) else { throw .unknown("pack", name, known: packs.map(\.name), of: nil) }
    return pack
  }
}

/// The words behind a command, sorted into arguments and options.
public struct ParsedArguments: Sendable, Equatable {
  public private(set) var positional: [String] = []
  private var values: [String: [String]] = [:]

  /// Sorts the words that follow a command.
  ///
  /// - Throws: `UsageError` for an unknown option, a value that is missing or too much, an option that is repeated, and arguments that
  ///   are missing or too many.
  public init(_ words: [String], for command: any Command) throws(UsageError) {
    var rest = words[...]
    var takesOptions = true
    while let word = rest.popFirst() {
      guard takesOptions, word.hasPrefix("-"), word != "-" else {
        positional.append(word)
        continue
      }
      if word == "--" {
        takesOptions = false
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts[0].drop { $0 == "-" }
      guard parts[0].hasPrefix("--"), let option = command.options.first(where: { $0.name == name }) else {
        throw .unknown("option", String(parts[0]), known: command.options.map { "--" + $0.name }, of: "command '\(command.name)'")
      }
      guard option.isRepeatable || values[option.name] == nil else { throw UsageError("--\(option.name) is given twice") }
      if let placeholder = option.value {
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst(), !value.isEmpty else {
          throw UsageError("--\(option.name) needs a value: --\(option.name) \(placeholder)")
        }
        values[option.name, default: []].append(value)
      } else {
        guard parts.count == 1 else { throw UsageError("--\(option.name) takes no value") }
        values[option.name] = [""]
      }
    }
    let needed = command.arguments.count { !$0.hasPrefix("[") }
    if positional.count < needed {
      throw UsageError("'\(command.name)' needs \(command.arguments[positional.count])")
    }
    if positional.count > command.arguments.count && !(command.arguments.last?.hasSuffix("...]") ?? false) {
      throw UsageError("'\(positional[command.arguments.count])' is one argument too many for '\(command.name)'")
    }
  }

  /// Whether an option is given.
  public func has(_ option: String) -> Bool { values[option] != nil }

  /// The value of an option.
  public func value(_ option: String) -> String? { values[option]?.last }

  /// The values of an option that may be repeated.
  public func all(_ option: String) -> [String] { values[option] ?? [] }

  /// The value of an option as a whole number of at least `least`.
  public func integer(_ option: String, atLeast least: Int) throws(UsageError) -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), number >= least else { throw UsageError("--\(option) must be a whole number of at least \(least), got '\(text)'") }
    return number
  }

  /// The value of an option as names between commas.
  public func names(_ option: String) throws(UsageError) -> [String]? {
    guard let text = value(option) else { return nil }
    let names = text.split(separator: ",").map(String.init)
    guard !names.isEmpty else { throw UsageError("--\(option) names nothing") }
    return names
  }

  /// The value of an option as whole numbers between commas.
  public func numbers(_ option: String) throws(UsageError) -> [Int]? {
    guard let names = try names(option) else { return nil }
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else { throw UsageError("--\(option) must be whole numbers between commas, got '\(value(option)!)'") }
    return numbers
  }

  /// The value of `--seeds`: a number N for the seeds 0 to N−1, or the seeds themselves between commas (`7,` for one alone).
  public func seeds() throws(UsageError) -> [Int]? {
    guard let text = value("seeds") else { return nil }
    let wrong = UsageError("--seeds must be a number of seeds from 1 to 10000, or seeds of at least 0 between commas, got '\(text)'")
    if text.contains(",") {
      guard let seeds = try? numbers("seeds"), seeds.allSatisfy({ (0...Int(Int32.max)).contains($0) }) else { throw wrong }
      return Set(seeds).sorted()
    }
    guard let count = Int(text), (1...10_000).contains(count) else { throw wrong }
    return Array(0..<count)
  }

  /// The value of `--shard`.
  public func shard() throws(UsageError) -> Shard? {
    guard let text = value("shard") else { return nil }
    guard let shard = Shard(text) else { throw UsageError("--shard must be i/n, part i of n with i from 1 to n, got '\(text)'") }
    return shard
  }

  /// The value of `--scale`.
  public func scale() throws(UsageError) -> Scale? {
    guard let text = value("scale") else { return nil }
    guard let scale = Scale(rawValue: text) else { throw .unknown("scale", text, known: Scale.allCases.map(\.rawValue), of: nil) }
    return scale
  }
}
