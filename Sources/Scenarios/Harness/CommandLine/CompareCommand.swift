import Tensor

/// `compare`: schemes of one or several runs against each other.
struct CompareCommand: Command {
  let name = "compare"
  let summary = "compares schemes of one or several runs, with intervals"
  let arguments = ["DIR", "[DIR...]"]
  let options = [
    OptionDescription("metric", value: "NAME", summary: "what counts (needed where the schemes have several metrics)"),
    OptionDescription("scheme", value: "a,b", summary: "the schemes to compare (default all)"),
    OptionDescription("less-is-better", summary: "the metric is a cost"),
    OptionDescription("last", value: "SHARE", summary: "a run's score is the mean over this last share of its steps (default: its last value)"),
    OptionDescription("out", value: "DIR", summary: "write Markdown, LaTeX, CSV, JSON and SVG into this folder"),
    OptionDescription("json", summary: "print the result as JSON"),
  ]
  let example = "compare runs/first runs/second --metric systemReward --out compared"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    var reading = RunScores.Reading.last
    if let text = arguments.value("last") {
      guard let share = Double(text), share > 0, share <= 1 else { throw UsageError("--last must be a share above 0 and up to 1, got '\(text)'") }
      reading = .mean(overLast: share)
    }
    let scores = try RunScores(
      arguments.positional.map { try RunScores.Run(folder: $0) }, metric: arguments.value("metric"), schemes: try arguments.names("scheme"),
      isHigherBetter: !arguments.has("less-is-better"), reading: reading)
    let comparison = RunComparison(scores)
    if let folder = arguments.value("out") { try CompareCommand.write(comparison, to: folder) }
    context.console.output(arguments.has("json") ? comparison.json.indented : comparison.markdown(withFigures: false))
    return .done
  }

  private static func write(_ comparison: RunComparison, to folder: String) throws(FileError) {
    try RunFolder.makeDirectory(folder)
    try AtomicFile.write(comparison.markdown(withFigures: true), to: folder + "/comparison.md")
    try AtomicFile.write(comparison.latex, to: folder + "/comparison.tex")
    try AtomicFile.write(comparison.json.indented, to: folder + "/comparison.json")
    for table in comparison.tables { try AtomicFile.write(table.csv, to: "\(folder)/\(table.name).csv") }
    for (name, figure) in comparison.figures {
      try AtomicFile.write(figure.svg, to: "\(folder)/\(name).svg")
      if name == "profiles" { try AtomicFile.write(figure.csv, to: "\(folder)/\(name).csv") }
    }
  }
}
