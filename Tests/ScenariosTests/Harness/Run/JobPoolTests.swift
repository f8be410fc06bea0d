import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct JobPoolTests {
  /// Twelve jobs.
  private static func request(_ pack: HillClimberPack) throws -> RunRequest {
    try RunRequest(.run, of: pack, schemes: ["careful", "bold", "still"], seeds: [0, 1], settings: ["steps=40"])
  }

  /// Runs a plan to its end and looks at the pool between its turns.
  private static func lines(_ pack: HillClimberPack, threads: Int, _ look: (JobPool) -> Void = { _ in }) throws -> [UInt8] {
    let request = try request(pack)
    let plan = try pack.plan(request)
    let pool = JobPool(pack: pack, parameters: request.parameters, plan: plan, threads: threads, front: 0, jobs: [])
    defer { pool.stop() }
    var lines: [UInt8] = []
    var front = 0
    while front < plan.jobs.count {
      try pool.turn()
      look(pool)
      let drained = pool.drain()
      front = drained.front
      lines += drained.lines.flatMap { $0 }
    }
    return lines
  }

  @Test func linesComeInTheOrderOfThePlan() throws {
    let expected = try Self.lines(HillClimberPack(), threads: 1)
    #expect(expected.count { $0 == UInt8(ascii: "\n") } == 12 * 40)
    for threads in [2, 3, 12, 40] { #expect(try Self.lines(HillClimberPack(), threads: threads) == expected, "\(threads) threads") }
  }

  @Test func jobsFitHalfOfTheMemory() throws {
    func job(_ bytes: Double) -> Job { Job(scheme: "a", seed: 0, estimatedSeconds: 1, estimatedBytes: bytes) }
    #expect(JobPool.isRoom(for: job(9), beside: [], memory: 10))
    #expect(JobPool.isRoom(for: job(2), beside: [job(1), job(2)], memory: 10))
    #expect(!JobPool.isRoom(for: job(2.5), beside: [job(1), job(2)], memory: 10))
    // Nobody waits for ever.
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    #expect(try Self.lines(HillClimberPack(bytesPerJob: memory), threads: 4) == Self.lines(HillClimberPack(), threads: 1))
  }

  /// States are visited while nobody works on them: what is saved in a pause fits together with what was handed over before it.
  @Test func aPauseShowsWholeChunks() throws {
    let pack = HillClimberPack(rest: 1000)
    let request = try Self.request(pack)
    let plan = try pack.plan(request)
    let expected = try Self.lines(pack, threads: 1)
    let pool = JobPool(pack: pack, parameters: request.parameters, plan: plan, threads: 3, front: 0, jobs: [])
    defer { pool.stop() }
    var lines: [UInt8] = []
    var (front, onTheirWay) = (0, 0)
    while front < plan.jobs.count {
      try pool.turn()
      let drained = pool.drain()
      front = drained.front
      lines += drained.lines.flatMap { $0 }
      try pool.pausing { jobs in
        var all = lines
        for job in jobs {
          #expect(!job.isTaken)
          all += job.recorded
          // Five steps a chunk, one line a step.
          let recorded = all.count { $0 == UInt8(ascii: "\n") }
          if let progress = job.run?.progress {
            onTheirWay += 1
            #expect(recorded == job.index * 40 + progress.completed)
            break
          }
          #expect(recorded == (job.index + 1) * 40)
        }
        #expect(expected.starts(with: all))
      }
    }
    #expect(onTheirWay > 0)
  }

  @Test func severalThreadsServeOneJobOnlyWhereJobsAreFewer() throws {
    let plan = try HillClimberPack().plan(Self.request(HillClimberPack()))
    #expect(JobPool.threads(2, of: plan) == 1)
    #expect(JobPool.threads(12, of: plan) == 1)
    #expect(JobPool.threads(40, of: plan) == 3)
  }
}
