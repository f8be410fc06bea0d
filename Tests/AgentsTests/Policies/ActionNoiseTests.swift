import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct ActionNoiseTests {
  private static let ends = EnvironmentSpecification(copies: 2, agents: 1, observationSize: 1, actions: .continuous(-1...1, 0...4))

  /// The noise of each step for one place, added to outputs of ½.
  private func run(_ noise: inout BehaviourNoise, steps: Int, place: Int, count: Int) -> [Double] {
    (0..<steps).map { step in
      var outputs = [Float](repeating: 0.5, count: count)
      noise.add(to: &outputs, step: step)
      return Double(outputs[place]) - 0.5
    }
  }

  @Test func normalNoiseHasItsDeviation() {
    var noise = BehaviourNoise(.gaussian(deviation: 0.2), copies: 1, size: 1, seed: 3)
    let values = run(&noise, steps: 4000, place: 0, count: 1)
    #expect(KolmogorovSmirnov.agrees(values.map { $0 / 0.2 }, with: KolmogorovSmirnov.normal))
    // Neighbours in time: the mean product of 4000 pairs has the deviation 0.0158 in units of the variance.
    #expect(abs(Moments.meanProduct(values, Array(values.dropFirst())) / 0.04) < 0.087)
  }

  /// The numbers are those of the noise without a schedule, times the deviation of the step.
  @Test func theDeviationFollowsItsSchedule() {
    var still = BehaviourNoise(.gaussian(deviation: 1), copies: 1, size: 2, seed: 3)
    var moving = BehaviourNoise(.annealedGaussian(deviation: LinearSchedule(from: 0.4, to: 0.1, over: 3, after: 2)), copies: 1, size: 2, seed: 3)
    let (plain, scaled) = (run(&still, steps: 7, place: 1, count: 2), run(&moving, steps: 7, place: 1, count: 2))
    for (step, deviation) in [0.4, 0.4, 0.4, 0.3, 0.2, 0.1, 0.1].enumerated() { #expect(abs(scaled[step] - deviation * plain[step]) < 1e-6) }
  }

  @Test func noNoiseChangesNothing() {
    var noise = BehaviourNoise(.none, copies: 2, size: 1, seed: 3)
    #expect(run(&noise, steps: 3, place: 1, count: 2) == [0, 0, 0])
  }

  @Test func theProcessIsItsEquation() {
    var noise = BehaviourNoise(.ornsteinUhlenbeck(reversion: 0.3, deviation: 0.5, interval: 0.25), copies: 2, size: 3, seed: 3)
    var x = 0.0
    for step in 0..<50 {
      var outputs = [Float](repeating: 0, count: 6)
      noise.add(to: &outputs, step: step)
      var normal = [Float](repeating: 0, count: 3)
      RandomStream(seed: 3, purpose: .exploration, index: 1).fill(&normal, with: .normal, step: step)
      x += -0.3 * x * 0.25 + 0.5 * 0.5 * Double(normal[2])
      #expect(abs(Double(outputs[5]) - x) < 1e-6)
    }
  }

  @Test func theProcessReachesItsVariance() {
    let (theta, sigma) = (0.15, 0.2)
    var noise = BehaviourNoise(.ornsteinUhlenbeck(), copies: 2000, size: 1, seed: 5)
    var outputs = [Float](repeating: 0, count: 2000)
    for step in 0..<60 {
      outputs = Array(repeating: 0, count: 2000)
      noise.add(to: &outputs, step: step)
    }
    // Started at 0 it has, behind n steps, the share 1 − (1 − θ)²ⁿ of its variance: all but 3 · 10⁻⁹ of it.
    let deviation = sigma / (theta * (2 - theta)).squareRoot()
    #expect(KolmogorovSmirnov.agrees(outputs.map { Double($0) / deviation }, with: KolmogorovSmirnov.normal))
    // One step later the share 1 − θ is left: of 2000 pairs the mean product deviates by at most 5.5 · √(1 + ρ²) / √2000.
    let before = outputs.map { Double($0) / deviation }
    outputs = Array(repeating: 0, count: 2000)
    noise.add(to: &outputs, step: 60)
    let after = outputs.map { Double($0) / deviation }
    #expect(abs(Moments.meanProduct(before, after) - (1 - theta)) < 0.165)
  }

  @Test func theProcessStartsAgainWithAnEpisode() throws {
    var noise = BehaviourNoise(.ornsteinUhlenbeck(), copies: 2, size: 2, seed: 3)
    _ = run(&noise, steps: 4, place: 0, count: 4)
    var batch = StepBatch(for: Self.ends)
    noise.follow(batch)
    let state = noise.state
    #expect(state.allSatisfy { $0 != 0 })
    batch.truncated[1] = true
    noise.follow(batch)
    #expect(noise.state == [state[0], state[1], 0, 0])
    batch.truncated[1] = false
    batch.terminated[0] = true
    noise.follow(batch)
    #expect(noise.state == [0, 0, 0, 0])
  }

  @Test func theStateOfTheProcessIsSaved() throws {
    var noise = BehaviourNoise(.ornsteinUhlenbeck(), copies: 1, size: 2, seed: 3)
    _ = run(&noise, steps: 4, place: 0, count: 2)
    let saved = try SavedLearner(&noise)
    var other = BehaviourNoise(.ornsteinUhlenbeck(), copies: 1, size: 2, seed: 3)
    try saved.restore(&other)
    var (a, b): ([Float], [Float]) = ([0, 0], [0, 0])
    noise.add(to: &a, step: 4)
    other.add(to: &b, step: 4)
    #expect(a == b && noise.state == other.state)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = BehaviourNoise(.gaussian(deviation: -1), copies: 1, size: 1, seed: 1) }
    await #expect(processExitsWith: .failure) {
      _ = BehaviourNoise(.ornsteinUhlenbeck(reversion: 3, deviation: 1, interval: 1), copies: 1, size: 1, seed: 1)
    }
  }
}
