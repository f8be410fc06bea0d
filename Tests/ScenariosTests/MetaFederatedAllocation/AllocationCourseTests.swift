import Agents
import Tensor
import Testing

@testable import Scenarios

@Suite struct AllocationCourseTests {
  static let sizes = [
    "users=3", "episodes=8", "updateEpisodes=2", "roundEpisodes=2", "episodeLength=6", "metaEpisodes=3", "firstHidden=8", "secondHidden=6",
    "criticHidden=4", "testDrops=4", "roundDrops=2", "minibatch=8", "learningRate=0.01", "metaLearningRate=0.01",
  ]

  private func request(_ scheme: String, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.run, of: AllocationPack(), scale: .smoke, schemes: [scheme], seeds: [1], settings: Self.sizes + settings)
  }

  private func start(_ request: RunRequest, threads: Int = 1, in pack: AllocationPack = AllocationPack()) throws -> any JobRun {
    try pack.start(try pack.plan(request).jobs[0], parameters: request.parameters, threads: threads)
  }

  private func log(for request: RunRequest) throws -> MetricLog {
    let log = MetricLog()
    log.begin(try AllocationPack().plan(request).jobs[0])
    return log
  }

  private func table(_ scheme: String, _ settings: [String] = [], threads: Int = 1, in pack: AllocationPack = AllocationPack()) throws -> MetricTable
  {
    let request = try request(scheme, settings)
    let log = try log(for: request)
    var run = try start(request, threads: threads, in: pack)
    while try !run.advance(log) {}
    return try log.table()
  }

  private struct Saved: Archivable {
    var run: any JobRun
    mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
  }

  /// Saved behind every part of the work, restored by a process that has no model, with other numbers of threads.
  @Test(arguments: AllocationScheme.all.map(\.name) + AllocationPlan.yardsticks) func aJobThatWasSavedGoesOnBitForBit(scheme: String) throws {
    let scratch = try ScratchFolder()
    let request = try request(scheme, scheme == "mfrl" ? ["weight=success", "moments=averaged"] : [])
    let expected = try log(for: request)
    var whole = try start(request)
    var chunks = 1
    while try !whole.advance(expected) { chunks += 1 }
    #expect(chunks == (AllocationScheme.named(scheme).map { 2 + ($0.isEarly ? 2 : 4) + ($0.isMeta ? 3 : 0) } ?? 1))
    for chunk in 0..<chunks {
      let log = try log(for: request)
      var first = Saved(run: try start(request, threads: 1 + chunk % 2))
      for _ in 0..<chunk { #expect(try !first.run.advance(log)) }
      try Archive.save(&first, to: scratch.path + "/job")
      var second = Saved(run: try start(request, threads: 2 - chunk % 2))
      try Archive.restore(&second, from: scratch.path + "/job")
      #expect(second.run.progress.completed == first.run.progress.completed)
      while try !second.run.advance(log) {}
      #expect(log.hash == expected.hash, "saved after chunk \(chunk)")
    }
  }

  /// The jobs of a pack share meta-trained models, and record what they would have recorded without.
  @Test func aSharedModelChangesNothing() throws {
    let pack = AllocationPack()
    let request = try request("mfrl")
    var hashes: [ContentHash] = []
    var chunks: [Int] = []
    for _ in 0..<2 {
      let log = try log(for: request)
      var run = try start(request, in: pack)
      chunks.append(1)
      while try !run.advance(log) { chunks[chunks.count - 1] += 1 }
      hashes.append(log.hash)
    }
    #expect(hashes[0] == hashes[1] && chunks == [9, 6])
    // MRL adapts the same model; one whose users observe their number does not.
    var other = try start(try self.request("mrl"), in: pack)
    #expect(other.progress.completed == 3)
    other = try start(try self.request("mfrl-index"), in: pack)
    #expect(other.progress.completed == 0)
    other = try start(try self.request("mrl", ["metaLearningRate=0.02"]), in: pack)
    #expect(other.progress.completed == 0)
    other = try start(try self.request("mrl", ["learningRate=0.02", "scenario=uma", "users=5", "episodes=12"]), in: pack)
    #expect(other.progress.completed == 3)
  }

  @Test func whatLearnersRecord() throws {
    let table = try table("mfrl")
    func curve(_ metric: String) -> MetricCurve { table.curves(metric, of: "mfrl", at: ["scenario": 1])[0] }
    for metric in [AllocationMetric.reward, AllocationMetric.free, AllocationMetric.choiceEntropy] { #expect(curve(metric).steps == [2, 4, 6, 8]) }
    #expect(curve(AllocationMetric.metaReward).steps == [1, 2, 3])
    for episode in 0..<3 {
      let parts = [2, 4, 8].map { curve(AllocationMetric.metaReward(users: $0)).values[episode] }
      #expect(abs(parts.reduce(0, +) - curve(AllocationMetric.metaReward).values[episode]) < 1e-9)
    }
    // Not behind the last episode.
    for metric in [AllocationMetric.beforeRound, AllocationMetric.afterRound, AllocationMetric.afterRoundFree] {
      #expect(curve(metric).steps == [1, 2, 3])
    }
    #expect(curve(AllocationMetric.dropEfficiency).steps == [1, 2, 3, 4])
    for metric in [
      AllocationMetric.testEfficiency, AllocationMetric.testReward, AllocationMetric.testFree, AllocationMetric.testServed,
      AllocationMetric.testPower,
      AllocationMetric.testError, AllocationMetric.greedyEfficiency, AllocationMetric.greedyFree, AllocationMetric.firstEfficiency,
      AllocationMetric.averagedEfficiency, AllocationMetric.averagedFree, AllocationMetric.averagedFreeError,
    ] { #expect(curve(metric).values.count == 1, "\(metric)") }
    #expect(table.values(AllocationMetric.testBound, of: "mfrl", at: ["scenario": 1]).isEmpty)
    // 23 numbers a message of this size: bytes are those of the model and a header.
    let parameters = 13 * 8 + 9 * 6 + 7 * 12 + 7 * 4 + 5
    #expect(
      curve(AllocationMetric.bytesUp).values[0] >= Double(4 * parameters) && curve(AllocationMetric.bytesUp).values[0] < Double(4 * parameters + 100))
    let marl = try self.table("marl")
    #expect(marl.curves(AllocationMetric.afterRound, of: "marl", at: ["scenario": 1]).isEmpty)
    #expect(marl.curves(AllocationMetric.beforeRound, of: "marl", at: ["scenario": 1])[0].steps == [1, 2, 3])
    #expect(marl.curves(AllocationMetric.metaReward, of: "marl", at: ["scenario": 1]).isEmpty)
  }

  /// MFRL_early is MFRL up to half of the episodes: the same curves.
  @Test func theEarlyModelIsHalfOfTheWhole() throws {
    let (whole, early) = (try table("mfrl"), try table("mfrl-early"))
    for metric in [AllocationMetric.reward, AllocationMetric.powerEntropy, AllocationMetric.efficiency] {
      let all = whole.curves(metric, of: "mfrl", at: ["scenario": 1])[0]
      let half = early.curves(metric, of: "mfrl-early", at: ["scenario": 1])[0]
      #expect(half.steps == [2, 4] && half.values == Array(all.values.prefix(2)))
    }
    #expect(early.curves(AllocationMetric.afterRound, of: "mfrl-early", at: ["scenario": 1])[0].steps == [1])
  }

  /// Central allocation on the drops of the tests bounds everybody, and its bound is that of the learners' drops: the first drops of Fig. 5 agree.
  @Test func allSchemesMeetTheSameDrops() throws {
    let bound = try table("hungarian").values(AllocationMetric.testBound, of: "hungarian", at: ["scenario": 1]).values[0]
    for scheme in ["mfrl", "marl", "random", "orthogonal"] {
      let reached = try table(scheme).values(AllocationMetric.testEfficiency, of: scheme, at: ["scenario": 1]).values[0]
      #expect(reached <= bound * (1 + 1e-6) && reached > 0)
    }
  }
}
