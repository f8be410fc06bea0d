import Testing

@testable import Scenarios

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0...1.0, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1"]), (9.5...50.5, 9, ["10", "15", "20", "25", "30", "35", "40", "45", "50"]),
    (-0.31...0.31, 4, ["−0.2", "0", "0.2"]), (0...30000, 3, ["0", "10000", "20000", "30000"]),
    (0.00101...0.00119, 4, ["0.00105", "0.0011", "0.00115"]),
  ])
  func niceNumbers(range: ClosedRange<Double>, count: Int, labels: [String]) {
    let ticks = Ticks.linear(range, count: count)
    #expect(ticks.ticks.map(\.label) == labels)
    #expect(ticks.exponent == 0)
    #expect(ticks.ticks.allSatisfy { range.contains($0.value) })
  }

  @Test func largeAndSmallNumbersShareAPowerOfTen() {
    let large = Ticks.linear(0...2e6, count: 4)
    #expect(large.ticks.map(\.label) == ["0", "0.5", "1", "1.5", "2"])
    #expect(large.exponent == 6)
    #expect(large.ticks.map(\.value) == [0, 0.5e6, 1e6, 1.5e6, 2e6])
    let small = Ticks.linear(0...3e-6, count: 3)
    #expect(small.ticks.map(\.label) == ["0", "1", "2", "3"])
    #expect(small.exponent == -6)
  }

  @Test func powersOfTen() {
    #expect(Ticks.logarithmic(0.001...10, count: 6).ticks.map(\.label) == ["0.001", "0.01", "0.1", "1", "10"])
    #expect(Ticks.logarithmic(1e-6...1, count: 8).ticks.map(\.label) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    #expect(Ticks.logarithmic(0.02...0.6, count: 6).ticks.map(\.label) == ["0.02", "0.05", "0.1", "0.2", "0.5"])
    #expect(Ticks.logarithmic(1e-12...1, count: 5).ticks.map(\.value) == [1e-12, 1e-9, 1e-6, 1e-3, 1])
    #expect(Ticks.logarithmic(11...14, count: 3).ticks.map(\.label) == ["11", "12", "13", "14"])
  }

  @Test func stepsAreOneTwoOrFive() {
    for exponent in -12...12 {
      for factor in [1.0, 1.9, 2.1, 4.9, 5.1, 9.9] {
        let raw = factor * Double("1e\(exponent)")!
        let step = Ticks.niceStep(0...raw * 5, count: 5)
        #expect([1, 2, 5].contains(step.mantissa))
        let value = Ticks.decimal(step.mantissa, step.power)
        #expect(value >= raw * (1 - 1e-9) && value <= raw * 2.5)
      }
    }
  }
}
