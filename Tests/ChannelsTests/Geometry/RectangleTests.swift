import Channels
import TestSupport
import Testing

@Suite struct RectangleTests {
  let rectangle = Rectangle(center: Position(x: 100, y: -20), width: Meters(1500), height: Meters(1000))

  @Test func knowsItsInside() {
    #expect(rectangle.squareMeters == 1.5e6)
    #expect(rectangle.contains(Position(x: 850, y: 480)))
    #expect(rectangle.contains(Position(x: -650, y: -520)))
    #expect(!rectangle.contains(Position(x: 850.001, y: 0)))
    #expect(!rectangle.contains(Position(x: 0, y: -520.001)))
    #expect(Rectangle.square(side: Meters(50)).squareMeters == 2500)
  }

  @Test func pointsAreUniformOverTheArea() {
    var generator = Philox(seed: 5, counter: (0, 0, 0, 1))
    let points = (0..<20000).map { _ in rectangle.uniform(using: &generator) }
    #expect(points.allSatisfy(rectangle.contains))
    let columns = points.map { ($0.x + 650) / 1500 }
    let rows = points.map { ($0.y + 520) / 1000 }
    #expect(KolmogorovSmirnov.agrees(columns) { $0 })
    #expect(KolmogorovSmirnov.agrees(rows) { $0 })
    var cells = Array(repeating: 0, count: 100)
    for (column, row) in zip(columns, rows) { cells[min(Int(column * 10), 9) * 10 + min(Int(row * 10), 9)] += 1 }
    #expect(ChiSquare.isUniform(cells))
  }

  @Test func needsAnInside() async {
    await #expect(processExitsWith: .failure) { _ = Rectangle(width: Meters(0), height: Meters(1)) }
    await #expect(processExitsWith: .failure) { _ = Rectangle(width: Meters(1), height: Meters(.infinity)) }
  }
}
