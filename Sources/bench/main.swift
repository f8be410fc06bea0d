import Tensor
let network = Network([.dense(20, 64, .relu), .dense(64, 64, .relu), .dense(64, 8)])
var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
var gradient = Tensor(zeros: [parameters.count])
var adam = Adam(count: parameters.count, learningRate: 1e-3)
let tape = Tape()
var x = [Float](repeating: 0, count: 32 * 20), y = [Float](repeating: 0, count: 32 * 8)
RandomStream(seed: 2, purpose: .environment).fill(&x, with: .normal)
RandomStream(seed: 3, purpose: .environment).fill(&y, with: .normal)
let input = Tensor(x, shape: [32, 20]), target = Tensor(y, shape: [32, 8])
let clock = ContinuousClock()
var best = 1e9, bestG = 1e9
for _ in 0..<200 {
  let t = clock.now
  for _ in 0..<50 {
    _ = tape.gradient(of: parameters, into: &gradient) { p in meanSquaredError(network(tape.constant(input), p), tape.constant(target)) }
    adam.update(&parameters, along: gradient)
  }
  let d = Double((clock.now - t).components.attoseconds) / 1e12 / 50
  best = min(best, d)
  let t2 = clock.now
  for _ in 0..<50 { _ = tape.gradient(of: parameters, into: &gradient) { p in meanSquaredError(network(tape.constant(input), p), tape.constant(target)) } }
  bestG = min(bestG, Double((clock.now - t2).components.attoseconds) / 1e12 / 50)
}
print("step", best, "us; gradient", bestG, "nodes", tape.count, "loss", tape.gradient(of: parameters, into: &gradient) { p in meanSquaredError(network(tape.constant(input), p), tape.constant(target)) })
