import Channels
import Foundation
import Testing

@Suite struct LinkRatesTests {
  private func rates(_ sinr: [Float], _ bandwidth: Hertz) -> [Float] {
    var result = [Float](repeating: 0, count: sinr.count)
    var span = result.mutableSpan
    LinkQuality.rates(sinr: sinr.span, bandwidth: bandwidth, into: &span)
    return result
  }

  @Test func ratesAreShannonsAlsoForWeakLinks() {
    let sinr: [Float] = [0, 1e-12, 3e-7, 1e-3, 0.5, 1, 3, 7, 1e3, 1e9, 1e20]
    for bandwidth in [1, 180e3, 10e6] {
      for (rate, ratio) in zip(rates(sinr, Hertz(bandwidth)), sinr) {
        let exact = bandwidth * Foundation.log1p(Double(ratio)) / Foundation.log(2)
        // Two ulps of the logarithm, the rounded scale and the product: 2 · 2⁻²³ + 2 · 2⁻²⁴.
        #expect(abs(Double(rate) - exact) <= 6 * 0x1p-24 * exact)
      }
    }
  }

  @Test func agreesWithTheSpectralEfficiencyOfStrongLinks() {
    let sinr: [Float] = [0.1, 1, 3, 100, 1e6]
    var efficiencies = sinr
    LinkQuality.spectralEfficiency(sinr: sinr, into: &efficiencies)
    for (a, b) in zip(rates(sinr, Hertz(1)), efficiencies) { #expect(abs(a - b) <= 2e-6 * b) }
  }

  /// A link of 10 MHz: 0.1995262 W over a gain of 2 · 10⁻¹¹, N = 3.98107 · 10⁻¹⁴ W, I = 3.99052 · 10⁻¹⁴ W: 56.7410 Mbit/s.
  @Test func aLinkWorkedByHand() {
    var ratio: [Float] = [0]
    let power = Float(Watts(PowerDBm(23)).value)
    let noise = Float(Watts(ThermalNoise(figure: Decibels(0)).power(in: Hertz(10e6))).value)
    LinkQuality.sinr(signal: [power * 2e-11], interference: [power * 2e-13], noise: noise, into: &ratio)
    #expect(abs(ratio[0] - 50.0593) < 1e-4)
    #expect(abs(rates(ratio, Hertz(10e6))[0] - 56.7410e6) < 100)
  }

  @Test func bandwidthsRepeat() {
    let sinr: [Float] = [1, 3, 7, 1, 15, 31]
    let bandwidths: [Float] = [180e3, 360e3, 1]
    var result = [Float](repeating: 0, count: 6)
    var span = result.mutableSpan
    LinkQuality.rates(sinr: sinr.span, bandwidthsHz: bandwidths.span, into: &span)
    for (rate, exact) in zip(result, [180e3, 720e3, 3, 180e3, 1440e3, 5] as [Float]) { #expect(abs(rate - exact) <= 1e-6 * exact) }
  }

  private func efficiency(_ rate: Float, _ power: Float, circuit: Double = 0, amplifier: Double = 1) -> Float {
    var result: [Float] = [0]
    var span = result.mutableSpan
    let (rates, powers) = ([rate], [power])
    LinkQuality.energyEfficiency(rates: rates.span, powers: powers.span, circuit: Watts(circuit), amplifierEfficiency: amplifier, into: &span)
    return result[0]
  }

  @Test func energyEfficiencyIsBitsForAJoule() {
    // 1 Mbit/s with 0.5 W: 2 Mbit for every joule.
    #expect(efficiency(1e6, 0.5) == 2e6)
    // 0.2 W sent at 40 % and 0.5 W of circuits: 1 W.
    #expect(abs(efficiency(1e6, 0.2, circuit: 0.5, amplifier: 0.4) - 1e6) < 1)
    #expect(efficiency(0, 0) == 0)
    #expect(efficiency(0, 1) == 0)
    // 180 kHz at a ratio of 17.568209 with 1 mW: 180000 / 10⁻³ · log₂ 18.568209 bit/J.
    #expect(abs(efficiency(rates([17.568209], Hertz(180e3))[0], 1e-3) / 7.586573e8 - 1) < 1e-6)
    let (rates, powers): ([Float], [Float]) = ([1e6, 2e6, 0], [0.1, 0.3, 0])
    #expect(abs(LinkQuality.totalEnergyEfficiency(rates: rates.span, powers: powers.span, circuit: Watts(0.2), amplifierEfficiency: 0.5) - 3e6) < 1)
    #expect(LinkQuality.totalEnergyEfficiency(rates: [Float]().span, powers: [Float]().span) == 0)
  }

  @Test func outagesOfCopies() {
    let sinr: [Float] = [0.5, 1, 2, 0.999, 0.1, 0.2]
    #expect(LinkQuality.outageProbability(sinr: sinr.span, threshold: 1) == 4.0 / 6)
    #expect(LinkQuality.outageProbability(sinr: [Float]().span, threshold: 1) == 0)
    var counts: [Int32] = [9, 9]
    var span = counts.mutableSpan
    LinkQuality.outages(sinr: sinr.span, threshold: 1, into: &span)
    #expect(counts == [1, 3])
  }

  /// Under Rayleigh fading without interference P(γ < t) = 1 − exp(−t / γ̄).
  @Test func outageOfRayleighLinks() {
    var sinr = [Float](repeating: 0, count: 1 << 18)
    RandomStream(seed: 5, purpose: .fading).fill(&sinr, with: .exponential)
    for i in sinr.indices { sinr[i] *= 10 }
    let exact = 1 - Foundation.exp(-0.2)
    // Five and a half standard deviations: below 4 · 10⁻⁸.
    #expect(abs(LinkQuality.outageProbability(sinr: sinr.span, threshold: 2) - exact) < 5.5 * (exact * (1 - exact) / 0x1p18).squareRoot())
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var result: [Float] = [0]
      var span = result.mutableSpan
      LinkQuality.rates(sinr: ([1, 2] as [Float]).span, bandwidth: Hertz(1), into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var result: [Float] = [0, 0, 0]
      var span = result.mutableSpan
      LinkQuality.rates(sinr: ([1, 2, 3] as [Float]).span, bandwidthsHz: ([1, 2] as [Float]).span, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var result: [Float] = [0]
      var span = result.mutableSpan
      LinkQuality.energyEfficiency(rates: ([1] as [Float]).span, powers: ([1, 2] as [Float]).span, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      _ = LinkQuality.totalEnergyEfficiency(rates: ([1] as [Float]).span, powers: ([1] as [Float]).span, amplifierEfficiency: 0)
    }
    await #expect(processExitsWith: .failure) {
      var counts: [Int32] = [0, 0]
      var span = counts.mutableSpan
      LinkQuality.outages(sinr: ([1, 2, 3] as [Float]).span, threshold: 1, into: &span)
    }
  }
}
