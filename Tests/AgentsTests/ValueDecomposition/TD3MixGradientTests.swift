import Tensor
import TestSupport
import Testing

@testable import Agents

/// One update of TD3 with mixing against a program in double precision.
@Suite struct TD3MixGradientTests {
  static let (agents, size, batch, width) = (2, 2, 6, 3)
  static let bounds: [ClosedRange<Float>] = [-1...1, 2...6]

  struct Transition {
    var observations: [[Double]]
    var successors: [[Double]]
    /// In [−1, 1].
    var actions: [[Double]]
    var rewards: [Double]
    var terminated: Bool
  }

  private func experience(_ learner: inout TD3Mix, _ specification: EnvironmentSpecification) -> [Transition] {
    var generator = RandomStream(seed: 21, purpose: .environment).generator()
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.uniform(-1, 1)) } }
    func rows(_ x: [Float]) -> [[Double]] { [[Double(x[0]), Double(x[1])], [Double(x[2]), Double(x[3])]] }
    var step = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    return (0..<15).map { index in
      let (observations, units) = (random(4), random(4))
      step.finalObservations = random(4)
      step.observations = [100, 100, 100, 100]
      step.rewards = random(2)
      actions.values = units.enumerated().map { $0 % 2 == 0 ? $1 : 4 + 2 * $1 }
      (step.terminated, step.truncated) = ([index % 3 == 0], [index % 4 == 0])
      learner.observe(observations, actions, step)
      let executed = actions.values.enumerated().map { $0 % 2 == 0 ? $1 : ($1 - 4) / 2 }
      return Transition(
        observations: rows(observations), successors: rows(step.finalObservations), actions: rows(executed), rewards: step.rewards.map(Double.init),
        terminated: step.terminated[0])
    }
  }

  /// Dense layers of one agent out of arrays that lie side by side.
  private func layers(_ p: ArraySlice<Double>, _ shapes: [(Int, Int)], copies: Int, copy: Int) -> [[[Double]]] {
    var place = p.startIndex
    return shapes.map { rows, columns in
      let start = place + copy * rows * columns
      place += copies * rows * columns
      return (0..<rows).map { Array(p[(start + $0 * columns)..<(start + ($0 + 1) * columns)]) }
    }
  }

  @Test(arguments: Mixing.allCases, [true, false]) func bothGradientsAreThoseOfTheLosses(mixing: Mixing, shares: Bool) throws {
    let specification = EnvironmentSpecification(
      copies: 1, agents: Self.agents, observationSize: Self.size, actions: ActionSpace(bounds: Self.bounds))
    var configuration = TD3MixConfiguration()
    (configuration.mixing, configuration.sharesNetworks, configuration.mixingWidth) = (mixing, shares, 3)
    (configuration.actorWidths, configuration.criticWidths) = ([Self.width], [Self.width])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.05, 0.05)
    (configuration.discount, configuration.polyak, configuration.policyDelay, configuration.batchSize) = (0.8, 0.3, 1, Self.batch)
    (configuration.smoothingDeviation, configuration.smoothingLimit) = (0.4, 0.5)
    var learner = TD3Mix(configuration, for: specification, seed: 31)
    let transitions = experience(&learner, specification)
    // Two updates ahead, so that targets and networks differ.
    for _ in 0..<2 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    var generator = RandomStream(seed: 31, purpose: .replay).generator(step: 2)
    let drawn = (0..<Self.batch).map { _ in transitions[generator.integer(below: transitions.count)] }
    var noise = [Float](repeating: 0, count: Self.batch * Self.agents * 2)
    RandomStream(seed: 31, purpose: .update).fill(&noise, with: .normal, step: 2)

    let copies = shares ? 1 : Self.agents
    let inputs = Self.size + (shares ? Self.agents : 0)
    let reference = ReferenceTeam(
      agents: Self.agents, inputs: 1, width: 1, memory: nil, choices: 1,
      mix: mixing == .sum ? .sum : mixing == .independent ? .independent : .monotone, state: 4, mixingWidth: 3, generatorWidth: nil)
    func seen(_ observation: [Double], _ agent: Int) -> [Double] {
      observation + (shares ? (0..<Self.agents).map { $0 == agent ? 1 : 0 } : [])
    }
    func policy(_ p: [Double], _ observations: [[Double]]) -> [[Double]] {
      (0..<Self.agents).map { agent in
        let w = layers(p[...], [(inputs, Self.width), (1, Self.width), (Self.width, 2), (1, 2)], copies: copies, copy: shares ? 0 : agent)
        let h = ReferenceTeam.add(ReferenceTeam.product(seen(observations[agent], agent), w[0]), w[1][0]).map { max($0, 0) }
        return ReferenceTeam.add(ReferenceTeam.product(h, w[2]), w[3][0]).map { x in
          let e = Math.exp(2 * x)
          return (e - 1) / (e + 1)
        }
      }
    }
    let shapes = [(inputs + 2, Self.width), (1, Self.width), (Self.width, 1), (1, 1)]
    func value(_ p: [Double], twin: Int, _ observations: [[Double]], _ actions: [[Double]]) -> [Double] {
      let half = p.count / 2
      let mine = p[(twin * half)..<((twin + 1) * half)]
      let own = (0..<Self.agents).map { agent -> Double in
        let w = layers(mine, shapes, copies: copies, copy: shares ? 0 : agent)
        let input = seen(observations[agent], agent) + actions[agent]
        let h = ReferenceTeam.add(ReferenceTeam.product(input, w[0]), w[1][0]).map { max($0, 0) }
        return ReferenceTeam.product(h, w[2])[0] + w[3][0][0]
      }
      let rest = mine.dropFirst(copies * shapes.reduce(0) { $0 + $1.0 * $1.1 })
      return reference.mixed(reference.model([0, 0, 0, 0] + rest), own, observations.flatMap { $0 })
    }

    let (targetActor, targetCritics) = (try before.numbers("targetActor"), try before.numbers("targetCritics"))
    let goals = drawn.enumerated().map { row, transition -> [Double] in
      var action = policy(targetActor, transition.successors)
      for agent in 0..<Self.agents {
        for i in 0..<2 {
          let place = ((shares ? row * Self.agents + agent : agent * Self.batch + row) * 2) + i
          let shift = min(max(Double(noise[place]) * Double(Float(0.4)), -0.5), 0.5)
          action[agent][i] = min(max(action[agent][i] + shift, -1), 1)
        }
      }
      let next = zip(value(targetCritics, twin: 0, transition.successors, action), value(targetCritics, twin: 1, transition.successors, action))
        .map { min($0, $1) }
      return next.indices.map { i in
        let reward = next.count == 1 ? (transition.rewards[0] + transition.rewards[1]) / 2 : transition.rewards[i]
        return reward + (transition.terminated ? 0 : Double(Float(0.8)) * next[i])
      }
    }
    func criticLoss(_ p: [Double]) -> Double {
      var sum = 0.0
      for (transition, goal) in zip(drawn, goals) {
        for twin in 0..<2 {
          let values = value(p, twin: twin, transition.observations, transition.actions)
          for i in goal.indices { sum += (values[i] - goal[i]) * (values[i] - goal[i]) / Double(goal.count * Self.batch) }
        }
      }
      return sum
    }
    /// The gradient behind one step of the optimiser's mean: m ← m + (1 − β₁)(g − m), β₁ = 0.9 in single precision.
    func gradient(_ name: String) throws -> [Double] {
      zip(try before.numbers(name), try after.numbers(name)).map { $0 + ($1 - $0) / Double(1 - Float(0.9)) }
    }
    let found = try gradient("criticOptimizer.mean")
    #expect(found.contains { abs($0) > 1e-3 })
    #expect(relativeDistance(found, FiniteDifference.gradient(at: try before.numbers("critics"), of: criticLoss)) < 2e-5)

    // −mean Q_1(s, π(o)) with the critics that have just been updated.
    let critics = try after.numbers("critics")
    func actorLoss(_ p: [Double]) -> Double {
      var sum = 0.0
      for transition in drawn {
        let values = value(critics, twin: 0, transition.observations, policy(p, transition.observations))
        sum -= values.reduce(0, +) / Double(values.count * Self.batch)
      }
      return sum
    }
    let actors = try gradient("actorOptimizer.mean")
    #expect(actors.contains { abs($0) > 1e-3 })
    #expect(relativeDistance(actors, FiniteDifference.gradient(at: try before.numbers("actor"), of: actorLoss)) < 2e-5)
    for (network, target) in [("actor", "targetActor"), ("critics", "targetCritics")] {
      let moved = zip(try before.numbers(target), try after.numbers(network)).map { $0 + Double(Float(0.3)) * ($1 - $0) }
      #expect(relativeDistance(try after.numbers(target), moved) < 1e-6)
    }
  }
}
