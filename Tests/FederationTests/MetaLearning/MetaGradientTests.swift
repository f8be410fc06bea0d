import Federation
import TestSupport
import Testing

@Suite struct MetaGradientTests {
  private func configuration(_ algorithm: MetaAlgorithm, steps: Int = 1, rate: Double = 0.1) -> MetaConfiguration {
    var configuration = MetaConfiguration()
    (configuration.algorithm, configuration.innerSteps, configuration.innerRate) = (algorithm, steps, rate)
    return configuration
  }

  /// The mean direction of the three quadratic tasks.
  private func direction(_ configuration: MetaConfiguration, at w: [Double], adapting ranges: [Range<Int>]? = nil) -> [Double] {
    let directions = (0..<3).map { client in
      var (task, rule, result) = (QuadraticTask(client), MetaGradient<Double>(configuration, adapting: ranges), [0.0, 0])
      rule.evaluate(&task, at: w, into: &result)
      return result
    }
    return uniformMean(directions)!
  }

  private func fixedPoint(_ configuration: MetaConfiguration) -> [Double] {
    var w = [0.0, 0]
    for _ in 0..<3000 {
      let d = direction(configuration, at: w)
      for i in 0..<2 { w[i] -= 0.2 * d[i] }
    }
    return w
  }

  /// Meta-gradients at 0 and the points where they vanish, from solutions of 2 × 2 systems by another program, to all ten digits.
  @Test func quadraticTasksHaveTheKnownMetaGradientsAndFixedPoints() {
    let cases: [(MetaConfiguration, atZero: [Double]?, point: [Double])] = [
      (configuration(.joint), nil, [0.4131736527, 0.9580838323]),
      (configuration(.maml(.exact)), [-0.2108333333, -0.6554166667], [0.1796787679, 0.5832549538]),
      (configuration(.maml(.dropped)), [-0.3916666667, -1.2166666667], [0.2884958862, 0.7734606038]),
      (configuration(.reptile, steps: 3), nil, [0.3103266546, 0.8131293680]),
    ]
    for (configuration, atZero, point) in cases {
      if let atZero { #expect(QuadraticClients.distance(direction(configuration, at: [0, 0]), atZero) < 6e-11) }
      #expect(QuadraticClients.distance(fixedPoint(configuration), point) < 6e-11)
    }
  }

  /// Behind k steps MAML's matrix is (I − αA)ᵏ A (I − αA)ᵏ and FOMAML's A (I − αA)ᵏ.
  @Test func severalInnerStepsHaveTheirClosedForm() {
    for steps in [2, 5] {
      let power: (Matrix2.Matrix) -> Matrix2.Matrix = { Matrix2.power(Matrix2.plus(Matrix2.one, $0, scale: -0.1), steps) }
      let exact = Matrix2.fixedPoint { Matrix2.times(power($0), Matrix2.times($0, power($0))) }
      #expect(QuadraticClients.distance(fixedPoint(configuration(.maml(.exact), steps: steps)), exact) < 1e-11)
      let first = Matrix2.fixedPoint { Matrix2.times($0, power($0)) }
      #expect(QuadraticClients.distance(fixedPoint(configuration(.maml(.dropped), steps: steps)), first) < 1e-11)
      #expect(QuadraticClients.distance(exact, first) > 0.01)
    }
  }

  /// Per-FedAvg with one local step is MAML; with more the user's map w ↦ P w + (I − P) c with P = (I − βM)^τ rests where Σ (I − P)(w − c) = 0.
  @Test func localStepsHaveTheirClosedForm() {
    let matrix: (Matrix2.Matrix) -> Matrix2.Matrix = {
      let inner = Matrix2.plus(Matrix2.one, $0, scale: -0.1)
      return Matrix2.times(inner, Matrix2.times($0, inner))
    }
    for (steps, expected) in [
      (1, [0.1796787679, 0.5832549538]),
      (4, Matrix2.fixedPoint { Matrix2.plus(Matrix2.one, Matrix2.power(Matrix2.plus(Matrix2.one, matrix($0), scale: -0.15), 4), scale: -1) }),
    ] {
      var configuration = configuration(.maml(.exact))
      configuration.hasCurvatureBatch = true
      var w = [0.0, 0]
      for _ in 0..<1500 {
        let users = (0..<3).map { client in
          var (task, rule, place, room) = (QuadraticTask(client), MetaGradient<Double>(configuration), w, [0.0, 0])
          rule.descend(&task, from: &place, steps: steps, rate: 0.15, direction: &room)
          return place
        }
        w = uniformMean(users)!
      }
      #expect(QuadraticClients.distance(w, expected) < 6e-11)
    }
  }

  /// MAML with a Hessian of zero is FOMAML, bit for bit.
  @Test func firstOrderIsMAMLWithoutTheHessian() {
    for steps in [1, 3] {
      var (flat, rule, result) = (QuadraticTask(0), MetaGradient<Double>(configuration(.maml(.exact), steps: steps)), [0.0, 0])
      flat.isFlat = true
      rule.evaluate(&flat, at: [0.3, -0.8], into: &result)
      var (task, first, other) = (QuadraticTask(0), MetaGradient<Double>(configuration(.maml(.dropped), steps: steps)), [0.0, 0])
      first.evaluate(&task, at: [0.3, -0.8], into: &other)
      #expect(result == other)
    }
  }

  /// A loss whose Hessian changes from place to place: Σ_i s_i (uᵀw)_i⁴ / 4 + cross terms, with other numbers on every batch.
  private struct QuarticTask: TaskGradients {
    let count = 3

    func loss(_ slot: BatchSlot, _ w: [Double]) -> Double {
      let s = 1 + 0.3 * Double(slot.step) + 0.5 * Double(slot.purpose.rawValue)
      let (a, b) = (w[0] * w[1] - s, w[1] + w[2] * w[2] - 0.2)
      return 0.5 * a * a + 0.25 * b * b * b * b + 0.1 * s * w[0] * w[2]
    }

    mutating func gradient(on slot: BatchSlot, at w: [Double], into gradient: inout [Double]) -> Double {
      let s = 1 + 0.3 * Double(slot.step) + 0.5 * Double(slot.purpose.rawValue)
      let (a, b) = (w[0] * w[1] - s, w[1] + w[2] * w[2] - 0.2)
      gradient = [a * w[1] + 0.1 * s * w[2], a * w[0] + b * b * b, 2 * b * b * b * w[2] + 0.1 * s * w[0]]
      return loss(slot, w)
    }

    mutating func hessianProduct(on slot: BatchSlot, at w: [Double], along v: [Double], into product: inout [Double]) {
      let s = 1 + 0.3 * Double(slot.step) + 0.5 * Double(slot.purpose.rawValue)
      let (a, b) = (w[0] * w[1] - s, w[1] + w[2] * w[2] - 0.2)
      let mixed = w[0] * w[1] + a
      product = [
        w[1] * w[1] * v[0] + mixed * v[1] + 0.1 * s * v[2],
        mixed * v[0] + (w[0] * w[0] + 3 * b * b) * v[1] + 6 * b * b * w[2] * v[2],
        0.1 * s * v[0] + 6 * b * b * w[2] * v[1] + (12 * b * b * w[2] * w[2] + 2 * b * b * b) * v[2],
      ]
    }
  }

  /// The meta-objective itself, written down, by finite differences; with all parameters adapted and with some.
  @Test func theDirectionIsTheDerivativeOfTheLossBehindTheSteps() {
    let w = [0.7, -0.4, 0.9]
    for ranges in [nil, [1..<3], [0..<1, 2..<3]] as [[Range<Int>]?] {
      for support in [SupportBatches.same, .fresh] {
        for hasQuery in [true, false] {
          var configuration = configuration(.maml(.exact), steps: 3, rate: 0.07)
          (configuration.support, configuration.hasQuery) = (support, hasQuery)
          let kept = ranges.map { ranges in (0..<3).map { i in ranges.contains { $0.contains(i) } } } ?? [true, true, true]
          let expected = FiniteDifference.gradient(at: w, step: 1e-5) { start in
            var (task, place, slope) = (QuarticTask(), start, [0.0, 0, 0])
            for step in 0..<3 {
              _ = task.gradient(on: BatchSlot(.support, step: support == .fresh ? step : 0), at: place, into: &slope)
              for i in 0..<3 where kept[i] { place[i] -= 0.07 * slope[i] }
            }
            let last = BatchSlot(.support, step: support == .fresh ? 2 : 0)
            return task.loss(hasQuery ? BatchSlot(.query) : last, place)
          }
          var (task, rule, result) = (QuarticTask(), MetaGradient<Double>(configuration, adapting: ranges), [0.0, 0, 0])
          rule.evaluate(&task, at: w, into: &result)
          #expect(QuadraticClients.distance(result, expected) < 1e-8)
        }
      }
    }
  }

  /// The Hessian-free variant differs from the exact one by a multiple of δ².
  @Test func theDifferenceApproachesTheExactHessian() {
    func direction(_ curvature: Curvature) -> [Double] {
      var (task, rule, result) = (QuarticTask(), MetaGradient<Double>(configuration(.maml(curvature), steps: 2, rate: 0.07)), [0.0, 0, 0])
      rule.evaluate(&task, at: [0.7, -0.4, 0.9], into: &result)
      return result
    }
    let exact = direction(.exact)
    let errors = [1e-1, 1e-2, 1e-3].map { QuadraticClients.distance(direction(.difference($0)), exact) }
    #expect(QuadraticClients.distance(direction(.dropped), exact) > 0.01)
    #expect(errors[0] < 1e-2 && abs(errors[0] / errors[1] - 100) < 10 && abs(errors[1] / errors[2] - 100) < 10)
  }

  /// Which batches an algorithm looks at: none twice where they are to be independent.
  @Test func batchesAreAskedForByName() {
    func asked(_ configuration: MetaConfiguration, local: Int? = nil) -> [BatchSlot] {
      var (task, rule, result, place) = (QuadraticTask(0), MetaGradient<Double>(configuration), [0.0, 0], [0.0, 0])
      if let local {
        rule.descend(&task, from: &place, steps: local, rate: 0.1, direction: &result)
      } else {
        rule.evaluate(&task, at: place, into: &result)
      }
      return task.asked
    }
    let (support, query, curvature) = (BatchPurpose.support, BatchPurpose.query, BatchPurpose.curvature)
    #expect(asked(.joint) == [BatchSlot(query)])
    #expect(asked(.maml) == [BatchSlot(support), BatchSlot(query), BatchSlot(support)])
    #expect(asked(.firstOrder) == [BatchSlot(support), BatchSlot(query)])
    #expect(asked(.reptile) == ([0, 1, 2, 3, 4, 4]).map { BatchSlot(support, step: $0) })
    var configuration = MetaConfiguration.maml
    (configuration.innerSteps, configuration.support) = (2, .fresh)
    #expect(
      asked(configuration) == [
        BatchSlot(support), BatchSlot(support, step: 1), BatchSlot(query), BatchSlot(support, step: 1), BatchSlot(support, step: 0),
      ])
    configuration = .maml
    configuration.hasCurvatureBatch = true
    let expected = (0..<3).flatMap { step in [support, query, curvature].map { BatchSlot($0, step: step) } }
    #expect(asked(configuration, local: 3) == expected && Set(expected).count == 9)
  }
}
