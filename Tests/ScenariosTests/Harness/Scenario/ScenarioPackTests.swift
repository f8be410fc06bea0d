import Agents
import Federation
import Foundation
import Tensor
import Testing

@testable import Scenarios

/// Two agents each see one of four lamps and should press its button: a reward of one.
private struct Lamps: Environment {
  let specification: EnvironmentSpecification
  private let stream: RandomStream
  private var step = 0
  private var lamps: [Int32] = []

  init(copies: Int, seed: UInt64, choices: Int = 4) {
    specification = EnvironmentSpecification(copies: copies, agents: 2, observationSize: 4, actions: .discrete(choices), metrics: ["hits"])
    stream = RandomStream(seed: seed, purpose: .environment)
  }

  private mutating func light(_ batch: inout StepBatch) {
    var generator = stream.generator(step: step)
    lamps = (0..<specification.copies * 2).map { _ in Int32(generator.integer(below: 4)) }
    for (row, lamp) in lamps.enumerated() { for i in 0..<4 { batch.observations[row * 4 + i] = i == Int(lamp) ? 1 : 0 } }
  }

  mutating func reset(into batch: inout StepBatch) { light(&batch) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for row in lamps.indices { batch.rewards[row] = actions.choices[row] == lamps[row] ? 1 : 0 }
    for copy in 0..<specification.copies {
      batch.metrics[copy] = batch.rewards[2 * copy] + batch.rewards[2 * copy + 1]
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    step += 1
    light(&batch)
    batch.finalObservations = batch.observations
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("lamps", &lamps, resizable: true)
  }
}

@Suite struct ScenarioPackTests {
  static func pack(_ algorithms: [Algorithm]) -> ScenarioPack {
    ScenarioPack(
      "lamps", title: "Lamps & buttons", parameters: [.integer("buttons", default: 4, in: 4...8, description: "buttons")], algorithms: algorithms,
      steps: 2000
    ) { parameters, copies, seed in Lamps(copies: copies, seed: seed, choices: parameters.integer("buttons")) }
  }

  static let all: [Algorithm] = [.dqn, .ppo, .ppo.federated(every: 100), .a2c, .maddpg, .mappo, .vdn, .qmix, .random]

  @Test func algorithmsLearn() throws {
    let scratch = try ScratchFolder()
    let pack = Self.pack([.dqn, .ppo.federated(every: 100), .random])
    let folder = scratch.path + "/run"
    let run = ToolRun(["run", "lamps", "--scale", "standard", "--seeds", "1", "--set", "copies=8", "--out", folder], packs: [pack])
    #expect(run.status == .done, "\(run.error)")
    let table = try MetricTable(path: folder + "/metrics.jsonl")
    func test(_ scheme: String) -> Double { table.values("test.reward", of: scheme).values[0] }
    #expect(test("dqn") > 0.95 && test("ppo-federated") > 0.8)
    // 200 steps of 16 rows: the deviation of the mean is 0.0077.
    #expect(abs(test("random") - 0.25) < 0.04)
    #expect(table.values("test.hits", of: "dqn").values[0] == 2 * test("dqn"))
    #expect(table.curves("reward", of: "ppo-federated")[0].steps == (1...50).map { $0 * 40 })
    for name in ["report.html", "figures/fig1.svg", "figures/fig2.csv", "tables/tests.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/" + name), "\(name) is missing")
    }
    #expect(try content(folder + "/report.md").contains("Mean reward of a step in the tests: dqn "))
  }

  @Test func everyAlgorithmRunsAndGoesOn() throws {
    let scratch = try ScratchFolder()
    let words = ["run", "lamps", "--scale", "smoke", "--seeds", "2", "--set", "learningSteps=60", "--set", "copies=2"]
    let packs = [Self.pack(Self.all)]
    let (whole, broken, wide) = (scratch.path + "/whole", scratch.path + "/broken", scratch.path + "/wide")
    #expect(ToolRun(words + ["--threads", "1", "--out", whole], packs: packs).status == .done)
    #expect(ToolRun(words + ["--threads", "1", "--out", broken], packs: packs, checkpointSeconds: "0", crashAt: 47).status == .failed)
    #expect(ToolRun(["run", "--resume", broken], packs: packs).status == .done)
    #expect(ToolRun(words + ["--threads", "4", "--out", wide], packs: packs).status == .done)
    #expect(try RunnerTests.result(broken) == RunnerTests.result(whole))
    #expect(try RunnerTests.result(wide) == RunnerTests.result(whole))
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let run = ToolRun(["run", "lamps"], packs: [Self.pack([.dqn, .sac])])
    #expect(run.status == .usage && run.error.contains("'sac' cannot learn in 'lamps': "), "\(run.error)")
  }

  @Test func whatHasNotAppearedHasNoYear() {
    let pack = ScenarioPack("lamps", title: "Lamps", algorithms: [.random]) { _, copies, seed in Lamps(copies: copies, seed: seed) }
    #expect(pack.paper.citation == "own scenario: Lamps")
    #expect(PaperReference(title: "Lamps", authors: "A. Author", year: 2020).citation == "A. Author: Lamps (2020)")
  }

  @Test func averagedAgentsAreEqual() throws {
    let specification = Lamps(copies: 1, seed: 0).specification
    let task = Algorithm.Task(specification: specification, seed: 3, threads: 1, steps: 100)
    let algorithm = Algorithm.ppo.named("mine").federated(every: 7)
    #expect(algorithm.name == "mine-federated" && Algorithm.random.named("other").isReference)
    var trainer = Trainer(try #require(algorithm.make(task) as? FederatedLearner<IndependentLearners<PPO>>), in: Lamps(copies: 1, seed: 0))
    func parameters(_ client: Int) -> [Float] {
      let users = trainer.learner.base
      var values = [Float](repeating: 0, count: users.exchangeableNetworks[0].layout.count)
      users.copyParameters(of: 0, client: client, into: &values)
      return values
    }
    for _ in 0..<6 { trainer.advance() }
    #expect(trainer.learner.rounds == 0)
    trainer.advance()
    #expect(trainer.learner.rounds == 1 && parameters(0) == parameters(1))
  }

  @Test(arguments: ["d2d", "mec", "mfrl", "mimo"]) func packsTakeAlgorithms(name: String) throws {
    let scratch = try ScratchFolder()
    let packs: [any Pack] = [D2DPack(), EdgePack(), AllocationPack(), MulticellPack()]
    let algorithm = name == "d2d" ? "dqn" : "ppo"
    let words = ["run", name, "--algorithm", "\(algorithm),random", "--scale", "smoke", "--set", "learningSteps=40", "--set", "testSteps=20"]
    let folder = scratch.path + "/run"
    let run = ToolRun(words + ["--out", folder], packs: packs)
    #expect(run.status == .done, "\(run.error)")
    let table = try MetricTable(path: folder + "/metrics.jsonl")
    #expect(table.schemes == [algorithm, "random"] && !table.values("test.reward", of: "random").isEmpty)
    #expect(try content(folder + "/report.md").contains("--algorithm \(algorithm),random"))
    // It is known again.
    #expect(ToolRun(["run", "--resume", folder], packs: packs).status == .done)
    #expect(ToolRun(["run", "--resume", folder, "--algorithm", "a2c"], packs: packs).error.contains("contradicts it"))
    #expect(ToolRun(["run", name, "--algorithm", "pop"], packs: packs).error.contains("the nearest is 'ppo'"))
    #expect(ToolRun(["run", "hill", "--algorithm", "ppo"]).error.contains("has no environment for --algorithm"))
  }
}
