import Testing

@testable import Federation

@Suite struct VectorStepsTests {
  private func check<Scalar: BinaryFloatingPoint>(_ type: Scalar.Type) {
    let (x, d): ([Scalar], [Scalar]) = ([1, 2, 3, 4], [8, 6, 4, 2])
    var y: [Scalar] = [9, 9, 9, 9]
    VectorSteps.copy(x, into: &y)
    #expect(y == x)
    VectorSteps.sum(x, 0.5, d, into: &y)
    #expect(y == [5, 5, 5, 5])
    VectorSteps.difference(d, x, scale: 2, into: &y)
    #expect(y == [14, 8, 2, -4])
    VectorSteps.add(-1, x, to: &y)
    #expect(y == [13, 6, -1, -8])
    VectorSteps.add(10, x, to: &y, in: [0..<1, 3..<4])
    #expect(y == [23, 6, -1, 32])
    VectorSteps.mask(d, to: [1..<3], into: &y)
    #expect(y == [0, 6, 4, 0])
    VectorSteps.mask(d, to: nil, into: &y)
    #expect(y == d)
  }

  @Test func theyDoWhatTheySayInBothPrecisions() {
    check(Float.self)
    check(Double.self)
  }
}
