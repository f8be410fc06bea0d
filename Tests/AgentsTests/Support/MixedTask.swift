import Agents
import Tensor

/// Each agent sees one number of [−1, 1] for each component of its action. A choice of K is right if it names the K-th of the range in which its
/// number lies; a continuous component should be its number, in units of half its range around the middle. An agent is paid the mean over
/// components of 1 for what is right and 1 − (u − x)², so that 1 is the most. Every step is an episode of its own.
struct MixedTask: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var seen: [Float]

  init(_ space: ActionSpace, agents: Int = 2, copies: Int = 1, seed: UInt64 = 1) {
    let size = space.choices.count + space.bounds.count
    specification = EnvironmentSpecification(copies: copies, agents: agents, observationSize: size, actions: space, metrics: ["reward"])
    self.seed = seed
    seen = Array(repeating: 0, count: copies * agents * size)
  }

  private mutating func draw(into observations: inout [Float]) {
    let width = specification.agents * specification.observationSize
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .environment, index: copy).generator(step: step)
      for i in (copy * width)..<((copy + 1) * width) { seen[i] = Float(generator.uniform(-1, 1)) }
    }
    for i in 0..<seen.count { observations[i] = seen[i] }
    step += 1
  }

  mutating func reset(into batch: inout StepBatch) { draw(into: &batch.observations) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let (space, size, agents) = (specification.actions, specification.observationSize, specification.agents)
    for copy in 0..<specification.copies {
      batch.metrics[copy] = 0
      for row in (copy * agents)..<((copy + 1) * agents) {
        var sum: Float = 0
        for c in 0..<space.choices.count {
          let count = space.choices[c]
          let right = min(Int((seen[row * size + c] + 1) / 2 * Float(count)), count - 1)
          sum += Int(actions.choices[row * space.choices.count + c]) == right ? 1 : 0
        }
        for v in 0..<space.bounds.count {
          let range = space.bounds[v]
          let half = (range.upperBound - range.lowerBound) / 2
          let unit = (actions.values[row * space.bounds.count + v] - range.lowerBound) / half - 1
          let error = unit - seen[row * size + space.choices.count + v]
          sum += 1 - error * error
        }
        batch.rewards[row] = sum / Float(size)
        batch.metrics[copy] += batch.rewards[row] / Float(agents)
      }
      (batch.terminated[copy], batch.truncated[copy]) = (true, false)
    }
    draw(into: &batch.observations)
    for i in 0..<seen.count { batch.finalObservations[i] = batch.observations[i] }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("seen", &seen)
  }
}
