import Channels
import Foundation
import TestSupport
import Testing

@Suite struct RegionTests {
  static let regions: [Region] = [
    .disc(center: Position(x: 3, y: -8), radius: Meters(500)),
    .ring(Ring(center: Position(x: 3, y: -8), inner: Meters(100), outer: Meters(500))),
    .rectangle(Rectangle(center: Position(x: 3, y: -8), width: Meters(1500), height: Meters(100))),
    .square(side: Meters(200)),
    .hexagon(Hexagon(center: Position(x: 1e7, y: -1e7), inradius: Meters(100 / 3.0))),
  ]

  @Test(arguments: regions) func pointsBelongToItAndTakeTwoNumbers(region: Region) {
    var generator = Philox(seed: 8, counter: (0, 0, 0, 1))
    for _ in 0..<10000 {
      var other = generator
      #expect(region.contains(region.uniform(using: &generator)))
      _ = (other.uniform(), other.uniform())
      #expect(
        other.next32()
          == {
            var copy = generator
            return copy.next32()
          }())
    }
  }

  @Test(arguments: regions) func clampingBringsEveryPointInAndLeavesThoseInside(region: Region) {
    var generator = Philox(seed: 9, counter: (0, 0, 0, 1))
    let size = region.diameter.value
    for k in 0..<20000 {
      // Many of them a rounding away from the border.
      let reach = k.isMultiple(of: 2) ? size : size * 0.6
      let point = Position(
        x: region.center.x + generator.uniform(-reach, reach), y: region.center.y + generator.uniform(-reach, reach))
      let once = region.clamped(point)
      #expect(region.contains(once))
      #expect(region.clamped(once) == once)
      if region.contains(point) { #expect(once == point) }
    }
    #expect(region.contains(region.clamped(region.center)))
  }

  @Test func clampedPointsLieOnTheBorder() {
    let disc = Region.disc(radius: Meters(10)).clamped(Position(x: 30, y: 40))
    #expect(abs(disc.x - 6) < 1e-14 && abs(disc.y - 8) < 1e-14)
    let ring = Region.ring(Ring(center: .origin, inner: Meters(5), outer: Meters(10))).clamped(Position(x: 0, y: -1))
    #expect(ring.x == 0 && abs(ring.y + 5) < 1e-14)
    #expect(Region.square(side: Meters(4)).clamped(Position(x: 9, y: -1)) == Position(x: 2, y: -1))
    let hexagon = Region.hexagon(Hexagon(inradius: Meters(10))).clamped(Position(x: -50, y: 1))
    #expect(hexagon == Position(x: -10, y: 1))
  }

  @Test func discsAreUniformInRadiusAndAngle() {
    let region = RegionTests.regions[0]
    var generator = Philox(seed: 10, counter: (0, 0, 0, 1))
    let points = (0..<20000).map { _ in region.uniform(using: &generator) }
    #expect(KolmogorovSmirnov.agrees(points.map { $0.distance(to: region.center).value / 500 }) { $0 * $0 })
    #expect(KolmogorovSmirnov.agrees(points.map { atan2($0.y + 8, $0.x - 3) / (2 * .pi) + 0.5 }) { $0 })
  }

  @Test func measuresAreThoseOfTheFigures() {
    #expect(abs(RegionTests.regions[0].squareMeters - 250000 * Double.pi) < 1e-8)
    #expect(abs(RegionTests.regions[1].squareMeters - 240000 * Double.pi) < 1e-8)
    #expect(RegionTests.regions[2].squareMeters == 150000)
    #expect(Region.rectangle(Rectangle(width: Meters(3), height: Meters(4))).diameter.value == 5)
    #expect(Region.disc(radius: Meters(3)).diameter.value == 6)
    #expect(abs(Region.hexagon(Hexagon(inradius: Meters(3))).diameter.value - 12 / sqrt(3)) < 1e-14)
    #expect(RegionTests.regions.map(\.isConvex) == [true, false, true, true, true])
  }

  @Test(arguments: regions) func movingKeepsTheShape(region: Region) {
    let moved = region.moved(to: Position(x: -5, y: 7))
    #expect(moved.center == Position(x: -5, y: 7))
    #expect(moved.squareMeters == region.squareMeters)
    #expect(moved.moved(to: region.center) == region)
  }
}
