import Agents
import Foundation
import Tensor

/// A transmitter sees its channel's gain g and chooses a power p of 0 to 4, for the reward log₂(1 + g p) − p: energy has a price.
///
/// The best power is known: p* = 1 / ln 2 − 1 / g where that is positive (water-filling), so that what is learned can be judged.
struct PricedPower: Environment {
  let specification: EnvironmentSpecification
  private let stream: RandomStream
  private var step = 0
  private var gains: [Double] = []

  init(copies: Int, seed: UInt64) {
    specification = EnvironmentSpecification(
      copies: copies, agents: 1, observationSize: 1, actions: .continuous(0...4), metrics: ["bestReward"])
    stream = RandomStream(seed: seed, purpose: .environment)
  }

  /// Gains of a new slot, uniform between 0.2 and 4; an agent sees them about zero.
  private mutating func draw(_ batch: inout StepBatch) {
    var random = stream.generator(step: step)
    gains = (0..<specification.copies).map { _ in 0.2 + 3.8 * random.uniform() }
    batch.observations = gains.map { Float($0 - 2) }
  }

  mutating func reset(into batch: inout StepBatch) { draw(&batch) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    func reward(_ gain: Double, _ power: Double) -> Float { Float(Math.log2(1 + gain * power) - power) }
    for (copy, gain) in gains.enumerated() {
      batch.rewards[copy] = reward(gain, Double(actions.values[copy]))
      batch.metrics[copy] = reward(gain, max(0, 1 / Math.log(2) - 1 / gain))
      // Every slot is an episode.
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    step += 1
    draw(&batch)
    batch.finalObservations = batch.observations
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("gains", &gains, resizable: true)
  }
}

let problems = defects(archivePath: FileManager.default.temporaryDirectory.path + "/priced-power.safetensors") { PricedPower(copies: 3, seed: 1) }
guard problems.isEmpty else {
  print(problems.joined(separator: "\n"))
  exit(1)
}

var settings = PPOConfiguration()
(settings.steps, settings.epochs, settings.minibatchSize) = (64, 10, 256)
let task = PricedPower(copies: 16, seed: 1)
var trainer = Trainer(PPO(settings, for: task.specification, seed: 2), in: task)
for _ in 0..<6400 { trainer.advance() }

/// Mean reward and mean reward of the best powers over fresh gains.
func test(_ policy: some Policy) -> (reward: Double, best: Double) {
  var (policy, task) = (policy, PricedPower(copies: 100, seed: 3))
  var batch = StepBatch(for: task.specification)
  var actions = ActionBatch(for: task.specification)
  task.reset(into: &batch)
  var sums = (reward: 0.0, best: 0.0)
  for step in 0..<100 {
    policy.act(batch.observations, step: step, into: &actions)
    task.step(actions, into: &batch)
    for copy in 0..<100 { sums = (sums.reward + Double(batch.rewards[copy]), sums.best + Double(batch.metrics[copy])) }
  }
  return (sums.reward / 10_000, sums.best / 10_000)
}

let result = test(trainer.learner.greedy(copies: 100))
print(String(format: "mean reward %.4f of %.4f that water-filling reaches", result.reward, result.best))
guard result.reward > 0.95 * result.best else {
  print("OwnEnvironment: PPO should reach 95 % of the best")
  exit(1)
}
