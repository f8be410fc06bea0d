import Agents
import Tensor

/// A walk on a line with three moves, whose episodes end by chance: some terminate, others are cut off.
///
/// It has no secret to learn. What a learner makes of it can be computed by hand.
struct WalkTask: Environment {
  let specification: EnvironmentSpecification
  private let seed: UInt64
  private var step = 0
  private var places: [Float]

  init(copies: Int = 1, seed: UInt64 = 1) {
    specification = EnvironmentSpecification(copies: copies, agents: 1, observationSize: 3, actions: .discrete(3))
    self.seed = seed
    places = Array(repeating: 0, count: copies)
  }

  private func show(_ copy: Int, in observations: inout [Float]) {
    let x = places[copy]
    observations[3 * copy] = x
    observations[3 * copy + 1] = 0.5 * x * x - 1
    observations[3 * copy + 2] = x > 0 ? 1 : -0.5
  }

  mutating func reset(into batch: inout StepBatch) {
    for copy in places.indices {
      places[copy] = 0
      show(copy, in: &batch.observations)
    }
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in places.indices {
      var generator = RandomStream(seed: seed, purpose: .environment, index: copy).generator(step: step)
      let move = Float(actions.choices[copy] - 1)
      places[copy] = 0.8 * places[copy] + 0.7 * move + Float(generator.uniform(-0.2, 0.2))
      batch.rewards[copy] = 2 * places[copy] + move
      show(copy, in: &batch.finalObservations)
      let chance = generator.uniform()
      batch.terminated[copy] = chance < 0.15
      batch.truncated[copy] = chance > 0.85
      if chance < 0.15 || chance > 0.85 { places[copy] = Float(generator.uniform(-1, 1)) }
      show(copy, in: &batch.observations)
    }
    step += 1
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("places", &places)
  }
}
