import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct SmallScaleFadingTests {
  static let laws: [FadingLaw] = [.rayleigh, .rician(directToScattered: 4), .nakagami(shape: 2.5)]
  static let modes: [FadingMode] = [.block(), .clarke(dopplerPerSlot: 0.07, sinusoids: 64), .gaussMarkov(correlation: 0.8)]
  let stream = RandomStream(seed: 4711, purpose: .fading, index: 5)

  /// Amplitudes of some slots after a start at slot 0.
  private func run(
    _ law: FadingLaw, _ mode: FadingMode, links: Int, blocks: Int = 1, copies: Int = 1, slots: Int, stream: RandomStream
  ) -> [(real: [Float], imaginary: [Float])] {
    var fading = SmallScaleFading(law: law, mode: mode, copies: copies, links: links, blocks: blocks)
    return (0..<slots).map { slot in
      if slot == 0 { fading.start(stream: stream) } else { fading.advance(stream: stream, slot: slot) }
      return (fading.real, fading.imaginary)
    }
  }

  private func powers(_ h: (real: [Float], imaginary: [Float])) -> [Double] {
    h.real.indices.map { (i: Int) -> Double in
      let (x, y) = (Double(h.real[i]), Double(h.imaginary[i]))
      return x * x + y * y
    }
  }

  /// E[h h'*] over elements.
  private func correlation(_ a: (real: [Float], imaginary: [Float]), _ b: (real: [Float], imaginary: [Float])) -> (Double, Double) {
    let (x, y) = (a.real.map(Double.init), a.imaginary.map(Double.init))
    let (u, v) = (b.real.map(Double.init), b.imaginary.map(Double.init))
    let real: Double = Moments.meanProduct(x, u) + Moments.meanProduct(y, v)
    let imaginary: Double = Moments.meanProduct(y, u) - Moments.meanProduct(x, v)
    return (real, imaginary)
  }

  /// The bound 2.9 / √n of probability 10⁻⁷, and what a sum of 64 sinusoids differs from a normal process.
  private func agrees(_ values: [Double], _ mode: FadingMode, _ distribution: (Double) -> Double) -> Bool {
    let systematic = if case .clarke(_, let sinusoids) = mode { 0.12 / Double(sinusoids) } else { 0.0 }
    return KolmogorovSmirnov.distance(values, to: distribution) < 2.9 / Double(values.count).squareRoot() + systematic
  }

  @Test(arguments: modes) func rayleighPowersAreExponential(mode: FadingMode) {
    for h in run(.rayleigh, mode, links: 20000, slots: 4, stream: stream) { #expect(agrees(powers(h), mode) { 1 - exp(-$0) }) }
  }

  @Test(arguments: modes) func ricianPowersHaveRicesLaw(mode: FadingMode) {
    for factor in [0.0, 1, 12] {
      let law = TabulatedDistribution(upTo: 40) { x in
        // f(x) = (1 + K) exp(−K − (1 + K) x) I₀(2 √(K (1 + K) x)), the derivative of 1 − Q₁(√(2K), √(2 (1 + K) x)) with Marcum's function.
        (1 + factor) * exp(-factor - (1 + factor) * x) * TabulatedDistribution.besselI0(2 * (factor * (1 + factor) * x).squareRoot())
      }
      for h in run(.rician(directToScattered: factor), mode, links: 10000, slots: 3, stream: stream) {
        #expect(agrees(powers(h), mode) { law($0) }, "K = \(factor)")
      }
    }
  }

  @Test(arguments: modes) func nakagamiPowersHaveTheGammaLaw(mode: FadingMode) {
    for m in [0.5, 0.8, 1, 2.5, 20] {
      // In t = √x the density 2 mᵐ t^(2m − 1) exp(−m t²) / Γ(m) is finite at zero from m = ½ on.
      let law = TabulatedDistribution(upTo: 6) { t in
        let exponent: Double = m * log(m) - lgamma(m) - m * t * t
        let power: Double = 2 * m - 1
        return 2 * exp(exponent) * pow(t, power)
      }
      for h in run(.nakagami(shape: m), mode, links: 10000, slots: 3, stream: stream) {
        #expect(agrees(powers(h), mode) { law($0.squareRoot()) }, "m = \(m)")
      }
    }
  }

  @Test(arguments: laws, modes) func phasesAreUniformAndPartsUncorrelated(law: FadingLaw, mode: FadingMode) {
    let count = 20000
    for h in run(law, mode, links: count, slots: 2, stream: stream) {
      let phases = zip(h.real, h.imaginary).map { atan2(Double($1), Double($0)) / (2 * .pi) + 0.5 }
      #expect(KolmogorovSmirnov.agrees(phases) { min(max($0, 0), 1) })
      let (x, y) = (h.real.map(Double.init), h.imaginary.map(Double.init))
      // E x² y² ≤ ¼, so 5.5 standard errors are at most 2.75 / √n.
      #expect(abs(Moments.meanProduct(x, y)) < 2.75 / Double(count).squareRoot())
      #expect(abs(Moments.mean(x, power: 2) - Moments.mean(y, power: 2)) < 11 / Double(count).squareRoot())
    }
  }

  @Test func partsOfRayleighFadingAreIndependentNormalNumbers() {
    let h = run(.rayleigh, .block(), links: 40000, slots: 1, stream: stream)[0]
    let (x, y) = (h.real.map { Double($0) * 2.0.squareRoot() }, h.imaginary.map { Double($0) * 2.0.squareRoot() })
    #expect(KolmogorovSmirnov.agrees(x, with: KolmogorovSmirnov.normal))
    #expect(KolmogorovSmirnov.agrees(y, with: KolmogorovSmirnov.normal))
    // Normal and uncorrelated is not yet independent: squares too. Their product has the variance 9 − 1.
    #expect(abs(Moments.meanProduct(x.map { $0 * $0 }, y.map { $0 * $0 }) - 1) < 5.5 * 8.0.squareRoot() / 200)
  }

  @Test(arguments: laws, [modes[0], .clarke(dopplerPerSlot: 0.07, sinusoids: 16), modes[2]])
  func theMeanPowerIsOne(law: FadingLaw, mode: FadingMode) {
    let count = 200_000
    var fading = SmallScaleFading(law: law, mode: mode, links: count)
    fading.start(stream: stream)
    var power = [Float](repeating: 0, count: count)
    var sum = 0.0
    // Fresh numbers in each round: six times 200 000 give a standard error of at most 0.092 %.
    for round in 0..<6 {
      fading.start(stream: stream, slot: 1000 * round)
      fading.powers(into: &power)
      sum += Moments.mean(power.map(Double.init)) / 6
    }
    // The mean of a map of a sum of sinusoids that is not quite normal is off by about 0.04 / S; that of the sum itself is not.
    var tolerance = 0.005
    if case (.nakagami, .clarke(_, let sinusoids)) = (law, mode) { tolerance += 0.05 / Double(sinusoids) }
    #expect(abs(sum - 1) < tolerance)
  }

  @Test func blocksAreRedrawnIndependently() {
    let slots = run(.rayleigh, .block(), links: 40000, slots: 3, stream: stream)
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
      let (re, im) = correlation(slots[a], slots[b])
      // 5.5 standard errors of √(1/2n).
      #expect(abs(re) < 0.0195 && abs(im) < 0.0195)
      let covariance = Moments.meanProduct(powers(slots[a]).map { $0 - 1 }, powers(slots[b]).map { $0 - 1 })
      #expect(abs(covariance) < 0.0275)
    }
    // The direct path is redrawn too.
    let rician = run(.rician(directToScattered: 10), .block(), links: 40000, slots: 2, stream: stream)
    #expect(abs(correlation(rician[0], rician[1]).0) < 0.0275)
  }

  @Test func aBlockOfSeveralSlotsStays() {
    let slots = run(.rician(directToScattered: 1), .block(slots: 3), links: 20, slots: 7, stream: stream)
    #expect(slots[0].real == slots[2].real && slots[0].imaginary == slots[2].imaginary)
    #expect(slots[3].real == slots[5].real && slots[3].real != slots[2].real && slots[6].real != slots[5].real)
  }

  @Test func gaussMarkovFadingForgetsByThePowersOfRho() {
    for rho in [0.0, 0.6425, -0.5, 0.95] {
      let slots = run(.rayleigh, .gaussMarkov(correlation: rho), links: 40000, slots: 6, stream: stream)
      for lag in 1...5 {
        let (re, im) = correlation(slots[0], slots[lag])
        // Standard errors of at most 1/√n.
        #expect(abs(re - pow(rho, Double(lag))) < 0.0275 && abs(im) < 0.0275, "ρ = \(rho), lag \(lag)")
      }
    }
  }

  @Test func gaussMarkovFadingKeepsItsPowerOverManySlots() {
    // Ten thousand slots are ten times the memory: what the innovation lacks would show in full. ρ is no number of single precision.
    let count = 4000
    var fading = SmallScaleFading(law: .rayleigh, mode: .gaussMarkov(correlation: 1 - 1 / 1003.0), links: count)
    fading.start(stream: stream)
    for slot in 1...10000 { fading.advance(stream: stream, slot: slot) }
    let power = powers((fading.real, fading.imaginary))
    #expect(KolmogorovSmirnov.agrees(power) { 1 - exp(-$0) })
    #expect(abs(Moments.mean(power) - 1) < 5.5 / Double(count).squareRoot())
  }

  @Test func aStandingUserKeepsTheChannel() {
    for mode in [FadingMode.clarke(dopplerPerSlot: 0), .gaussMarkov(correlation: 1)] {
      for law in SmallScaleFadingTests.laws {
        let slots = run(law, mode, links: 50, slots: 4, stream: stream)
        #expect(slots[0].real == slots[3].real && slots[0].imaginary == slots[3].imaginary)
      }
    }
  }

  @Test(arguments: laws, modes) func copiesAreSingleRuns(law: FadingLaw, mode: FadingMode) {
    let batch = run(law, mode, links: 7, blocks: 3, copies: 3, slots: 4, stream: stream)
    for copy in 0..<3 {
      let single = run(law, mode, links: 7, blocks: 3, slots: 4, stream: RandomStream(seed: 4711, purpose: .fading, index: 5 + copy))
      for slot in 0..<4 {
        #expect(Array(batch[slot].real[copy * 21..<(copy + 1) * 21]) == single[slot].real)
        #expect(Array(batch[slot].imaginary[copy * 21..<(copy + 1) * 21]) == single[slot].imaginary)
      }
    }
  }

  @Test(arguments: laws, modes) func moreLinksBeginWithTheFewer(law: FadingLaw, mode: FadingMode) {
    let few = run(law, mode, links: 5, blocks: 2, slots: 3, stream: stream)
    let many = run(law, mode, links: 61, blocks: 2, slots: 3, stream: stream)
    for slot in 0..<3 {
      #expect(Array(many[slot].real.prefix(10)) == few[slot].real && Array(many[slot].imaginary.prefix(10)) == few[slot].imaginary)
    }
  }

  @Test(arguments: laws, [modes[0], modes[1]]) func aSlotDependsOnItsNameAlone(law: FadingLaw, mode: FadingMode) {
    let slots = run(law, mode, links: 9, slots: 6, stream: stream)
    var fading = SmallScaleFading(law: law, mode: mode, links: 9)
    fading.start(stream: stream)
    for slot in [5, 2, 3, 2, 0] {
      fading.advance(stream: stream, slot: slot)
      #expect(fading.real == slots[slot].real && fading.imaginary == slots[slot].imaginary && fading.slot == slot)
    }
    fading.start(stream: stream, slot: 4)
    #expect(fading.real != slots[0].real)
    fading.start(stream: RandomStream(seed: 4712, purpose: .fading, index: 5))
    #expect(fading.real != slots[0].real)
  }

  @Test(arguments: laws, modes) func savedStateContinuesBitForBit(law: FadingLaw, mode: FadingMode) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("fading.safetensors")
    var original = SmallScaleFading(law: law, mode: mode, copies: 2, links: 11, blocks: 2)
    original.start(stream: stream, slot: 3)
    original.advance(stream: stream, slot: 4)
    try Archive.save(&original, to: path)
    var restored = SmallScaleFading(law: law, mode: mode, copies: 2, links: 11, blocks: 2)
    try Archive.restore(&restored, from: path)
    #expect(restored.real == original.real && restored.imaginary == original.imaginary && restored.slot == 4)
    for slot in 5..<8 {
      original.advance(stream: stream, slot: slot)
      restored.advance(stream: stream, slot: slot)
    }
    #expect(restored.real == original.real && restored.imaginary == original.imaginary)
    var other = SmallScaleFading(law: law, mode: mode, copies: 2, links: 12, blocks: 2)
    #expect(throws: FileError.self) { try Archive.restore(&other, from: path) }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var fading = SmallScaleFading(law: .rayleigh, mode: .block(), links: 2)
      fading.advance(stream: RandomStream(seed: 1, purpose: .fading), slot: 1)
    }
    await #expect(processExitsWith: .failure) {
      var fading = SmallScaleFading(law: .rayleigh, mode: .block(), links: 2)
      fading.start(stream: RandomStream(seed: 1, purpose: .fading), slot: 1 << 30)
    }
    await #expect(processExitsWith: .failure) {
      let fading = SmallScaleFading(law: .rayleigh, mode: .block(), links: 2)
      var values = [Float](repeating: 0, count: 3)
      fading.powers(into: &values)
    }
  }
}
