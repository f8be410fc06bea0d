import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct GaussMarkovFadingTests {
  let stream = RandomStream(seed: 21, purpose: .fading)

  /// Powers of `links` links in slots 0..<slots.
  private func run(links: Int, slots: Int, correlation: Double) -> [[Float]] {
    var fading = GaussMarkovFading(count: links, correlation: correlation)
    var powers = Array(repeating: Float(0), count: links)
    return (0..<slots).map { slot in
      if slot == 0 { fading.start(stream: stream, step: 0) } else { fading.advance(stream: stream, step: slot) }
      fading.powers(into: &powers, in: 0..<links)
      return powers
    }
  }

  @Test func correlationFollowsSpeedAndSlot() {
    // J₀(2π · 6.6713 Hz · 1 ms) at 1 m/s and 2 GHz; J₀(1.2566) of 10 Hz and 20 ms, where K₀ would give 0.295.
    let walking = GaussMarkovFading.correlation(speedMetersPerSecond: 1, carrier: Hertz(Gigahertz(2)), slotSeconds: 1e-3)
    #expect(abs(walking - 0.99956) < 5e-6)
    let speed = 10 * GaussMarkovFading.speedOfLight / 1e9
    let fast = GaussMarkovFading.correlation(speedMetersPerSecond: speed, carrier: Hertz(1e9), slotSeconds: 0.02)
    #expect(abs(fast - 0.6425) < 1e-4)
    #expect(GaussMarkovFading.correlation(speedMetersPerSecond: 0, carrier: Hertz(1e9), slotSeconds: 1) == 1)
  }

  @Test func powersStayExponentialWithMeanOne() {
    let slots = run(links: 20000, slots: 41, correlation: 0.9)
    for slot in [0, 1, 40] { #expect(KolmogorovSmirnov.agrees(slots[slot].map(Double.init)) { 1 - Math.exp(-$0) }) }
  }

  @Test(arguments: [0.0, 0.6425, 0.95])
  func powersOfDistantSlotsAreCorrelatedByThePowersOfRho(rho: Double) {
    // For complex normal h with correlation r, |h|² has correlation r². Standard error over independent links: at most about √20 / √n.
    let links = 40000
    let slots = run(links: links, slots: 5, correlation: rho)
    for lag in 1...4 {
      let covariance = Moments.meanProduct(slots[0].map { Double($0) - 1 }, slots[lag].map { Double($0) - 1 })
      var expected = 1.0
      for _ in 0..<2 * lag { expected *= rho }
      #expect(abs(covariance - expected) < 0.123)
    }
  }

  @Test func withoutMotionTheChannelStands() {
    let slots = run(links: 50, slots: 3, correlation: 1)
    #expect(slots[0] == slots[2])
  }

  @Test func savedStateContinuesBitForBit() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("fading.safetensors").path
    var original = GaussMarkovFading(count: 30, correlation: 0.8)
    original.start(stream: stream, step: 0)
    original.advance(stream: stream, step: 1)
    try Archive.save(&original, to: path)
    var restored = GaussMarkovFading(count: 30, correlation: 0.8)
    try Archive.restore(&restored, from: path)
    var (a, b) = (Array(repeating: Float(0), count: 30), Array(repeating: Float(1), count: 30))
    for slot in 2..<5 {
      original.advance(stream: stream, step: slot)
      restored.advance(stream: stream, step: slot)
    }
    original.powers(into: &a, in: 0..<30)
    restored.powers(into: &b, in: 0..<30)
    #expect(a == b)
    var other = GaussMarkovFading(count: 31, correlation: 0.8)
    #expect(throws: FileError.self) { try Archive.restore(&other, from: path) }
  }
}
