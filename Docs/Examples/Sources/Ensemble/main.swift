import Foundation
import Tensor

// Five networks of one architecture learn the same function from different beginnings, stepped as one.
let network = Network([.dense(2, 32, .tanh), .layerNorm(32), .heads([Network([.dense(32, 1)]), Network([.dense(32, 1, .softplus)])])])
print(network)

let models = 5
let rows = 64
var ensemble = network.initialized(.orthogonal(gain: 1), copies: models, from: RandomStream(seed: 1, purpose: .initialization))
var optimizer = AdamW(count: ensemble.count, learningRate: 0, weightDecay: 1e-4)
let rate = LearningRateSchedule.warmUp(50, then: .cosine(from: 0.01, to: 1e-4, over: 1500))
let data = RandomStream(seed: 2, purpose: .environment)
let tape = Tape()
var gradient = Tensor(zeros: [ensemble.count])
var loss: Float = 0

for step in 0..<1500 {
  // Every model sees rows of its own: [models, rows, 2]. The noise is larger where the first input is.
  var inputs = [Float](repeating: 0, count: models * rows * 2)
  var noise = [Float](repeating: 0, count: models * rows)
  data.fill(&inputs, with: .uniform, step: 2 * step)
  data.fill(&noise, with: .normal, step: 2 * step + 1)
  let targets = (0..<models * rows).map { i -> Float in
    let (x, y) = (inputs[2 * i], inputs[2 * i + 1])
    return x * y + (0.05 + 0.2 * x) * noise[i]
  }
  optimizer.learningRate = rate.rate(at: step)
  loss = tape.gradient(of: ensemble, into: &gradient) { parameters in
    let output = network(tape.constant(inputs, shape: [models, rows, 2]), parameters)
    let (mean, deviation) = (output.columns(0..<1), output.columns(1..<2) + 1e-3)
    let error = (tape.constant(targets, shape: [models, rows, 1]) - mean) / deviation
    // The negative logarithm of the normal density, without its constant.
    return (error.squared() * 0.5 + deviation.log()).mean()
  }
  let (scale, _) = clippingScale(gradient, maximumNorm: 5)
  optimizer.update(&ensemble, along: gradient, scale: scale)
}

// Each model can be taken out and used alone. At (1, 0.5) the mean is 0.5 and the deviation 0.25.
var workspace = Workspace()
var worst: Float = 0
for model in 0..<models {
  let input: [Float] = [1, 0.5]
  var output: [Float] = [0, 0]
  var span = output.mutableSpan
  network.evaluate(input.span, rows: 1, ensemble[copy: model], into: &span, workspace: &workspace)
  print("model \(model): mean \(output[0]), deviation \(output[1])")
  worst = max(worst, abs(output[0] - 0.5), abs(output[1] - 0.25))
}
print("loss \(loss), worst error \(worst)")
exit(worst < 0.1 ? 0 : 1)
