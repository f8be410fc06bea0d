import TestSupport

@testable import Tensor

/// What the tests of distributions share: derivatives of a loss, integrals, means with their errors.
enum DistributionChecks {
  static let stream = RandomStream(seed: 0xA5A5_0001_2345, purpose: .exploration, index: 2)

  /// A loss and its derivatives with respect to arrays.
  static func gradients(
    _ inputs: [(values: [Float], shape: Shape)], _ loss: (Tape, [Variable]) -> Variable
  ) -> (value: Double, gradients: [[Double]]) {
    let tape = Tape()
    let variables = inputs.map { tape.variable(Tensor($0.values, shape: $0.shape)) }
    let value = loss(tape, variables)
    let gradients = tape.gradients(of: value, withRespectTo: variables)
    return (Double(value.number), gradients.map { $0.array.map(Double.init) })
  }

  /// ∫ f by the trapezium rule, which is exact to rounding for smooth functions that vanish at both ends.
  static func integral(_ low: Double, _ high: Double, steps: Int = 4000, _ f: (Double) -> Double) -> Double {
    let h = (high - low) / Double(steps)
    var sum = (f(low) + f(high)) / 2
    for i in 1..<steps { sum += f(low + Double(i) * h) }
    return sum * h
  }

  /// Whether independent values may have the expectation `expected`: within 5.5 standard errors, which right ones leave less than once in
  /// ten million times, and `rounding`.
  static func agree(_ values: [Double], mean expected: Double, rounding: Double = 1e-6) -> Bool {
    let mean = Moments.mean(values)
    let variance = Moments.mean(values.map { $0 - mean }, power: 2)
    return abs(mean - expected) < 5.5 * (variance / Double(values.count)).squareRoot() + rounding
  }

  /// Whether counts may come from cells with these probabilities; says no to right ones less than once in ten million times.
  ///
  /// Pearson's statistic against the quantile of Wilson and Hilferty (1931) at 5.2 standard deviations.
  static func agree(counts: [Int], _ probabilities: [Double]) -> Bool {
    let total = Double(counts.reduce(0, +))
    let freedom = Double(counts.count - 1)
    let root = 1 - 2 / (9 * freedom) + 5.2 * (2 / (9 * freedom)).squareRoot()
    return ChiSquare.statistic(counts, expected: probabilities.map { $0 * total }) < freedom * root * root * root
  }

  /// The same row over and over. `[rows, row.count]`
  static func repeated(_ row: [Float], _ rows: Int) -> (values: [Float], shape: Shape) {
    (Array(repeatElement(row, count: rows).joined()), [rows, row.count])
  }

  static func noise(_ distribution: Distribution, _ count: Int, step: Int, part: Int = 0) -> [Float] {
    Tape().noise(distribution, shape: [count], from: stream, step: step, part: part).array
  }
}
