import Agents
import Foundation
import Tensor
import TestSupport
import Testing

/// Episodes and returns that the Python package mpe2 made; `Resources/particle_reference.json` names its origin.
struct ParticleReference: Decodable {
  struct Episode: Decodable {
    let task: String
    let agents: Int
    let order: String
    let continuous: Bool
    let steps: Int
    let goal: Int?
    let positions, velocities, landmarks: [Double]
    let first: [Float]
    /// `[T, A]`, or `[T, A, 5]` numbers.
    let actions: [Float]
    /// `[T, A, D]`
    let observations: [Float]
    /// `[T, A]`
    let rewards, openAIRewards: [Float]
  }
  struct Returns: Decodable {
    let task, policy, order: String
    let mean, standardError: Double
    let episodes: Int
  }
  let origin: String
  let episodes: [Episode]
  let returns: [Returns]

  static func load() throws -> ParticleReference {
    let url = Bundle.module.url(forResource: "particle_reference", withExtension: "json", subdirectory: "Resources")!
    return try JSONDecoder().decode(ParticleReference.self, from: Data(contentsOf: url))
  }

  static func physics(_ name: String) -> ParticlePhysics { name == "mpe2" ? .mpe2 : .openAI }
}

extension ParticleReference.Episode {
  /// Plays the recorded actions and compares what is seen and paid.
  ///
  /// - Parameters:
  ///   - rewards: The recorded rewards in the task's unit. `[T, A]`
  ///   - convert: Changes a batch of recorded actions into the task's.
  func replay<Task: Environment>(
    in task: inout Task, first batch: inout StepBatch, rewards: [Float], convert: (ActionBatch) -> ActionBatch = { $0 },
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let specification = task.specification
    let size = agents * specification.observationSize
    // Both compute in double precision and round to single; the contact force is stiff, so that a last bit may grow a little.
    func close(_ a: [Float], _ b: ArraySlice<Float>) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) <= 2e-6 * max(1, abs($1)) } && a.count == b.count }
    #expect(close(batch.observations, first[...]), sourceLocation: sourceLocation)
    let numbers = continuous ? 5 : 1
    for step in 0..<steps {
      let recorded = Array(actions[(step * agents * numbers)..<((step + 1) * agents * numbers)])
      var chosen = ActionBatch(for: EnvironmentSpecification(copies: 1, agents: agents, observationSize: 1, actions: ActionSpace()))
      if continuous { chosen.values = recorded } else { chosen.choices = recorded.map { Int32($0) } }
      task.step(convert(chosen), into: &batch)
      #expect(close(batch.finalObservations, observations[(step * size)..<((step + 1) * size)]), "step \(step)", sourceLocation: sourceLocation)
      #expect(close(batch.rewards, rewards[(step * agents)..<((step + 1) * agents)]), "step \(step)", sourceLocation: sourceLocation)
      #expect(batch.truncated == [false] && batch.terminated == [false], sourceLocation: sourceLocation)
    }
  }
}

/// Whether two means agree within 5.5 standard errors: normal numbers miss that less than once in 2 · 10⁷ trials.
func agree(_ returns: [Double], with reference: ParticleReference.Returns) -> Bool {
  let mean = returns.reduce(0, +) / Double(returns.count)
  let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count - 1)
  let error = (variance / Double(returns.count) + reference.standardError * reference.standardError).squareRoot()
  return abs(mean - reference.mean) < 5.5 * error
}

@Suite struct ParticleWorldTests {
  @Test func discreteMovesGoWhereTheyAreNamed() {
    for (choice, x, y) in [(0, 0, 0), (1, -1, 0), (2, 1, 0), (3, 0, -1), (4, 0, 1)] as [(Int32, Float, Float)] {
      var task = SimpleSpread(agents: 1, copies: 1, seed: 1, physics: .openAI)
      var batch = StepBatch(for: task.specification)
      task.place(copy: 0, positions: [0, 0], velocities: [0, 0], landmarks: [1, 1], observations: &batch.observations)
      var actions = ActionBatch(for: task.specification)
      actions.choices = [choice]
      task.step(actions, into: &batch)
      // F Δ = 0.5 and x = v Δ.
      let expected: [Float] = [0.5 * x, 0.5 * y, 0.05 * x, 0.05 * y]
      #expect(zip(batch.observations, expected).allSatisfy { abs($0 - $1) < 1e-7 })
    }
  }

  @Test func bodiesInOnePlaceStayFinite() {
    var task = SimpleSpread(agents: 2, copies: 1, seed: 1)
    var batch = StepBatch(for: task.specification)
    task.place(copy: 0, positions: [0, 0, 0, 0], velocities: [0, 0, 0, 0], landmarks: [1, 1, 0, 0], observations: &batch.observations)
    task.step(ActionBatch(for: task.specification), into: &batch)
    #expect(batch.observations.allSatisfy(\.isFinite) && batch.rewards.allSatisfy(\.isFinite))
  }
}
