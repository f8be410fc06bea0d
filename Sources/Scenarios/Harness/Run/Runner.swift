import Agents
import Foundation
import Tensor

/// Runs the jobs of a plan, as many side by side as there are threads, and keeps the folder in a state from which the run can go on, whatever ends it.
struct Runner {
  enum Outcome: Equatable {
    case finished, interrupted
  }

  let pack: any Pack
  let request: RunRequest
  let plan: Plan
  let folder: RunFolder
  let threads: Int
  let console: Console
  /// Asked after every chunk. An error ends the run as a crash would, with nothing saved.
  var shouldStop: () throws -> Bool = { StopSignal.isRaised }
  var clock: () -> Double = { ProcessInfo.processInfo.systemUptime }
  var forcedCheckpointSeconds: Double?
  /// Whether learned policies are saved.
  var savesPolicies = false
  /// Files beside the metrics that grow with them.
  var events: EventFiles?

  /// The seconds that the run took up to the checkpoint that it went on from.
  private(set) var secondsBefore = 0.0

  init(pack: any Pack, request: RunRequest, plan: Plan, folder: RunFolder, threads: Int, console: Console) {
    self.pack = pack
    self.request = request
    self.plan = plan
    self.folder = folder
    self.threads = threads
    self.console = console
  }

  private var store: CheckpointStore { CheckpointStore(folder: folder.checkpointsPath) }

  /// The hash of everything that decides about the bytes of a run: pack, request, jobs, and the content of files that parameters name.
  static func planHash(pack: any Pack, request: RunRequest, plan: Plan) -> ContentHash {
    var hash = ContentHash()
    func add(_ parts: String...) { hash.update((parts.joined(separator: "\u{1F}") + "\n").utf8) }
    add("1", pack.name, request.kind.rawValue, request.scale.rawValue)
    for parameter in request.parameters.descriptions { add(parameter.name, request.parameters[parameter.name].description) }
    for parameter in request.parameters.descriptions where parameter.isFile {
      let path = request.parameters[parameter.name].description
      // A file that cannot be read is refused where it is needed.
      if !path.isEmpty { add((try? ContentHash.ofFile(path))?.text ?? "") }
    }
    for job in plan.jobs {
      add(job.scheme, "\(job.seed)", job.point.description)
      for entry in job.settings.entries { add(entry.name, entry.value) }
      for change in job.changes { add(change) }
    }
    return hash
  }

  /// Runs what is left of the plan.
  ///
  /// - Parameter resuming: Whether the folder's newest good checkpoint is the place to begin.
  /// - Returns: Whether it came to its end, and the seconds that the run took up to now.
  mutating func run(resuming: Bool) throws -> (outcome: Outcome, seconds: Double) {
    let began = clock()
    let hash = Runner.planHash(pack: pack, request: request, plan: plan)
    let (start, log) = try begin(resuming: resuming, plan: hash)
    try events?.begin(metrics: folder.metricsPath, length: start.metricsLength)
    let pool = JobPool(pack: pack, parameters: request.parameters, plan: plan, threads: threads, front: start.job, jobs: start.begun, keep: try keep)
    defer { pool.stop() }
    let progress = Progress(console: console, plan: plan, threads: threads, clock: clock)
    defer { progress.end() }
    var schedule = CheckpointSchedule(forcedSeconds: forcedCheckpointSeconds, now: clock())
    var state = Checkpoint(job: start.job, plan: hash)
    progress.show(front: state.job, begun: pool.progress)
    while state.job < plan.jobs.count {
      try pool.turn()
      let (front, lines) = pool.drain()
      for line in lines {
        log.append(line)
        try events?.add(line)
      }
      try log.flush()
      try events?.flush()
      let begun = pool.progress
      let isBetweenJobs = front > state.job && begun.allSatisfy { $0.progress == nil }
      state.job = front
      progress.show(front: front, begun: begun)
      let isDone = front == plan.jobs.count
      let stops = try shouldStop() && !isDone
      if stops || isDone || (isBetweenJobs ? schedule.isDueBetweenJobs(at: clock()) : schedule.isDue(at: clock())) {
        if stops { pool.stop() }
        try pool.pausing { jobs in
          state.begun = jobs
          defer { state.begun = [] }
          try save(&state, log, &schedule, began: began)
        }
      }
      if stops { return (.interrupted, secondsBefore + clock() - began) }
    }
    return (.finished, secondsBefore + clock() - began)
  }

  /// Saves policies in the folder of the run.
  private var keep: (@Sendable (Job, GreedyPolicy) throws -> Void)? {
    get throws {
      guard savesPolicies else { return nil }
      try RunFolder.makeDirectory(folder.policiesPath)
      let (place, pack) = (folder.policiesPath, pack.name)
      return { job, policy in
        try policy.save(
          to: "\(place)/\(job.fileName).safetensors",
          metadata: ["pack": pack, "scheme": job.scheme, "seed": "\(job.seed)", "point": job.place.description])
      }
    }
  }

  private func save(_ state: inout Checkpoint, _ log: MetricLog, _ schedule: inout CheckpointSchedule, began: Double) throws(FileError) {
    let begin = clock()
    try log.synchronize()
    state.metricsLength = log.byteCount
    state.metricsHash = log.hash
    var metadata = ["pack": pack.name, "job": "\(state.job)", "jobs": "\(plan.jobs.count)", "seconds": "\(secondsBefore + begin - began)"]
    if let first = state.begun.first {
      let job = plan.jobs[first.index]
      metadata["scheme"] = job.scheme
      metadata["seed"] = "\(job.seed)"
      metadata["point"] = job.point.description
    }
    try store.save(&state, metadata: metadata)
    schedule.wrote(from: begin, to: clock())
  }

  /// The state to begin from: the newest checkpoint that reads well, or the very beginning.
  private mutating func begin(resuming: Bool, plan hash: ContentHash) throws -> (Checkpoint, MetricLog) {
    store.removeUnfinished()
    let files = resuming ? try store.files() : []
    try requireAccess(to: files)
    for file in files {
      do {
        let (state, log, seconds) = try restore(file, plan: hash)
        secondsBefore = seconds
        console.error("\(folder.path): \(place(of: state))\n")
        return (state, log)
      } catch let error as FileError {
        console.error("warning: the checkpoint \(error); it is skipped\n")
        store.remove(file)
      }
    }
    if resuming { console.error("\(folder.path): there is no good checkpoint; the run begins anew\n") }
    return (Checkpoint(plan: hash), try MetricLog(path: folder.metricsPath, keeping: 0))
  }

  /// Refuses to go on where checkpoints or the metrics that they count on cannot be opened: what is only out of reach must not be given
  /// up like something that is damaged.
  private func requireAccess(to files: [CheckpointStore.File]) throws(FileError) {
    guard !files.isEmpty else { return }
    for (path, mode) in [(folder.metricsPath, O_RDWR)] + files.map({ (store.path(of: $0), O_RDONLY) }) {
      let number = unsafe open(path, mode | O_CLOEXEC)
      guard number >= 0 else {
        throw FileError(path: path, reason: "cannot be opened (\(systemMessage())); the run needs it to go on: bring it back, or start a new run")
      }
      close(number)
    }
  }

  /// Where the run goes on, for people.
  private func place(of state: Checkpoint) -> String {
    guard state.job < plan.jobs.count else { return "all \(plan.jobs.count) jobs are done; figures, claims and report are next" }
    var text = "goes on with job \(state.job + 1) of \(plan.jobs.count)"
    if let progress = state.begun.first?.progress { text += " at \(progress.unit) \(progress.completed) of \(progress.total)" }
    return text
  }

  private func restore(_ file: CheckpointStore.File, plan hash: ContentHash) throws -> (Checkpoint, MetricLog, seconds: Double) {
    let path = store.path(of: file)
    let (head, metadata) = try store.head(of: file)
    guard head.plan == hash else { throw FileError(path: path, reason: "belongs to another plan") }
    guard (0...plan.jobs.count).contains(head.job), head.metricsLength >= 0, head.running.count <= plan.jobs.count - head.job else {
      throw FileError(path: path, reason: "names a place outside the plan")
    }
    var state = Checkpoint(job: head.job, metricsLength: head.metricsLength, metricsHash: head.metricsHash, plan: hash)
    for (place, isRunning) in head.running.enumerated() {
      let index = head.job + place
      do {
        let job = plan.jobs[index]
        let run =
          isRunning
          ? try pack.start(job, parameters: try job.parameters(from: request.parameters), threads: JobPool.threads(threads, of: plan)) : nil
        state.begun.append(BegunJob(index: index, run: run))
      } catch {
        // No fault of the checkpoint, which must not be given up for it.
        throw RunError("\(error)")
      }
    }
    try Archive.restore(&state, from: path)
    for job in state.begun { job.progress = job.run?.progress }
    // Compared before anything is cut: an older checkpoint may still fit.
    guard try MetricLog.hash(ofFirst: head.metricsLength, in: folder.metricsPath) == head.metricsHash else {
      throw FileError(path: path, reason: "does not fit the first \(head.metricsLength) bytes of metrics.jsonl")
    }
    let log = try MetricLog(path: folder.metricsPath, keeping: head.metricsLength)
    return (state, log, Double(metadata["seconds"] ?? "") ?? 0)
  }
}
