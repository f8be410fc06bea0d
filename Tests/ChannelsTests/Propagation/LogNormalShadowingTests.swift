import Channels
import Tensor
import TestSupport
import Testing

@Suite struct LogNormalShadowingTests {
  let stream = RandomStream(seed: 8, purpose: .shadowing)

  @Test func lossesAreNormalWithTheirDeviation() {
    let losses = LogNormalShadowing(deviation: Decibels(8)).losses(count: 20000, stream: stream)
    #expect(KolmogorovSmirnov.agrees(losses.map { $0.value / 8 }, with: KolmogorovSmirnov.normal))
  }

  @Test func linksOfOneUserAreIndependent() {
    // Links 2u and 2u + 1 belong to user u. A value shared by the user would give a difference without variance.
    let losses = LogNormalShadowing(deviation: Decibels(6)).losses(count: 40000, stream: stream)
    let differences = stride(from: 0, to: 40000, by: 2).map { losses[$0].value - losses[$0 + 1].value }
    let variance = Moments.mean(differences, power: 2)
    // 2σ² = 72 with 5.5 standard errors of √(2 / n).
    #expect(abs(variance / 72 - 1) < 5.5 * 0.01)
  }

  @Test func staticLinksKeepTheirLoss() {
    let shadowing = LogNormalShadowing(deviation: Decibels(8))
    let losses = shadowing.losses(count: 100, stream: stream)
    #expect(shadowing.losses(count: 100, stream: stream) == losses)
    #expect(shadowing.losses(count: 100, stream: stream, step: 1) != losses)
    #expect(shadowing.losses(count: 100, stream: RandomStream(seed: 9, purpose: .shadowing)) != losses)
    #expect(LogNormalShadowing(deviation: Decibels(0)).losses(count: 3, stream: stream) == Array(repeating: Decibels(0), count: 3))
  }
}
