import Federation
import Synchronization
import Tensor
import TestSupport
import Testing

@Suite struct TapeTasksTests {
  /// The whole computation on one tape, whose derivatives of the inner steps are differentiated again: another program for the same number.
  private func nested(_ task: Int, steps: Int, rate: Float, adapting isAdapted: [Bool]) -> Tensor {
    let family = WaveTasks.family()
    let start = WaveTasks.start
    func batch(_ slot: BatchSlot) -> SinusoidTasks.Batch {
      var batch = family.makeBatch()
      family.draw(BatchRequest(tasks: [task], slot: slot, stepLimit: steps), at: start, into: &batch)
      return batch
    }
    let (support, query) = (batch(BatchSlot(.support)), batch(BatchSlot(.query)))
    return valueAndGradient(at: start) { tape, parameters in
      var slices = (0..<parameters.count).map { parameters[$0] }
      for _ in 0..<steps {
        let loss = family.losses(of: support, PlacedParameters(slices), on: tape)
        let gradients = tape.gradients(of: loss, withRespectTo: slices)
        slices = slices.indices.map { isAdapted[$0] ? slices[$0] - gradients[$0] * rate : slices[$0] }
      }
      return family.losses(of: query, PlacedParameters(slices), on: tape)
    }.gradient
  }

  private func direction(_ configuration: MetaConfiguration, task: Int) -> [Float] {
    let start = WaveTasks.start
    var tasks = TapeTasks(WaveTasks.family(), start.layout, tasks: 1, isStacked: false, steps: configuration.innerSteps)
    let ranges: [Range<Int>]? =
      configuration.adapted == .everything ? nil : start.layout.slices.suffix(2).map { $0.offset..<($0.offset + $0.shape.count) }
    var rule = MetaGradient<Float>(configuration, adapting: ranges)
    var result = [Float](repeating: 0, count: start.count)
    tasks.begin([task], iteration: 0)
    rule.evaluate(&tasks, at: start.values.array, into: &result)
    return result
  }

  /// Single precision: numbers below 10, 1e-5 of the largest.
  @Test func stepByStepEqualsOneTapeForAllSteps() {
    for steps in [1, 3] {
      for isWhole in [true, false] {
        var configuration = MetaConfiguration.maml
        (configuration.innerSteps, configuration.innerRate) = (steps, 0.05)
        if !isWhole { configuration.adapted = .only(["layer2"]) }
        let isAdapted = [Bool](repeating: isWhole, count: 4) + [true, true]
        let expected = nested(2, steps: steps, rate: 0.05, adapting: isAdapted).array.map { Double($0) }
        let exact = direction(configuration, task: 2).map { Double($0) }
        #expect(relativeDistance(exact, expected) < 1e-5)
        configuration.algorithm = .maml(.dropped)
        let first = direction(configuration, task: 2).map { Double($0) }
        #expect(relativeDistance(first, expected) > 1e-3)
      }
    }
  }

  /// The table of quadratic tasks, as far as single precision goes: its numbers are below 3, a rounding is 1e-7 of them.
  @Test func quadraticTasksHaveTheKnownMetaGradients() {
    for (algorithm, expected) in [
      (MetaAlgorithm.maml(.exact), [-0.2108333333, -0.6554166667]), (.maml(.dropped), [-0.3916666667, -1.2166666667]),
    ] {
      var configuration = MetaConfiguration()
      (configuration.algorithm, configuration.innerRate, configuration.tasks) = (algorithm, 0.1, .all(3))
      var learner = MetaLearner(
        QuadraticFamily(), Parameters(QuadraticFamily.layout), configuration, SGD(count: 2, learningRate: 0.2), seed: 1)
      #expect(QuadraticClients.distance(learner.nextGradient().array.map { Double($0) }, expected) < 5e-7)
    }
  }

  /// Counts what it draws and where.
  private struct CountingFamily: TaskFamily {
    final class Log: Sendable {
      let requests = Mutex<[(BatchRequest, [Float])]>([])
    }

    let log = Log()
    func makeBatch() -> Float { 0 }
    func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Float) {
      log.requests.withLock { $0.append((request, parameters.values.array)) }
      batch = 2
    }
    func losses(of batch: Float, _ parameters: PlacedParameters, on tape: Tape) -> Variable {
      (parameters[0] * parameters[1]).squared().sum() * batch
    }
  }

  /// Data are drawn once an iteration, where the parameters are when they are first needed: those of the inner steps on the way down.
  @Test func dataAreDrawnOnceAtThePlaceWhereTheyAreFirstNeeded() {
    let family = CountingFamily()
    var tasks = TapeTasks(family, QuadraticFamily.layout, tasks: 1, isStacked: false, steps: 2)
    var configuration = MetaConfiguration.maml
    (configuration.innerSteps, configuration.support, configuration.innerRate) = (2, .fresh, 0.1)
    var rule = MetaGradient<Float>(configuration)
    var result: [Float] = [0, 0]
    for iteration in 0..<2 {
      tasks.begin([7], iteration: iteration)
      rule.evaluate(&tasks, at: [1, 0.5], into: &result)
      let requests = family.log.requests.withLock { $0 }
      #expect(requests.count == 3 * (iteration + 1))
      let slots = requests.suffix(3).map(\.0)
      #expect(slots.map(\.slot) == [BatchSlot(.support), BatchSlot(.support, step: 1), BatchSlot(.query)])
      #expect(slots.allSatisfy { $0.tasks == [7] && $0.iteration == iteration && $0.stepLimit == 2 })
      #expect(requests.suffix(3).map(\.1) == (0...2).map { rule.adapted(after: $0) })
    }
  }

  @Test func aStackHasTheBitsOfItsModels() {
    let start = WaveTasks.start
    let stack = TapeTasks(WaveTasks.family(), start.layout, tasks: 3, isStacked: true, steps: 1)
    stack.begin([4, 5, 6], iteration: 0)
    let place = Parameters(stacking: [start, start, start])
    var gradient = [Float](repeating: 0, count: place.count)
    stack.gradient(on: BatchSlot(.support), at: place.values.array, into: &gradient)
    var stacked = place
    stacked.values = Tensor(gradient)
    let losses = stack.losses(on: BatchSlot(.support), at: place.values.array)
    for (copy, task) in [4, 5, 6].enumerated() {
      let single = TapeTasks(WaveTasks.family(), start.layout, tasks: 1, isStacked: false, steps: 1)
      single.begin([task], iteration: 0)
      var own = [Float](repeating: 0, count: start.count)
      let loss = single.gradient(on: BatchSlot(.support), at: start.values.array, into: &own)
      #expect(stacked[copy: copy].values.array == own && losses[copy] == loss)
    }
  }
}
