import Agents
import Tensor
import Testing

/// Updates against the same update in double precision, with a gradient from differences.
@Suite struct OnPolicyWorkerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var actions: ActionSpace
    var agents = 1
    var adjust: @Sendable (inout PPOConfiguration) -> Void = { _ in }
    var sharesActor = true
  }

  static let cases = [
    Case(testDescription: "one choice", actions: .discrete(3)),
    Case(testDescription: "three choices", actions: ActionSpace(choices: [2, 3, 2])),
    Case(testDescription: "numbers", actions: .continuous(-1...1, -2...3)),
    Case(testDescription: "numbers, σ of the state", actions: .continuous(-1...1, -2...3), adjust: { $0.networks.deviationsDependOnState = true }),
    Case(testDescription: "a trunk", actions: .discrete(3), adjust: { $0.networks.trunkWidths = [5] }),
    Case(
      testDescription: "a trunk and numbers", actions: .continuous(-1...1),
      adjust: {
        $0.networks.trunkWidths = [5, 4]
        $0.networks.deviationsDependOnState = true
      }),
    Case(testDescription: "hybrid", actions: ActionSpace(choices: [3], bounds: [-1...1])),
    Case(
      testDescription: "hybrid, numbers of the choice", actions: ActionSpace(choices: [3, 2], bounds: [-1...1, 0...1]),
      adjust: { $0.networks.valuesDependOnChoice = true }),
    Case(
      testDescription: "hybrid, all of the state, two ratios", actions: ActionSpace(choices: [3], bounds: [-1...1, 0...1]),
      adjust: {
        $0.networks.valuesDependOnChoice = true
        $0.networks.deviationsDependOnState = true
        $0.ratios = .separate
      }),
    Case(testDescription: "values clipped", actions: .discrete(2), adjust: { $0.valueClip = 0.05 }),
    Case(testDescription: "advantages as they are", actions: .discrete(2), adjust: { $0.normalization = nil }),
    Case(testDescription: "gradients clipped", actions: .discrete(2), adjust: { $0.maximumGradientNorm = 0.1 }),
    Case(testDescription: "two agents, one actor", actions: .discrete(3), agents: 2),
    Case(testDescription: "two agents, two actors", actions: .discrete(3), agents: 2, sharesActor: false),
    Case(testDescription: "two agents, two actors, numbers", actions: .continuous(-1...1, -2...3), agents: 2, sharesActor: false),
  ]

  /// Updates of two epochs of one minibatch, from the networks before to those after.
  @Test(arguments: cases) func anUpdateIsThatOfDoublePrecision(_ item: Case) throws {
    var configuration = PPOConfiguration()
    (configuration.steps, configuration.epochs, configuration.minibatchSize) = (9, 2, 1000)
    // With such an ε the step of Adam depends on the size of the gradient, and with such a rate ratios leave the clip range.
    (configuration.epsilon, configuration.learningRate, configuration.maximumGradientNorm) = (0.1, .constant(0.08), nil)
    (configuration.entropyCoefficient, configuration.valueCoefficient) = (0.03, 0.7)
    (configuration.networks.actorWidths, configuration.networks.criticWidths) = ([3], [4])
    configuration.networks.gains.policy = 0.7
    item.adjust(&configuration)
    let task = NoiseTask(copies: 2, agents: item.agents, actions: item.actions)
    if item.agents > 1 {
      var joint = MAPPOConfiguration()
      (joint.update, joint.sharesActor) = (configuration, item.sharesActor)
      try compare(Trainer(MAPPO(joint, for: task.specification, seed: 5), in: task), configuration, isPerAgent: !item.sharesActor)
    } else {
      try compare(Trainer(PPO(configuration, for: task.specification, seed: 5), in: task), configuration, isPerAgent: false)
    }
  }

  private func compare(_ trainer: Trainer<NoiseTask, some Learner>, _ configuration: PPOConfiguration, isPerAgent: Bool) throws {
    var trainer = trainer
    let specification = trainer.environment.specification
    let (agents, copies) = (specification.agents, specification.copies)
    let networks = configuration.networks
    let reference = ReferenceOnPolicy(
      observationSize: specification.observationSize, agents: agents, actorWidths: networks.actorWidths, criticWidths: networks.criticWidths,
      trunkWidths: networks.trunkWidths, choices: specification.actions.choices, dimensions: specification.actions.bounds.count,
      isPerChoice: networks.valuesDependOnChoice, deviationsDependOnState: networks.deviationsDependOnState, isPerAgent: isPerAgent,
      seesAll: agents > 1)
    let hasCritic = networks.trunkWidths.isEmpty
    let before = try SavedLearner(&trainer.learner)
    let old = (try before.numbers("model.actor"), hasCritic ? try before.numbers("model.critic") : [])

    // What was experienced, copy by copy.
    var steps = [[ReferenceOnPolicy.Step]](repeating: [], count: copies)
    func rows<Number>(_ all: [Number], _ copy: Int, _ width: Int) -> [[Number]] {
      (0..<agents).map { agent in Array(all[((copy * agents + agent) * width)..<((copy * agents + agent + 1) * width)]) }
    }
    for _ in 0..<configuration.steps {
      let observations = trainer.batch.observations.map(Double.init)
      trainer.advance()
      for copy in 0..<copies {
        steps[copy].append(
          ReferenceOnPolicy.Step(
            observations: rows(observations, copy, specification.observationSize),
            choices: rows(trainer.actions.choices.map(Int.init), copy, specification.actions.choices.count), values: [],
            rewards: rows(trainer.batch.rewards.map(Double.init), copy, 1).map { $0[0] }, terminated: trainer.batch.terminated[copy],
            truncated: trainer.batch.truncated[copy],
            successor: rows(trainer.batch.finalObservations.map(Double.init), copy, specification.observationSize)))
      }
    }
    #expect(trainer.learner.updates == 1)
    let after = try SavedLearner(&trainer.learner)
    // Numbers as they were drawn are found in the roll-out alone, whose arrays stay behind.
    let drawn = try after.numbers("rollOut.values")
    let logProbabilities = try after.numbers("rollOut.logProbabilities")
    let dimensions = specification.actions.bounds.count
    for copy in 0..<copies {
      for t in steps[copy].indices {
        let start = (t * copies + copy) * agents
        steps[copy][t].values = (0..<agents).map { Array(drawn[((start + $0) * dimensions)..<((start + $0 + 1) * dimensions)]) }
        for agent in 0..<agents {
          let step = steps[copy][t]
          let density = reference.density(
            reference.act(old.0, step.observations[agent], agent: agent).row, step.choices[agent], step.values[agent])
          #expect(abs(density.discrete + density.continuous - logProbabilities[start + agent]) < 1e-5)
        }
      }
    }

    var advantages: [[Double]] = []
    var returns: [[Double]] = []
    for copy in 0..<copies {
      let mine = reference.advantages(
        steps[copy], old.0, old.1, discount: Double(configuration.discount), trace: Double(configuration.trace))
      advantages += mine
      returns += zip(mine, steps[copy]).map { row, step in
        (0..<agents).map { row[$0] + reference.value(old.0, old.1, step.observations, agent: $0) }
      }
    }
    if configuration.normalization != nil {
      let all = advantages.flatMap { $0 }
      let mean = all.reduce(0, +) / Double(all.count)
      let deviation = (all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(all.count - 1)).squareRoot()
      advantages = advantages.map { $0.map { ($0 - mean) / (deviation + 1e-8) } }
    }
    let loss = ReferenceOnPolicy.Loss(
      clip: 0.2, separatesRatios: configuration.ratios == .separate, entropyCoefficient: 0.03, valueCoefficient: 0.7,
      valueClip: configuration.valueClip.map(Double.init))
    let all = steps.flatMap { $0 }
    let split = old.0.count
    var parameters = old.0 + old.1
    var (mean, square) = (parameters.map { _ in 0.0 }, parameters.map { _ in 0.0 })
    for step in 1...configuration.epochs {
      var gradient = ReferenceOnPolicy.gradient(parameters) { x in
        reference.loss(loss, all, advantages: advantages, returns: returns, Array(x[..<split]), Array(x[split...]), old: old)
      }
      if let largest = configuration.maximumGradientNorm {
        let norm = gradient.map { $0 * $0 }.reduce(0, +).squareRoot()
        #expect(norm > Double(largest))
        gradient = gradient.map { $0 * min(1, Double(largest) / (norm + 1e-6)) }
      }
      for i in parameters.indices {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i]
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i]
        let (m, v) = (mean[i] / (1 - Math.pow(0.9, Double(step))), square[i] / (1 - Math.pow(0.999, Double(step))))
        parameters[i] -= 0.08 * m / (v.squareRoot() + 0.1)
      }
    }
    let result = try after.numbers("model.actor") + (hasCritic ? after.numbers("model.critic") : [])
    let moved = zip(result, old.0 + old.1).map { abs($0 - $1) }.max()!
    let error = zip(result, parameters).map { abs($0 - $1) }.max()!
    #expect(moved > 0.02)
    // Gradients of single precision: 10⁻⁶ of numbers of size 1, times rate over ε and the number of steps.
    #expect(error < 2e-5, "the largest difference is \(error), the largest move \(moved)")
  }
}
