import Tensor
import TestSupport
import Testing

@Suite struct InitializerTests {
  private let network = Network([.dense(40, 300, .relu), .dense(300, 5)])

  private func slices(_ initializer: Initializer, seed: UInt64 = 1) -> [[Double]] {
    let parameters = network.initialized(initializer, from: RandomStream(seed: seed, purpose: .initialization))
    let values = parameters.values.array.map(Double.init)
    return parameters.layout.slices.map { Array(values[$0.offset..<($0.offset + $0.shape.count)]) }
  }

  /// Whether numbers are uniform on (−bound, bound).
  private func areUniform(_ values: [Double], bound: Double) -> Bool {
    values.allSatisfy { abs($0) <= bound * (1 + 1e-7) } && KolmogorovSmirnov.agrees(values, with: { ($0 / bound + 1) / 2 })
  }

  @Test func uniformFanInHasTheBoundOfTheInputs() {
    let slices = slices(.uniformFanIn)
    for (slice, fanIn) in zip(slices, [40.0, 40, 300, 300]) { #expect(areUniform(slice, bound: 1 / fanIn.squareRoot())) }
  }

  @Test func glorotHasTheBoundOfInputsAndOutputs() {
    let slices = slices(.glorotUniform)
    #expect(areUniform(slices[0], bound: (6.0 / 340).squareRoot()))
    #expect(areUniform(slices[2], bound: (6.0 / 305).squareRoot()))
    #expect(slices[1].allSatisfy { $0 == 0 } && slices[3].allSatisfy { $0 == 0 })
  }

  @Test func heHasTheBoundAndTheDeviationOfTheInputs() {
    let uniform = slices(.heUniform)
    #expect(areUniform(uniform[0], bound: (6.0 / 40).squareRoot()))
    #expect(areUniform(uniform[2], bound: (6.0 / 300).squareRoot()))
    #expect(uniform[1].allSatisfy { $0 == 0 })
    let normal = slices(.heNormal)
    for (slice, fanIn) in [(normal[0], 40.0), (normal[2], 300.0)] {
      let deviation = (2 / fanIn).squareRoot()
      #expect(KolmogorovSmirnov.agrees(slice.map { $0 / deviation }, with: KolmogorovSmirnov.normal))
      // The standard error of a variance is √(2/n) of it.
      let variance = Moments.mean(slice, power: 2)
      let ratio = variance / (deviation * deviation)
      let bound = 5.5 * (2 / Double(slice.count)).squareRoot()
      #expect(abs(ratio - 1) < bound)
    }
    #expect(normal[1].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(40, 12), (12, 40), (20, 20), (1, 7)]) func orthogonalVectorsAreOrthogonal(rows: Int, columns: Int) {
    let network = Network([.dense(rows, columns)])
    let values = network.initialized(.orthogonal(gain: 1.5), from: RandomStream(seed: 2, purpose: .initialization)).values.array.map(Double.init)
    #expect(values[(rows * columns)...].allSatisfy { $0 == 0 })
    // The shorter side holds vectors of length 1.5 at right angles.
    let (count, length) = (min(rows, columns), max(rows, columns))
    func element(_ vector: Int, _ i: Int) -> Double { rows >= columns ? values[i * columns + vector] : values[vector * columns + i] }
    for a in 0..<count {
      for b in 0..<count {
        var dot = 0.0
        for i in 0..<length { dot += element(a, i) * element(b, i) }
        #expect(abs(dot - (a == b ? 2.25 : 0)) < 1e-6)
      }
    }
  }

  @Test func constantsFillEverything() {
    #expect(slices(.constant(0.25)).allSatisfy { $0.allSatisfy { $0 == 0.25 } })
  }

  @Test func aSliceDependsOnSeedAndPlaceAlone() {
    #expect(slices(.uniformFanIn) == slices(.uniformFanIn))
    #expect(slices(.uniformFanIn)[0] != slices(.uniformFanIn, seed: 2)[0])
    // The second layer keeps its numbers when the first one changes its width of input.
    let other = Network([.dense(3, 300), .dense(300, 5)]).initialized(from: RandomStream(seed: 1, purpose: .initialization))
    let slice = other.layout.slices[2]
    #expect(Array(other.values.array[slice.offset..<(slice.offset + 1500)]).map(Double.init) == slices(.uniformFanIn)[2])
  }
}
