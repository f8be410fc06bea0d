/// Tells the user how far a run is: one live line on a terminal, a plain line at most every ten seconds elsewhere.
final class Progress {
  static let plainSeconds = 10.0
  static let liveSeconds = 0.1

  private let console: Console
  private let plan: Plan
  private let threads: Int
  private let clock: () -> Double
  private let began: Double
  private var lastLine: Double
  private var job = 0
  private var jobBegan = 0.0
  private var jobFirst = 0
  /// Estimated seconds of the jobs that were finished before this part of the run began, and of those finished by now.
  private var estimateBefore: Double?
  private var estimateDone = 0.0
  private var lineStands = false

  init(console: Console, plan: Plan, threads: Int, clock: @escaping () -> Double) {
    self.console = console
    self.plan = plan
    self.threads = threads
    self.clock = clock
    began = clock()
    lastLine = began
  }

  /// Names the job that begins or goes on.
  func begin(job: Int, at progress: JobProgress) {
    self.job = job
    jobBegan = clock()
    jobFirst = progress.completed
    estimateDone = plan.jobs[..<job].reduce(0) { $0 + $1.estimatedSeconds }
    if estimateBefore == nil { estimateBefore = estimateDone + estimate(progress) }
    show(progress, evenIfRecent: console.isLive)
  }

  /// Shows where the present job is, if it is time for a line.
  func show(_ progress: JobProgress, evenIfRecent: Bool = false) {
    let now = clock()
    let pause = console.isLive ? Progress.liveSeconds : Progress.plainSeconds
    guard evenIfRecent || now - lastLine >= pause else { return }
    lastLine = now
    let line = text(progress, now: now)
    if console.isLive {
      console.error("\r\u{1B}[K" + String(line.prefix(max(20, console.width - 1))))
      lineStands = true
    } else {
      console.error(line + "\n")
    }
  }

  /// Ends the live line, so that other text can follow.
  func end() {
    if lineStands { console.error("\r\u{1B}[K") }
    lineStands = false
  }

  private func estimate(_ progress: JobProgress) -> Double {
    plan.jobs[job].estimatedSeconds * Double(progress.completed) / Double(max(1, progress.total))
  }

  /// The line itself. What matters most stands first, where a narrow terminal still shows it.
  func text(_ progress: JobProgress, now: Double) -> String {
    let job = plan.jobs[job]
    let elapsed = now - jobBegan
    let done = progress.completed - jobFirst
    let total = plan.jobs.reduce(0) { $0 + $1.estimatedSeconds }
    let reached = estimateDone + estimate(progress)
    let gained = reached - (estimateBefore ?? 0)
    // What was announced stands until enough of it is measured.
    let announced = plan.estimatedSeconds(threads: threads) / max(total, 1e-9)
    let factor = gained > 0.01 * total || gained > 2 ? (now - began) / gained : announced
    var left = "left \(durationText(max(0, (total - reached) * factor)))"
    if done > 0 { left += " (job \(durationText(elapsed * Double(progress.total - progress.completed) / Double(done))))" }
    var parts = ["job \(self.job + 1)/\(plan.jobs.count)", left, job.scheme, "seed \(job.seed)"]
    if !job.point.coordinates.isEmpty { parts.append(job.point.description) }
    parts.append("\(progress.unit) \(progress.completed)/\(progress.total)")
    if let headline = progress.headline { parts.append("\(headline.name) \(shortText(headline.value))") }
    if done > 0 && elapsed > 0 { parts.append("\(shortText(Double(done) / elapsed)) \(progress.unit)s/s") }
    return parts.joined(separator: "  ")
  }
}
