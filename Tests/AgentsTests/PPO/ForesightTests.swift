import Agents
import Tensor
import Testing

@Suite struct ForesightTests {
  /// Observations that do not depend on actions: known ahead by running a copy of the task.
  private func upcoming(_ task: NoiseTask, _ first: [Float], steps: Int) -> [Float] {
    var task = task
    var batch = StepBatch(for: task.specification)
    let actions = ActionBatch(for: task.specification)
    var all = first
    for _ in 1..<steps {
      task.step(actions, into: &batch)
      all += batch.observations
    }
    return all
  }

  private static let spaces = [ActionSpace.discrete(3), .continuous(-1...1, 0...5), ActionSpace(choices: [3], bounds: [0...1])]

  /// Whoever foresees some of the steps acts and learns as whoever does not, to the last bit, alone or as one of several learners.
  @Test(arguments: spaces, [true, false]) func changesNoBit(actions: ActionSpace, isShared: Bool) {
    let task = NoiseTask(copies: 3, agents: 2, observationSize: 5, actions: actions)
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.minibatchSize, configuration.epochs) = (6, 9, 2)
    configuration.networks.trunkWidths = isShared ? [33] : []
    configuration.networks.actorWidths = [17]
    configuration.ratios = .separate
    configuration.learningRate = .constant(1e-2)
    let learner = IndependentLearners(for: task.specification, seed: 4, threads: 2) { sizes, seed, _ in
      PPO(configuration, for: sizes, seed: seed)
    }
    var blind = Trainer(learner, in: task)
    var seeing = Trainer(learner, in: task)
    for step in 0..<40 {
      // Some steps are foreseen and some are not; an update comes behind every sixth, where what is foreseen beyond it becomes void.
      if let length = [1: 2, 4: 4][step % 6] ?? (step % 12 == 0 ? 1 : nil) {
        seeing.learner.foresee(upcoming(seeing.environment, seeing.batch.observations, steps: length))
      }
      blind.advance()
      seeing.advance()
      #expect(blind.actions.choices == seeing.actions.choices && blind.actions.values == seeing.actions.values, "step \(step)")
    }
    let observations = [Float](repeating: 0.4, count: 5)
    for (a, b) in zip(blind.learner.learners, seeing.learner.learners) {
      #expect(a.updates == 6 && a.values(of: observations) == b.values(of: observations))
    }
  }

  /// New parameters make what was foreseen void.
  @Test func newParametersCount() {
    let task = NoiseTask(copies: 2, actions: .discrete(3))
    var configuration = PPOConfiguration()
    configuration.networks.gains = (1.4, 2, 1)
    var (first, second) = (PPO(configuration, for: task.specification, seed: 1), PPO(configuration, for: task.specification, seed: 1))
    let other = PPO(configuration, for: task.specification, seed: 2)
    let observations: [Float] = [1, 2, 3, -1, 0.5, 2]
    var (one, two) = (ActionBatch(for: task.specification), ActionBatch(for: task.specification))
    for step in 0..<40 {
      second.foresee(observations)
      first.start(0, like: 0, of: other)
      second.start(0, like: 0, of: other)
      first.act(observations, step: step, into: &one)
      second.act(observations, step: step, into: &two)
      #expect(one.choices == two.choices)
      var batch = StepBatch(for: task.specification)
      batch.observations = observations
      first.observe(observations, one, batch)
      second.observe(observations, two, batch)
    }
  }
}
