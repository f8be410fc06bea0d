import Channels
import Foundation
import TestSupport
import Testing

@Suite struct HexagonTests {
  let hexagon = Hexagon(center: Position(x: -300, y: 70), inradius: Meters(250))

  @Test func measuresAreThoseOfARegularHexagon() {
    #expect(abs(hexagon.circumradius.value - 500 / sqrt(3)) < 1e-12)
    #expect(abs(hexagon.squareMeters - 500.0 * 500 * sqrt(3) / 2) < 1e-9)
    for (k, corner) in hexagon.corners.enumerated() {
      let angle = (30 + 60 * Double(k)) * .pi / 180
      #expect(abs(corner.x - hexagon.center.x - 500 / sqrt(3) * cos(angle)) < 1e-10)
      #expect(abs(corner.y - hexagon.center.y - 500 / sqrt(3) * sin(angle)) < 1e-10)
    }
  }

  @Test func insideIsWithinTheInradiusOfEverySide() {
    for k in 0..<360 {
      let angle = Double(k) * .pi / 180
      // The distance of the border in a direction: inradius over the cosine of the angle to the nearest side's normal.
      let border = 250 / cos(remainder(angle, .pi / 3))
      let (x, y) = (cos(angle), sin(angle))
      #expect(hexagon.contains(Position(x: -300 + 0.999999 * border * x, y: 70 + 0.999999 * border * y)))
      #expect(!hexagon.contains(Position(x: -300 + 1.000001 * border * x, y: 70 + 1.000001 * border * y)))
    }
  }

  @Test func pointsAreUniformOverTheArea() {
    var generator = Philox(seed: 6, counter: (0, 0, 0, 1))
    let count = 30000
    var triangles = Array(repeating: 0, count: 6)
    var depths: [Double] = []
    var places: [Double] = []
    for _ in 0..<count {
      let point = hexagon.uniform(using: &generator)
      let (x, y) = (point.x + 300, point.y - 70)
      // The triangle of the centre and a side is where that side's normal sees the point farthest out.
      let heights = (0..<6).map { x * cos(Double($0) * .pi / 3) + y * sin(Double($0) * .pi / 3) }
      let side = heights.indices.max { heights[$0] < heights[$1] }!
      triangles[side] += 1
      depths.append(heights[side] / 250)
      let along = -x * sin(Double(side) * .pi / 3) + y * cos(Double(side) * .pi / 3)
      places.append(0.5 + along * sqrt(3) / (2 * heights[side]))
    }
    #expect(ChiSquare.isUniform(triangles))
    // Within a triangle the height has distribution function h², and the place along the side is uniform.
    #expect(KolmogorovSmirnov.agrees(depths) { $0 * $0 })
    #expect(KolmogorovSmirnov.agrees(places) { $0 })
    #expect(depths.allSatisfy { $0 <= 1 + 1e-12 })
    #expect(abs(Moments.meanProduct(depths.map { $0 - 2.0 / 3 }, places.map { $0 - 0.5 })) < 5.5 * 0.236 * 0.289 / sqrt(Double(count)))
  }

  @Test func needsAnInside() async {
    await #expect(processExitsWith: .failure) { _ = Hexagon(inradius: Meters(-1)) }
  }
}
