import Federation
import Foundation
import Tensor

// MAML: one network that a single gradient step on five measured points turns into any line.

/// A task is a line y = a x + b with a and b in ±2. It is measured at five places, with noise, and asked for anywhere.
struct Lines: TaskFamily {
  let network = Network(widths: [1, 32, 32, 1], activation: .tanh)

  struct Batch {
    var inputs: [Float] = []
    var targets: [Float] = []
  }

  func makeBatch() -> Batch { Batch() }

  func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Batch) {
    let stream = RandomStream(seed: 1, purpose: .environment, index: request.tasks[0])
    // Step 0 of the task's stream is the task itself, every batch has a step of its own.
    var line = stream.generator(step: 0)
    let (slope, shift) = (line.uniform(-2, 2), line.uniform(-2, 2))
    var generator = stream.generator(step: 1 + request.number)
    let points = (0..<5).map { request.slot.purpose == .support ? 0.5 * Double($0) - 1 : generator.uniform(-1, 1) }
    batch.inputs = points.map { Float($0) }
    batch.targets = points.map { Float(slope * $0 + shift + 0.05 * generator.normal()) }
  }

  func losses(of batch: Batch, _ parameters: PlacedParameters, on tape: Tape) -> Variable {
    meanSquaredError(network(tape.constant(batch.inputs, shape: [5, 1]), parameters), tape.constant(batch.targets, shape: [5, 1]))
  }
}

let family = Lines()
var configuration = MetaConfiguration.maml
configuration.innerRate = 0.1
configuration.tasks = .fresh(10)
let start = family.network.initialized(.glorotUniform, from: RandomStream(seed: 2, purpose: .initialization))
var learner = MetaLearner(family, start, configuration, Adam(count: start.count, learningRate: 3e-3), seed: 3, threads: 2)
for iteration in 1...1500 {
  let losses = learner.advance()
  if iteration.isMultiple(of: 500) { print("iteration \(iteration): \(losses.before) before a step, \(losses.after) behind it") }
}

// Lines that training has never seen.
let unseen = TaskAdaptation(family, configuration)
for (name, parameters) in [("untrained", start), ("trained", learner.parameters)] {
  let losses = unseen.meanLosses(from: parameters, tasks: 1_000_000..<1_000_500, steps: 3)
  print("\(name): \(losses.map { String(format: "%.3f", $0) }.joined(separator: ", ")) behind 0, 1, 2, 3 steps")
}
let behindOneStep = unseen.meanLosses(from: learner.parameters, tasks: 1_000_000..<1_000_500, steps: 1)[1]
exit(behindOneStep < 0.01 ? 0 : 1)
