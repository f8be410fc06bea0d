import Agents
import Tensor
import TestSupport
import Testing

/// The gradients that an update follows, against finite differences of both losses in double precision.
@Suite struct MADDPGGradientTests {
  private static let (agents, size, choices, batch) = (3, 2, 3, 8)

  /// One joint transition.
  private struct Transition {
    var observations: [[Double]]
    var successors: [[Double]]
    var choices: [Int]
    var rewards: [Double]
    var terminated: Bool
  }

  private func configuration(_ estimator: DiscreteActionEstimator, _ neighbours: Int?) -> MADDPGConfiguration {
    var configuration = MADDPGConfiguration()
    (configuration.actorWidths, configuration.criticObservationWidth, configuration.criticWidths) = ([5], 6, [5, 4])
    (configuration.actorLearningRate, configuration.criticLearningRate) = (0.02, 0.03)
    (configuration.discount, configuration.polyak, configuration.temperature, configuration.logitPenalty) = (0.8, 0.3, 0.7, 0.05)
    (configuration.batchSize, configuration.replayCapacity, configuration.randomSteps) = (Self.batch, 64, 1000)
    (configuration.estimator, configuration.neighbours) = (estimator, neighbours)
    return configuration
  }

  /// Shows a learner random transitions, of which some end their episode and some are cut off, and returns them.
  private func experience(_ learner: inout MADDPG, _ specification: EnvironmentSpecification) -> [Transition] {
    var generator = RandomStream(seed: 21, purpose: .environment).generator()
    var transitions: [Transition] = []
    var step = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for index in 0..<20 {
      let observations = (0..<6).map { _ in Float(generator.uniform(-1, 1)) }
      step.finalObservations = (0..<6).map { _ in Float(generator.uniform(-1, 1)) }
      step.observations = Array(repeating: 100, count: 6)
      step.rewards = (0..<3).map { _ in Float(generator.uniform(-1, 1)) }
      actions.choices = (0..<3).map { _ in Int32(generator.integer(below: 3)) }
      (step.terminated, step.truncated) = ([index % 3 == 0], [index % 4 == 0])
      learner.observe(observations, actions, step)
      func rows(_ x: [Float]) -> [[Double]] { (0..<3).map { [Double(x[2 * $0]), Double(x[2 * $0 + 1])] } }
      transitions.append(
        Transition(
          observations: rows(observations), successors: rows(step.finalObservations), choices: actions.choices.map(Int.init),
          rewards: step.rewards.map(Double.init), terminated: step.terminated[0]))
    }
    return transitions
  }

  /// The gradient behind one step of the optimiser's mean: m ← m + (1 − β₁)(g − m), β₁ = 0.9 in single precision.
  private func gradient(_ before: [Double], _ after: [Double]) -> [Double] {
    zip(before, after).map { $0 + ($1 - $0) / Double(1 - Float(0.9)) }
  }

  @Test(arguments: DiscreteActionEstimator.allCases, [nil, 1, 0] as [Int?])
  func bothGradientsAreThoseOfTheLosses(estimator: DiscreteActionEstimator, neighbours: Int?) throws {
    let specification = EnvironmentSpecification(copies: 1, agents: Self.agents, observationSize: Self.size, actions: .discrete(Self.choices))
    let configuration = configuration(estimator, neighbours)
    let proximity = [[0, 2, 1], [1, 0, 2], [2, 1, 0]]
    var learner = MADDPG(configuration, for: specification, proximity: proximity, seed: 31)
    let transitions = experience(&learner, specification)
    // Two updates ahead, so that targets and networks differ.
    for _ in 0..<2 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    var generator = RandomStream(seed: 31, purpose: .replay).generator(step: 2)
    let rows = (0..<Self.batch).map { _ in transitions[generator.integer(below: transitions.count)] }
    let networks = ReferenceNetworks(
      observationSize: Self.size, choices: Self.choices, members: (neighbours ?? 2) + 1, actorWidths: [5], observationWidth: 6,
      criticWidths: [5, 4])
    let nextChoices = try (0..<Self.agents).map { agent in
      let target = try before.numbers("agent\(agent).targetActor")
      return rows.map { ReferenceNetworks.largest(networks.logits(target, $0.successors[agent])) }
    }

    for agent in 0..<Self.agents {
      let group = neighbours == nil ? [agent] + (0..<3).filter { $0 != agent } : Array(proximity[agent].prefix(neighbours! + 1))
      #expect(learner.groups[agent] == group)
      let name = "agent\(agent)."

      // (1/B) Σ (Q(s, a) − y)², y = r + γ (1 − terminated) Q'(s', a').
      let targetCritic = try before.numbers(name + "targetCritic")
      let goals = rows.indices.map { b -> Double in
        if rows[b].terminated { return rows[b].rewards[agent] }
        let next = networks.value(
          targetCritic, group.flatMap { rows[b].successors[$0] }, own: networks.oneHot(nextChoices[agent][b]),
          others: group.dropFirst().map { nextChoices[$0][b] })
        return rows[b].rewards[agent] + Double(Float(0.8)) * next
      }
      func criticLoss(_ p: [Double]) -> Double {
        var sum = 0.0
        for (row, goal) in zip(rows, goals) {
          let q = networks.value(
            p, group.flatMap { row.observations[$0] }, own: networks.oneHot(row.choices[agent]), others: group.dropFirst().map { row.choices[$0] })
          sum += (q - goal) * (q - goal)
        }
        return sum / Double(rows.count)
      }
      let critic = try before.numbers(name + "critic")
      let criticGradient = gradient(try before.numbers(name + "criticOptimizer.mean"), try after.numbers(name + "criticOptimizer.mean"))
      #expect(relativeDistance(criticGradient, FiniteDifference.gradient(at: critic, of: criticLoss)) < 2e-5)

      // −(1/B) Σ Q(s, a)|a_i = g(μ(s_i)) + 0.05 · mean of squared logits, with the critic that has just been updated.
      let newCritic = try after.numbers(name + "critic")
      var noise = [Float](repeating: 0, count: Self.batch * Self.choices)
      RandomStream(seed: 31, purpose: .update, index: agent).fill(&noise, with: .gumbel, step: 2)
      func relaxed(_ p: [Double], _ b: Int) -> (action: [Double], squares: Double) {
        let logits = networks.logits(p, rows[b].observations[agent])
        let perturbed = logits.enumerated().map { i, x in
          (x + (estimator == .softmax ? 0 : Double(noise[b * Self.choices + i]))) / Double(Float(0.7))
        }
        return (ReferenceNetworks.softmax(perturbed), logits.reduce(0) { $0 + $1 * $1 })
      }
      func q(_ b: Int, _ action: [Double]) -> Double {
        networks.value(
          newCritic, group.flatMap { rows[b].observations[$0] }, own: action, others: group.dropFirst().map { rows[b].choices[$0] })
      }
      let actor = try before.numbers(name + "actor")
      // Straight through: the critic's slope at the one-hot action, the softmax's slope behind it.
      let slopes = rows.indices.map { b -> [Double] in
        let hard = networks.oneHot(ReferenceNetworks.largest(relaxed(actor, b).action))
        return FiniteDifference.gradient(at: hard) { q(b, $0) }
      }
      func actorLoss(_ p: [Double]) -> Double {
        var (sum, squares) = (0.0, 0.0)
        for b in rows.indices {
          let (action, square) = relaxed(p, b)
          squares += square
          if estimator == .straightThrough {
            for i in action.indices { sum += slopes[b][i] * action[i] }
          } else {
            sum += q(b, action)
          }
        }
        return -sum / Double(rows.count) + Double(Float(0.05)) * squares / Double(rows.count * Self.choices)
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

  /// Origin: PyTorch in double precision: logits and Gumbel noise of two rows, the gradient that arrives and the one that leaves.
  @Test func straightThroughGradientsAreThoseOfTheReference() {
    let logits: [Float] = [
      0.3750314461359625, -0.17942489549180002, -1.4095865357980866, -0.06957192368332125,
      -0.5086316862738756, -0.3843950688094815, -0.1297101388188949, 0.2721155771142586,
    ]
    let noise: [Float] = [
      0.8373007269074033, 2.12455235795438, 2.1835728811740958, 2.5225328255571497,
      4.123928680187143, -0.1573662097917303, 4.426972552017499, 1.2390662297527602,
    ]
    let soft = [
      0.13920250798803102, 0.28966499173638577, 0.08979990678027554, 0.4813325934953076,
      0.3209893543307275, 0.0050246192804330285, 0.6348402406979324, 0.03914578569090713,
    ]
    let arriving: [Float] = [
      0.3200388670466818, -0.2188637418938969, 0.3914455994338019, 0.1194980924228305,
      -0.12361312718007547, 0.3412428722829105, 1.115815461229358, 0.3300455883015908,
    ]
    let leaving = [
      0.03427384475634311, -0.08478114729255726, 0.028522465987526415, 0.021984836548687738,
      -0.2590171256380109, -0.0017188101827147538, 0.2745651624457698, -0.013829226625044136,
    ]
    let tape = Tape()
    let x = tape.variable(Tensor(logits, shape: [2, 4]))
    let relaxed = (x + tape.constant(noise, shape: [2, 4])).softmax()
    let action = relaxed.replacingValue(by: relaxed.oneHotOfLargest())
    #expect(relativeDistance(relaxed.array.map(Double.init), soft) < 1e-6)
    #expect(action.array == [0, 0, 0, 1, 0, 0, 1, 0])
    let loss = (action * tape.constant(arriving, shape: [2, 4])).sum()
    let gradient = tape.gradients(of: loss, withRespectTo: [x])[0]
    #expect(relativeDistance(gradient.array.map(Double.init), leaving) < 1e-6)
  }
}
