import Foundation
import Scenarios
import Synchronization
import Tensor

/// Runs the trials of known answers side by side, and hands out what they came to in order.
struct VerifyRun {
  private let answers: [KnownAnswer]
  private let counts: [Int]
  private let threads: Int
  private let console: Console
  /// Called with each finding, in the order of the answers, as soon as those before it stand.
  var report: (VerifyFinding) -> Void = { _ in }

  /// How often a plain line tells how far it is where there is no terminal.
  private static let plainSeconds = 10.0

  init(_ answers: [KnownAnswer], isQuick: Bool, threads: Int, console: Console) {
    self.answers = answers
    counts = answers.map { isQuick ? $0.trials.quick : $0.trials.full }
    self.threads = threads
    self.console = console
  }

  /// What the threads share.
  private struct State {
    var next = 0
    var finished = 0
    var numbers: [[Double?]]
    var stops = false
  }

  /// Runs everything.
  ///
  /// - Returns: One finding an answer, or nil if the user stopped it.
  func findings(shouldStop: @Sendable () throws -> Bool) throws -> [VerifyFinding]? {
    let (answers, counts) = (answers, counts)
    let jobs = answers.indices.flatMap { answer in (0..<counts[answer]).map { (answer: answer, trial: $0) } }
    let state = Mutex(State(numbers: counts.map { Array(repeating: nil, count: $0) }))
    let group = DispatchGroup()
    for _ in 0..<min(threads, jobs.count) {
      DispatchQueue.global().async(group: group) {
        while true {
          let place = state.withLock { shared in
            defer { shared.next += 1 }
            return shared.stops ? jobs.count : shared.next
          }
          guard place < jobs.count else { return }
          let job = jobs[place]
          let number = answers[job.answer].trial(job.trial)
          state.withLock { shared in
            shared.numbers[job.answer][job.trial] = number
            shared.finished += 1
          }
        }
      }
    }
    var findings: [VerifyFinding] = []
    let began = Date()
    var lastLine = began
    while true {
      let isOver = group.wait(timeout: .now() + .milliseconds(100)) == .success
      let (numbers, finished) = state.withLock { ($0.numbers, $0.finished) }
      while findings.count < answers.count, numbers[findings.count].allSatisfy({ $0 != nil }) {
        let finding = VerifyFinding(answers[findings.count], numbers[findings.count].compactMap { $0 })
        if console.isLive { console.error("\r\u{1B}[K") }
        findings.append(finding)
        report(finding)
      }
      if findings.count == answers.count { return findings }
      if isOver { return nil }
      if try shouldStop() { state.withLock { $0.stops = true } }
      let now = Date()
      if console.isLive || now.timeIntervalSince(lastLine) >= VerifyRun.plainSeconds {
        lastLine = now
        let elapsed = Int(now.timeIntervalSince(began))
        let line = "\(finished) of \(jobs.count) trials, \(elapsed / 60) min \(elapsed % 60) s, waiting for \(answers[findings.count].name)"
        console.error(console.isLive ? "\r\u{1B}[K" + String(line.prefix(max(20, console.width - 1))) : line + "\n")
      }
    }
  }
}
