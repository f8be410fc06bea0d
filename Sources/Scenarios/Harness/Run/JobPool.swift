import Foundation
import Tensor

/// A job that has begun: its state, and what it recorded that is not in the run's metrics yet.
///
/// Unchecked because its state belongs to the thread that has taken it, and everything else to whoever holds the pool's lock.
final class BegunJob: @unchecked Sendable {
  /// Its place in the plan.
  let index: Int
  /// Nil before its beginning and behind its end.
  var run: (any JobRun)?
  /// Lines of metrics.
  var recorded: [UInt8] = []
  var progress: JobProgress?
  /// Whether a thread works on it.
  var isTaken = false

  init(index: Int, run: (any JobRun)?) {
    (self.index, self.run) = (index, run)
    progress = run?.progress
  }

  /// Whether it has come to its end.
  var isWhole: Bool { !isTaken && run == nil }
}

/// Advances several jobs of a plan side by side, each on threads of its own.
///
/// Jobs begin in the order of the plan, and what they record is handed on in that order: the number of threads changes time only. With one thread
/// the caller advances the jobs itself, one chunk at a `turn`; with more each turn waits for somebody's next chunk.
///
/// Unchecked because everything that changes is touched under the lock alone.
final class JobPool: @unchecked Sendable {
  private let pack: any Pack
  private let parameters: ParameterSet
  private let plan: Plan
  private let threads: Int
  /// Jobs that may run at the same time.
  private let lanes: Int
  private let condition = NSCondition()
  /// Begun jobs in the order of the plan, the first of them that of `front`.
  private var jobs: [BegunJob]
  private var front: Int
  private var isPaused = false
  private var isStopped = false
  private var workers = 0
  private var working = 0
  private var hasNews = false
  private var failure: (index: Int, error: any Error)?

  /// - Parameters:
  ///   - front: The first job that is not whole in the metrics.
  ///   - jobs: Those that have begun, from there on.
  init(pack: any Pack, parameters: ParameterSet, plan: Plan, threads: Int, front: Int, jobs: [BegunJob]) {
    (self.pack, self.parameters, self.plan, self.threads, self.front, self.jobs) = (pack, parameters, plan, threads, front, jobs)
    lanes = max(1, min(threads, plan.jobs.count - front))
    guard lanes > 1 else { return }
    workers = lanes
    for _ in 0..<lanes {
      let thread = Thread { self.work() }
      // Room for deep recursion in a pack, as on the main thread.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Threads of each job: more than one only where there are fewer jobs than threads.
  static func threads(_ threads: Int, of plan: Plan) -> Int { max(1, threads / max(1, plan.jobs.count)) }

  private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }

  // MARK: The caller's side

  /// Advances a job by a chunk, or waits until another thread has, for a tenth of a second at most.
  ///
  /// - Throws: What ended a job, when all jobs before it have come to their ends.
  func turn() throws {
    if lanes == 1 {
      if let job = locked({ take() }) { advance(job) }
    } else {
      locked {
        if !hasNews { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
        hasNews = false
      }
    }
    try locked { try throwFailure() }
  }

  /// Throws what ended the first job.
  private func throwFailure() throws {
    if let failure, front >= failure.index { throw failure.error }
  }

  /// Hands over what is recorded, in the order of the plan, and forgets jobs that are whole.
  ///
  /// - Returns: The first job that is not whole, and the lines.
  func drain() -> (front: Int, lines: [[UInt8]]) {
    locked {
      var lines: [[UInt8]] = []
      // What a job recorded that has failed must not be counted on: it will begin anew.
      while let first = jobs.first, !isGivenUp(first) {
        lines.append(first.recorded)
        first.recorded.removeAll()
        guard first.isWhole else { break }
        jobs.removeFirst()
        front += 1
      }
      return (front, lines)
    }
  }

  /// How far the jobs are that have begun: nil for those at their ends. Jobs that are still being made are left out.
  var progress: [(index: Int, progress: JobProgress?)] {
    locked { jobs.filter { $0.isWhole || $0.progress != nil }.map { ($0.index, $0.isWhole ? nil : $0.progress) } }
  }

  /// Waits until no thread works on a job, and passes the jobs, whose states may be visited: those before one that has failed.
  ///
  /// - Throws: What ended the first job.
  func pausing<Value>(_ body: ([BegunJob]) throws -> Value) throws -> Value {
    try locked {
      isPaused = true
      while working > 0 { condition.wait() }
      defer {
        isPaused = false
        condition.broadcast()
      }
      try throwFailure()
      return try body(Array(jobs.prefix { !isGivenUp($0) }))
    }
  }

  /// Ends all threads after their present chunks.
  func stop() {
    locked {
      isStopped = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }

  // MARK: The threads' side

  private func work() {
    condition.lock()
    while true {
      while isPaused && !isStopped { condition.wait() }
      if isStopped { break }
      guard let job = take() else {
        // Nothing to take now; when all is taken there never will be, but a pause or a failure may put something back.
        if isOver { break }
        condition.wait()
        continue
      }
      condition.unlock()
      advance(job)
      condition.lock()
    }
    workers -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// Whether no job is left that a thread could take up, now or later.
  private var isOver: Bool {
    (front + jobs.count >= plan.jobs.count || failure != nil) && jobs.allSatisfy { $0.isWhole || isGivenUp($0) }
  }

  /// Whether a job has failed or comes behind one that has.
  private func isGivenUp(_ job: BegunJob) -> Bool { failure.map { job.index >= $0.index } ?? false }

  /// The first job that nobody works on, or the next of the plan where there is room for it.
  private func take() -> BegunJob? {
    var job = jobs.first { !$0.isTaken && $0.run != nil && !isGivenUp($0) }
    let next = front + jobs.count
    if job == nil, next < plan.jobs.count, failure == nil, hasRoom(for: next) {
      job = BegunJob(index: next, run: nil)
      jobs.append(job!)
    }
    guard let job else { return nil }
    job.isTaken = true
    working += 1
    return job
  }

  private func hasRoom(for next: Int) -> Bool {
    let running = jobs.filter { !$0.isWhole }.map { plan.jobs[$0.index] }
    return JobPool.isRoom(for: plan.jobs[next], beside: running, memory: Double(ProcessInfo.processInfo.physicalMemory))
  }

  /// Whether jobs together fit half of a machine's memory. One always may run.
  static func isRoom(for next: Job, beside running: [Job], memory: Double) -> Bool {
    running.isEmpty || running.reduce(next.estimatedBytes) { $0 + $1.estimatedBytes } <= memory / 2
  }

  /// One chunk of a job, without the lock.
  private func advance(_ job: BegunJob) {
    let log = MetricLog()
    log.begin(plan.jobs[job.index])
    var isDone = false
    var caught: (any Error)?
    do {
      if job.run == nil {
        let planned = plan.jobs[job.index]
        job.run = try pack.start(planned, parameters: try planned.parameters(from: parameters), threads: JobPool.threads(threads, of: plan))
        // A job whose first chunk takes long is seen before it is done.
        locked { job.progress = job.run!.progress }
      }
      // In place: a copy of the state would be a copy of everything in it.
      isDone = try job.run!.advance(log)
    } catch {
      caught = error
    }
    let progress = job.run?.progress
    locked {
      job.recorded += log.takeLines()
      job.progress = progress
      if isDone || caught != nil { job.run = nil }
      if let caught, job.index < failure?.index ?? .max { failure = (job.index, caught) }
      job.isTaken = false
      working -= 1
      hasNews = true
      condition.broadcast()
    }
  }
}
