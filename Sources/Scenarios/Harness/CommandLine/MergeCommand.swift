import Foundation
import Tensor

/// `merge`: the parts of one run, made with `--shard`, as the run that they are.
struct MergeCommand: Command {
  let name = "merge"
  let summary = "joins the parts of a run, made with --shard, into one run folder"
  let arguments = ["DIR", "[DIR...]"]
  let options = [
    OptionDescription("out", value: "DIR", summary: "the folder to fill"), OptionDescription("json", summary: "print the result as JSON"),
  ]
  let example = "merge runs/part-1 runs/part-2 --out runs/whole"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    guard let out = arguments.value("out") else { throw UsageError("'merge' needs --out DIR, the folder to fill") }
    let parts = try arguments.positional.map { (folder: $0, manifest: try Manifest(path: $0 + "/manifest.json")) }
    let ordered = try MergeCommand.ordered(parts)
    let first = ordered[0].manifest
    let pack = try context.pack(first.pack, algorithms: first.algorithms)
    let request = try first.request(for: pack)
    let plan = try request.plan(of: pack)
    var lines: [[UInt8]] = []
    for part in ordered {
      let own = part.manifest.shard!.part(of: plan)
      guard Runner.planHash(pack: pack, request: request, plan: own).text == part.manifest.plan else {
        throw RunError("\(part.folder): this program would do other jobs than the one that made this part")
      }
      guard let data = FileManager.default.contents(atPath: part.folder + "/metrics.jsonl") else {
        throw FileError(path: part.folder + "/metrics.jsonl", reason: "cannot be read")
      }
      lines.append([UInt8](data))
    }
    let folder = try RunFolder(creating: out)
    let log = try MetricLog(path: folder.metricsPath, keeping: 0)
    for part in lines { log.append(part) }
    try log.synchronize()
    var manifest = Manifest(
      pack: pack, request: request, plan: Runner.planHash(pack: pack, request: request, plan: plan).text, version: context.version,
      revision: context.revision(), cpuLevel: first.cpuLevel, threads: first.threads, commandLine: context.commandLine)
    (manifest.start, manifest.end) = (ordered.map(\.manifest.start).min()!, ordered.compactMap(\.manifest.end).max())
    manifest.seconds = ordered.reduce(0) { $0 + $1.manifest.seconds }
    let session = RunSession(context: context, threads: nil, printsJSON: arguments.has("json"))
    return try session.finish([try session.conclude(pack, request, plan, folder, manifest)])
  }

  /// The parts in the order of the whole.
  ///
  /// - Throws: `UsageError` unless they are all parts, and each once, of one run.
  private static func ordered(_ parts: [(folder: String, manifest: Manifest)]) throws -> [(folder: String, manifest: Manifest)] {
    let first = parts[0]
    for part in parts {
      guard let shard = part.manifest.shard else { throw UsageError("\(part.folder) is a whole run, not a part made with --shard") }
      guard part.manifest.end != nil else { throw RunError("\(part.folder) is not finished: go on with --resume \(part.folder), then merge") }
      let (a, b) = (part.manifest, first.manifest)
      let isSame =
        a.pack == b.pack && a.kind == b.kind && a.scale == b.scale && a.schemes == b.schemes && a.seeds == b.seeds && a.figures == b.figures
        && a.parameters == b.parameters && a.grid == b.grid && a.algorithms == b.algorithms
        && shard.count == first.manifest.shard?.count
      guard isSame else { throw UsageError("\(part.folder) and \(first.folder) are no parts of the same run") }
    }
    let sorted = parts.sorted { $0.manifest.shard!.index < $1.manifest.shard!.index }
    let (found, count) = (sorted.map(\.manifest.shard!.index), first.manifest.shard!.count)
    for index in 1...count where found.count(where: { $0 == index }) != 1 {
      throw UsageError(found.contains(index) ? "part \(index)/\(count) is given twice" : "part \(index)/\(count) is missing")
    }
    return sorted
  }
}
