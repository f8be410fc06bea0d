import Tensor

/// A one-step task with hybrid actions and an exact answer, for several agents that share one reward.
///
/// Each agent sees a number x uniform in [−1, 1] and does two things at once: a discrete choice k of 2 and a number u of [−1, 1]. All agents
/// receive
///
///     r = (1/A) Σ_a (1[k_a = 1[x_a > 0]] − (u_a − x_a)²)
///
/// so that every agent is paid for what the others do as well, which is noise to it. The optimum is 1; the best constant (k, 0) has
/// 1/2 − 1/3 = 1/6, uniformly random actions 1/2 − 2/3 = −1/6. The episode terminates after its step.
///
/// Metrics: the share of right choices, and the mean of (u − x)².
public struct HybridCoordination: Environment {
  public let specification: EnvironmentSpecification
  private let seed: UInt64
  private let firstCopy: Int
  /// `[E, A]`
  private var seen: [Float]
  /// Steps taken so far, which name the random numbers.
  private var draws = 0

  /// The best return.
  public static let optimum = 1.0

  /// - Parameters:
  ///   - agents: A
  ///   - copies: E
  ///   - seed: Of the numbers x.
  ///   - firstCopy: The number of the first copy: copy c draws from stream firstCopy + c.
  public init(agents: Int = 2, copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    precondition(agents >= 1 && copies >= 1, "HybridCoordination: \(agents) agents, \(copies) copies")
    specification = EnvironmentSpecification(
      copies: copies, agents: agents, observationSize: 1, actions: ActionSpace(choices: [2], bounds: [-1...1]),
      metrics: ["rightChoices", "squaredError"])
    self.seed = seed
    self.firstCopy = firstCopy
    seen = Array(repeating: 0, count: copies * agents)
  }

  private mutating func draw(into observations: inout [Float]) {
    let agents = specification.agents
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: draws)
      for row in (copy * agents)..<((copy + 1) * agents) {
        seen[row] = Float(generator.uniform(-1, 1))
        observations[row] = seen[row]
      }
    }
    draws &+= 1
  }

  public mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let agents = specification.agents
    for copy in 0..<specification.copies {
      let rows = (copy * agents)..<((copy + 1) * agents)
      var (right, error): (Float, Float) = (0, 0)
      for row in rows {
        if (actions.choices[row] == 1) == (seen[row] > 0) { right += 1 }
        let difference = actions.values[row] - seen[row]
        error += difference * difference
      }
      right /= Float(agents)
      error /= Float(agents)
      for row in rows {
        batch.rewards[row] = right - error
        batch.finalObservations[row] = seen[row]
      }
      (batch.metrics[2 * copy], batch.metrics[2 * copy + 1]) = (right, error)
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    draw(into: &batch.observations)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("draws", &draws)
    try archive.array("seen", &seen)
    guard draws >= 0, seen.allSatisfy({ abs($0) <= 1 }) else { throw archive.failure("the state of the hybrid task is out of range") }
  }
}
