import Tensor
import TestSupport
import Testing

@testable import Agents

/// The gradients that an update follows, against finite differences of both losses in double precision.
@Suite struct MADDPGGradientTests {
  /// One form of the algorithm.
  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var space = ActionSpace.discrete(3)
    var estimator = DiscreteActionEstimator.straightThrough
    var neighbours: Int?
    var observationWidth: Int? = 6
    var sharing = ParameterSharing.independent
    var isTold = false
    var partners = PartnerActions.replay
    var targets = TargetChoice.largest
    var twins: TwinRefinements?
    var tells = false
    var testDescription: String { name }

    static let hybrid = ActionSpace(choices: [3, 2], bounds: [-1...3, 0...0.5])
    static let refinements = TwinRefinements(smoothingDeviation: 0.4, smoothingBound: 0.5, policyDelay: 1)
    static let all = [
      Form(name: "straight through"), Form(name: "straight through, one neighbour", neighbours: 1),
      Form(name: "straight through, alone", neighbours: 0), Form(name: "relaxed", estimator: .relaxed),
      Form(name: "relaxed, one neighbour", estimator: .relaxed, neighbours: 1), Form(name: "softmax", estimator: .softmax),
      Form(name: "softmax, alone", estimator: .softmax, neighbours: 0),
      Form(name: "expected", estimator: .expected, partners: .current), Form(name: "expected, alone", estimator: .expected, neighbours: 0),
      Form(name: "expected, one neighbour", space: .discrete(4), estimator: .expected, neighbours: 1, observationWidth: nil, targets: .sampled),
      Form(name: "expected, shared, told", estimator: .expected, sharing: .shared, isTold: true),
      Form(name: "expected, all told", estimator: .expected, tells: true),
      Form(name: "expected, all told, alone", estimator: .expected, neighbours: 0, observationWidth: nil, tells: true),
      Form(name: "expected, all told, shared, twins", estimator: .expected, sharing: .shared, isTold: true, twins: refinements, tells: true),
      Form(name: "expected, twins", estimator: .expected, targets: .sampled, twins: refinements),
      Form(name: "actions in the first layer", observationWidth: nil),
      Form(name: "current partners, sampled targets", partners: .current, targets: .sampled),
      Form(name: "several choices", space: ActionSpace(choices: [2, 4, 3]), estimator: .relaxed),
      Form(name: "numbers", space: .continuous(-1...1, 2...5), observationWidth: nil),
      Form(name: "numbers, one neighbour", space: .continuous(-3...1), neighbours: 1),
      Form(name: "numbers, alone, current partners", space: .continuous(-3...1), neighbours: 0, partners: .current),
      Form(name: "hybrid", space: hybrid, partners: .current),
      Form(
        name: "hybrid, relaxed, sampled targets, one neighbour", space: hybrid, estimator: .relaxed, neighbours: 1, observationWidth: nil,
        targets: .sampled),
      Form(name: "hybrid, softmax", space: hybrid, estimator: .softmax),
      Form(name: "shared", sharing: .shared), Form(name: "shared, told", observationWidth: nil, sharing: .shared, isTold: true),
      Form(name: "hybrid, shared, told, one neighbour", space: hybrid, neighbours: 1, sharing: .shared, isTold: true, partners: .current),
      Form(name: "twins", targets: .sampled, twins: refinements),
      Form(name: "hybrid, twins, shared", space: hybrid, observationWidth: nil, sharing: .shared, targets: .sampled, twins: refinements),
    ]
  }

  private static let (agents, size, batch) = (3, 2, 8)
  private static let proximity = [[0, 2, 1], [1, 0, 2], [2, 1, 0]]

  /// One joint transition.
  private struct Transition {
    var observations: [[Double]]
    var successors: [[Double]]
    var actions: [ReferenceNetworks.Action]
    var rewards: [Double]
    var terminated: Bool
  }

  private func configuration(_ form: Form) -> MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([5], form.observationWidth, [5, 4])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.02, 0.03)
    (configuration.discount, configuration.polyak, configuration.temperature, configuration.logitPenalty) = (0.8, 0.3, 0.7, 0.05)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (Self.batch, 64, 1000)
    (configuration.estimator, configuration.neighbours) = (form.estimator, form.neighbours)
    (configuration.sharing, configuration.criticSeesAgent) = (form.sharing, form.isTold)
    (configuration.partnerActions, configuration.targetChoice, configuration.criticTellsChoices) = (form.partners, form.targets, form.tells)
    return configuration
  }

  /// Shows a learner random transitions, of which some end their episode and some are cut off, and returns them.
  private func experience(_ learner: inout MADDPG, _ specification: EnvironmentSpecification) -> [Transition] {
    let space = specification.actions
    var generator = RandomStream(seed: 21, purpose: .environment).generator()
    var transitions: [Transition] = []
    var step = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for index in 0..<20 {
      let observations = (0..<6).map { _ in Float(generator.uniform(-1, 1)) }
      step.finalObservations = (0..<6).map { _ in Float(generator.uniform(-1, 1)) }
      step.observations = Array(repeating: 100, count: 6)
      step.rewards = (0..<3).map { _ in Float(generator.uniform(-1, 1)) }
      var done: [ReferenceNetworks.Action] = []
      for agent in 0..<3 {
        var action = ReferenceNetworks.Action()
        for (c, count) in space.choices.enumerated() {
          let choice = generator.integer(below: count)
          actions.choices[agent * space.choices.count + c] = Int32(choice)
          action.choices.append(ReferenceNetworks.oneHot(choice, count))
        }
        for (v, range) in space.bounds.enumerated() {
          let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
          let value = Float(generator.uniform(low, high))
          actions.values[agent * space.bounds.count + v] = value
          action.numbers.append((2 * Double(value) - low - high) / (high - low))
        }
        done.append(action)
      }
      (step.terminated, step.truncated) = ([index % 3 == 0], [index % 4 == 0])
      learner.observe(observations, actions, step)
      func rows(_ x: [Float]) -> [[Double]] { (0..<3).map { [Double(x[2 * $0]), Double(x[2 * $0 + 1])] } }
      transitions.append(
        Transition(
          observations: rows(observations), successors: rows(step.finalObservations), actions: done, rewards: step.rewards.map(Double.init),
          terminated: step.terminated[0]))
    }
    return transitions
  }

  /// The gradient behind one step of the optimiser's mean: m ← m + (1 − β₁)(g − m), β₁ = 0.9 in single precision.
  private func gradient(_ before: [Double], _ after: [Double]) -> [Double] {
    zip(before, after).map { $0 + ($1 - $0) / Double(1 - Float(0.9)) }
  }

  /// Random numbers of an update, one list for each row.
  private func noise(_ distribution: Distribution, _ width: Int, index: Int) -> [[Double]] {
    var numbers = [Float](repeating: 0, count: Self.batch * width)
    RandomStream(seed: 31, purpose: .update, index: index).fill(&numbers, with: distribution, step: 2)
    return (0..<Self.batch).map { row in numbers[(row * width)..<((row + 1) * width)].map(Double.init) }
  }

  @Test(arguments: Form.all) func bothGradientsAreThoseOfTheLosses(form: Form) throws {
    let specification = EnvironmentSpecification(copies: 1, agents: Self.agents, observationSize: Self.size, actions: form.space)
    let setup = MADDPGSetup(configuration(form), twins: form.twins, for: specification, proximity: Self.proximity, named: "test")
    var learner = MADDPG(setup, for: specification, seed: 31, threads: 1)
    let transitions = experience(&learner, specification)
    // Two updates ahead, so that targets and networks differ.
    for _ in 0..<2 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    var generator = RandomStream(seed: 31, purpose: .replay).generator(step: 2)
    let rows = (0..<Self.batch).map { _ in transitions[generator.integer(below: transitions.count)] }
    let (agents, critics) = (Self.agents, form.twins == nil ? 1 : 2)
    let networks = ReferenceNetworks(
      observationSize: Self.size, choices: form.space.choices, numbers: form.space.bounds.count, members: (form.neighbours ?? 2) + 1,
      actorWidths: [5],
      observationWidth: form.observationWidth, criticWidths: [5, 4], told: form.isTold ? agents : 0, tellsChoices: form.tells)
    let logits = form.space.choices.reduce(0, +)
    let groups = (0..<agents).map { agent in
      form.neighbours.map { Array(Self.proximity[agent].prefix($0 + 1)) } ?? [agent] + (0..<agents).filter { $0 != agent }
    }
    #expect(learner.groups == groups)
    func name(_ agent: Int) -> String { form.sharing == .shared ? "shared." : "agent\(agent)." }

    // a'_j, with the smoothing noise of twins, and what the others would do now.
    let next = try (0..<agents).map { agent in
      let target = try before.numbers(name(agent) + "targetActor")
      let gumbel = noise(.gumbel, logits, index: agents + agent)
      let normal = noise(.normal, form.space.bounds.count, index: 2 * agents + agent)
      return rows.indices.map { b in
        var action = networks.greedy(
          networks.outputs(target, rows[b].successors[agent]), plus: form.targets == .sampled ? gumbel[b] : nil, temperature: Double(Float(0.7)))
        if form.twins != nil {
          for v in action.numbers.indices {
            action.numbers[v] = min(max(action.numbers[v] + min(max(Double(Float(0.4)) * normal[b][v], -0.5), 0.5), -1), 1)
          }
        }
        return action
      }
    }
    let current = try (0..<agents).map { agent in
      let actor = try before.numbers(name(agent) + "actor")
      return rows.map { networks.greedy(networks.outputs(actor, $0.observations[agent])) }
    }

    for served in form.sharing == .shared ? [Array(0..<agents)] : (0..<agents).map({ [$0] }) {
      let name = name(served[0])
      // The rows of a set of networks: every transition as each agent that it serves sees it.
      let seen = served.flatMap { agent in rows.indices.map { (agent: agent, b: $0) } }

      // Σ_k (1/B) Σ (Q_k(s, a) − y)², y = r + γ (1 − terminated) min_k Q'_k(s', a').
      let targetCritic = try before.numbers(name + "targetCritic")
      let goals = seen.map { agent, b -> Double in
        if rows[b].terminated { return rows[b].rewards[agent] }
        let values = (0..<critics).map {
          networks.value(
            targetCritic, critic: $0, of: critics, groups[agent].flatMap { rows[b].successors[$0] }, groups[agent].map { next[$0][b] }, agent: agent)
        }
        return rows[b].rewards[agent] + Double(Float(0.8)) * values.min()!
      }
      func criticLoss(_ p: [Double]) -> Double {
        var sum = 0.0
        for ((agent, b), goal) in zip(seen, goals) {
          for critic in 0..<critics {
            let q = networks.value(
              p, critic: critic, of: critics, groups[agent].flatMap { rows[b].observations[$0] }, groups[agent].map { rows[b].actions[$0] },
              agent: agent)
            sum += (q - goal) * (q - goal)
          }
        }
        return sum / Double(seen.count)
      }
      let critic = try before.numbers(name + "critic")
      let criticGradient = gradient(try before.numbers(name + "criticOptimizer.mean"), try after.numbers(name + "criticOptimizer.mean"))
      #expect(relativeDistance(criticGradient, FiniteDifference.gradient(at: critic, of: criticLoss)) < 2e-5)

      // −(1/B) Σ Q_1(s, a)|a_i = g(μ(s_i)) + 0.05 · mean of squared outputs, with the critic that has just been updated;
      // the expected gradient has Σ_k π_k Q_1(s, (k, a_−i)) in the place of Q_1.
      let newCritic = try after.numbers(name + "critic")
      let gumbel = (0..<agents).map { noise(.gumbel, logits, index: $0) }
      func relaxed(_ p: [Double], _ agent: Int, _ b: Int) -> (action: ReferenceNetworks.Action, squares: Double) {
        let outputs = networks.outputs(p, rows[b].observations[agent])
        let perturbed = outputs.indices.map { i in
          (outputs[i] + ([.softmax, .expected].contains(form.estimator) || i >= logits ? 0 : gumbel[agent][b][i])) / Double(Float(0.7))
        }
        let choices = networks.parts(perturbed).logits.map(ReferenceNetworks.softmax)
        return (
          ReferenceNetworks.Action(choices: choices, numbers: networks.parts(outputs).numbers), outputs.reduce(0) { $0 + $1 * $1 }
        )
      }
      let actor = try before.numbers(name + "actor")
      // The critic's slope at the action that it is shown, or its values at all choices, and the slope of the relaxed action behind it.
      let slopes = seen.map { agent, b -> [Double] in
        var shown = relaxed(actor, agent, b).action
        if form.estimator == .straightThrough {
          shown.choices = shown.choices.map { ReferenceNetworks.oneHot(ReferenceNetworks.largest($0), $0.count) }
        }
        let others = groups[agent].dropFirst().map { form.partners == .current ? current[$0][b] : rows[b].actions[$0] }
        func value(_ flat: [Double]) -> Double {
          networks.value(newCritic, of: critics, groups[agent].flatMap { rows[b].observations[$0] }, [shown.with(flat)] + others, agent: agent)
        }
        if form.estimator == .expected { return (0..<logits).map { value(ReferenceNetworks.oneHot($0, logits)) } }
        return FiniteDifference.gradient(at: shown.flat, of: value)
      }
      func actorLoss(_ p: [Double]) -> Double {
        var (sum, squares) = (0.0, 0.0)
        for ((agent, b), slope) in zip(seen, slopes) {
          let (action, square) = relaxed(p, agent, b)
          squares += square
          for (x, y) in zip(slope, action.flat) { sum += x * y }
        }
        let width = logits + form.space.bounds.count
        return -sum / Double(seen.count) + Double(Float(0.05)) * squares / Double(seen.count * width)
      }
      let actorGradient = gradient(try before.numbers(name + "actorOptimizer.mean"), try after.numbers(name + "actorOptimizer.mean"))
      #expect(relativeDistance(actorGradient, FiniteDifference.gradient(at: actor, of: actorLoss)) < 2e-5)
      #expect(actorGradient.contains { abs($0) > 1e-3 })

      // θ' ← τ θ + (1 − τ) θ'
      for (network, target) in [("actor", "targetActor"), ("critic", "targetCritic")] {
        let moved = zip(try before.numbers(name + target), try after.numbers(name + network)).map { $0 + Double(Float(0.3)) * ($1 - $0) }
        #expect(relativeDistance(try after.numbers(name + target), moved) < 1e-6)
      }
    }
  }
}
