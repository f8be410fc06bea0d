import Tensor

extension Statistics {
  /// The ranks of values from 1 on; equal values share the mean of their ranks. O(n log n).
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = Array(repeating: 0.0, count: values.count)
    var begin = 0
    while begin < order.count {
      var end = begin + 1
      while end < order.count && values[order[end]] == values[order[begin]] { end += 1 }
      for place in begin..<end { ranks[order[place]] = Double(begin + 1 + end) / 2 }
      begin = end
    }
    return ranks
  }

  /// Pearson's correlation: Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²). NaN when one of the two is constant.
  ///
  /// - Precondition: as many x as y.
  public static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "Statistics.correlation: \(x.count) values against \(y.count)")
    let centerX = mean(x)
    let centerY = mean(y)
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    for (a, b) in zip(x, y) {
      xx += (a - centerX) * (a - centerX)
      yy += (b - centerY) * (b - centerY)
      xy += (a - centerX) * (b - centerY)
    }
    return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : .nan
  }

  /// Spearman's rank correlation: Pearson's correlation of the ranks.
  public static func spearmanCorrelation(_ x: [Double], _ y: [Double]) -> Double { correlation(ranks(x), ranks(y)) }

  /// How steadily y grows with x: Spearman's rank correlation, and zero for a curve that is flat, which neither grows nor falls.
  public static func trend(_ x: [Double], _ y: [Double]) -> Double {
    let correlation = spearmanCorrelation(x, y)
    return correlation.isFinite ? correlation : 0
  }

  /// The probability that a run of the first method beats a run of the second, averaged over tasks:
  /// P(X > Y) = Σ_tasks Σ_ij S(x_i, y_j) / (n m · tasks), where S is 1 above, ½ at equality, 0 below
  /// (Agarwal et al. 2021, section 4.3; Mann and Whitney 1947). O(tasks · n · m).
  ///
  /// - Parameters:
  ///   - first: `[tasks][runs]`
  ///   - second: `[tasks][runs]`, of as many tasks.
  public static func probabilityOfImprovement(_ first: [[Double]], over second: [[Double]]) -> Double {
    precondition(first.count == second.count && !first.isEmpty, "Statistics.probabilityOfImprovement: \(first.count) tasks against \(second.count)")
    let shares = zip(first, second).map { (x, y) -> Double in
      var wins = 0.0
      for a in x { for b in y { wins += a > b ? 1 : a == b ? 0.5 : 0 } }
      return wins / Double(x.count * y.count)
    }
    return mean(shares)
  }
}
