import Foundation

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
  private var estimateBefore = 0.0
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
    if estimateBefore == 0 && jobBegan - began < 1 { estimateBefore = estimateDone + estimate(progress) }
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

  /// The line itself.
  func text(_ progress: JobProgress, now: Double) -> String {
    let job = plan.jobs[job]
    var parts = ["job \(self.job + 1)/\(plan.jobs.count)", job.scheme, "seed \(job.seed)"]
    if !job.point.coordinates.isEmpty { parts.append(job.point.description) }
    parts.append("\(progress.unit) \(progress.completed)/\(progress.total)")
    let elapsed = now - jobBegan
    let done = progress.completed - jobFirst
    if done > 0 && elapsed > 0 { parts.append("\(rounded(Double(done) / elapsed)) \(progress.unit)s/s") }
    if let headline = progress.headline { parts.append("\(headline.name) \(rounded(headline.value))") }
    var left: [String] = []
    if done > 0 { left.append("job \(durationText(elapsed * Double(progress.total - progress.completed) / Double(done)))") }
    let total = plan.jobs.reduce(0) { $0 + $1.estimatedSeconds }
    let reached = estimateDone + estimate(progress)
    let gained = reached - estimateBefore
    // What was announced stands until enough of it is measured.
    let announced = plan.estimatedSeconds(threads: threads) / max(total, 1e-9)
    let factor = gained > 0.01 * total || gained > 2 ? (now - began) / gained : announced
    left.append("all \(durationText(max(0, (total - reached) * factor)))")
    return parts.joined(separator: "  ") + "  left: " + left.joined(separator: ", ")
  }
}

/// A number with about four digits, for people.
func rounded(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  if value == 0 { return "0" }
  var digits = 3
  var size = abs(value)
  while size >= 10 && digits > 0 {
    size /= 10
    digits -= 1
  }
  while size < 1 && digits < 9 {
    size *= 10
    digits += 1
  }
  return fixedText(value, digits: digits, trimmed: true)
}

/// A duration for people: `45 s`, `3 min 20 s`, `2 h 5 min`.
func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "long" }
  if seconds < 10 { return "\(fixedText(max(0, seconds), digits: 1, trimmed: true)) s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
  if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
  return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
}

/// A number with a fixed count of decimals, rounded half away from zero by whole-number arithmetic.
///
/// - Parameter trimmed: Whether zeros at the end are left out.
func fixedText(_ value: Double, digits: Int, trimmed: Bool = false) -> String {
  let factor = (0..<digits).reduce(1) { product, _ in product * 10 }
  let scaled = (value * Double(factor)).rounded(.toNearestOrAwayFromZero)
  guard abs(scaled) < 9e18 else { return "\(value)" }
  let whole = Int(abs(scaled))
  var text = "\(whole / factor)"
  if digits > 0 {
    let fraction = "\(whole % factor)"
    var decimals = String(repeating: "0", count: digits - fraction.count) + fraction
    if trimmed { while decimals.hasSuffix("0") { decimals.removeLast() } }
    if !decimals.isEmpty { text += "." + decimals }
  }
  return scaled < 0 ? "-" + text : text
}
