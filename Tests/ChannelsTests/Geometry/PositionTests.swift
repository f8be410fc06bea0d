import Channels
import Tensor
import TestSupport
import Testing

@Suite struct PositionTests {
  @Test func distancesAreEuclidean() {
    #expect(Position(x: 1, y: 2).distance(to: Position(x: 4, y: -2)).value == 5)
    #expect(Position.origin.distance(to: .origin).value == 0)
  }

  @Test func pointsOfARingAreUniformOverItsArea() {
    let center = Position(x: 30, y: -40)
    let ring = Ring(center: center, inner: Meters(10), outer: Meters(50))
    var generator = Philox(seed: 3, counter: (0, 0, 0, 0))
    let points = (0..<20000).map { _ in ring.uniform(using: &generator) }
    let radii = points.map { $0.distance(to: center).value }
    #expect(radii.allSatisfy { $0 >= 10 - 1e-12 && $0 <= 50 })
    // The area inside radius r is a fraction (r² − 10²) / (50² − 10²) of the whole.
    #expect(KolmogorovSmirnov.agrees(radii) { ($0 * $0 - 100) / 2400 })
    // Each quarter of the plane round the centre holds a quarter of the points, 5000 ± 5.5 · 61.2.
    for (right, upper) in [(true, true), (true, false), (false, true), (false, false)] {
      let count = points.count { ($0.x > center.x) == right && ($0.y > center.y) == upper }
      #expect(abs(count - 5000) < 337)
    }
    // Projections of a uniform direction have mean square ½, with standard error √(1/8) / √20000.
    let cosines = zip(points, radii).map { ($0.x - center.x) / $1 }
    #expect(abs(Moments.mean(cosines, power: 2) - 0.5) < 0.01375)
  }

  @Test func aPointTakesTwoNumbersWhateverTheRing() {
    var a = Philox(seed: 4, counter: (0, 0, 0, 0))
    var b = a
    _ = Ring(center: .origin, inner: Meters(0), outer: Meters(1)).uniform(using: &a)
    _ = (b.uniform(), b.uniform())
    #expect(a.next() == b.next())
  }

  @Test func aRingNeedsAnInside() async {
    await #expect(processExitsWith: .failure) { _ = Ring(center: .origin, inner: Meters(5), outer: Meters(5)) }
  }
}
