import Tensor
import TestSupport
import Testing

@testable import Agents

/// One update against the equations in double precision.
@Suite struct DQNUpdateTests {
  /// The option that a variant is there for.
  enum Variant: String, CaseIterable, Sendable {
    case plain, squared, double, dueling, steps, prioritized, clipped, soft, rmsProp, byUpdates, all
  }

  static func configuration(_ variant: Variant) -> DQNConfiguration {
    var configuration = DQNConfiguration()
    (configuration.widths, configuration.batchSize, configuration.replayCapacity) = ([6, 5], 12, 60)
    (configuration.learningStarts, configuration.trainingInterval, configuration.updatesPerTraining) = (20, 2, 1)
    // With this ε a step of Adam tells the size of a gradient, not only its sign.
    configuration.optimizer = .adam(epsilon: 0.3)
    configuration.learningRate = .linear(from: 0.05, to: 0.02, over: 50)
    (configuration.discount, configuration.maximumGradientNorm, configuration.target) = (0.9, nil, .everyTransitions(14))
    configuration.exploration = LinearSchedule(from: 1, to: 0.3, over: 60)
    let all = variant == .all
    if variant == .squared { configuration.loss = .squared }
    if variant == .double || all { configuration.double = true }
    if variant == .dueling || all { configuration.dueling = true }
    if variant == .steps || all { configuration.steps = 3 }
    if variant == .prioritized || all {
      configuration.prioritization = Prioritization()
      configuration.prioritization!.compensation = LinearSchedule(from: 0.4, to: 1, over: 200)
    }
    if variant == .clipped || all { configuration.maximumGradientNorm = 0.2 }
    if variant == .soft || all { configuration.target = .soft(0.05) }
    if variant == .rmsProp { configuration.optimizer = .rmsProp(decay: 0.9, epsilon: 0.2, centered: true) }
    if variant == .byUpdates { configuration.target = .everyUpdates(3) }
    return configuration
  }

  static func trainer(_ variant: Variant, seed: UInt64 = 6) -> Trainer<WalkTask, DQN> {
    let task = WalkTask(copies: 2)
    return Trainer(DQN(configuration(variant), for: task.specification, seed: seed), in: task)
  }

  /// The slots and weights that an update will draw.
  private func drawn(_ learner: DQN, _ saved: SavedLearner) throws -> (slots: [Int32], weights: [Double]) {
    let stream = RandomStream(seed: learner.seed, purpose: .replay)
    let size = learner.configuration.batchSize
    var slots = [Int32](repeating: 0, count: size)
    guard let prioritization = learner.configuration.prioritization else {
      stream.fillIntegers(&slots, below: learner.replay.count, step: learner.updates)
      return (slots, Array(repeating: 1, count: size))
    }
    let probabilities = (0..<learner.replay.count).map { learner.priorities!.probability(of: $0) }
    var numbers = [Double](repeating: 0, count: size)
    stream.fill(&numbers, with: .uniform, step: learner.updates)
    for row in 0..<size {
      var rest = (Double(row) + numbers[row]) / Double(size)
      slots[row] = Int32(
        probabilities.firstIndex { probability in
          rest -= probability
          return rest < 0
        }!)
    }
    // 0.4 to 1 over 200 transitions.
    let compensation = 0.4 + 0.6 * Double(learner.transitions) / 200
    #expect(abs(prioritization.compensation.value(at: learner.transitions) - compensation) < 1e-12)
    let raw = slots.map { Math.pow(probabilities[Int($0)] * Double(learner.replay.count), -compensation) }
    return (slots, raw.map { $0 / raw.max()! })
  }

  @Test(arguments: Variant.allCases) func anUpdateIsThatOfTheEquations(variant: Variant) throws {
    var trainer = Self.trainer(variant)
    for _ in 0..<37 { trainer.advance() }
    var learner = trainer.learner
    let configuration = learner.configuration
    let updates = learner.updates
    #expect(updates == 13 && learner.transitions == 74)
    let saved = try SavedLearner(&learner)
    let (slots, weights) = try drawn(learner, saved)
    var batch = TransitionMinibatch(size: 12, observationSize: 3)
    batch.slots = slots
    learner.replay.gather(into: &batch)
    func row(_ values: [Float], _ row: Int) -> [Double] { (0..<3).map { Double(values[3 * row + $0]) } }

    // Targets.
    let q = ReferenceValues(widths: [6, 5], choices: 3, dueling: configuration.dueling)
    let (online, target) = (try saved.numbers("online"), try saved.numbers("target"))
    #expect(relativeDistance(online, target) > 1e-3)
    let goals = (0..<12).map { i in
      let next = q(target, row(batch.successors, i))
      let judge = configuration.double ? q(online, row(batch.successors, i)) : next
      return Double(batch.rewards[i]) + Double(batch.discounts[i]) * next[judge.firstIndex(of: judge.max()!)!]
    }
    #expect(batch.discounts.contains(0) && batch.discounts.contains { $0 > 0 })
    let errors = (0..<12).map { i in q(online, row(batch.observations, i))[Int(batch.choices[i])] - goals[i] }

    // Loss and gradient.
    func loss(_ p: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<12 {
        let d = abs(q(p, row(batch.observations, i))[Int(batch.choices[i])] - goals[i])
        sum += weights[i] / 12 * (configuration.loss == .squared ? d * d : d <= 1 ? d * d / 2 : d - 0.5)
      }
      return sum
    }
    var gradient = FiniteDifference.gradient(at: online, of: loss)
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if let limit = configuration.maximumGradientNorm {
      #expect(norm > Double(limit))
      gradient = gradient.map { $0 * Double(limit) / (norm + 1e-6) }
    }

    // The optimiser's step.
    let rate = 0.05 - 0.03 * Double(updates) / 50
    let step = Double(updates + 1)
    let squares = try saved.numbers("optimizer.meanSquare")
    let means = try saved.numbers("optimizer.mean")
    let expected = online.indices.map { i in
      if case .rmsProp = configuration.optimizer {
        let mean = 0.9 * means[i] + 0.1 * gradient[i]
        let square = 0.9 * squares[i] + 0.1 * gradient[i] * gradient[i]
        return online[i] - rate * gradient[i] / (max(square - mean * mean, 0).squareRoot() + 0.2)
      }
      let mean = (0.9 * means[i] + 0.1 * gradient[i]) / (1 - Math.pow(0.9, step))
      let square = (0.999 * squares[i] + 0.001 * gradient[i] * gradient[i]) / (1 - Math.pow(0.999, step))
      return online[i] - rate * mean / (square.squareRoot() + 0.3)
    }

    learner.update()
    let after = try SavedLearner(&learner)
    let reached = try after.numbers("online")
    // Single precision in the values and their sums; the change itself is more than a hundred times as large.
    #expect(relativeDistance(reached, expected) < 3e-6)
    #expect(relativeDistance(expected, online) > 3e-4)
    #expect(abs(learner.diagnostics[0].value - loss(online)) < 1e-5)
    if configuration.maximumGradientNorm != nil { #expect(abs(learner.diagnostics[2].value - norm) < 1e-5) }

    // The target.
    let moved = try after.numbers("target")
    switch configuration.target {
    case .everyTransitions, .everyUpdates: #expect(moved == target)
    case .soft: #expect(relativeDistance(moved, zip(target, expected).map { $0 + 0.05 * ($1 - $0) }) < 1e-6)
    }

    // Priorities, by the errors before the update; of a slot that was drawn twice both errors are the same.
    guard configuration.prioritization != nil else { return }
    let before = trainer.learner.priorities!
    var powers = (0..<learner.replay.count).map { before.probability(of: $0) * before.total }
    for i in 0..<12 { powers[Int(slots[i])] = Math.pow(abs(errors[i]) + 1e-6, 0.6) }
    let whole = powers.reduce(0, +)
    for slot in powers.indices { #expect(abs(learner.priorities!.probability(of: slot) - powers[slot] / whole) < 1e-5) }
  }

  @Test func theTargetIsCopiedInTime() {
    // Every 14 transitions, which are 7 steps of both copies: behind step 14, before the training of that step, and behind step 21.
    var trainer = Self.trainer(.plain)
    var previous = trainer.learner.online.values
    for step in 1...30 {
      let old = trainer.learner.target.values
      trainer.advance()
      #expect(trainer.learner.target.values == (step % 7 == 0 ? previous : old), "step \(step)")
      previous = trainer.learner.online.values
    }
    var other = Self.trainer(.byUpdates)
    for step in 1...40 {
      let (old, updates) = (other.learner.target.values, other.learner.updates)
      other.advance()
      let isDue = other.learner.updates > updates && other.learner.updates % 3 == 0
      #expect(other.learner.target.values == (isDue ? other.learner.online.values : old), "step \(step)")
    }
  }

  @Test func learningStartsAndGoesOnInTime() {
    var trainer = Self.trainer(.plain)
    for step in 1...40 {
      #expect(trainer.learner.isWarmingUp == (2 * (step - 1) < 20))
      trainer.advance()
      // Beyond 20 transitions, every second step.
      #expect(trainer.learner.updates == max(0, step / 2 - 5), "step \(step)")
    }
    #expect(abs(trainer.learner.explorationRate - 0.3) < 1e-12)
    var configuration = Self.configuration(.plain)
    (configuration.trainingInterval, configuration.updatesPerTraining, configuration.learningStarts) = (16, 5, 0)
    let task = WalkTask()
    var other = Trainer(DQN(configuration, for: task.specification, seed: 2), in: task)
    for step in 1...50 {
      other.advance()
      #expect(other.learner.updates == step / 16 * 5)
    }
  }
}
