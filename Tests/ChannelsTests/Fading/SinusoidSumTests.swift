import Channels
import Foundation
import Tensor
import TestSupport
import Testing

/// Clarke's mode of ``SmallScaleFading``.
@Suite struct SinusoidSumTests {
  let stream = RandomStream(seed: 99, purpose: .fading, index: 1)

  private func fading(_ links: Int, doppler: Double, sinusoids: Int, law: FadingLaw = .rayleigh) -> SmallScaleFading {
    var fading = SmallScaleFading(law: law, mode: .clarke(dopplerPerSlot: doppler, sinusoids: sinusoids), links: links)
    fading.start(stream: stream)
    return fading
  }

  @Test(arguments: [FadingLaw.rayleigh, .rician(directToScattered: 3)], [4, 16])
  func theAutocorrelationIsBesselsToTheSecondZero(law: FadingLaw, sinusoids: Int) {
    // Over the ensemble, for any number of sinusoids. 2π f_D τ = 0.276 k up to 5.52; standard errors of at most 1/√n = 0.005.
    let doppler = 5.52 / (2 * Double.pi * 20)
    var fading = fading(40000, doppler: doppler, sinusoids: sinusoids, law: law)
    let (x, y) = (fading.real.map(Double.init), fading.imaginary.map(Double.init))
    for slot in [1, 3, 5, 9, 12, 14, 17, 20] {
      fading.advance(stream: stream, slot: slot)
      let (u, v) = (fading.real.map(Double.init), fading.imaginary.map(Double.init))
      let expected = j0(2 * Double.pi * doppler * Double(slot))
      #expect(abs(Moments.meanProduct(x, u) + Moments.meanProduct(y, v) - expected) < 0.03, "slot \(slot)")
      #expect(abs(2 * Moments.meanProduct(x, u) - expected) < 0.04, "real, slot \(slot)")
      #expect(abs(Moments.meanProduct(y, u) - Moments.meanProduct(x, v)) < 0.03, "imaginary, slot \(slot)")
    }
  }

  @Test func everyLinkOverALongTimeHasTheSameAutocorrelation() {
    // With 32 sinusoids the frequencies of one link give J₀ up to 2 J₃₂(x) < 10⁻¹⁶ at x ≤ 5.52. What is left are products of different sinusoids, which
    // die out over time except where two directions have nearly one frequency. Links are independent: their scatter is the standard error of
    // the mean over them. Directions without a grid would scatter by 1/√64 = 0.125 at large lags, however long the time.
    let (links, slots) = (200, 2000)
    var fading = fading(links, doppler: 0.0439, sinusoids: 32)
    var x: [[Float]] = []
    var y: [[Float]] = []
    for slot in 0..<slots {
      fading.advance(stream: stream, slot: slot)
      x.append(fading.real)
      y.append(fading.imaginary)
    }
    for lag in [0, 4, 9, 14, 20] {
      var sums = [Double](repeating: 0, count: links)
      for slot in stride(from: 0, to: slots - lag, by: 2) {
        for link in 0..<links { sums[link] += Double(x[slot][link] * x[slot + lag][link] + y[slot][link] * y[slot + lag][link]) }
      }
      let expected = j0(2 * Double.pi * 0.0439 * Double(lag))
      let errors = sums.map { $0 / Double((slots - lag + 1) / 2) - expected }
      let scatter = Moments.mean(errors, power: 2).squareRoot()
      #expect(abs(Moments.mean(errors)) < 5.5 * scatter / Double(links).squareRoot(), "lag \(lag)")
      #expect(scatter < 0.11, "lag \(lag)")
    }
  }

  @Test func levelsAreCrossedAsRiceSays() {
    // The rate of crossings of |h| = R downwards is √(2π) f_D R exp(−R²), and a fade lasts (exp(R²) − 1) / (√(2π) f_D R) in the mean.
    // Links are independent: their scatter gives the standard error. 1.5 % are left for fades between two slots and for the finite sum.
    let (links, slots, doppler) = (2000, 400, 0.01)
    var fading = fading(links, doppler: doppler, sinusoids: 64)
    let levels = [0.316, 0.7, 1.2]
    var crossings = levels.map { _ in [Double](repeating: 0, count: links) }
    var below = levels.map { _ in [Double](repeating: 0, count: links) }
    var power = [Float](repeating: 0, count: links)
    fading.powers(into: &power)
    var last = power
    for slot in 1...slots {
      fading.advance(stream: stream, slot: slot)
      fading.powers(into: &power)
      for (n, level) in levels.enumerated() {
        let square = Float(level * level)
        for link in 0..<links where power[link] < square {
          below[n][link] += 1
          if last[link] >= square { crossings[n][link] += 1 }
        }
      }
      last = power
    }
    for (n, level) in levels.enumerated() {
      let rate = (2 * Double.pi).squareRoot() * doppler * level * exp(-level * level)
      let expected = rate * Double(slots)
      let mean = Moments.mean(crossings[n])
      let error = ((Moments.mean(crossings[n], power: 2) - mean * mean) / Double(links)).squareRoot()
      #expect(abs(mean - expected) < 5.5 * error + 0.015 * expected, "level \(level): \(mean) crossings, \(expected) expected")
      let duration = (exp(level * level) - 1) / ((2 * Double.pi).squareRoot() * doppler * level)
      // The linearised ratio: below − duration · crossings has mean zero.
      let excess = (0..<links).map { below[n][$0] - duration * crossings[n][$0] }
      let mean2 = Moments.mean(excess)
      let error2 = ((Moments.mean(excess, power: 2) - mean2 * mean2) / Double(links)).squareRoot()
      #expect(abs(mean2) < 5.5 * error2 + 0.015 * duration * expected, "level \(level): fades of \(duration + mean2 / mean), \(duration) expected")
    }
  }

  @Test func farSlotsAreAsExactAsNearOnes() {
    // Frequencies are multiples of 2⁻³² per slot: h(t + k) against h(t) must have the same correlation at t = 10⁹ as at 0.
    var fading = fading(20000, doppler: 0.05, sinusoids: 16)
    fading.advance(stream: stream, slot: 1_000_000_000)
    let (x, y) = (fading.real.map(Double.init), fading.imaginary.map(Double.init))
    fading.advance(stream: stream, slot: 1_000_000_006)
    let (u, v) = (fading.real.map(Double.init), fading.imaginary.map(Double.init))
    #expect(abs(Moments.meanProduct(x, u) + Moments.meanProduct(y, v) - j0(0.6 * Double.pi)) < 5.5 / 20000.0.squareRoot())
    #expect(abs(Moments.mean(x, power: 2) + Moments.mean(y, power: 2) - 1) < 5.5 / 20000.0.squareRoot())
  }

  @Test func aSlotIsTheSumOfItsSinusoids() {
    // The same numbers, summed in Double precision with the C library.
    let (links, sinusoids, doppler) = (5, 8, 0.013)
    var fading = fading(links, doppler: doppler, sinusoids: sinusoids)
    var uniform = [Float](repeating: 0, count: links * (sinusoids + 3))
    stream.fill(&uniform, with: .uniform, step: 2 << 30)
    for slot in [0, 1, 777] {
      fading.advance(stream: stream, slot: slot)
      for link in 0..<links {
        let numbers = uniform[link * (sinusoids + 3)..<(link + 1) * (sinusoids + 3)].map(Double.init)
        var (re, im) = (0.0, 0.0)
        for n in 0..<sinusoids {
          let arrival = 2 * Double.pi * (Double(n) + numbers[0]) / Double(sinusoids)
          let pair = 3 + 2 * (n % (sinusoids / 2))
          let start = n < sinusoids / 2 ? numbers[pair] + numbers[pair + 1] : numbers[pair] - numbers[pair + 1]
          let phase = 2 * Double.pi * (doppler * Double(slot) * cos(arrival) + start)
          re += cos(phase) / Double(sinusoids).squareRoot()
          im += sin(phase) / Double(sinusoids).squareRoot()
        }
        #expect(abs(Double(fading.real[link]) - re) < 3e-6 && abs(Double(fading.imaginary[link]) - im) < 3e-6)
      }
    }
  }
}
