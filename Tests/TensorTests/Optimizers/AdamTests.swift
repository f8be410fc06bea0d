import Tensor
import TestSupport
import Testing

@Suite struct AdamTests {
  private func parameters(_ values: [Float]) -> Parameters {
    var layout = Layout()
    layout.append("all", [values.count], fanIn: values.count)
    var parameters = Parameters(layout)
    parameters.values = Tensor(values)
    return parameters
  }

  private func random(_ count: Int, _ index: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 3, purpose: .initialization, index: index).fill(&values, with: .normal)
    return values
  }

  /// What an optimiser saves.
  private func moments(_ optimizer: inout Adam) throws -> (mean: [Float], meanSquare: [Float]) {
    let folder = try TemporaryFolder()
    try Archive.save(&optimizer, to: folder.file("adam"))
    let file = try SafetensorsFile(path: folder.file("adam"))
    return (try file.floats("mean"), try file.floats("meanSquare"))
  }

  /// Origin: three steps of PyTorch's Adam in double precision (lr 0.1, β 0.9 and 0.999, ε 1e-8 beside the root).
  @Test func stepsAreThoseOfTheReference() {
    let gradients: [[Float]] = [[0.1, -0.2, 0.3], [0.05, 0.4, -0.1], [0, -0.1, 0.2]]
    let after: [[Double]] = [
      [0.900000009999999, -1.9000000049999999, 2.900000003333333],
      [0.8067820579118706, -1.9366103565460369, 2.859978147928081],
      [0.734724312824633, -1.9502794223344402, 2.799669501576139],
    ]
    var parameters = parameters([1, -2, 3])
    var optimizer = Adam(count: 3, learningRate: 0.1)
    for step in 0..<3 {
      optimizer.update(&parameters, along: Tensor(gradients[step]))
      for i in 0..<3 { #expect(abs(Double(parameters.values[i]) - after[step][i]) < 1e-6 * abs(after[step][i])) }
    }
    #expect(optimizer.step == 3)
  }

  /// The same equations in double precision over sizes that fill no register, with every setting away from its default.
  @Test(arguments: [1, 15, 16, 17, 100]) func stepsAreThoseOfTheEquations(count: Int) {
    var parameters = parameters(random(count, 0))
    var optimizer = Adam(count: count, learningRate: 0.02, firstDecay: 0.8, secondDecay: 0.95, epsilon: 1e-3)
    var p = parameters.values.array.map(Double.init)
    var m = [Double](repeating: 0, count: count)
    var v = m
    for step in 1...20 {
      let gradient = random(count, step)
      optimizer.update(&parameters, along: Tensor(gradient), scale: 0.5)
      for i in 0..<count {
        let g = Double(gradient[i]) / 2
        m[i] = 0.8 * m[i] + 0.2 * g
        v[i] = 0.95 * v[i] + 0.05 * g * g
        let (first, second) = (1 - Math.pow(0.8, Double(step)), 1 - Math.pow(0.95, Double(step)))
        p[i] -= 0.02 * (m[i] / first) / ((v[i] / second).squareRoot() + 1e-3)
      }
      #expect(relativeDistance(parameters.values.array.map(Double.init), p) < 2e-6)
    }
  }

  @Test func theFusedMoveOfATargetIsTheSeparateOne() {
    let start = random(37, 0)
    var fused = parameters(start)
    var separate = fused
    var fusedTarget = parameters(random(37, 100))
    var separateTarget = fusedTarget
    var (a, b) = (Adam(count: 37, learningRate: 0.01), Adam(count: 37, learningRate: 0.01))
    for step in 1...5 {
      let gradient = Tensor(random(37, step))
      a.update(&fused, along: gradient, moving: &fusedTarget, by: 0.05)
      b.update(&separate, along: gradient)
      separateTarget.move(toward: separate, by: 0.05)
      #expect(fused.values == separate.values)
      #expect(fusedTarget.values == separateTarget.values)
    }
  }

  @Test func aTargetThatSharesItsNumbersWithTheParametersGetsItsOwn() {
    var parameters = parameters([1, 2])
    var target = parameters
    let copy = parameters
    var optimizer = Adam(count: 2, learningRate: 0.5)
    optimizer.update(&parameters, along: Tensor([1, -1]), moving: &target, by: 0.5)
    #expect(copy.values.array == [1, 2])
    #expect(abs(parameters.values[0] - 0.5) < 1e-6 && abs(parameters.values[1] - 2.5) < 1e-6)
    #expect(abs(target.values[0] - 0.75) < 1e-6 && abs(target.values[1] - 2.25) < 1e-6)
  }

  @Test func aGradientThatIsNotANumberShows() throws {
    var parameters = parameters([1, 1])
    var optimizer = Adam(count: 2, learningRate: 0.1)
    optimizer.update(&parameters, along: Tensor([.nan, 1]))
    optimizer.update(&parameters, along: Tensor([1, 1]))
    #expect(parameters.values[0].isNaN)
    #expect(parameters.values[1].isFinite)
  }

  @Test func momentsThatNoLongerMatterAreSetToZero() throws {
    var parameters = parameters([1, 1])
    var optimizer = Adam(count: 2, learningRate: 0.1)
    optimizer.update(&parameters, along: Tensor([0x1p-40, 1]))
    // The mean is 0.1 · 2⁻⁴⁰, far above the limit; the mean square 0.001 · 2⁻⁸⁰ too.
    var held = try moments(&optimizer)
    #expect(held.mean[0] > 0x1p-44 && held.meanSquare[0] > 0x1p-91)
    // 0.9ᵗ · 0.1 · 2⁻⁴⁰ falls below 2⁻¹⁰⁰ within 380 steps without a gradient.
    var smallest = Float.infinity
    for step in 0..<400 {
      optimizer.update(&parameters, along: Tensor([0, 0]))
      if step % 20 == 0 || step > 340 {
        held = try moments(&optimizer)
        if held.mean[0] != 0 { smallest = min(smallest, held.mean[0]) }
      }
    }
    #expect(held.mean[0] == 0)
    #expect(smallest >= 0x1p-100 && smallest < 0x1p-99)
    #expect(held.meanSquare[0] > 0)
  }

  @Test func aSavedOptimiserGoesOnBitForBit() throws {
    let folder = try TemporaryFolder()
    var one = parameters(random(20, 0))
    var first = Adam(count: 20, learningRate: 0.01)
    for step in 1...3 { first.update(&one, along: Tensor(random(20, step))) }
    try Archive.save(&first, to: folder.file("adam"))
    var second = Adam(count: 20, learningRate: 0.01)
    try Archive.restore(&second, from: folder.file("adam"))
    var two = one
    for step in 4...6 {
      first.update(&one, along: Tensor(random(20, step)))
      second.update(&two, along: Tensor(random(20, step)))
    }
    #expect(one.values == two.values && second.step == 6)
    var other = Adam(count: 21, learningRate: 0.01)
    #expect(throws: FileError.self) { try Archive.restore(&other, from: folder.file("adam")) }
  }

  @Test func aGradientOfAnotherLengthIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var layout = Layout()
      layout.append("all", [2], fanIn: 2)
      var parameters = Parameters(layout)
      var optimizer = Adam(count: 2, learningRate: 0.1)
      optimizer.update(&parameters, along: Tensor([1, 2, 3]))
    }
  }

  /// Moments are read as they are saved, and whoever takes over moments and parameters at the same step takes the same next step.
  @Test func momentsAreReadAndSet() throws {
    var (mine, others) = (parameters(random(37, 1)), parameters(random(37, 2)))
    var (first, second) = (Adam(count: 37, learningRate: 0.1), Adam(count: 37, learningRate: 0.1))
    for step in 0..<3 {
      first.update(&mine, along: Tensor(random(37, 10 + step)))
      second.update(&others, along: Tensor(random(37, 20 + step)))
    }
    var values = [Float](repeating: 0, count: 74)
    first.copyMoments(into: &values)
    let saved = try moments(&first)
    #expect(Array(values[..<37]) == saved.mean && Array(values[37...]) == saved.meanSquare)
    let copy = second
    second.setMoments(to: values)
    others = mine
    let gradient = Tensor(random(37, 30))
    first.update(&mine, along: gradient)
    second.update(&others, along: gradient)
    #expect(mine.values == others.values)
    // A copy made before keeps its own.
    var kept = [Float](repeating: 0, count: 74)
    copy.copyMoments(into: &kept)
    #expect(kept != values && copy.step == 3)
  }
}
