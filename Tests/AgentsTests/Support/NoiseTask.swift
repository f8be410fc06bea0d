import Agents
import Tensor

/// Observations without meaning, rewards that depend on actions, episodes that end and episodes that are cut off: what sums have to be right for.
struct NoiseTask: Environment {
  let specification: EnvironmentSpecification
  private var step = 0

  init(copies: Int = 2, agents: Int = 1, observationSize: Int = 3, actions: ActionSpace) {
    specification = EnvironmentSpecification(copies: copies, agents: agents, observationSize: observationSize, actions: actions)
  }

  private func draw(_ index: Int, into numbers: inout [Float]) {
    RandomStream(seed: 77, purpose: .environment, index: index).fill(&numbers, with: .normal, step: step)
  }

  mutating func reset(into batch: inout StepBatch) {
    step += 1
    draw(0, into: &batch.observations)
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    step += 1
    draw(0, into: &batch.observations)
    draw(1, into: &batch.finalObservations)
    draw(2, into: &batch.rewards)
    let (parts, dimensions) = (specification.actions.choices.count, specification.actions.bounds.count)
    let size = specification.agents * specification.observationSize
    for row in batch.rewards.indices {
      for part in 0..<parts { batch.rewards[row] += Float(actions.choices[row * parts + part]) }
      for d in 0..<dimensions { batch.rewards[row] -= actions.values[row * dimensions + d] }
    }
    for copy in 0..<specification.copies {
      batch.terminated[copy] = (step + copy) % 5 == 4
      batch.truncated[copy] = (step + 2 * copy) % 7 == 3
      if batch.terminated[copy] || batch.truncated[copy] { continue }
      // Within an episode the successor is the next observation.
      for i in (copy * size)..<((copy + 1) * size) { batch.finalObservations[i] = batch.observations[i] }
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("step", &step) }
}
