import Testing

@testable import Scenarios

@Suite struct PlotScaleTests {
  @Test func placesLinearAndLogarithmicNumbers() {
    let linear = PlotScale(isLogarithmic: false, range: 10...20, begin: 100, end: 300)
    #expect(linear.place(10) == 100 && linear.place(15) == 200 && linear.place(20) == 300)
    let logarithmic = PlotScale(isLogarithmic: true, range: 0.01...100, begin: 400, end: 0)
    #expect(abs(logarithmic.place(1) - 200) < 1e-9)
    #expect(abs(logarithmic.place(10) - 100) < 1e-9)
    #expect(logarithmic.place(-3) == 400)
    #expect(!logarithmic.shows(0) && linear.shows(0) && !linear.shows(.nan))
  }

  @Test func rangesHoldTheDataAndWhatTheAxisAsks() {
    func range(_ axis: Axis, _ values: [Double], reachesZero: Bool = false) -> ClosedRange<Double> {
      PlotScale.range(of: axis, values, room: 0.1, reachesZero: reachesZero)
    }
    #expect(range(Axis("a"), [0, 10]) == -1...11)
    #expect(range(Axis("a"), [1, 10], reachesZero: true) == 0...10.9)
    #expect(range(Axis("a", range: 0...1), [0.2, 0.4]) == 0...1)
    let wide = range(Axis("a", range: 0...1), [0.5, 3])
    #expect(wide.lowerBound == 0 && wide.upperBound > 3)
    #expect(range(Axis("a"), [7]).contains(7))
    let positive = range(Axis("a", isLogarithmic: true), [-1, 0, 0.1, 10])
    #expect(positive.lowerBound > 0 && positive.contains(0.1) && positive.contains(10))
  }
}
