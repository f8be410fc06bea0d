import CAllocations
import Federation
import Tensor
import TestSupport
import Testing

@Suite struct MetaLearnerTests {
  private static var all: [MetaConfiguration] {
    var several = MetaConfiguration.maml
    (several.innerSteps, several.support, several.maximumNorm) = (2, .fresh, 0.5)
    several.algorithm = .maml(.difference(0.01))
    var sampled = MetaConfiguration.anil(head: ["layer2"])
    sampled.tasks = .sampled(5, of: 9)
    return [.maml, .firstOrder, .reptile, .joint, several, sampled].map { configuration in
      var configuration = configuration
      if configuration.tasks == .fresh(25) { configuration.tasks = .fresh(5) }
      return configuration
    }
  }

  private func bits(_ configuration: MetaConfiguration, threads: Int, together: Int) -> [Float] {
    var configuration = configuration
    configuration.tasksTogether = together
    var learner = WaveTasks.learner(configuration, threads: threads)
    for _ in 0..<4 { learner.advance() }
    return learner.parameters.values.array
  }

  /// Neither the threads nor how many tasks are stacked (five together, two and a rest, one by one) changes a bit.
  @Test func threadsAndStacksChangeNoBit() {
    for configuration in Self.all {
      let expected = bits(configuration, threads: 1, together: 5)
      #expect(expected != WaveTasks.start.values.array)
      for (threads, together) in [(2, 1), (3, 2), (1, 2)] { #expect(bits(configuration, threads: threads, together: together) == expected) }
    }
  }

  @Test func aRestoredLearnerGoesOnBitForBit() throws {
    for configuration in Self.all {
      var whole = WaveTasks.learner(configuration)
      var second = WaveTasks.learner(configuration, threads: 2)
      for _ in 0..<3 { whole.advance() }
      let saved = try savedBytes(whole)
      try restore(&second, from: saved)
      for _ in 0..<3 {
        whole.advance()
        second.advance()
      }
      #expect(whole.parameters.values == second.parameters.values && second.iterations == 6 && second.optimizer.step == 6)
      #expect(try savedBytes(whole) == savedBytes(second))
      var other = MetaLearner(
        QuadraticFamily(), Parameters(QuadraticFamily.layout), configuration.withoutPart, Adam(count: 2, learningRate: 0.1), seed: 1)
      #expect(throws: FileError.self) { try restore(&other, from: saved) }
    }
  }

  /// The rows of the quadratic table as a user runs them, to single precision: a fixed point moves by 1e-7 over the smallest slope, about 0.5.
  @Test func quadraticTasksComeToTheKnownPoints() {
    for (algorithm, steps, point) in [
      (MetaAlgorithm.maml(.exact), 1, [0.1796787679, 0.5832549538]), (.maml(.dropped), 1, [0.2884958862, 0.7734606038]),
      (.reptile, 3, [0.3103266546, 0.8131293680]), (.joint, 1, [0.4131736527, 0.9580838323]),
    ] {
      var configuration = MetaConfiguration()
      (configuration.algorithm, configuration.innerSteps, configuration.innerRate, configuration.tasks) = (algorithm, steps, 0.1, .all(3))
      configuration.tasksTogether = 3
      var learner = MetaLearner(QuadraticFamily(), Parameters(QuadraticFamily.layout), configuration, SGD(count: 2, learningRate: 0.3), seed: 1)
      for _ in 0..<400 { learner.advance() }
      #expect(QuadraticClients.distance(learner.parameters.doubles, point) < 2e-6)
    }
  }

  /// Joint training is a step of the optimiser along the gradient of the pooled loss, on one tape without any of this.
  @Test func jointTrainingIsOneStepOnThePooledLoss() {
    var configuration = MetaConfiguration.joint
    configuration.tasks = .fresh(5)
    var learner = WaveTasks.learner(configuration)
    let family = WaveTasks.family()
    var batch = family.makeBatch()
    var losses = 0.0
    let (loss, gradient) = valueAndGradient(at: WaveTasks.start) { tape, parameters in
      var sum: Variable?
      for task in 0..<5 {
        family.draw(BatchRequest(tasks: [task], slot: BatchSlot(.query)), at: WaveTasks.start, into: &batch)
        let own = family.losses(of: batch, parameters, on: tape)
        sum = sum.map { $0 + own } ?? own
      }
      return sum! * 0.2
    }
    losses = Double(loss)
    #expect(relativeDistance(learner.nextGradient().array.map { Double($0) }, gradient.array.map { Double($0) }) < 1e-6)
    let seen = learner.advance()
    #expect(abs(seen.before - losses) < 1e-5 && seen.before == seen.after)
  }

  /// Clipping scales the whole meta-gradient.
  @Test func clippingBoundsTheStep() {
    var configuration = MetaConfiguration.maml
    (configuration.tasks, configuration.maximumNorm) = (.fresh(4), 0.01)
    var learner = MetaLearner(WaveTasks.family(), WaveTasks.start, configuration, SGD(count: WaveTasks.start.count, learningRate: 1), seed: 1)
    #expect(learner.nextGradient().norm > 0.1)
    learner.advance()
    let moved = zip(learner.parameters.values.array, WaveTasks.start.values.array).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    #expect(abs(moved.squareRoot() - 0.01) < 1e-4)
  }

  /// ANIL: the inner steps leave the body as it is, the outer step does not.
  @Test func theInnerStepsOfANILMoveTheHeadAlone() {
    var configuration = MetaConfiguration.anil(head: ["layer2"])
    (configuration.innerSteps, configuration.innerRate, configuration.tasks) = (3, 0.05, .fresh(5))
    let start = WaveTasks.start
    let adapted = TaskAdaptation(WaveTasks.family(), configuration).parameters(start, adaptedTo: 77)
    var learner = WaveTasks.learner(configuration)
    learner.advance()
    for slice in start.layout.slices {
      #expect((adapted[slice.name] == start[slice.name]) == !slice.name.hasPrefix("layer2"))
      #expect(learner.parameters[slice.name] != start[slice.name])
    }
  }

  /// Six hundred iterations of MAML bring the loss behind one step to half of what it was; the waves are new every time.
  @Test func itLearnsToAdapt() {
    var configuration = MetaConfiguration.maml
    (configuration.tasks, configuration.tasksTogether, configuration.innerRate) = (.fresh(20), 20, 0.05)
    let family = WaveTasks.family(points: 8, queryPoints: 8)
    var learner = MetaLearner(family, WaveTasks.start, configuration, Adam(count: WaveTasks.start.count, learningRate: 0.01), seed: 5)
    let adaptation = TaskAdaptation(family, configuration)
    let before = adaptation.meanLosses(from: learner.parameters, tasks: 1_000_000..<1_000_400, steps: 1)
    for _ in 0..<600 { learner.advance() }
    let after = adaptation.meanLosses(from: learner.parameters, tasks: 1_000_000..<1_000_400, steps: 1)
    #expect(after[1] < 0.5 * before[1])
  }

  /// One choice between 1 and 0.4, or between −1 and −0.4 in every second task. A policy that is sure of the first (0.95) loses little before a
  /// step and cannot turn round in one; from sampled episodes MAML makes it undecided, so that a step finds either: −0.3 at best.
  @Test func policiesLearnToAdapt() {
    var configuration = MetaConfiguration.maml
    (configuration.innerRate, configuration.support, configuration.tasks) = (20, .fresh, .fresh(8))
    var start = Parameters(TwoStepChoice.layout)
    start["logits"] = Tensor([1.5, -1.5, 0, 0, 0, 0], shape: [3, 2])
    let exact = TaskAdaptation(ChoiceFamily(steps: 1, .dice, hasOpposites: true), configuration)
    let before = exact.meanLosses(from: start, tasks: 0..<2, steps: 1)
    let sampled = ChoiceFamily(steps: 1, .dice, samples: 50, hasOpposites: true)
    var learner = MetaLearner(sampled, start, configuration, SGD(count: start.count, learningRate: 0.3), seed: 1)
    for _ in 0..<300 { learner.advance() }
    let after = exact.meanLosses(from: learner.parameters, tasks: 0..<2, steps: 1)
    #expect(before[1] > -0.1 && after[1] < -0.25)
  }

  @Test func anIterationTakesNoMemory() {
    for configuration in Self.all {
      var configuration = configuration
      configuration.tasksTogether = 2
      var learner = WaveTasks.learner(configuration)
      for _ in 0..<3 { learner.advance() }
      allocations_watch()
      for _ in 0..<3 { learner.advance() }
      #expect(Int(allocations_seen().requests) == 0)
    }
  }
}

extension MetaConfiguration {
  /// The same with all slices adapted, for models with other names.
  fileprivate var withoutPart: MetaConfiguration {
    var result = self
    result.adapted = .everything
    return result
  }
}
