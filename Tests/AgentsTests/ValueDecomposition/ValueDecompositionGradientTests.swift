import Tensor
import TestSupport
import Testing

@testable import Agents

/// One update against a program in double precision.
@Suite struct ValueDecompositionGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var mixing = Mixing.monotone
    var memory: Int?
    var shares = true
    var generatorWidth: Int?
    var state = GlobalState.allObservations
    var doubleQ = true
    var testDescription: String {
      "\(mixing), memory \(memory ?? 0), \(shares ? "shared" : "separate"), \(state), generators \(generatorWidth ?? 0), double \(doubleQ)"
    }
  }

  static let cases = [
    Case(memory: 3, generatorWidth: 4), Case(memory: 3, state: .firstObservation), Case(memory: 3, shares: false, generatorWidth: 4),
    Case(mixing: .sum, memory: 3), Case(mixing: .independent, memory: 3), Case(mixing: .independent, memory: 3, shares: false),
    Case(memory: 3, doubleQ: false), Case(), Case(generatorWidth: 4, doubleQ: false), Case(shares: false), Case(mixing: .sum),
    Case(mixing: .independent), Case(mixing: .independent, shares: false),
  ]

  static let (agents, size, choices, batch) = (2, 2, 3, 4)

  struct Sequence {
    /// `[L + 1][A][D]`
    var observations: [[[Double]]] = []
    var choices: [[Int]] = []
    var rewards: [[Double]] = []
    var terminated = false
  }

  /// Shows a learner six episodes of one to three steps, of which some terminate and some are cut off.
  private func experience(_ learner: inout ValueDecomposition, _ specification: EnvironmentSpecification, cuts: Bool) -> [Sequence] {
    var generator = RandomStream(seed: 21, purpose: .environment).generator()
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.uniform(-1, 1)) } }
    func rows(_ x: [Float]) -> [[Double]] { (0..<Self.agents).map { a in (0..<Self.size).map { Double(x[a * Self.size + $0]) } } }
    var sequences: [Sequence] = []
    var step = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    for (episode, length) in [2, 3, 1, 3, 2, 1].enumerated() {
      var sequence = Sequence()
      var observations = random(4)
      for place in 0..<length {
        sequence.observations.append(rows(observations))
        step.finalObservations = random(4)
        step.observations = place == length - 1 ? [100, 100, 100, 100] : step.finalObservations
        step.rewards = random(2)
        actions.choices = (0..<Self.agents).map { _ in Int32(generator.integer(below: Self.choices)) }
        (step.terminated, step.truncated) = ([place == length - 1 && episode % 2 == 0], [place == length - 1 && episode % 2 == 1])
        learner.observe(observations, actions, step)
        sequence.choices.append(actions.choices.map(Int.init))
        sequence.rewards.append(step.rewards.map(Double.init))
        sequence.terminated = step.terminated[0]
        observations = step.finalObservations
        if cuts {
          sequence.observations.append(rows(observations))
          sequences.append(sequence)
          sequence = Sequence()
        }
      }
      if !cuts {
        sequence.observations.append(rows(observations))
        sequences.append(sequence)
      }
    }
    return sequences
  }

  @Test(arguments: cases) func theGradientIsThatOfTheLoss(_ test: Case) throws {
    let specification = EnvironmentSpecification(
      copies: 1, agents: Self.agents, observationSize: Self.size, actions: .discrete(Self.choices))
    var configuration = ValueDecompositionConfiguration(test.mixing)
    (configuration.memoryWidth, configuration.sharesNetwork, configuration.generatorWidth) = (test.memory, test.shares, test.generatorWidth)
    (configuration.state, configuration.doubleQ) = (test.state, test.doubleQ)
    (configuration.widths, configuration.mixingWidth, configuration.discount) = ([4], 3, 0.8)
    (configuration.optimizer, configuration.learningRate, configuration.maximumGradientNorm) = (.adam(), .constant(0.05), nil)
    (configuration.batchSize, configuration.longestSequence, configuration.target) = (Self.batch, 3, .soft(0.3))
    var learner = ValueDecomposition(configuration, for: specification, seed: 31)
    let sequences = experience(&learner, specification, cuts: test.memory == nil)
    // Three updates ahead, so that target and network differ.
    for _ in 0..<3 { learner.update() }
    let before = try SavedLearner(&learner)
    learner.update()
    let after = try SavedLearner(&learner)

    var slots = [Int32](repeating: 0, count: Self.batch)
    RandomStream(seed: 31, purpose: .replay).fillDistinct(&slots, below: sequences.count, step: 3)
    let drawn = slots.map { sequences[Int($0)] }
    let mix: ReferenceTeam.Mix = test.mixing == .sum ? .sum : test.mixing == .independent ? .independent : .monotone
    let inputs = Self.size + (test.memory != nil ? Self.choices : 0) + (test.shares ? Self.agents : 0)
    let team = ReferenceTeam(
      agents: Self.agents, inputs: inputs, width: 4, memory: test.memory, choices: Self.choices, isSeparate: !test.shares, mix: mix,
      state: test.state == .allObservations ? 4 : 2, mixingWidth: 3, generatorWidth: test.generatorWidth)

    /// What an agent sees over a sequence.
    func seen(_ sequence: Sequence, _ agent: Int) -> [[Double]] {
      sequence.observations.indices.map { step in
        var row = sequence.observations[step][agent]
        if test.memory != nil { row += (0..<Self.choices).map { step > 0 && sequence.choices[step - 1][agent] == $0 ? 1 : 0 } }
        if test.shares { row += (0..<Self.agents).map { $0 == agent ? 1 : 0 } }
        return row
      }
    }
    func state(_ sequence: Sequence, _ step: Int) -> [Double] {
      test.state == .allObservations ? sequence.observations[step].flatMap { $0 } : sequence.observations[step][0]
    }
    func largest(_ x: [Double]) -> Int { x.firstIndex(of: x.max()!)! }
    let online = try before.numbers("parameters")
    let (now, fixed) = (team.model(online), team.model(try before.numbers("target")))
    var goals: [[[Double]]] = []
    for sequence in drawn {
      let own = (0..<Self.agents).map { team.values(now, agent: $0, seen(sequence, $0)) }
      let later = (0..<Self.agents).map { team.values(fixed, agent: $0, seen(sequence, $0)) }
      goals.append(
        sequence.choices.indices.map { step in
          let values = (0..<Self.agents).map { later[$0][step + 1][largest((test.doubleQ ? own : later)[$0][step + 1])] }
          let next = team.mixed(fixed, values, state(sequence, step + 1))
          let isLast = step == sequence.choices.count - 1
          return next.indices.map { i in
            let reward = next.count == 1 ? sequence.rewards[step].reduce(0, +) / 2 : sequence.rewards[step][i]
            return reward + (isLast && sequence.terminated ? 0 : Double(Float(0.8)) * next[i])
          }
        })
    }
    func loss(_ parameters: [Double]) -> Double {
      let model = team.model(parameters)
      var (sum, count) = (0.0, 0)
      for (sequence, goal) in zip(drawn, goals) {
        let own = (0..<Self.agents).map { team.values(model, agent: $0, seen(sequence, $0)) }
        for step in sequence.choices.indices {
          let total = team.mixed(model, (0..<Self.agents).map { own[$0][step][sequence.choices[step][$0]] }, state(sequence, step))
          for i in total.indices { sum += (total[i] - goal[step][i]) * (total[i] - goal[step][i]) }
          count += total.count
        }
      }
      return sum / Double(count)
    }
    let (old, new) = (try before.numbers("optimizer.mean"), try after.numbers("optimizer.mean"))
    // m ← m + (1 − β₁)(g − m), β₁ = 0.9 in single precision.
    let found = zip(old, new).map { $0 + ($1 - $0) / Double(1 - Float(0.9)) }
    #expect(found.contains { abs($0) > 1e-3 })
    #expect(relativeDistance(found, FiniteDifference.gradient(at: online, of: loss)) < 2e-5)
    #expect(relativeDistance([try after.numbers("loss")[0]], [loss(online)]) < 1e-5)
    let moved = zip(try before.numbers("target"), try after.numbers("parameters")).map { $0 + Double(Float(0.3)) * ($1 - $0) }
    #expect(relativeDistance(try after.numbers("target"), moved) < 1e-6)
  }
}
