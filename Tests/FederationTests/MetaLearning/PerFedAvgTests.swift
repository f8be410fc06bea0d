import CAllocations
import Federation
import Tensor
import Testing

@Suite struct PerFedAvgTests {
  private func learner(
    _ curvature: Curvature = .exact, noise: Float = 0, localSteps: Int = 1, threads: Int = 1, _ change: (inout MetaConfiguration) -> Void = { _ in }
  ) -> PerFedAvg<QuadraticFamily> {
    var configuration = MetaConfiguration()
    (configuration.algorithm, configuration.innerRate, configuration.tasks) = (.maml(curvature), 0.1, .all(3))
    change(&configuration)
    return PerFedAvg(
      QuadraticFamily(noise: noise), Parameters(quadratic: 0.2, -0.1), configuration, localSteps: localSteps, localRate: 0.15, seed: 4,
      threads: threads)
  }

  /// With one local step it rests where MAML does; a user's fixed point moves by single precision, 1e-7 over a slope of about 0.5.
  @Test func oneLocalStepComesToMAMLsPoint() {
    for (curvature, point) in [
      (Curvature.exact, [0.1796787679, 0.5832549538]), (.dropped, [0.2884958862, 0.7734606038]), (.difference(0.1), [0.1796787679, 0.5832549538]),
    ] {
      var learner = learner(curvature)
      for _ in 0..<600 { learner.makeRound() }
      #expect(QuadraticClients.distance(learner.parameters.doubles, point) < 5e-6)
    }
  }

  /// Two rounds by hand in `Double`, with three batches a local step that all differ, and users that are chosen anew.
  @Test func roundsAreThoseOfThePaper() {
    let noise: Float = 0.3
    var learner = learner(noise: noise, localSteps: 2) { ($0.tasks, $0.tasksTogether) = (.sampled(2, of: 3), 2) }
    let family = QuadraticFamily(noise: noise)
    var w = learner.parameters.doubles
    var numbers = Set<Int>()
    for round in 0..<2 {
      let users = TaskChoice.sampled(2, of: 3).tasks(iteration: round, seed: 4)
      w = uniformMean(
        users.map { user in
          var place = w
          func gradient(_ purpose: BatchPurpose, _ step: Int, _ at: [Double]) -> [Double] {
            let request = BatchRequest(tasks: [user], iteration: round, slot: BatchSlot(purpose, step: step), stepLimit: 2)
            numbers.insert(request.number)
            let shift = Double(family.offset(request, user))
            return QuadraticClients.gradient(user, at: at.map { $0 - shift })
          }
          for step in 0..<2 {
            let inner = gradient(.support, step, place)
            let outer = gradient(.query, step, place.indices.map { place[$0] - 0.1 * inner[$0] })
            // A quadratic has one Hessian everywhere; what D″ changes shows in the next test.
            let product = Matrix2.times(QuadraticClients.matrices[user], outer)
            place = place.indices.map { place[$0] - 0.15 * (outer[$0] - 0.1 * product[$0]) }
          }
          return place
        })!
      learner.makeRound()
      #expect(QuadraticClients.distance(learner.parameters.doubles, w) < 1e-6)
    }
    #expect(numbers.count == 8 && learner.rounds == 2)
  }

  /// s w⁴ with another s for every purpose: the Hessian 12 s w² must come from the third batch.
  private struct QuarticFamily: TaskFamily {
    func makeBatch() -> Float { 0 }
    func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Float) { batch = [1, 0.5, 3][request.slot.purpose.rawValue] }
    func losses(of batch: Float, _ parameters: PlacedParameters, on tape: Tape) -> Variable { parameters[0].squared().squared().sum() * batch }
  }

  /// One step by hand; the Hessian-free variant comes closer with δ².
  @Test func secondDerivativesAreOfTheThirdBatch() {
    var layout = Layout()
    layout.append("w", [1], fanIn: 1)
    var start = Parameters(layout)
    start.values = Tensor([0.8])
    func step(_ curvature: Curvature) -> Double {
      var configuration = MetaConfiguration()
      (configuration.algorithm, configuration.innerRate, configuration.tasks) = (.maml(curvature), 0.05, .all(1))
      var learner = PerFedAvg(QuarticFamily(), start, configuration, localSteps: 1, localRate: 0.1, seed: 1)
      learner.makeRound()
      return Double(learner.parameters.values[0])
    }
    let w = Double(Float(0.8))
    let inner = w - 0.05 * 4 * w * w * w
    let outer = 0.5 * 4 * inner * inner * inner
    let exact = w - 0.1 * (1 - 0.05 * 3 * 12 * w * w) * outer
    #expect(abs(step(.exact) - exact) < 3e-7)
    #expect(abs(step(.dropped) - (w - 0.1 * outer)) < 3e-7)
    // (g(w + δv) − g(w − δv)) / 2δ = s (12 w² v + 4 δ² v³)
    for width in [0.5, 0.25, 0.1] {
      let error = -0.1 * 0.05 * 3 * 4 * width * width * outer * outer * outer
      #expect(abs(step(.difference(width)) - exact + error) < 1e-6)
    }
  }

  @Test func threadsStacksAndResumingChangeNoBit() throws {
    func make(_ threads: Int, _ together: Int) -> PerFedAvg<QuadraticFamily> {
      learner(noise: 0.3, localSteps: 3, threads: threads) { ($0.tasks, $0.tasksTogether) = (.sampled(5, of: 12), together) }
    }
    var whole = make(1, 5)
    for _ in 0..<3 { whole.makeRound() }
    let saved = try savedBytes(whole)
    for _ in 0..<3 { whole.makeRound() }
    for (threads, together) in [(1, 1), (3, 1), (2, 2)] {
      var second = make(threads, together)
      try restore(&second, from: saved)
      #expect(second.rounds == 3)
      for _ in 0..<3 { second.makeRound() }
      #expect(second.parameters.values == whole.parameters.values)
    }
  }

  @Test func aRoundTakesNoMemory() {
    var configuration = MetaConfiguration.maml
    (configuration.tasks, configuration.tasksTogether) = (.sampled(5, of: 8), 2)
    var learner = PerFedAvg(WaveTasks.family(), WaveTasks.start, configuration, localSteps: 2, localRate: 0.05, seed: 1)
    for _ in 0..<3 { learner.makeRound() }
    allocations_watch()
    for _ in 0..<3 { learner.makeRound() }
    #expect(Int(allocations_seen().requests) == 0)
  }

  @Test func whatDoesNotFitIsNamed() {
    #expect(
      PerFedAvg<QuadraticFamily>.objection(.reptile, localSteps: 1, to: QuadraticFamily.layout) == "users follow a variant of MAML with a query")
    #expect(
      PerFedAvg<QuadraticFamily>.objection(.maml, localSteps: 0, to: QuadraticFamily.layout) == "a user takes at least one local step, got 0")
    #expect(PerFedAvg<QuadraticFamily>.objection(.firstOrder, localSteps: 2, to: QuadraticFamily.layout) == nil)
  }
}
