import Tensor
import TestSupport
import Testing

@testable import Scenarios

private struct EchoCommand: Command {
  let name = "echo"
  let summary = "says it again"
  let arguments = ["WORD"]
  let options = [OptionDescription("loud", summary: "in capitals")]
  let example = "echo hello"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let word = arguments.positional[0]
    if word == "fail" { throw RunError("it failed") }
    context.console.output(arguments.has("loud") ? word.uppercased() : word)
    return .done
  }
}

@Suite struct CommandLineToolTests {
  @Test func addedCommandsAreCommands() {
    let run = ToolRun(["echo", "--loud", "hello"], extraCommands: [EchoCommand()])
    #expect(run.status == .done && run.output == "HELLO" && run.error.isEmpty)
    #expect(ToolRun(["--help"], extraCommands: [EchoCommand()]).output.contains("  echo       says it again\n"))
    #expect(ToolRun(["echo", "--help"], extraCommands: [EchoCommand()]).output.contains("example: tool echo hello"))
    #expect(ToolRun(["help", "echo"], extraCommands: [EchoCommand()]).output.contains("--loud"))
  }

  @Test func failuresAreOneSentence() {
    let run = ToolRun(["echo", "fail"], extraCommands: [EchoCommand()])
    #expect(run.status == .failed && run.error == "tool: it failed\n" && run.output.isEmpty)
  }

  @Test(arguments: [
    (["rnu", "hill"], "the nearest is 'run'"), (["run", "hil"], "the nearest is 'hill'"), (["run"], "'run' needs a pack"),
    (["--verson"], "--version"),
    (["run", "hill", "--scheme", "bald"], "the nearest is 'bold'"), (["run", "hill", "--set", "nois=1"], "the nearest is 'noise'"),
    (["run", "hill", "--set", "noise=11"], "0 to 10 m"), (["run", "hill", "--scale", "fast"], "no scale 'fast'"),
    (["reproduce", "hill", "--figure", "6"], "no figure '6'"), (["run", "hill", "--figure", "3"], "no option '--figure'"),
    (["run", "hill", "--threads", "none"], "--threads"), (["run", "all"], "no pack 'all'"),
    (["reproduce", "all", "--figure", "3"], "--figure needs one pack"), (["list", "hill", "x"], "one argument too many"),
  ])
  func wrongUseIsExplained(words: [String], message: String) {
    let run = ToolRun(words)
    #expect(run.status == .usage)
    #expect(run.error.hasPrefix("tool: ") && run.error.contains(message), "\(run.error)")
    #expect(run.output.isEmpty)
  }

  @Test func theLevelIsThatOfTheKernels() {
    EveryLevel.fixed { #expect(CommandLineTool(name: "tool", packs: []).cpuLevel() == ProcessorLevel.current.name) }
  }

  @Test func versionAndHelp() {
    #expect(ToolRun(["--version"]).output == "tool 1.2.3\n")
    #expect(ToolRun([]).status == .usage)
    for command in ["list", "run", "reproduce"] {
      let help = ToolRun([command, "--help"])
      #expect(help.status == .done && help.output.contains("example: tool \(command)"))
    }
  }

  @Test func exitCodesAreTheDocumentedOnes() {
    #expect([ExitCode.done, .failed, .usage, .interrupted].map(\.rawValue) == [0, 1, 2, 130])
  }
}
