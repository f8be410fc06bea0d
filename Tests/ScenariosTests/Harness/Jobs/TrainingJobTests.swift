import Agents
import Tensor
import Testing

@testable import Scenarios

@Suite struct TrainingJobTests {
  private typealias RandomCourse = TrainingJob<D2DEnvironment, Untaught<RandomPolicy>>

  /// What a job shows: every look and the end.
  private static func job(
    uncounted: Int, counted: Int, interval: Int, chunk: Int, curve: String? = "reward", averages: [(metric: String, name: String)] = []
  ) -> RandomCourse {
    var parameters = D2DParameters()
    parameters.pairs = 2
    let task = D2DEnvironment(parameters, dropSeeds: [1], fadingSeed: 2)
    return TrainingJob(
      Untaught(RandomPolicy(for: task.specification, seed: 5)), in: task,
      length: TrainingLength(uncounted: uncounted, counted: counted, interval: interval, chunk: chunk, unit: "move"), curve: curve,
      averages: averages,
      look: { _, step, log in try log.record("look", Double(step), step: step) },
      conclude: { _, step, log in try log.record("end", -Double(step), step: step) })
  }

  private static func table(_ job: RandomCourse) throws -> MetricTable {
    var job = job
    let log = MetricLog()
    log.begin(Job(scheme: "random", seed: 0, estimatedSeconds: 0))
    while try !job.advance(log) {}
    return try log.table()
  }

  @Test func looksComeAtIntervalsAndBehindTheLastStep() throws {
    let table = try Self.table(Self.job(uncounted: 130, counted: 23, interval: 10, chunk: 4))
    #expect(table.curves("look", of: "random")[0].steps == [10, 20, 23])
    #expect(table.curves("end", of: "random")[0] == MetricCurve(seed: 0, steps: [23], values: [-23]))
    #expect(table.curves("reward", of: "random")[0].steps == Array(1...23))
  }

  /// The counted steps are those behind the others, however they are cut into chunks.
  @Test func chunksAndUncountedStepsChangeNoStep() throws {
    let whole = try Self.table(Self.job(uncounted: 0, counted: 60, interval: 100, chunk: 60)).curves("reward", of: "random")[0]
    for chunk in [1, 7, 1000] {
      let later = try Self.table(Self.job(uncounted: 25, counted: 35, interval: 3, chunk: chunk)).curves("reward", of: "random")[0]
      #expect(later.values == Array(whole.values[25...]))
    }
    #expect(try Self.table(Self.job(uncounted: 3, counted: 5, interval: 1, chunk: 1, curve: nil)).curves("reward", of: "random").isEmpty)
  }

  /// Means over the intervals of the counted steps, also over the short one at the end, and over one in which the job was saved.
  @Test func intervalsHaveMeansOfTheirOwn() throws {
    let averages = [(metric: "totalReward", name: "mean"), (metric: "d2dOutage", name: "outage")]
    let job = Self.job(uncounted: 3, counted: 11, interval: 4, chunk: 3, averages: averages)
    let table = try Self.table(job)
    let rewards = table.curves("reward", of: "random")[0].values
    let means = table.curves("mean", of: "random")[0]
    #expect(means.steps == [4, 8, 11] && table.curves("outage", of: "random")[0].steps == [4, 8, 11])
    for (mean, part) in zip(means.values, [rewards[0..<4], rewards[4..<8], rewards[8...]]) {
      #expect(abs(mean - part.reduce(0, +) / Double(part.count)) < 1e-9)
    }
    struct Saved: Archivable {
      var run: RandomCourse
      mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
    }
    let scratch = try ScratchFolder()
    let log = MetricLog()
    log.begin(Job(scheme: "random", seed: 0, estimatedSeconds: 0))
    var first = Saved(run: job)
    for _ in 0..<3 { _ = try first.run.advance(log) }
    try Archive.save(&first, to: scratch.path + "/job")
    var second = Saved(run: job)
    try Archive.restore(&second, from: scratch.path + "/job")
    while try !second.run.advance(log) {}
    #expect(try log.table().curves("mean", of: "random")[0] == means)
  }

  @Test func progressCountsAllSteps() throws {
    var job = Self.job(uncounted: 250, counted: 6, interval: 2, chunk: 2)
    let log = MetricLog()
    log.begin(Job(scheme: "random", seed: 0, estimatedSeconds: 0))
    var seen: [Int] = []
    repeat { seen.append(job.progress.completed) } while try !job.advance(log)
    #expect(seen == [0, 100, 200, 250, 252, 254, 256])
    #expect(job.progress.total == 256 && job.progress.unit == "move")
  }

  @Test func aChainGoesOnFromWhatTheJobBeforeHasBecome() throws {
    let scratch = try ScratchFolder()
    func chain() -> JobChain {
      JobChain(lengths: [30, 20]) { place, previous in
        guard place == 1 else { return Self.job(uncounted: 0, counted: 30, interval: 30, chunk: 10) }
        // The steps of the first job name those of the second.
        let done = (previous as? RandomCourse)?.trainer.step ?? 0
        return Self.job(uncounted: 20 - min(20, done), counted: min(20, max(done, 1)), interval: 7, chunk: 5)
      }
    }
    struct Saved: Archivable {
      var run: JobChain
      mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
    }
    let log = MetricLog()
    log.begin(Job(scheme: "chain", seed: 0, estimatedSeconds: 0))
    var saved = Saved(run: chain())
    var seen: [Int] = []
    repeat { seen.append(saved.run.progress.completed) } while try !saved.run.advance(log)
    #expect(seen == [0, 10, 20, 30, 30, 35, 40, 45, 50] && saved.run.progress.total == 50)
    #expect(try log.table().curves("look", of: "chain")[0].steps == [7, 14, 20, 30])
    // Saved in the second job and restored into a chain at its beginning.
    var first = Saved(run: chain())
    for _ in 0..<5 { _ = try first.run.advance(log) }
    try Archive.save(&first, to: scratch.path + "/chain")
    var second = Saved(run: chain())
    try Archive.restore(&second, from: scratch.path + "/chain")
    #expect(second.run.progress.completed == first.run.progress.completed)
  }
}
