import Foundation
import Tensor

/// One run from the command line to the report.
struct RunSession {
  /// What came of a run.
  struct Result {
    let pack: any Pack
    let request: RunRequest
    let folder: String
    let outcome: Runner.Outcome
    let jobs: Int
    let seconds: Double
    let claims: [ClaimResult]
    /// The part of the plan that was run; nil for all of it.
    var shard: Shard?
  }

  let context: ToolContext
  let threads: Int
  let printsJSON: Bool
  /// Whether learned policies are saved; runs that have saved some go on with it.
  var savesPolicies = false
  /// Whether runs write event files; those that have some go on with them.
  var writesEvents = false

  init(context: ToolContext, threads: Int?, printsJSON: Bool) {
    self.context = context
    self.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    self.printsJSON = printsJSON
  }

  /// A fixed interval between checkpoints, from the environment; for tests.
  static func forcedCheckpointSeconds(_ environment: [String: String]) throws(UsageError) -> Double? {
    guard let text = environment["MARCONI_CHECKPOINT_SECONDS"] else { return nil }
    guard let seconds = Double(text), seconds >= 0, seconds.isFinite else {
      throw UsageError("MARCONI_CHECKPOINT_SECONDS must be a number of seconds, got '\(text)'")
    }
    return seconds
  }

  /// Starts a run, or a part of one, in a new folder.
  func start(_ pack: any Pack, _ request: RunRequest, shard: Shard? = nil, out: String?) throws -> Result {
    var plan = try request.plan(of: pack)
    if let shard { plan = shard.part(of: plan) }
    let folder =
      try out.map { try RunFolder(creating: RunSession.trimmed($0)) }
      ?? RunFolder.firstFree(prefix: "runs/\(pack.name)-\(request.scale.rawValue)-")
    var manifest = Manifest(
      pack: pack, request: request, plan: Runner.planHash(pack: pack, request: request, plan: plan).text, version: context.version,
      revision: context.revision(), cpuLevel: context.cpuLevel(), threads: threads, commandLine: context.commandLine)
    manifest.shard = shard
    try manifest.write(to: folder.manifestPath)
    let place = folder.path
    let summary = context.console.folded("\(pack.name), scale \(request.scale.rawValue): \(plan.summary)", indent: 0, isError: true)
    context.console.error(
      "\(summary)\n\(plan.jobs.count) jobs on \(threads) \(threads == 1 ? "thread" : "threads"), about \(durationText(plan.estimatedSeconds(threads: threads))); into \(place)\n"
    )
    return try run(pack, request, plan, folder, manifest, resuming: false)
  }

  /// Goes on with the run in a folder.
  ///
  /// - Parameters:
  ///   - name: The pack that the command line names, if it names one.
  ///   - arguments: Options that must not contradict the run.
  func resume(_ path: String, kind: RunRequest.Kind, pack name: String?, _ arguments: ParsedArguments) throws -> Result {
    let folder = try RunFolder(opening: RunSession.trimmed(path))
    var manifest = try Manifest(path: folder.manifestPath)
    guard manifest.kind == kind else {
      throw UsageError("\(path) was made by '\(manifest.kind.rawValue)': use \(context.tool) \(manifest.kind.rawValue) --resume \(path)")
    }
    let pack = try context.pack(manifest.pack, algorithms: manifest.algorithms)
    try RunSession.check(arguments, against: manifest, pack: pack, name: name, path: path)
    let request = try manifest.request(for: pack)
    var plan = try request.plan(of: pack)
    if let shard = manifest.shard { plan = shard.part(of: plan) }
    guard Runner.planHash(pack: pack, request: request, plan: plan).text == manifest.plan else {
      throw RunError(
        "\(path): this program would do other jobs than the one that started the run, or a file that they read has changed; start a new run")
    }
    if let end = manifest.end {
      context.console.error("\(path): the run was finished at \(end); figures, claims and report are made again\n")
      try events(of: folder)?.begin(metrics: folder.metricsPath)
      return try conclude(pack, request, plan, folder, manifest)
    }
    manifest.threads = threads
    manifest.cpuLevel = context.cpuLevel()
    manifest.resumed.append(Manifest.now())
    try manifest.write(to: folder.manifestPath)
    return try run(pack, request, plan, folder, manifest, resuming: true)
  }

  /// - Throws: `UsageError` when an option says something else than the run that is to go on.
  private static func check(_ arguments: ParsedArguments, against manifest: Manifest, pack: any Pack, name: String?, path: String) throws {
    func refuse(_ what: String, _ started: String) -> UsageError {
      UsageError("\(path) was started with \(started); \(what) contradicts it (leave it out with --resume)")
    }
    if let name, name != manifest.pack { throw refuse("the pack '\(name)'", "the pack '\(manifest.pack)'") }
    if let scale = try arguments.scale(), scale != manifest.scale { throw refuse("--scale \(scale.rawValue)", "--scale \(manifest.scale.rawValue)") }
    if let seeds = try arguments.seeds(), seeds != manifest.seeds {
      throw refuse("--seeds \(arguments.value("seeds")!)", "the seeds \(manifest.seeds.map { "\($0)" }.joined(separator: ","))")
    }
    if let schemes = try arguments.names("scheme"), Set(schemes) != Set(manifest.schemes) {
      throw refuse("--scheme \(arguments.value("scheme")!)", "the schemes \(manifest.schemes.joined(separator: ","))")
    }
    if let figures = try arguments.numbers("figure"), Set(figures) != Set(manifest.figures) {
      throw refuse("--figure \(arguments.value("figure")!)", "the figures \(manifest.figures.map { "\($0)" }.joined(separator: ","))")
    }
    if let algorithms = try arguments.names("algorithm"), algorithms != manifest.algorithms {
      throw refuse("--algorithm \(algorithms.joined(separator: ","))", "the schemes \(manifest.schemes.joined(separator: ","))")
    }
    if arguments.has("grid"), arguments.all("grid") != manifest.grid {
      throw refuse("--grid \(arguments.all("grid").joined(separator: " "))", "--grid \(manifest.grid.joined(separator: " "))")
    }
    if let shard = try arguments.shard(), shard != manifest.shard {
      throw refuse("--shard \(shard)", manifest.shard.map { "--shard \($0)" } ?? "all of its jobs")
    }
    if let out = arguments.value("out"), trimmed(out) != trimmed(path) { throw refuse("--out \(out)", "this folder") }
    for setting in arguments.all("set") {
      var parameters = ParameterSet(pack.parameters)
      try parameters.set(setting)
      let name = String(setting.prefix { $0 != "=" })
      let started = manifest.parameters.first { $0.name == name }?.value ?? .null
      if parameters[name].json != started { throw refuse("--set \(setting)", "\(name)=\(ParameterValue.text(of: started))") }
    }
  }

  /// The event files of a run; nil for one without.
  private func events(of folder: RunFolder) -> EventFiles? {
    let path = folder.path + "/tensorboard"
    return writesEvents || FileManager.default.fileExists(atPath: path) ? EventFiles(folder: path) : nil
  }

  private func run(
    _ pack: any Pack, _ request: RunRequest, _ plan: Plan, _ folder: RunFolder, _ manifest: Manifest, resuming: Bool
  ) throws -> Result {
    var runner = Runner(pack: pack, request: request, plan: plan, folder: folder, threads: threads, console: context.console)
    runner.shouldStop = context.shouldStop
    runner.events = events(of: folder)
    runner.savesPolicies = savesPolicies || FileManager.default.fileExists(atPath: folder.policiesPath)
    runner.forcedCheckpointSeconds = try RunSession.forcedCheckpointSeconds(context.environment)
    let (outcome, seconds) = try runner.run(resuming: resuming)
    var manifest = manifest
    manifest.seconds = seconds
    guard outcome == .finished else {
      try manifest.write(to: folder.manifestPath)
      return Result(
        pack: pack, request: request, folder: folder.path, outcome: outcome, jobs: plan.jobs.count, seconds: seconds, claims: [],
        shard: manifest.shard)
    }
    manifest.end = Manifest.now()
    return try conclude(pack, request, plan, folder, manifest)
  }

  /// Makes figures, claims and report from the metrics. The manifest comes last: what it calls finished is complete. A part of a run has metrics alone.
  func conclude(_ pack: any Pack, _ request: RunRequest, _ plan: Plan, _ folder: RunFolder, _ manifest: Manifest) throws -> Result {
    if let shard = manifest.shard {
      try manifest.write(to: folder.manifestPath)
      return Result(
        pack: pack, request: request, folder: folder.path, outcome: .finished, jobs: plan.jobs.count, seconds: manifest.seconds, claims: [],
        shard: shard)
    }
    let table = try MetricTable(path: folder.metricsPath)
    let outputs = try RunOutputs(pack: pack, request: request, plan: plan, table: table, manifest: manifest, tool: context.tool)
    try outputs.write(to: folder)
    try manifest.write(to: folder.manifestPath)
    return Result(
      pack: pack, request: request, folder: folder.path, outcome: .finished, jobs: plan.jobs.count, seconds: manifest.seconds, claims: outputs.claims)
  }

  /// Tells the user how one or several runs ended.
  ///
  /// - Parameter resumeFolder: The folder to resume where it is not that of the interrupted run itself.
  func finish(_ results: [Result], resumeFolder: String? = nil) throws -> ExitCode {
    if printsJSON {
      let values = results.map(RunSession.json)
      context.console.output((resumeFolder == nil ? values[0] : .object([.init("runs", .array(values))])).indented)
    } else {
      for result in results where result.outcome == .finished { context.console.output(RunSession.text(result, on: context.console)) }
    }
    guard let last = results.last, last.outcome == .interrupted else { return .done }
    let folder = resumeFolder ?? last.folder
    context.console.error("\(context.tool): interrupted; saved; resume with: \(context.tool) \(last.request.kind.rawValue) --resume \(folder)\n")
    return .interrupted
  }

  static func json(_ result: Result) -> JSON {
    [
      "pack": .string(result.pack.name), "command": .string(result.request.kind.rawValue), "scale": .string(result.request.scale.rawValue),
      "folder": .string(result.folder), "status": result.outcome == .finished ? "finished" : "interrupted", "jobs": JSON(result.jobs),
      "seconds": JSON(result.seconds), "report": result.shard == nil ? .string(result.folder + "/report.html") : .null,
      "shard": JSON(result.shard?.description), "claims": .array(result.claims.map(\.json)),
    ]
  }

  static func text(_ result: Result, on console: Console) -> String {
    var text = ""
    let width = (result.claims.map(\.claim.id.count).max() ?? 0) + 2
    for claim in result.claims {
      let verdict = claim.judgement.verdict.rawValue
      let head =
        claim.claim.id + String(repeating: " ", count: width - claim.claim.id.count) + verdict + String(repeating: " ", count: 14 - verdict.count)
      text += console.folded(head + claim.claim.text, indent: head.count) + "\n"
    }
    if let shard = result.shard {
      return
        "\(result.pack.name): part \(shard), \(result.jobs) jobs in \(durationText(result.seconds)); in \(result.folder), to be merged with the others\n"
    }
    return text + "\(result.pack.name): \(result.jobs) jobs in \(durationText(result.seconds)); report: \(result.folder)/report.html\n"
  }

  /// A folder's name without a slash at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
