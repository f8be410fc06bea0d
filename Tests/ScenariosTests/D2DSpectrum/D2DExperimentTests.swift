import Agents
import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct D2DExperimentTests {
  static let sizes = [
    "pairs=2", "randomSlots=10", "updates=4", "batch=4", "evaluationSlots=20", "evaluationCopies=4", "dqnSlots=12", "actorCriticSlots=60",
    "tableSlots=120", "automatonSlots=120", "actorCriticInterval=8", "finetuningSlots=12",
  ]

  private func request(_ schemes: [String], _ settings: [String] = sizes) throws -> RunRequest {
    try RunRequest(.run, of: D2DPack(), scale: .smoke, schemes: schemes, seeds: [1], settings: settings)
  }

  private func start(_ request: RunRequest, threads: Int = 1) throws -> any JobRun {
    try D2DPack().start(try D2DPack().plan(request).jobs[0], parameters: request.parameters, threads: threads)
  }

  private func log(for request: RunRequest) throws -> MetricLog {
    let log = MetricLog()
    log.begin(try D2DPack().plan(request).jobs[0])
    return log
  }

  private struct Saved: Archivable {
    var run: any JobRun
    mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
  }

  // MARK: Saving

  @Test(arguments: [
    ("maac", 1, 2, []), ("naac", 2, 1, []), ("random", 1, 1, []), ("oracle", 1, 1, []), ("dqn", 1, 2, []), ("ac", 2, 1, []), ("qlearning", 1, 1, []),
    ("sla", 1, 1, []), ("maac", 1, 2, ["lastPhase=finetune", "uploadThreshold=-100"]),
    ("naac", 2, 1, ["lastPhase=finetune", "uploadThreshold=-100"]),
  ])
  func aJobThatWasSavedGoesOnBitForBit(scheme: String, threads: Int, threadsLater: Int, settings: [String]) throws {
    let scratch = try ScratchFolder()
    let request = try request([scheme], Self.sizes + settings)
    let expected = try log(for: request)
    var whole = try start(request)
    var chunks = 1
    while try !whole.advance(expected) { chunks += 1 }
    let lines = expected.takeLines()
    #expect(lines.count > 50)
    // Random slots, each learning slot, the end.
    if ["maac", "naac"].contains(scheme) && settings.isEmpty { #expect(chunks == 6) }
    for chunk in Set([1, 3, 5, chunks / 2, chunks - 8, chunks - 1].map { min(max($0, 0), chunks - 1) }) {
      let log = try log(for: request)
      var first = Saved(run: try start(request, threads: threads))
      for _ in 0..<chunk { #expect(try !first.run.advance(log)) }
      try Archive.save(&first, to: scratch.path + "/job")
      var second = Saved(run: try start(request, threads: threadsLater))
      try Archive.restore(&second, from: scratch.path + "/job")
      #expect(second.run.progress.completed == first.run.progress.completed)
      while try !second.run.advance(log) {}
      #expect(log.takeLines() == lines, "saved after chunk \(chunk)")
    }
  }

  @Test func aLearnerWhoseWeightsAreNoNumbersEndsTheRun() throws {
    let scratch = try ScratchFolder()
    let request = try request(["maac"])
    let log = try log(for: request)
    var saved = Saved(run: try start(request))
    _ = try saved.run.advance(log)
    let path = scratch.path + "/job"
    try Archive.save(&saved, to: path)
    // One weight of the first actor becomes NaN.
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let header = try #require(try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
    let entry = try #require(header.first { $0.key.hasSuffix("agent0.actor") }?.value["data_offsets"] as? [Int])
    data.replaceSubrange(8 + length + entry[0]..<8 + length + entry[0] + 4, with: [0, 0, 0xC0, 0x7F])
    try data.write(to: URL(fileURLWithPath: path))
    try Archive.restore(&saved, from: path)
    let error = #expect(throws: RunError.self) { while try !saved.run.advance(log) {} }
    #expect(error?.message.contains("the learner diverged: by learning slot 1 ") == true, "\(error?.message ?? "")")
  }

  // MARK: Pairing

  /// With a single block there is nothing to choose: whatever the scheme, each learning slot and each slot of evaluation gives the same
  /// reward, exactly if schemes meet the same fading in the slot of the same number.
  @Test func schemesMeetTheSameFadingSlotBySlot() throws {
    let schemes = ["maac", "naac", "random", "oracle"]
    let settings = [
      "pairs=3", "resourceBlocks=1", "randomSlots=130", "updates=20", "batch=4", "evaluationSlots=60", "evaluationCopies=4", "neighbours=1",
    ]
    let table = try D2DPack().measure(try request(schemes, settings))
    func point(_ scheme: String) -> SweepPoint { D2DPack.point(scheme, pairs: 3, neighbours: 1) }
    let random = table.curves("trainingReward", of: "random", at: point("random"))[0]
    #expect(random.steps == Array(1...20))
    #expect(Set(random.values).count == 20)
    let executed = table.values("executedReward", of: "random", at: point("random"))
    for scheme in schemes {
      #expect(table.curves("trainingReward", of: scheme, at: point(scheme)) == [random], "\(scheme)")
      #expect(table.values("executedReward", of: scheme, at: point(scheme)) == executed)
      for metric in D2DEnvironment.metrics {
        #expect(table.values(metric, of: scheme, at: point(scheme)) == table.values(metric, of: "random", at: point("random")))
      }
    }
    // The first learning slot is the one behind the random slots.
    let experiment = D2DExperiment(
      D2DSettings(try request(["random"], settings).parameters), job: Job(scheme: "random", seed: 1, estimatedSeconds: 1))
    var environment = experiment.trainingEnvironment()
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 0..<150 {
      environment.step(ActionBatch(for: environment.specification), into: &batch)
      if slot >= 130 { #expect(Double(batch.metrics[0]) == random.values[slot - 130]) }
    }
  }

  @Test func randomSlotsOfLearnersAreThoseOfTheRandomScheme() throws {
    let experiment = D2DExperiment(D2DSettings(try request(["maac"]).parameters), job: Job(scheme: "maac", seed: 1, estimatedSeconds: 1))
    let environment = experiment.trainingEnvironment()
    var random = RandomPolicy(for: environment.specification, seed: experiment.seeds.agents)
    var trainer = Trainer(MADDPG(experiment.settings.learner, for: environment.specification, seed: experiment.seeds.agents), in: environment)
    var actions = ActionBatch(for: environment.specification)
    for step in 0..<10 {
      random.act([], step: step, into: &actions)
      trainer.advance()
      #expect(trainer.actions.choices == actions.choices)
    }
    #expect(!trainer.learner.isWarmingUp && trainer.learner.updates == 0)
  }

  @Test func seedsShareNoStream() {
    let all = (0..<50).map(D2DSeeds.init).flatMap { [$0.drop, $0.training, $0.evaluation, $0.agents, $0.oracle] }
    #expect(Set(all).count == 250)
  }

  /// Training and evaluation share the positions and differ in their fading.
  @Test func evaluationHasItsOwnFadingOnTheSameDrop() throws {
    let settings = ["pairs=3", "resourceBlocks=1", "randomSlots=1", "updates=20", "evaluationSlots=20", "evaluationCopies=1"]
    let table = try D2DPack().measure(try request(["random"], settings))
    let training = table.curves("trainingReward", of: "random", at: ["pairs": 3])[0].values
    let evaluation = try #require(table.values("totalReward", of: "random", at: ["pairs": 3])[1])
    #expect(abs(Statistics.mean(training) - evaluation) > 1e-3)
    // Without fading both see the same positions and nothing else.
    let still = try D2DPack().measure(try request(["random"], settings + ["fading=none"]))
    let constant = still.curves("trainingReward", of: "random", at: ["pairs": 3])[0].values
    #expect(Set(constant).count == 1)
    #expect(abs(constant[0] - (still.values("totalReward", of: "random", at: ["pairs": 3])[1] ?? 0)) < 1e-9)
  }

  /// The phases of section III-C: training alone, execution behind it, fine-tuning behind that.
  @Test func eachPhaseRecordsWhatItIsFor() throws {
    func metrics(_ phase: String) throws -> (executed: Bool, tuned: SeedValues, redropped: SeedValues) {
      let settings =
        Self.sizes + ["lastPhase=\(phase)", "uploadThreshold=-100", "actorLearningRate=0.003", "finetuningSlots=200"]
      let table = try D2DPack().measure(try request(["maac"], settings + ["pairs=4"]))
      func values(_ metric: String) -> SeedValues { table.values(metric, of: "maac", at: ["pairs": 4]) }
      let tuned = values("rewardAfterFinetuning") - values("rewardBeforeFinetuning")
      return (!values("cellularOutage").isEmpty, tuned, values("rewardAfterFinetuningRedrop") - values("rewardBeforeFinetuningRedrop"))
    }
    let (train, execute, finetune) = (try metrics("train"), try metrics("execute"), try metrics("finetune"))
    #expect(!train.executed && train.tuned.isEmpty)
    #expect(execute.executed && execute.tuned.isEmpty)
    // At such a rate two hundred updates change what is executed, on the same positions and on others.
    #expect(finetune.executed && finetune.tuned.values.allSatisfy { $0 != 0 } && finetune.tuned.count == 1)
    #expect(finetune.redropped.values.allSatisfy { $0 != 0 } && finetune.redropped.count == 1)
  }

  /// Slots with bad channels are not uploaded, and nothing is learnt from them.
  @Test func experienceIsUploadedInSlotsWithGoodChannels() throws {
    func share(_ threshold: String) throws -> Double {
      let settings = Self.sizes + ["lastPhase=finetune", "finetuningSlots=400", "pairs=4", "uploadThreshold=\(threshold)"]
      let table = try D2DPack().measure(try request(["maac"], settings))
      return try #require(table.values("tuplesUploaded", of: "maac", at: ["pairs": 4])[1])
    }
    #expect(try share("-100") == 1 && share("20") == 0)
    // The mean of four exponential numbers is at least 1 with probability e⁻⁴ (1 + 4 + 8 + 32/3) = 0.4335; five deviations of 400 are 0.124.
    #expect(try abs(share("0") - 0.4335) < 0.124)
  }

  /// Pair n of twenty begins with the networks of pair n modulo ten.
  @Test func networksGoOnAmongMorePairs() throws {
    let request = try request(["naac"], Self.sizes + ["pairs=12", "neighbours=1", "updatesAboveTen=6"])
    let job = Job(
      scheme: "naac", seed: 1, point: ["pairs": 12, "neighbours": 1, "transfer": 1], settings: ["transfer": "yes"], estimatedSeconds: 1)
    let log = MetricLog()
    log.begin(job)
    var run = try D2DPack().start(job, parameters: request.parameters, threads: 1)
    #expect(run.progress.total == 10 + 4 + 10 + 6)
    while try !run.advance(log) {}
    let table = try log.table()
    #expect(table.values("totalReward", of: "naac", at: job.point).count == 1)
    // What was learnt among ten is what the twelve begin with: a fresh start on the same slots executes something else.
    let fresh = try D2DPack().measure(request).curves("executedReward", of: "naac", at: ["pairs": 12, "neighbours": 1])[0]
    #expect(table.curves("executedReward", of: "naac", at: job.point)[0].values != fresh.values)
    // The first part leaves nothing in the log.
    #expect(table.curves("executedReward", of: "naac", at: job.point)[0].steps == [1, 2, 3, 4, 5, 6])
  }

  @Test func theExecutedPolicyIsInspectedAtTheEnd() throws {
    let table = try D2DPack().measure(try request(["maac"], Self.sizes + ["updates=19"]))
    let steps = table.curves("executedReward", of: "maac", at: ["pairs": 2])[0].steps
    #expect(steps == [2, 4, 6, 8, 10, 12, 14, 16, 18, 19])
    #expect(table.curves("onlineReward", of: "maac", at: ["pairs": 2])[0].steps == steps)
  }

  // MARK: The environment's contract

  @Test(arguments: [
    [], ["fading=none"], ["fading=gaussmarkov"], ["basePower=split"], ["baseInterference=false"], ["stateScaling=db"], ["stateScaling=linear"],
    ["interferenceFeature=perBlock"], ["cellularGainFeature=toReceiver"], ["episodeSlots=7"], ["episodeSlots=1"],
    ["episodeSlots=6", "positions=everyEpisode"], ["episodeSlots=6", "positions=everyEpisode", "fading=gaussmarkov", "shadowingDeviation=8"],
    ["pairs=1"], ["resourceBlocks=1"], ["ownFading=perBlock", "interferenceFeature=perBlock"],
    ["ownFading=perBlock", "fading=jakes", "positions=moving", "speed=20", "slot=20", "blocksPerSet=2", "geometry=owners"],
  ])
  func theEnvironmentKeepsItsContract(settings: [String]) throws {
    let scratch = try ScratchFolder()
    let system = D2DSettings(try request(["random"], ["pairs=5"] + settings).parameters).system
    let found = defects(steps: 40, archivePath: scratch.path + "/environment") { D2DEnvironment(system, dropSeeds: [3, 3, 4], fadingSeed: 5) }
    #expect(found.isEmpty, "\(found)")
  }
}
