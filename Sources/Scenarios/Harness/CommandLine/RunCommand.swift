import Foundation
import Tensor

/// `run`, `reproduce` and `sweep`: start a run, or go on with one.
struct RunCommand: Command {
  let kind: RunRequest.Kind

  var name: String { kind.rawValue }

  var summary: String {
    switch kind {
    case .run: "runs schemes of a paper"
    case .reproduce: "reproduces figures of a paper and judges its claims"
    case .sweep: "runs schemes of a paper for all combinations of some values"
    }
  }

  var arguments: [String] { kind == .reproduce ? ["[PACK|all]"] : ["[PACK]"] }

  var options: [OptionDescription] {
    var options = [
      OptionDescription("scheme", value: "a,b", summary: "the schemes to run"),
      OptionDescription("seeds", value: "N|a,b,c", summary: "N seeds from 0 on, or these (7, for the seed 7 alone)"),
      OptionDescription("set", value: "name=value", summary: "the value of a parameter", isRepeatable: true),
      OptionDescription("config", value: "FILE.json", summary: "a file of settings, or the manifest of another run; options go above it"),
      OptionDescription("scale", value: "NAME", summary: "smoke, quick, standard or paper: how much effort (default quick)"),
      OptionDescription("out", value: "DIR", summary: "the folder to fill (default runs/PACK-SCALE-N)"),
      OptionDescription("shard", value: "i/n", summary: "only part i of n of the jobs; merge joins the parts"),
      OptionDescription("resume", value: "DIR", summary: "go on with the run in this folder; nothing else needs to be given"),
      OptionDescription("threads", value: "N", summary: "threads to use (default: all cores); changes time only"),
      OptionDescription("tensorboard", summary: "also write event files for TensorBoard while running"),
      OptionDescription("json", summary: "print the result as JSON"),
    ]
    if kind == .run {
      options.append(OptionDescription("draw", value: "FILE.svg", summary: "also draw the first drop: sites, users, links, blocks in colour"))
    }
    if kind != .reproduce {
      options.insert(
        OptionDescription(
          "algorithm", value: "a,b", summary: "these algorithms (\(Algorithm.all.map(\.name).joined(separator: ", "))) in the place of schemes"),
        at: 1)
    }
    if kind == .sweep {
      options.insert(
        OptionDescription("grid", value: "name=v1,v2", summary: "the values of a parameter that is varied", isRepeatable: true), at: 0)
    }
    if kind == .reproduce { options.insert(OptionDescription("figure", value: "N,M", summary: "the figures to reproduce (default all)"), at: 0) }
    return options
  }

  var example: String {
    switch kind {
    case .run: "run d2d --scale smoke --seeds 2 --out runs/first"
    case .reproduce: "reproduce d2d --figure 7 --scale quick"
    case .sweep: "sweep d2d --grid pairs=4,8 --grid neighbours=1,3 --scheme maac,random --scale smoke"
    }
  }

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    var session = RunSession(context: context, threads: try arguments.integer("threads", atLeast: 1), printsJSON: arguments.has("json"))
    session.writesEvents = arguments.has("tensorboard")
    _ = try RunSession.forcedCheckpointSeconds(context.environment)
    if let folder = arguments.value("resume") {
      for option in ["draw", "config"] where arguments.has(option) {
        throw UsageError("--\(option) belongs to the start of a run; leave it out with --resume")
      }
      if kind == .reproduce && AllPacks.holds(folder) { return try AllPacks(session: session).resume(folder, arguments) }
      return try session.finish([try session.resume(folder, kind: kind, pack: arguments.positional.first, arguments)])
    }
    let file = try arguments.value("config").map { try ConfigurationFile(path: $0) } ?? ConfigurationFile()
    guard let name = arguments.positional.first ?? file.pack else { throw UsageError("'\(self.name)' needs a pack (or --resume DIR)") }
    if let other = file.pack, other != name { throw UsageError("\(arguments.value("config")!) is for the pack '\(other)', not for '\(name)'") }
    if kind == .reproduce && name == "all" { return try AllPacks(session: session).start(arguments) }
    let algorithms = try arguments.names("algorithm") ?? file.algorithms
    let pack = try context.pack(name, algorithms: algorithms)
    var request = try RunCommand.request(kind, of: pack, arguments, file)
    request.algorithms = algorithms
    if let file = arguments.value("draw") {
      guard let map = try pack.map(of: request) else { throw UsageError("the pack '\(name)' has no drop to draw; leave --draw out") }
      try AtomicFile.write(map.svg, to: file)
    }
    return try session.finish([try session.start(pack, request, shard: try arguments.shard(), out: arguments.value("out"))])
  }

  /// What the options ask of a pack, above what a file says.
  static func request(
    _ kind: RunRequest.Kind, of pack: any Pack, _ arguments: ParsedArguments, _ file: ConfigurationFile = ConfigurationFile()
  ) throws(UsageError) -> RunRequest {
    try RunRequest(
      kind, of: pack, scale: try arguments.scale() ?? file.scale ?? .quick, schemes: try arguments.names("scheme") ?? file.schemes,
      seeds: try arguments.seeds() ?? file.seeds, figures: try arguments.numbers("figure") ?? (kind == .reproduce ? file.figures : nil),
      settings: file.settings + arguments.all("set"), grid: arguments.has("grid") ? arguments.all("grid") : file.grid)
  }
}
