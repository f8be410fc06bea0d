import TestSupport
import Testing

@testable import Tensor

@Suite struct HypernetworkTests {
  private func numbers(_ count: Int, _ index: Int = 0) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 9, purpose: .environment, index: index).fill(&values, with: .normal)
    return values
  }

  /// Each row's output is that of the target with the weights that the generators make from the row's condition.
  @Test func eachRowHasWeightsOfItsOwn() {
    let target = Network(widths: [3, 4, 2], activation: .tanh)
    let hyper = Hypernetwork(target: target, condition: 5)
    let parameters = hyper.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let (input, condition) = (numbers(6 * 3), numbers(6 * 5, 1))
    let tape = Tape()
    let output = hyper(tape.constant(input, shape: [6, 3]), condition: tape.constant(condition, shape: [6, 5]), tape.place(parameters))
    #expect(output.shape == [6, 2])
    for row in 0..<6 {
      var own = Parameters(target.layout)
      for (slice, generator) in zip(target.layout.slices, hyper.generators) {
        var made = Parameters(generator.layout)
        for part in generator.layout.slices { made[part.name] = parameters["\(slice.name).\(part.name)"] }
        let numbers = generator(tape.constant(Array(condition[(row * 5)..<(row * 5 + 5)]), shape: [1, 5]), tape.place(made))
        own[slice.name] = numbers.tensor
      }
      let alone = target(tape.constant(Array(input[(row * 3)..<(row * 3 + 3)]), shape: [1, 3]), tape.place(own))
      #expect(Array(output.array[(row * 2)..<(row * 2 + 2)]) == alone.array)
    }
  }

  /// The gradient through generated weights against finite differences of the same program.
  @Test func gradientIsThatOfFiniteDifferences() {
    let mixer = Hypernetwork.monotoneMixer(agents: 2, state: 3, width: 4)
    let parameters = mixer.initialized(from: RandomStream(seed: 2, purpose: .initialization))
    let (values, state) = (numbers(4, 2), numbers(6, 3))
    let tape = Tape()
    func loss(_ p: PlacedParameters, _ tape: Tape) -> Variable {
      mixer(tape.constant(values, shape: [2, 2]), condition: tape.constant(state, shape: [2, 3]), p).squared().sum()
    }
    var gradient = Tensor(zeros: [parameters.count])
    tape.gradient(of: parameters, into: &gradient) { loss($0, tape) }
    var worst = 0.0
    for index in 0..<parameters.count {
      var sides: [Double] = []
      for sign: Float in [-1, 1] {
        var moved = parameters
        moved.values[index] += sign * 0x1p-8
        sides.append(Double(loss(tape.place(moved), tape).number))
        tape.rewind()
      }
      worst = max(worst, abs((sides[1] - sides[0]) / 0x1p-7 - Double(gradient[index])))
    }
    // Single precision differences with a step of 2⁻⁸: rounding 2⁻²⁴ · 2⁷ of values near 1, curvature about 2⁻¹⁶.
    #expect(worst < 2e-3)
  }

  @Test func aMonotoneMixerNeverFalls() {
    let mixer = Hypernetwork.monotoneMixer(agents: 3, state: 4)
    let parameters = mixer.initialized(from: RandomStream(seed: 3, purpose: .initialization))
    let tape = Tape()
    let values = tape.variable(Tensor(numbers(50 * 3, 4), shape: [50, 3]))
    let total = mixer(values, condition: tape.constant(numbers(50 * 4, 5), shape: [50, 4]), tape.place(parameters))
    let slopes = tape.gradients(of: total.sum(), withRespectTo: [values])[0].array
    #expect(slopes.allSatisfy { $0 >= 0 } && slopes.contains { $0 > 0 })
  }

  @Test func generatorsOfOtherSizesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = Hypernetwork(target: Network(widths: [3, 2])) { _ in Network([.dense(4, 5)]) }
    }
  }
}
