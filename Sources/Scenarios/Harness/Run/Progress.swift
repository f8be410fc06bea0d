/// Tells the user how far a run is: one live line a running job on a terminal, a plain line at most every ten seconds elsewhere.
final class Progress {
  static let plainSeconds = 10.0
  static let liveSeconds = 0.1

  private let console: Console
  private let plan: Plan
  private let threads: Int
  private let clock: () -> Double
  private let began: Double
  private var lastLine: Double
  /// When a job was first seen, and how far it was.
  private var seen: [Int: (time: Double, completed: Int)] = [:]
  /// Estimated seconds of what was done before this part of the run began.
  private var estimateBefore: Double?
  private var lines = 0

  init(console: Console, plan: Plan, threads: Int, clock: @escaping () -> Double) {
    self.console = console
    self.plan = plan
    self.threads = threads
    self.clock = clock
    began = clock()
    lastLine = began
  }

  /// Shows where the jobs are, if it is time for a line.
  ///
  /// - Parameters:
  ///   - front: The first job that is not whole; all before it are.
  ///   - begun: How far the jobs are that have begun, nil for those at their ends.
  func show(front: Int, begun: [(index: Int, progress: JobProgress?)]) {
    let now = clock()
    var isNew = false
    for case (let index, let progress?) in begun where seen[index] == nil {
      seen[index] = (now, progress.completed)
      isNew = true
    }
    if estimateBefore == nil { estimateBefore = reached(front, begun) }
    let pause = console.isLive ? Progress.liveSeconds : Progress.plainSeconds
    guard console.isLive && isNew || now - lastLine >= pause else { return }
    var texts: [String] = []
    for case (let index, let progress?) in begun {
      let left = texts.isEmpty ? "left \(durationText(secondsLeft(front, begun, now: now)))" : nil
      texts.append(text(index, progress, left: left, now: now))
    }
    guard !texts.isEmpty else { return }
    lastLine = now
    if console.isLive {
      draw(texts)
    } else {
      console.error(texts[0] + "\n")
    }
  }

  /// Ends the live lines, so that other text can follow.
  func end() {
    draw([])
  }

  /// Puts lines in the place of those that stand.
  private func draw(_ texts: [String]) {
    guard lines > 0 || !texts.isEmpty else { return }
    var output = "\r\u{1B}[K"
    for _ in 1..<max(1, lines) { output += "\u{1B}[A\u{1B}[K" }
    output += texts.map { String($0.prefix(max(20, console.width - 1))) }.joined(separator: "\n")
    console.error(output)
    lines = texts.count
  }

  /// Estimated seconds of everything that is done.
  private func reached(_ front: Int, _ begun: [(index: Int, progress: JobProgress?)]) -> Double {
    var seconds = plan.jobs[..<front].reduce(0) { $0 + $1.estimatedSeconds }
    for (index, progress) in begun {
      let share = progress.map { Double($0.completed) / Double(max(1, $0.total)) } ?? 1
      seconds += plan.jobs[index].estimatedSeconds * share
    }
    return seconds
  }

  /// What is left of the whole run.
  private func secondsLeft(_ front: Int, _ begun: [(index: Int, progress: JobProgress?)], now: Double) -> Double {
    let total = plan.jobs.reduce(0) { $0 + $1.estimatedSeconds }
    let reached = reached(front, begun)
    let gained = reached - (estimateBefore ?? 0)
    // What was announced stands until enough of it is measured.
    let announced = plan.estimatedSeconds(threads: threads) / max(total, 1e-9)
    let factor = gained > 0.01 * total || gained > 2 ? (now - began) / gained : announced
    return max(0, (total - reached) * factor)
  }

  /// The line of a job. What matters most stands first, where a narrow terminal still shows it.
  private func text(_ index: Int, _ progress: JobProgress, left: String?, now: Double) -> String {
    let job = plan.jobs[index]
    let (first, since) = seen[index].map { ($0.completed, now - $0.time) } ?? (progress.completed, 0)
    let done = progress.completed - first
    var parts = ["job \(index + 1)/\(plan.jobs.count)"]
    let own = done > 0 ? "(job \(durationText(since * Double(progress.total - progress.completed) / Double(done))))" : nil
    let times = [left, own].compactMap { $0 }.joined(separator: " ")
    if !times.isEmpty { parts.append(times) }
    parts += [job.scheme, "seed \(job.seed)"]
    if !job.point.coordinates.isEmpty { parts.append(job.point.description) }
    parts.append("\(progress.unit) \(progress.completed)/\(progress.total)")
    if let headline = progress.headline { parts.append("\(headline.name) \(shortText(headline.value))") }
    if done > 0 && since > 0 { parts.append("\(shortText(Double(done) / since)) \(progress.unit)s/s") }
    return parts.joined(separator: "  ")
  }
}
