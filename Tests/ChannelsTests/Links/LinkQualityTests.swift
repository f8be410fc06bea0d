import Channels
import Tensor
import Testing

@Suite struct LinkQualityTests {
  @Test func ratiosOfSignalAndEverythingElse() {
    var ratios: [Float] = [0, 0, 0]
    LinkQuality.sinr(signal: [8, 2, 1], interference: [1, 0.5, 0], noise: 0.5, into: &ratios)
    #expect(abs(ratios[0] - 16 / 3) < 1e-6)
    #expect(ratios[1...] == [2, 2])
  }

  @Test func ratesAreShannons() {
    let sinr: [Float] = [0, 1, 3, 7, 1e-3, 1e9, 5.3333335]
    var rates = Array(repeating: Float(0), count: sinr.count)
    LinkQuality.spectralEfficiency(sinr: sinr, into: &rates)
    let exact = sinr.map { Math.log2(1 + Double($0)) }
    for (rate, value) in zip(rates, exact) { #expect(abs(Double(rate) - value) < 1e-7 + 4e-7 * value) }
    #expect(rates[0] == 0)
  }

  @Test func levelsOfPowers() {
    var levels: [Float] = [0, 0, 0, 0]
    LinkQuality.decibels(of: [1, 100, 1e-14, 0], into: &levels)
    #expect(levels[0] == 0)
    #expect(abs(levels[1] - 20) < 1e-5)
    #expect(abs(levels[2] + 140) < 1e-4)
    // The smallest normal number is 2⁻¹²⁶.
    #expect(abs(levels[3] + 379.2978) < 1e-3)
  }

  @Test func aLinkAtItsThresholdIsNotInOutage() {
    #expect(LinkQuality.outages(sinr: [0.5, 1, 2, 0.999], threshold: 1) == 2)
    #expect(LinkQuality.outages(sinr: [], threshold: 1) == 0)
  }

  @Test func sizesMustAgree() async {
    await #expect(processExitsWith: .failure) {
      var ratios: [Float] = [0]
      LinkQuality.sinr(signal: [1, 2], interference: [0, 0], noise: 1, into: &ratios)
    }
  }
}
