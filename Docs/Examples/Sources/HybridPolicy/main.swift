import Foundation
import Tensor

// Learns which of two channels to take and with how much power, by the gradient of the policy (Williams 1992).
//
// A signal s in (−1, 1) is seen; the right channel is 1 where s > 0, and the right power is s/2. The reward is −(x − s/2)², and one more for
// the right channel.

let layout = HybridLayout(choices: [2], dimensions: 1, isPerChoice: true, logDeviations: -3...1)
let network = Network(widths: [1, 32, layout.width], activation: .tanh)
var parameters = network.initialized(.glorotUniform, from: RandomStream(seed: 1, purpose: .initialization))
var optimizer = Adam(count: parameters.count, learningRate: 5e-3)
var gradient = Tensor(zeros: [parameters.count])

let rows = 128
let signals = RandomStream(seed: 1, purpose: .environment)
let exploration = RandomStream(seed: 1, purpose: .exploration)
var signal = [Float](repeating: 0, count: rows)
var output = [Float](repeating: 0, count: rows * layout.width)
var channels = [Int32](repeating: 0, count: rows)
var powers = [Float](repeating: 0, count: rows)
var logProbabilities = [Float](repeating: 0, count: rows)
var workspace = Workspace()
let tape = Tape()
var mean: Float = 0

for step in 0...1500 {
  signals.fill(&signal, with: .uniform, step: step)
  for row in 0..<rows { signal[row] = 2 * signal[row] - 1 }

  // Acting needs no tape.
  var outputSpan = output.mutableSpan
  network.evaluate(signal.span, rows: rows, parameters, into: &outputSpan, workspace: &workspace)
  var channelSpan = channels.mutableSpan
  var powerSpan = powers.mutableSpan
  var logSpan = logProbabilities.mutableSpan
  layout.sample(
    output: output.span, from: exploration, step: step, choices: &channelSpan, values: &powerSpan, logProbabilities: &logSpan)

  let rewards = (0..<rows).map { row in
    let distance = powers[row] - signal[row] / 2
    return (channels[row] == (signal[row] > 0 ? 1 : 0) ? 1 : 0) - distance * distance
  }
  mean = rewards.reduce(0, +) / Float(rows)
  let advantages = rewards.map { $0 - mean }

  tape.gradient(of: parameters, into: &gradient) { parameters in
    let policy = layout.distribution(of: network(tape.constant(signal, shape: [rows, 1]), parameters))
    let logProbability = policy.logProbability(of: channels.span, values: tape.constant(powers, shape: [rows, 1]))
    return -(logProbability * tape.constant(advantages, shape: [rows, 1])).mean()
  }
  optimizer.update(&parameters, along: gradient)
  if step.isMultiple(of: 300) { print("step \(step): mean reward \(mean)") }
}

guard mean > 0.9 else {
  print("HybridPolicy: the mean reward should end above 0.9, of 1 at most")
  exit(1)
}
