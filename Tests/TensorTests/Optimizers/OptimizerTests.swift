import TestSupport
import Testing

@testable import Tensor

/// An optimiser with settings, and where PyTorch goes with it.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let reference: [Double]
  let make: @Sendable (Int) -> any Optimizer

  var testDescription: String { name }

  static let all = [
    OptimizerCase(name: "SGD", reference: OptimizerReference.sgd) { SGD(count: $0, learningRate: 0.1) },
    OptimizerCase(name: "SGD, decay", reference: OptimizerReference.sgdDecay) { SGD(count: $0, learningRate: 0.1, weightDecay: 0.25) },
    OptimizerCase(name: "SGD, momentum", reference: OptimizerReference.sgdMomentum) { SGD(count: $0, learningRate: 0.05, momentum: 0.9) },
    OptimizerCase(name: "SGD, momentum, decay", reference: OptimizerReference.sgdMomentumDecay) {
      SGD(count: $0, learningRate: 0.05, momentum: 0.9, weightDecay: 0.25)
    },
    OptimizerCase(name: "SGD, Nesterov", reference: OptimizerReference.sgdNesterov) {
      SGD(count: $0, learningRate: 0.05, momentum: 0.9, nesterov: true)
    },
    OptimizerCase(name: "SGD, Nesterov, decay", reference: OptimizerReference.sgdNesterovDecay) {
      SGD(count: $0, learningRate: 0.05, momentum: 0.8, nesterov: true, weightDecay: 0.25)
    },
    OptimizerCase(name: "Adam", reference: OptimizerReference.adam) { Adam(count: $0, learningRate: 0.01) },
    OptimizerCase(name: "Adam, settings", reference: OptimizerReference.adamSettings) {
      Adam(count: $0, learningRate: 0.02, firstDecay: 0.8, secondDecay: 0.95, epsilon: 0.01)
    },
    OptimizerCase(name: "AdamW", reference: OptimizerReference.adamW) { AdamW(count: $0, learningRate: 0.01) },
    OptimizerCase(name: "AdamW, settings", reference: OptimizerReference.adamWSettings) {
      AdamW(count: $0, learningRate: 0.02, weightDecay: 0.5, firstDecay: 0.8, secondDecay: 0.95, epsilon: 0.01)
    },
    OptimizerCase(name: "RMSProp", reference: OptimizerReference.rmsProp) { RMSProp(count: $0, learningRate: 0.01) },
    OptimizerCase(name: "RMSProp, decay", reference: OptimizerReference.rmsPropDecay) {
      RMSProp(count: $0, learningRate: 0.01, decay: 0.9, epsilon: 0.01, weightDecay: 0.25)
    },
    OptimizerCase(name: "RMSProp, centred", reference: OptimizerReference.rmsPropCentered) {
      RMSProp(count: $0, learningRate: 0.01, decay: 0.9, epsilon: 0.01, centered: true)
    },
    OptimizerCase(name: "RMSProp, momentum", reference: OptimizerReference.rmsPropMomentum) {
      RMSProp(count: $0, learningRate: 0.01, decay: 0.9, epsilon: 0.01, momentum: 0.5)
    },
    OptimizerCase(name: "RMSProp, all", reference: OptimizerReference.rmsPropAll) {
      RMSProp(count: $0, learningRate: 0.01, decay: 0.9, epsilon: 0.01, momentum: 0.5, centered: true, weightDecay: 0.25)
    },
  ]

  static func parameters(_ values: [Float]) -> Parameters {
    var layout = Layout()
    layout.append("all", [values.count], fanIn: max(values.count, 1))
    var parameters = Parameters(layout)
    parameters.values = Tensor(values)
    return parameters
  }

  static func random(_ count: Int, _ index: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    RandomStream(seed: 3, purpose: .initialization, index: index).fill(&values, with: .normal)
    return values
  }
}

/// What holds for every optimiser.
@Suite struct OptimizerTests {
  /// In units of the largest parameter, about 2: a step rounds a parameter by at most 2⁻²⁴, and its move, below 0.1, in fewer than ten
  /// places. If all errors of 20 steps had one sign that would be 20 (1 + 0.1 · 10) 2⁻²⁴ = 2.4 · 10⁻⁶.
  @Test(arguments: OptimizerCase.all, [Float(1), 0.25]) func stepsAreThoseOfPyTorch(test: OptimizerCase, scale: Float) {
    let count = OptimizerReference.count
    var parameters = OptimizerCase.parameters((0..<count).map { Float((5 * $0) % 33 - 16) / 8 })
    var optimizer = test.make(count)
    #expect(optimizer.step == 0 && test.reference.count == OptimizerReference.shown.count * count)
    for step in 1...OptimizerReference.steps {
      let gradient = (0..<count).map { Float((7 * step + 13 * $0 + step * step * $0) % 65 - 32) / 32 }
      if scale == 1 {
        optimizer.update(&parameters, along: Tensor(gradient))
      } else {
        optimizer.update(&parameters, along: Tensor(gradient.map { $0 / scale }), scale: scale)
      }
      #expect(optimizer.step == step)
      guard let row = OptimizerReference.shown.firstIndex(of: step) else { continue }
      let expected = Array(test.reference[(row * count)..<((row + 1) * count)])
      #expect(relativeDistance(parameters.values.array.map(Double.init), expected) < 2.4e-6, "step \(step)")
    }
  }

  @Test(arguments: OptimizerCase.all) func theFusedMoveOfATargetIsTheSeparateOne(test: OptimizerCase) {
    for count in [1, 16, 37] {
      var fused = OptimizerCase.parameters(OptimizerCase.random(count, 0))
      var separate = fused
      var fusedTarget = OptimizerCase.parameters(OptimizerCase.random(count, 100))
      var separateTarget = fusedTarget
      var (a, b) = (test.make(count), test.make(count))
      for step in 1...5 {
        let gradient = Tensor(OptimizerCase.random(count, step))
        a.update(&fused, along: gradient, scale: 0.5, moving: &fusedTarget, by: 0.05)
        b.update(&separate, along: gradient, scale: 0.5)
        separateTarget.move(toward: separate, by: 0.05)
        #expect(fused.values == separate.values)
        #expect(fusedTarget.values == separateTarget.values)
      }
    }
  }

  @Test(arguments: OptimizerCase.all) func aSavedOptimiserGoesOnBitForBit(test: OptimizerCase) throws {
    let folder = try TemporaryFolder()
    var one = OptimizerCase.parameters(OptimizerCase.random(20, 0))
    var first = test.make(20)
    for step in 1...3 { first.update(&one, along: Tensor(OptimizerCase.random(20, step))) }
    try Archive.save(&first, to: folder.file("state"))
    var second = test.make(20)
    try Archive.restore(&second, from: folder.file("state"))
    #expect(second.step == 3)
    var two = one
    for step in 4...6 {
      first.update(&one, along: Tensor(OptimizerCase.random(20, step)))
      second.update(&two, along: Tensor(OptimizerCase.random(20, step)))
      #expect(one.values == two.values)
    }
  }

  /// A copy shares memory until one of the two is changed.
  /// A count that no run can reach would overflow at the next step.
  @Test(arguments: [Int.max, Int.min, -1, 1 << 48]) func impossibleCountsOfStepsAreRefused(step: Int) throws {
    struct Forged: Archivable {
      var step: Int
      mutating func archive(in archive: Archive) throws(FileError) { try archive.value("step", &step) }
    }
    let folder = try TemporaryFolder()
    var forged = Forged(step: step)
    try Archive.save(&forged, to: folder.file("state"))
    for test in OptimizerCase.all {
      var optimizer = test.make(3)
      let error = #expect(throws: FileError.self) { try Archive.restore(&optimizer, from: folder.file("state")) }
      #expect(error?.reason.contains("number of steps") == true, "\(test)")
    }
  }

  @Test(arguments: OptimizerCase.all) func copiesAreIndependent(test: OptimizerCase) {
    var parameters = OptimizerCase.parameters(OptimizerCase.random(20, 0))
    let start = parameters
    var target = parameters
    var optimizer = test.make(20)
    let gradients = (1...3).map { Tensor(OptimizerCase.random(20, $0)) }
    optimizer.update(&parameters, along: gradients[0], moving: &target, by: 0.5)
    #expect(start.values.array == OptimizerCase.random(20, 0) && target.values != start.values && target.values != parameters.values)
    var (copy, copied) = (optimizer, parameters)
    optimizer.update(&parameters, along: gradients[1])
    optimizer.update(&parameters, along: gradients[2])
    copy.update(&copied, along: gradients[1])
    copy.update(&copied, along: gradients[2])
    #expect(copied.values == parameters.values)
  }

  /// The gradient keeps its numbers when the parameters that it shares them with move.
  @Test(arguments: OptimizerCase.all) func parametersMayBeTheirOwnGradient(test: OptimizerCase) {
    var shared = OptimizerCase.parameters(OptimizerCase.random(33, 0))
    var apart = shared
    var (a, b) = (test.make(33), test.make(33))
    let gradient = shared.values
    a.update(&shared, along: gradient)
    b.update(&apart, along: Tensor(OptimizerCase.random(33, 0)))
    #expect(shared.values == apart.values && gradient.array == OptimizerCase.random(33, 0))
  }

  @Test(arguments: OptimizerCase.all) func aGradientThatIsNotANumberShows(test: OptimizerCase) {
    var parameters = OptimizerCase.parameters([1, 1])
    var optimizer = test.make(2)
    optimizer.update(&parameters, along: Tensor([.nan, 1]))
    optimizer.update(&parameters, along: Tensor([1, 1]))
    #expect(parameters.values[0].isNaN && parameters.values[1].isFinite)
  }

  /// Subnormal numbers never stay in the state: after thousands of steps without a gradient all that is kept is zero or at least 2⁻¹⁰⁰.
  @Test(arguments: OptimizerCase.all) func stateThatNoLongerMattersIsSetToZero(test: OptimizerCase) throws {
    let folder = try TemporaryFolder()
    var parameters = OptimizerCase.parameters([0])
    var optimizer = test.make(1)
    optimizer.update(&parameters, along: Tensor([0x1p-40]))
    for step in 0..<2000 {
      // A decay would go on feeding the state.
      parameters.values[0] = 0
      optimizer.update(&parameters, along: Tensor([0]))
      guard step % 100 == 0 || (500..<560).contains(step) else { continue }
      try Archive.save(&optimizer, to: folder.file("state"))
      let file = try SafetensorsFile(path: folder.file("state"))
      for name in file.header.entries.map(\.name) where name != "step" {
        let held = try file.floats(name)[0]
        #expect(held == 0 || held.magnitude >= 0x1p-100, "\(name) after \(step) steps")
      }
    }
  }

  @Test func aScheduleSetsTheRate() {
    let schedule = LearningRateSchedule.linear(from: 1, to: 0, over: 4)
    var optimizer: any Optimizer = SGD(count: 1, learningRate: 9)
    var parameters = OptimizerCase.parameters([0])
    for expected: Float in [-1, -1.75, -2.25, -2.5, -2.5] {
      optimizer.learningRate = schedule.rate(at: optimizer.step)
      optimizer.update(&parameters, along: Tensor([1]))
      #expect(parameters.values[0] == expected)
    }
  }

  @Test func otherLengthsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var parameters = OptimizerCase.parameters([1, 2])
      var optimizer = SGD(count: 2, learningRate: 0.1)
      optimizer.update(&parameters, along: Tensor([1, 2, 3]))
    }
    await #expect(processExitsWith: .failure) {
      var parameters = OptimizerCase.parameters([1, 2])
      var optimizer = RMSProp(count: 3, learningRate: 0.1)
      optimizer.update(&parameters, along: Tensor([1, 2]))
    }
    await #expect(processExitsWith: .failure) {
      var (parameters, target) = (OptimizerCase.parameters([1, 2]), OptimizerCase.parameters([1]))
      var optimizer = AdamW(count: 2, learningRate: 0.1)
      optimizer.update(&parameters, along: Tensor([1, 2]), moving: &target, by: 0.1)
    }
  }
}
