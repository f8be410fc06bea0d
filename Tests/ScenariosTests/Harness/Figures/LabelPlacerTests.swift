import Testing

@testable import Scenarios

@Suite struct LabelPlacerTests {
  @Test func labelsCoverNothing() throws {
    var placer = LabelPlacer(frame: .init(left: 0, top: 0, right: 100, bottom: 100))
    placer.occupy(x: 50, y: 50, halfWidth: 5, halfHeight: 5)
    var found = 0
    while let box = placer.place(width: 12, height: 8, around: (50, 50), distance: 7) {
      found += 1
      #expect(abs(box.right - box.left - 12) < 1e-9 && abs(box.bottom - box.top - 8) < 1e-9)
      try #require(found < 100)
    }
    // Eight directions at most twice.
    #expect(found >= 8 && found <= 16)
    for (index, box) in placer.occupied.enumerated() {
      #expect(!placer.occupied[(index + 1)...].contains { $0.overlaps(box) })
    }
  }

  @Test func labelsStayInTheFrame() {
    var placer = LabelPlacer(frame: .init(left: 0, top: 0, right: 100, bottom: 100))
    // To the right there is no room.
    #expect(placer.place(width: 20, height: 8, around: (95, 50), distance: 3) == .init(left: 72, top: 46, right: 92, bottom: 54))
    #expect(placer.place(width: 200, height: 8, around: (50, 50), distance: 3) == nil)
  }

  @Test func linesAreKeptFree() {
    var placer = LabelPlacer(frame: .init(left: 0, top: 0, right: 100, bottom: 100))
    placer.occupy(from: (50, 50), to: (80, 50))
    #expect(placer.place(width: 10, height: 8, around: (50, 50), distance: 5) == .init(left: 35, top: 46, right: 45, bottom: 54))
    // A line of no length is a point.
    placer.occupy(from: (10, 10), to: (10, 10))
    #expect(placer.occupied.allSatisfy { $0.left.isFinite && $0.top.isFinite })
  }
}
