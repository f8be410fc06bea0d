import Channels
import Foundation
import TestSupport
import Testing

@Suite struct PoissonPointsTests {
  let region = Region.rectangle(Rectangle(width: Meters(2000), height: Meters(500)))

  private func counts(_ process: PoissonPoints, _ drops: Int) -> [Int] {
    (0..<drops).map { process.count(stream: RandomStream(seed: 41, purpose: .drop, index: $0 % 7), step: $0 / 7) }
  }

  @Test(arguments: [0.3, 4.7, 60, 1500]) func meanAndVarianceAreEqual(mean: Double) {
    let drops = 20000
    let values = counts(PoissonPoints(in: region, mean: mean), mean > 1000 ? 4000 : drops).map(Double.init)
    let n = Double(values.count)
    let average = Moments.mean(values)
    let variance = Moments.mean(values.map { $0 - mean }, power: 2)
    #expect(abs(average - mean) < 5.5 * sqrt(mean / n))
    // The fourth central moment is mean + 3 mean².
    #expect(abs(variance - mean) < 5.5 * sqrt((mean + 2 * mean * mean) / n))
  }

  @Test func theCountHasPoissonsLaw() {
    let values = counts(PoissonPoints(in: region, mean: 4.7), 20000)
    var observed = Array(repeating: 0, count: 13)
    for value in values { observed[min(value, 12)] += 1 }
    var probability = exp(-4.7)
    var expected: [Double] = []
    var rest = 20000.0
    for k in 0..<12 {
      expected.append(20000 * probability)
      rest -= 20000 * probability
      probability *= 4.7 / Double(k + 1)
    }
    expected.append(rest)
    // 12 degrees of freedom: 58.9 is exceeded with probability 3.5e-8.
    #expect(ChiSquare.statistic(observed, expected: expected) < 58.9)
  }

  @Test func theIntensityIsPerSquareKilometer() {
    #expect(PoissonPoints(in: region, perSquareKilometer: 25).mean == 25)
  }

  @Test func countsOfDisjointPartsAreIndependent() {
    // Half of the region holds a Poisson number of half the mean, independent of the other half.
    let process = PoissonPoints(in: region, mean: 8)
    let halves = (0..<20000).map { step in
      let points = process.points(stream: RandomStream(seed: 42, purpose: .drop), step: step)
      let left = points.count { $0.x < 0 }
      return (Double(left) - 4, Double(points.count - left) - 4)
    }
    let n = sqrt(20000.0)
    #expect(abs(Moments.meanProduct(halves.map(\.0), halves.map(\.1))) < 5.5 * 4 / n)
    #expect(abs(Moments.mean(halves.map(\.0), power: 2) - 4) < 5.5 * 6 / n)
  }

  @Test func pointsAreUniformAndDenserProcessesContainThinnerOnes() {
    let stream = RandomStream(seed: 43, purpose: .drop)
    let many = PoissonPoints(in: region, mean: 20000).points(stream: stream)
    #expect(KolmogorovSmirnov.agrees(many.map { ($0.x + 1000) / 2000 }) { $0 })
    #expect(KolmogorovSmirnov.agrees(many.map { ($0.y + 250) / 500 }) { $0 })
    let few = PoissonPoints(in: region, mean: 50).points(stream: stream)
    #expect(!few.isEmpty && Array(many.prefix(few.count)) == few)
    #expect(PoissonPoints(in: region, mean: 50).points(stream: stream, part: 1).first != few.first)
    #expect(PoissonPoints(in: region, mean: 0).points(stream: stream).isEmpty)
  }

  @Test func refusesAMeanThatIsNoNumber() async {
    await #expect(processExitsWith: .failure) { _ = PoissonPoints(in: .disc(radius: Meters(1)), mean: -1) }
    await #expect(processExitsWith: .failure) { _ = PoissonPoints(in: .disc(radius: Meters(1)), mean: .nan) }
  }
}
