import Tensor

/// Mean and variance of vectors that come in batches, without keeping them.
///
/// Batches are merged by the rule of T. Chan, G. Golub and R. LeVeque ("Algorithms for computing the sample variance", The American Statistician 37,
/// 1983): with the counts n of what was seen and m of the batch, and d = mean_m − mean_n,
///
///     mean ← mean + d m / (n + m)
///     S ← S + S_m + d² n m / (n + m),   variance = S / (n + m)
///
/// Before the first batch the mean is 0 and the variance 1, with the weight of 10⁻⁴ values, so that a first constant batch does not divide by zero.
public struct RunningStatistics: Archivable, Sendable, Hashable {
  /// n
  public private(set) var count = 1e-4
  /// `[D]`
  public private(set) var means: [Double]
  /// Sums of squared deviations from the mean. `[D]`
  private var squares: [Double]

  /// - Parameter size: D
  public init(size: Int) {
    means = Array(repeating: 0, count: size)
    squares = Array(repeating: 1e-4, count: size)
  }

  /// The variance of one component, divided by n.
  public func variance(_ component: Int) -> Double { squares[component] / count }

  /// Takes in a batch.
  ///
  /// - Parameter rows: `[m, D]`
  public mutating func add(_ rows: [Float]) {
    let rows = rows.span
    let size = means.count
    let m = rows.count / size
    precondition(rows.count == m * size, "RunningStatistics.add: \(rows.count) numbers are no rows of \(size)")
    if m == 0 { return }
    let total = count + Double(m)
    for component in 0..<size {
      var sum = 0.0
      for row in 0..<m { sum += Double(rows[row * size + component]) }
      let mean = sum / Double(m)
      var deviations = 0.0
      for row in 0..<m {
        let deviation = Double(rows[row * size + component]) - mean
        deviations += deviation * deviation
      }
      let difference = mean - means[component]
      means[component] += difference * Double(m) / total
      squares[component] += deviations + difference * difference * count * Double(m) / total
    }
    count = total
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("count", &count)
    try archive.array("means", &means)
    try archive.array("squares", &squares)
    guard count >= 1e-4, count.isFinite, means.allSatisfy(\.isFinite), squares.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw archive.failure("the running statistics are out of range")
    }
  }
}
