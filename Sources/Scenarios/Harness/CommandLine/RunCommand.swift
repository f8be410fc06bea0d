import Foundation
import Tensor

/// `run` and `reproduce`: start a run, or go on with one.
struct RunCommand: Command {
  let kind: RunRequest.Kind

  var name: String { kind.rawValue }

  var summary: String {
    switch kind {
    case .run: "runs schemes of a paper"
    case .reproduce: "reproduces figures of a paper and judges its claims"
    }
  }

  var arguments: [String] { kind == .run ? ["[PACK]"] : ["[PACK|all]"] }

  var options: [OptionDescription] {
    var options = [
      OptionDescription("scheme", value: "a,b", summary: "the schemes to run"),
      OptionDescription("seeds", value: "N|a,b,c", summary: "N seeds from 0 on, or these (7, for the seed 7 alone)"),
      OptionDescription("set", value: "name=value", summary: "the value of a parameter", isRepeatable: true),
      OptionDescription("scale", value: "NAME", summary: "smoke, quick, standard or paper: how much effort (default quick)"),
      OptionDescription("out", value: "DIR", summary: "the folder to fill (default runs/PACK-SCALE-N)"),
      OptionDescription("resume", value: "DIR", summary: "go on with the run in this folder; nothing else needs to be given"),
      OptionDescription("threads", value: "N", summary: "threads to use (default: all cores); changes time only"),
      OptionDescription("json", summary: "print the result as JSON"),
    ]
    if kind == .run {
      options.append(OptionDescription("draw", value: "FILE.svg", summary: "also draw the first drop: sites, users, links, blocks in colour"))
    }
    if kind == .reproduce { options.insert(OptionDescription("figure", value: "N,M", summary: "the figures to reproduce (default all)"), at: 0) }
    return options
  }

  var example: String {
    switch kind {
    case .run: "run d2d --scale smoke --seeds 2 --out runs/first"
    case .reproduce: "reproduce d2d --figure 7 --scale quick"
    }
  }

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let session = RunSession(context: context, threads: try arguments.integer("threads", atLeast: 1), printsJSON: arguments.has("json"))
    _ = try RunSession.forcedCheckpointSeconds(context.environment)
    if let folder = arguments.value("resume") {
      if arguments.has("draw") { throw UsageError("--draw belongs to the start of a run; leave it out with --resume") }
      if kind == .reproduce && AllPacks.holds(folder) { return try AllPacks(session: session).resume(folder, arguments) }
      return try session.finish([try session.resume(folder, kind: kind, pack: arguments.positional.first, arguments)])
    }
    guard let name = arguments.positional.first else { throw UsageError("'\(self.name)' needs a pack (or --resume DIR)") }
    if kind == .reproduce && name == "all" { return try AllPacks(session: session).start(arguments) }
    let pack = try context.pack(name)
    let request = try RunCommand.request(kind, of: pack, arguments)
    if let file = arguments.value("draw") {
      guard let map = try pack.map(of: request) else { throw UsageError("the pack '\(name)' has no drop to draw; leave --draw out") }
      try AtomicFile.write(map.svg, to: file)
    }
    return try session.finish([try session.start(pack, request, out: arguments.value("out"))])
  }

  /// What the options ask of a pack.
  static func request(_ kind: RunRequest.Kind, of pack: any Pack, _ arguments: ParsedArguments) throws(UsageError) -> RunRequest {
    try RunRequest(
      kind, of: pack, scale: try arguments.scale() ?? .quick, schemes: try arguments.names("scheme"), seeds: try arguments.seeds(),
      figures: try arguments.numbers("figure"), settings: arguments.all("set"))
  }
}
