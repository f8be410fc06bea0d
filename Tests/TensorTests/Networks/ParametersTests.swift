import Tensor
import TestSupport
import Testing

@Suite struct ParametersTests {
  @Test func layoutsPutArraysOneBehindTheOther() {
    var layout = Layout()
    #expect(layout.append("a", [2, 3], fanIn: 2) == 0)
    #expect(layout.append("b", .scalar, fanIn: 1) == 1)
    #expect(layout.append("c", [0, 4], fanIn: 1) == 2)
    #expect(layout.append("d", [5], fanIn: 1) == 3)
    #expect(layout.slices.map(\.offset) == [0, 6, 7, 7])
    #expect(layout.count == 12 && Parameters(layout).values.array == Array(repeating: 0, count: 12))
  }

  @Test func averagingMovesByTheRate() {
    var layout = Layout()
    layout.append("all", [37], fanIn: 1)
    var (a, b) = (Parameters(layout), Parameters(layout))
    for i in 0..<37 { (a.values[i], b.values[i]) = (Float(i) - 11, Float(i * i) / 7) }
    let before = a
    a.move(toward: b, by: 0.125)
    let expected = (0..<37).map { i in
      let from = Double(before.values[i])
      return from + (Double(b.values[i]) - from) / 8
    }
    #expect(relativeDistance(a.values.array.map(Double.init), expected) < 1e-7)
    var c = before
    c.move(toward: b, by: 0)
    #expect(c.values == before.values)
    c.move(toward: b, by: 1)
    #expect(relativeDistance(c.values.array.map(Double.init), b.values.array.map(Double.init)) < 1e-7)
  }

  @Test func anotherLayoutIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var (first, second) = (Layout(), Layout())
      first.append("a", [2, 3], fanIn: 1)
      second.append("a", [3, 2], fanIn: 1)
      var parameters = Parameters(first)
      parameters.move(toward: Parameters(second), by: 0.5)
    }
  }
}
