import Scenarios
import Tensor

/// Speeds of random fills.
enum RandomSuite {
  static let count = 4096

  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    let stream = RandomStream(seed: 1, purpose: .environment)
    let unit = PerfUnit.rate("elements/ns", perCall: Double(count) * 1e-9)
    var singles = [Float](repeating: 0, count: count)
    var doubles = [Double](repeating: 0, count: count)
    var integers = [Int32](repeating: 0, count: count)
    var imaginary = singles
    var step = 0
    report(
      try meter.measure("random/uniform/\(count)", unit: unit) {
        stream.fill(&singles, with: .uniform, step: step)
        step += 1
      })
    report(
      try meter.measure("random/normal/\(count)", unit: unit) {
        stream.fill(&singles, with: .normal, step: step)
        step += 1
      })
    report(
      try meter.measure("random/complex/\(count)", unit: unit) {
        stream.fillComplexNormal(real: &singles, imaginary: &imaginary, step: step)
        step += 1
      })
    report(
      try meter.measure("random/double-normal/\(count)", unit: unit) {
        stream.fill(&doubles, with: .normal, step: step)
        step += 1
      })
    report(
      try meter.measure("random/integers/\(count)", unit: unit) {
        stream.fillIntegers(&integers, below: 1000, step: step)
        step += 1
      })
    for i in 0..<count { integers[i] = Int32(i) }
    report(
      try meter.measure("random/shuffle/\(count)", unit: unit) {
        stream.shuffle(&integers, step: step)
        step += 1
      })
    var choices = [Int32](repeating: 0, count: 256)
    report(
      try meter.measure("random/distinct/256-of-1000000", unit: .rate("elements/ns", perCall: 256e-9)) {
        stream.fillDistinct(&choices, below: 1_000_000, step: step)
        step += 1
      })
  }
}
