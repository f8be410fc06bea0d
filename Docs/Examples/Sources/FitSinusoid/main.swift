import Foundation
import Tensor

// Fits sin(x) on [−π, π] with two hidden layers of 32 tanh units.

let network = Network(widths: [1, 32, 32, 1], activation: .tanh)
var parameters = network.initialized(.glorotUniform, from: RandomStream(seed: 1, purpose: .initialization))
var optimizer = Adam(count: parameters.count, learningRate: 5e-3)
var gradient = Tensor(zeros: [parameters.count])

let points = (0..<64).map { Float.pi * (Float($0) / 31.5 - 1) }
let inputs = Tensor(points, shape: [64, 1])
let targets = Tensor(points.map { Float(Math.sin(Double($0))) }, shape: [64, 1])

let tape = Tape()
var loss = Float.infinity
for step in 0...1000 {
  loss = tape.gradient(of: parameters, into: &gradient) { parameters in
    meanSquaredError(network(tape.constant(inputs), parameters), tape.constant(targets))
  }
  if step.isMultiple(of: 250) { print("step \(step): mean squared error \(loss)") }
  optimizer.update(&parameters, along: gradient)
}

guard loss < 1e-4 else {
  print("FitSinusoid: the loss should end below 1e-4")
  exit(1)
}
