extension SeedValues {
  /// The values of several quantities joined seed by seed; seeds that not all of them have are left out.
  ///
  /// - Parameters:
  ///   - parts: Each quantity for each seed.
  ///   - join: Of one value of each quantity, in their order.
  /// - Precondition: there is at least one quantity.
  public static func joined(_ parts: [SeedValues], _ join: ([Double]) -> Double) -> SeedValues {
    precondition(!parts.isEmpty, "SeedValues.joined: there is no quantity")
    let common = parts[0].seeds.filter { seed in parts.allSatisfy { $0[seed] != nil } }
    return SeedValues(seeds: common, values: common.map { seed in join(parts.map { $0[seed]! }) })
  }
}

extension Statistics {
  /// The slope of the straight line through points that leaves the least squares: Σ(x−x̄)(y−ȳ) / Σ(x−x̄)². NaN when all x are equal.
  ///
  /// - Precondition: as many x as y.
  public static func leastSquaresSlope(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "Statistics.leastSquaresSlope: \(x.count) values against \(y.count)")
    let (centerX, centerY) = (mean(x), mean(y))
    var (xx, xy) = (0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - centerX) * (a - centerX)
      xy += (a - centerX) * (b - centerY)
    }
    return xx > 0 ? xy / xx : .nan
  }
}
