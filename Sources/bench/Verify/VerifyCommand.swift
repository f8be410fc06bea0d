import Foundation
import Scenarios

/// `verify`: runs tasks whose answers are known, and says of each whether this build finds them.
struct VerifyCommand: Command {
  let name = "verify"
  let summary = "checks the algorithms on tasks whose answers are known"
  let arguments: [String] = []
  let options = [
    OptionDescription("quick", summary: "fewer seeds, and without the long tasks: minutes"),
    OptionDescription("only", value: "NAME", summary: "run only what has a name that begins so"),
    OptionDescription("list", summary: "name the tasks with their answers and sources, and run none"),
    OptionDescription("json", summary: "print the results as JSON"),
    OptionDescription("threads", value: "N", summary: "trials at a time; changes time only"),
  ]
  let example = "verify --quick"

  /// Every known answer, in the order in which it is shown.
  static var answers: [KnownAnswer] {
    TabularAnswers.all + AutomataAnswers.all + TasksAnswers.all + DQNAnswers.all + OnPolicyAnswers.all + ContinuousControlAnswers.all
      + MADDPGAnswers.all + ValueDecompositionAnswers.all + MetaLearningAnswers.all
  }

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let threads = try arguments.integer("threads", atLeast: 1) ?? ProcessInfo.processInfo.activeProcessorCount
    let isQuick = arguments.has("quick")
    var answers = VerifyCommand.answers
    if let only = arguments.value("only") {
      // All names would be a page; what they begin with is enough to choose from.
      var families: [String] = []
      for answer in answers {
        let family = answer.name.split(separator: "-").first.map(String.init) ?? answer.name
        if !families.contains(family) { families.append(family) }
      }
      answers.removeAll { !$0.name.hasPrefix(only) }
      if answers.isEmpty { throw UsageError.unknown("known answer", only, known: families, of: nil) }
    }
    if isQuick {
      let named = answers.map(\.name)
      answers.removeAll { $0.trials.quick == 0 }
      if answers.isEmpty { throw UsageError("\(named.joined(separator: ", ")) takes too long for --quick; leave that out") }
    }
    if arguments.has("list") {
      for answer in answers {
        let lines = ["  \(answer.task)", "  expected: \(answer.expected) (\(answer.source))"].map { context.console.folded($0, indent: 2) }
        context.console.output(([answer.name] + lines).joined(separator: "\n") + "\n")
      }
      return .done
    }
    let isJSON = arguments.has("json")
    var run = VerifyRun(answers, isQuick: isQuick, threads: threads, console: context.console)
    if !isJSON { run.report = { context.console.output(VerifyCommand.text($0, on: context.console)) } }
    guard let findings = try run.findings(shouldStop: context.shouldStop) else {
      context.console.error("\(context.tool): interrupted; known answers keep no state: start again, or name some with --only\n")
      return .interrupted
    }
    let missed = findings.filter { !$0.isMet }
    if isJSON {
      let json: JSON = ["results": .array(findings.map(\.json))]
      context.console.output(json.indented)
    } else {
      context.console.output("\(findings.count - missed.count) of \(findings.count) known answers met\n")
    }
    if !missed.isEmpty { context.console.error("\(context.tool): missed: \(missed.map(\.answer.name).joined(separator: ", "))\n") }
    return missed.isEmpty ? .done : .failed
  }

  /// One answer for people: the verdict first, then what it is about.
  static func text(_ finding: VerifyFinding, on console: Console) -> String {
    let answer = finding.answer
    func number(_ value: Double) -> String { String(format: abs(value) >= 100 ? "%.1f" : "%.4g", value) }
    var measured = number(finding.measured)
    if finding.low != finding.high { measured += " [\(number(finding.low)), \(number(finding.high))]" }
    let count = finding.numbers.count
    let head = "\(finding.isMet ? "met   " : "MISSED")  \(answer.name): \(measured)\(count > 1 ? ", \(count) trials" : "")\n"
    let lines = ["expected \(answer.expected)", answer.task, answer.source].map { console.folded("        \($0)", indent: 8) + "\n" }
    return head + lines.joined()
  }
}
