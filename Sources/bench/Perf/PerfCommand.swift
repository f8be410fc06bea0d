import Foundation
import Scenarios
import Tensor

/// `perf`: how fast this machine runs the parts of the package, each against the machine's own limit.
struct PerfCommand: Command {
  let name = "perf"
  let summary = "measures speeds, as shares of what this machine can do"
  let arguments = ["[SUITE]"]
  let options = [
    OptionDescription("json", value: "FILE", summary: "also write the results as JSON"),
    OptionDescription("only", value: "NAME", summary: "measure only what has a name that begins so"),
    OptionDescription("baseline", value: "FILE", summary: "show ratios to an earlier JSON file"),
  ]
  let example = "perf tensor --json perf.json"

  private typealias Suite = @Sendable (PerfMeter, (PerfResult?) -> Void) throws -> Void
  private static let suites: [(name: String, run: Suite)] = [
    ("tensor", { try TensorSuite.run($0, $1) }), ("channels", { try ChannelsSuite.run($0, $1) }),
    ("agents", { try AgentsSuite.run($0, $1) }), ("federation", { try FederationSuite.run($0, $1) }), ("training", { try TrainingSuite.run($0, $1) }),
  ]

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let wanted = arguments.positional.first ?? "all"
    let known = PerfCommand.suites.map(\.name) + ["all"]
    guard known.contains(wanted) else { throw UsageError.unknown("suite", wanted, known: known, of: nil) }
    let baseline = try arguments.value("baseline").map(PerfCommand.baseline)
    let file = try arguments.value("json").map { try AtomicFile(replacing: $0) }

    let only = arguments.value("only")
    let meter = PerfMeter(only: only)
    var results: [PerfResult] = []
    context.console.output(PerfCommand.row("name", "best", "median", "unit", "of limit", "allocations", baseline == nil ? "" : "vs. baseline"))
    for suite in PerfCommand.suites where wanted == "all" || wanted == suite.name {
      try suite.run(meter) { result in
        guard let result else { return }
        results.append(result)
        let ratio = baseline?[result.name].map { PerfCommand.rounded(result.value / $0, 2) + " x" } ?? ""
        context.console.output(
          PerfCommand.row(
            result.name, PerfCommand.rounded(result.value, 2), PerfCommand.rounded(result.median, 2), result.unit,
            result.ofPeak.map { PerfCommand.rounded(100 * $0, 0) + " %" } ?? "", result.allocations.map { "\($0)" } ?? "", ratio))
      }
    }
    if let only, results.isEmpty { throw UsageError("no measurement of the suite '\(wanted)' has a name that begins with '\(only)'") }
    context.console.output(
      "limits of this machine: \(PerfCommand.rounded(meter.peak * 1e-9, 1)) GFLOP/s a core, copies at "
        + "\(PerfCommand.rounded(meter.copyBandwidth * 1e-9, 1)) GB/s read and written; CPU level \(ProcessorLevel.current.name)\n"
    )
    if let file {
      let json: JSON = [
        "machine": [
          "cpu": .string(Machine.processor), "level": .string(ProcessorLevel.current.name),
          "cores": JSON(ProcessInfo.processInfo.activeProcessorCount),
          "peakGFLOPS": JSON(meter.peak * 1e-9), "copyGBps": JSON(meter.copyBandwidth * 1e-9),
        ],
        "results": .array(results.map(\.json)),
      ]
      try file.write(json.indented)
      try file.commit()
    }
    return .done
  }

  /// The values of an earlier run by name.
  private static func baseline(_ path: String) throws -> [String: Double] {
    guard let data = FileManager.default.contents(atPath: path) else { throw FileError(path: path, reason: "cannot be read") }
    struct Report: Decodable {
      struct Row: Decodable {
        let name: String
        let value: Double
      }
      let results: [Row]
    }
    guard let report = try? JSONDecoder().decode(Report.self, from: data) else { throw FileError(path: path, reason: "holds no results of perf") }
    return Dictionary(report.results.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private static func row(_ cells: String...) -> String {
    let widths = [36, 12, 12, 13, 10, 13, 12]
    var line = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: max(1, widths[index] - cell.count))
      line += index == 0 || index == 3 ? cell + padding : padding + cell + (index == 2 ? "  " : "")
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  static func rounded(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
