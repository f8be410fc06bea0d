import Foundation
import Tensor

/// `export`: the metrics of finished runs for other programs.
struct ExportCommand: Command {
  let name = "export"
  let summary = "writes the metrics of runs for marl-eval, TensorBoard or as a table"
  let arguments = ["DIR", "[DIR...]"]
  let options = [
    OptionDescription("marl-eval", value: "FILE.json", summary: "the layout of the package marl-eval"),
    OptionDescription("csv", value: "FILE.csv", summary: "one line for each number: run, scheme, seed, point, step, metric, value"),
    OptionDescription("tensorboard", value: "DIR", summary: "event files, below this folder one folder a run"),
    OptionDescription("metric", value: "a,b", summary: "the metrics to write for marl-eval (default those recorded most often)"),
    OptionDescription("scheme", value: "a,b", summary: "the schemes to write for marl-eval, which need the same tasks (default all)"),
  ]
  let example = "export runs/first --marl-eval first.json"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    guard ["marl-eval", "csv", "tensorboard"].contains(where: arguments.has) else {
      throw UsageError("'export' needs one of --marl-eval FILE.json, --csv FILE.csv and --tensorboard DIR")
    }
    let runs = try arguments.positional.map { try RunScores.Run(folder: $0) }
    let metrics = try arguments.names("metric")
    let known = Set(runs.flatMap { run in run.table.schemes.flatMap { run.table.metrics(of: $0) } }).sorted()
    if let missing = metrics?.first(where: { !known.contains($0) }) { throw UsageError.unknown("metric", missing, known: known, of: "runs") }
    if let file = arguments.value("marl-eval") {
      let json = try MARLEvalJSON.json(runs, metrics: metrics, schemes: try arguments.names("scheme"))
      try AtomicFile.write(json.indented, to: file)
    }
    if let file = arguments.value("csv") { try AtomicFile.write(ExportCommand.csv(runs), to: file) }
    if let folder = arguments.value("tensorboard") {
      for run in runs {
        try EventFiles(folder: "\(folder)/\(run.name)").begin(metrics: run.folder + "/metrics.jsonl")
      }
    }
    return .done
  }

  static func csv(_ runs: [RunScores.Run]) -> String {
    var rows = [["run", "scheme", "seed", "point", "step", "metric", "value"]]
    for run in runs {
      for scheme in run.table.schemes {
        for point in run.table.points(of: scheme) {
          for metric in run.table.metrics(of: scheme) {
            for curve in run.table.curves(metric, of: scheme, at: point) {
              rows += zip(curve.steps, curve.values).map { step, value in
                [run.name, scheme, "\(curve.seed)", point.description, "\(step)", metric, "\(value)"]
              }
            }
          }
        }
      }
    }
    return CSVText.text(rows)
  }
}
