import Foundation
import Tensor
import Testing

@testable import Channels

@Suite struct NakagamiMapTests {
  /// m, e and the g with Q(m, m g) = exp(−e), from mpmath 1.3.0 with 60 digits by bisection (Tests/Scripts/gamma-reference.py).
  static let reference: [Double] = [
    0.5, 1e-7, 1.5707961697152813e-14,
    0.5, 1e-4, 1.5706392645478287e-8,
    0.5, 0.01, 0.00015552602268488975,
    0.5, 0.3, 0.10940879497171941,
    0.5, 0.69, 0.45160010249783238,
    0.5, 1, 0.81081487879173915,
    0.5, 2.5, 3.0231280256325739,
    0.5, 8, 12.861215496487931,
    0.5, 16, 28.145393856254685,
    0.5, 40, 75.202469392605074,
    0.75, 1e-7, 5.5300889846275475e-10,
    0.75, 1e-4, 5.5297337995439839e-6,
    0.75, 0.01, 0.0025525892773770101,
    0.75, 0.3, 0.21560740433858262,
    0.75, 0.69, 0.60223317243593568,
    0.75, 1, 0.93921692916342142,
    0.75, 2.5, 2.7101006633362405,
    0.75, 8, 9.69405021904937,
    0.75, 16, 20.136708640992811,
    0.75, 40, 51.83383224873537,
    1, 1e-7, 1.0e-7,
    1, 1e-4, 0.0001,
    1, 0.01, 0.01,
    1, 0.3, 0.3,
    1, 0.69, 0.69,
    1, 1, 1.0,
    1, 2.5, 2.5,
    1, 8, 8.0,
    1, 16, 16.0,
    1, 40, 40.0,
    2.5, 1e-7, 0.0010256722703057238,
    2.5, 1e-4, 0.0164351425679302,
    2.5, 0.01, 0.11061968284959175,
    2.5, 0.3, 0.54692447302446743,
    2.5, 0.69, 0.8679938547059971,
    2.5, 1, 1.0820647280703917,
    2.5, 2.5, 1.953581606694483,
    2.5, 8, 4.6028399057812994,
    2.5, 16, 8.1218036474470381,
    2.5, 40, 18.189529344662275,
    20, 1e-7, 0.2307727447430947,
    20, 1e-4, 0.37207509307701307,
    20, 0.01, 0.55382629531411375,
    20, 0.3, 0.84722766067202139,
    20, 0.69, 0.98250910615782931,
    20, 1, 1.0600171683568323,
    20, 2.5, 1.3244538934526244,
    20, 8, 1.9402180559921914,
    20, 16, 2.6133655015878749,
    20, 40, 4.2704608798426736,
    300, 1e-7, 0.72815140870700448,
    300, 1e-4, 0.79939352321179823,
    300, 0.01, 0.87050995018381897,
    300, 0.3, 0.96208597028950385,
    300, 0.69, 0.99866118413472135,
    300, 1, 1.018487341605856,
    300, 2.5, 1.0813215148637264,
    300, 8, 1.2081871608526113,
    300, 16, 1.3281033279040501,
    300, 40, 1.5798739599020078,
    10000, 1e-7, 0.94887147178233497,
    10000, 1e-4, 0.9632367009210954,
    10000, 0.01, 0.9768652372832733,
    10000, 0.3, 0.99352198999671778,
    10000, 0.69, 0.99992716185703038,
    10000, 1, 1.0033451482503803,
    10000, 2.5, 1.0139428119725976,
    10000, 8, 1.0343646228023607,
    10000, 16, 1.0526363939545421,
    10000, 40, 1.0883703054577267,
  ]

  /// G for the powers E.
  private func mapped(_ powers: [Double], shape: Double) -> [Double] {
    var values = powers.map { Float(log($0)) }
    var span = values.mutableSpan
    NakagamiMap(shape: shape).apply(to: &span)
    return zip(powers, values).map { $0 * exp(2 * Double($1)) }
  }

  @Test func powersAreTheQuantilesOfTheGammaDistribution() {
    for row in stride(from: 0, to: NakagamiMapTests.reference.count, by: 3) {
      let (m, e, g) = (NakagamiMapTests.reference[row], NakagamiMapTests.reference[row + 1], NakagamiMapTests.reference[row + 2])
      // The logarithm of the gain, up to 16, is rounded to single precision: 10⁻⁶ each way at most.
      #expect(abs(mapped([e], shape: m)[0] / g - 1) < 3e-6, "m = \(m), E = \(e): \(mapped([e], shape: m)[0] / g - 1)")
    }
  }

  @Test func shapeOneIsTheIdentity() {
    let powers = stride(from: -18.0, to: 3.5, by: 0.01).map { exp($0) }
    for (e, g) in zip(powers, mapped(powers, shape: 1)) { #expect(abs(g / e - 1) < 3e-7) }
  }

  @Test func powersGrowWithThoseTheyComeFrom() {
    // Steps of 1 %, across the borders of pieces and beyond both ends.
    let powers = stride(from: -24.0, to: 7, by: 0.01).map { exp($0) }
    for m in [0.5, 0.7, 3, 100] {
      let values = mapped(powers, shape: m)
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 && $0 > 0 && $1.isFinite }, "m = \(m)")
    }
  }

  @Test func gainsBeyondTheRangeAreFinite() {
    var values: [Float] = [-.infinity, .infinity, -103]
    var span = values.mutableSpan
    NakagamiMap(shape: 0.5).apply(to: &span)
    #expect(values.allSatisfy { $0.isFinite })
  }
}
