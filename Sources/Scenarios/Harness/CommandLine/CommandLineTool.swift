import Foundation
import Tensor

/// A command-line tool over packs: `list`, `run`, `reproduce`, `compare`, and whatever commands the executable adds.
///
/// ```swift
/// CommandLineTool(name: "bench", packs: [MyPack()]).main()
/// ```
public struct CommandLineTool: Sendable {
  public let name: String
  public let version: String
  public let packs: [any Pack]
  public let commands: [any Command]
  let cpuLevel: @Sendable () -> String
  let revision: @Sendable () -> String?

  /// - Parameters:
  ///   - name: The word that starts the tool, for help and messages.
  ///   - version: What `--version` shows and manifests record.
  ///   - packs: What `list`, `run` and the others know; no two may have the same name.
  ///   - extraCommands: Commands beside the tool's own; none may have the name of another.
  ///   - cpuLevel: Names the CPU level for the manifest; by default the one that the kernels use.
  ///   - revision: Names the source revision; by default that of the git working copy around the executable, if there is one.
  public init(
    name: String, version: String = Marconi.version, packs: [any Pack], extraCommands: [any Command] = [],
    cpuLevel: @escaping @Sendable () -> String = { ProcessorLevel.current.name }, revision: (@Sendable () -> String?)? = nil
  ) {
    self.name = name
    self.version = version
    self.packs = packs
    self.cpuLevel = cpuLevel
    self.revision = revision ?? { SourceRevision.aroundExecutable() }
    commands =
      [
        ListCommand(), RunCommand(kind: .run), RunCommand(kind: .reproduce), RunCommand(kind: .sweep), MergeCommand(), CompareCommand(),
        ExportCommand(), EvaluateCommand(),
        ChannelCommand(),
      ] + extraCommands
    precondition(Set(commands.map(\.name)).count == commands.count, "CommandLineTool: two commands have the same name")
    precondition(Set(packs.map(\.name)).count == packs.count, "CommandLineTool: two packs have the same name")
  }

  /// Runs the process's command line and ends the process.
  public func main() -> Never {
    StopSignal.install()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Runs one command line, given without the tool's name.
  public func run(
    _ words: [String], console: Console = .standard, environment: [String: String] = ProcessInfo.processInfo.environment,
    shouldStop: @escaping @Sendable () throws -> Bool = { StopSignal.isRaised }
  ) -> ExitCode {
    let context = ToolContext(
      tool: name, version: version, packs: packs, console: console, commandLine: [name] + words, cpuLevel: cpuLevel, revision: revision,
      environment: environment, shouldStop: shouldStop)
    do {
      return try dispatch(words, context)
    } catch let error as UsageError {
      console.error("\(name): \(error)\n(\(name)\(helpWord(words)) --help shows what is possible)\n")
      return .usage
    } catch {
      console.error("\(name): \(error)\n")
      return .failed
    }
  }

  private func helpWord(_ words: [String]) -> String {
    guard let first = words.first, commands.contains(where: { $0.name == first }) else { return "" }
    return " " + first
  }

  private func dispatch(_ words: [String], _ context: ToolContext) throws -> ExitCode {
    guard let word = words.first else {
      context.console.error(overview)
      return .usage
    }
    if word == "--version" {
      context.console.output("\(name) \(version)\n")
      return .done
    }
    if word == "--help" || word == "-h" || word == "help" {
      if let topic = words.dropFirst().first(where: { !$0.hasPrefix("-") }) {
        context.console.output(help(try command(topic)))
      } else {
        context.console.output(overview)
      }
      return .done
    }
    if word.hasPrefix("-") { throw UsageError.unknown("option", word, known: ["--help", "--version"], of: nil) }
    let command = try command(word)
    let rest = Array(words.dropFirst())
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      context.console.output(help(command))
      return .done
    }
    return try command.run(try ParsedArguments(rest, for: command), in: context)
  }

  private func command(_ word: String) throws(UsageError) -> any Command {
    guard let command = commands.first(where: { $0.name == word }) else {
      throw .unknown("command", word, known: commands.map(\.name), of: nil)
    }
    return command
  }

  /// What the tool can do.
  private var overview: String {
    let width = commands.map(\.name.count).max()! + 2
    let lines = commands.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))\($0.summary)\n" }
    return """
      \(name) \(version): reproduces papers on reinforcement learning in wireless networks.

      usage: \(name) COMMAND [OPTIONS]

      \(lines.joined())
      \(name) COMMAND --help shows the options of a command; \(name) --version the version.
      example: \(name) \(commands[1].example)

      """
  }

  private func help(_ command: any Command) -> String {
    var text = "\(name) \(command.name): \(command.summary)\n\nusage: \(name) \(([command.name] + command.arguments).joined(separator: " "))"
    text += command.options.isEmpty ? "\n" : " [OPTIONS]\n\n"
    let heads = command.options.map { "--\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
    let width = (heads.map(\.count).max() ?? 0) + 2
    for (option, head) in zip(command.options, heads) {
      text += "  \(head)\(String(repeating: " ", count: width - head.count))\(option.summary)\(option.isRepeatable ? " (repeatable)" : "")\n"
    }
    return text + "\nexample: \(name) \(command.example)\n"
  }
}
