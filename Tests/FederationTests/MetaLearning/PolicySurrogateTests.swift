import Federation
import Tensor
import TestSupport
import Testing

@Suite struct PolicySurrogateTests {
  private let place: [Float] = [0.4, -0.3, 0.2, 0.9, -0.7, 0.1]
  private let direction: [Float] = [0.5, -1, 0.7, 0.2, -0.4, 1.1]
  private var doubles: [Double] { place.map { Double($0) } }
  private static let baseline: [Float] = [0.8, 0.8, -0.6, -0.6, 1.5, 1.5]

  /// Gradient and Hessian product of a surrogate's loss, at the place where its data were drawn.
  private func derivatives(_ family: ChoiceFamily, task: Int = 0) -> (gradient: [Double], product: [Double]) {
    let tasks = TapeTasks(family, TwoStepChoice.layout, tasks: 1, isStacked: false, steps: 1)
    tasks.begin([task], iteration: 0)
    var (gradient, product) = ([Float](repeating: 0, count: 6), [Float](repeating: 0, count: 6))
    tasks.gradient(on: BatchSlot(.support), at: place, into: &gradient)
    tasks.hessianProduct(on: BatchSlot(.support), at: place, along: direction, into: &product)
    return (gradient.map { Double($0) }, product.map { Double($0) })
  }

  private func exactGradient(_ steps: Int) -> [Double] {
    FiniteDifference.gradient(at: doubles) { -TwoStepChoice(steps: steps).expectedReturn($0) }
  }

  private func exactProduct(_ steps: Int) -> [Double] {
    FiniteDifference.hessianProduct(at: doubles, along: direction.map { Double($0) }) { -TwoStepChoice(steps: steps).expectedReturn($0) }
  }

  /// −E[Σ_t γᵗ A_t ∇x_t (∇x_t · v)] and the like, by enumeration: what the ordinary surrogate's Hessian lacks. With all of a course's choices
  /// before t for the rewards of step t it is −E[Σ_t γᵗ r_t ∇ ln p_t (∇ ln p_t · v)].
  private func missingTerm(_ steps: Int) -> [Double] {
    let process = TwoStepChoice(steps: steps)
    var result = [Double](repeating: 0, count: 6)
    for course in process.courses {
      let probability = process.probability(of: course, doubles)
      var slope = [Double](repeating: 0, count: 6)
      for (step, choice) in course.enumerated() {
        // ∇ ln π = e_a − π within the state.
        for other in [choice, choice ^ 1] { slope[other] += (other == choice ? 1 : 0) - TwoStepChoice.probability(other, doubles) }
        let along = zip(slope, direction).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        let weight = probability * (step == 0 ? 1 : TwoStepChoice.discount) * TwoStepChoice.reward(choice)
        for i in 0..<6 { result[i] -= weight * slope[i] * along }
      }
    }
    return result
  }

  private static let unbiased: [(PolicySurrogate.Kind, [Float]?)] = [(.dice, nil), (.dice, baseline), (.loaded(1), nil), (.loaded(1), baseline)]

  /// Every surrogate has the policy gradient; numbers below 2 in single precision.
  @Test func allHaveTheExactGradient() {
    for steps in [1, 2] {
      for (kind, baseline) in Self.unbiased + [(.ordinary, nil), (.ordinary, Self.baseline), (.loaded(0), nil), (.loaded(0.5), Self.baseline)] {
        let gradient = derivatives(ChoiceFamily(steps: steps, kind, baseline: baseline)).gradient
        #expect(QuadraticClients.distance(gradient, exactGradient(steps)) < 1e-6)
      }
    }
  }

  /// DiCE and loaded DiCE have the Hessian of the expected return, with a baseline and without; the ordinary surrogate lacks exactly the known term.
  @Test func theHessianIsExactOrLacksTheKnownTerm() {
    for steps in [1, 2] {
      let exact = exactProduct(steps)
      for (kind, baseline) in Self.unbiased {
        #expect(QuadraticClients.distance(derivatives(ChoiceFamily(steps: steps, kind, baseline: baseline)).product, exact) < 2e-6)
      }
      let ordinary = derivatives(ChoiceFamily(steps: steps, .ordinary)).product
      let missing = missingTerm(steps)
      #expect(QuadraticClients.distance(zip(ordinary, missing).map { $0 + $1 }, exact) < 2e-6)
      #expect(QuadraticClients.distance(ordinary, exact) > 0.1)
      // The low-variance surrogate is exact for one step and biased for more.
      let lowVariance = QuadraticClients.distance(derivatives(ChoiceFamily(steps: steps, .loaded(0))).product, exact)
      #expect(steps == 1 ? lowVariance < 2e-6 : lowVariance > 0.05)
    }
  }

  /// MAML on the expected return, one and two inner steps, against finite differences of J(θ + α ∇J(θ) …) by enumeration in `Double`.
  @Test func theMetaGradientThroughDiCEIsExactAndThroughTheOrdinarySurrogateIsNot() {
    for (steps, inner) in [(1, 1), (2, 1), (2, 2)] {
      let process = TwoStepChoice(steps: steps)
      let rate = 0.5
      let expected = FiniteDifference.gradient(at: doubles, step: 1e-4) { start in
        var logits = start
        for _ in 0..<inner {
          let slope = FiniteDifference.gradient(at: logits, step: 1e-5) { process.expectedReturn($0) }
          for i in 0..<6 { logits[i] += rate * slope[i] }
        }
        return -process.expectedReturn(logits)
      }
      var configuration = MetaConfiguration.maml
      (configuration.innerSteps, configuration.innerRate, configuration.support) = (inner, rate, .fresh)
      func direction(_ family: ChoiceFamily) -> [Double] {
        var tasks = TapeTasks(family, TwoStepChoice.layout, tasks: 1, isStacked: false, steps: inner)
        var (rule, result) = (MetaGradient<Float>(configuration), [Float](repeating: 0, count: 6))
        rule.evaluate(&tasks, at: place, into: &result)
        return result.map { Double($0) }
      }
      for (kind, baseline) in Self.unbiased {
        #expect(QuadraticClients.distance(direction(ChoiceFamily(steps: steps, kind, baseline: baseline)), expected) < 5e-6)
      }
      #expect(QuadraticClients.distance(direction(ChoiceFamily(steps: steps, .ordinary)), expected) > 0.01)
    }
  }

  /// A difference of two gradients cannot see that the data depend on the policy: through DiCE it gives what the ordinary surrogate gives exactly. In
  /// single precision the difference keeps about 1e-7 / δ = 1e-5, and δ² is 1e-4 of a third derivative.
  @Test func differencesOfGradientsAreBiased() {
    func direction(_ kind: PolicySurrogate.Kind, _ curvature: Curvature) -> [Double] {
      var configuration = MetaConfiguration.maml
      (configuration.algorithm, configuration.innerRate, configuration.support) = (.maml(curvature), 0.5, .fresh)
      var tasks = TapeTasks(ChoiceFamily(steps: 2, kind), TwoStepChoice.layout, tasks: 1, isStacked: false, steps: 1)
      var (rule, result) = (MetaGradient<Float>(configuration), [Float](repeating: 0, count: 6))
      rule.evaluate(&tasks, at: place, into: &result)
      return result.map { Double($0) }
    }
    let differences = direction(.dice, .difference(0.01))
    #expect(QuadraticClients.distance(differences, direction(.ordinary, .exact)) < 2e-4)
    #expect(QuadraticClients.distance(differences, direction(.dice, .exact)) > 0.01)
  }

  /// Sampled courses: the mean of 200 Hessian products of 100 courses each lies within 6.5 of its own standard errors of the exact one (Student's t
  /// of 199 degrees exceeds that with a probability of 1e-9), and that of the ordinary surrogate does not.
  @Test func sampledDerivativesAreUnbiased() {
    func deviation(_ kind: PolicySurrogate.Kind, _ baseline: [Float]?) -> Double {
      let exact = exactProduct(2)
      let products = (0..<200).map { derivatives(ChoiceFamily(steps: 2, kind, baseline: baseline, samples: 100), task: $0).product }
      return (0..<6).map { i in
        let values = products.map { $0[i] }
        let mean = values.reduce(0, +) / 200
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
        return abs(mean - exact[i]) / (variance / 200).squareRoot()
      }.max()!
    }
    #expect(deviation(.dice, nil) < 6.5 && deviation(.loaded(1), Self.baseline) < 6.5)
    #expect(deviation(.ordinary, nil) > 20)
  }

  /// What the surrogates say in plain numbers, for one episode of three steps.
  @Test func valuesAreReturnsOrZero() {
    let tape = Tape()
    let x = tape.constant([-0.5, -1, -0.25], shape: [1, 3])
    let rewards = tape.constant([1, 2, 4], shape: [1, 3])
    func value(_ kind: PolicySurrogate.Kind) -> Float {
      PolicySurrogate(kind, horizon: 3, discount: 0.5)(logProbabilities: x, rewards: rewards, on: tape).number
    }
    #expect(value(.dice) == 3)
    #expect(value(.loaded(1)) == 0 && value(.loaded(0.25)) == 0)
    // R = (3, 4, 4)
    // −0.5 · 3 − 0.5 · 1 · 4 − 0.25 · 0.25 · 4
    #expect(value(.ordinary) == -3.75)
    #expect(magicBox(x).array == [1, 1, 1])
  }

  /// Episodes under leading axes are episodes by themselves.
  @Test func leadingAxesAreKept() {
    let tape = Tape()
    let x = tape.constant((0..<12).map { -0.1 * Float($0 + 1) }, shape: [2, 3, 2])
    let rewards = tape.constant((0..<12).map { Float($0 % 5) }, shape: [2, 3, 2])
    let surrogate = PolicySurrogate(.ordinary, horizon: 2, discount: 1)
    let together = surrogate(logProbabilities: x, rewards: rewards, on: tape)
    #expect(together.shape == [2, 3, 1])
    let flat = surrogate(logProbabilities: x.reshaped([6, 2]), rewards: rewards.reshaped([6, 2]), on: tape)
    #expect(together.array == flat.array)
  }
}
