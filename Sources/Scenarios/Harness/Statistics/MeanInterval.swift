import Tensor

extension Statistics {
  /// From this number of seeds on intervals come from the percentile bootstrap. Below it a bootstrap of few seeds that agree in
  /// sign would claim a certainty that it has not, so that Student's t is used.
  static let bootstrapMinimum = 10

  /// The mean of one value a seed with its 95 % interval: x̄ ± t₀.₉₇₅,ₙ₋₁ s / √n below ten seeds, the percentile bootstrap
  /// from ten on. The interval of a single value is that value.
  ///
  /// - Precondition: `values` is not empty.
  public static func meanInterval(_ values: [Double], named name: String = "mean") -> Statistic {
    precondition(!values.isEmpty, "Statistics.meanInterval: there is no value")
    let center = mean(values)
    guard values.count > 1 else { return Statistic(name, value: center, low: center, high: center) }
    // Of equal values the rounding error of the mean is no spread.
    if values.allSatisfy({ $0 == values[0] }) { return Statistic(name, value: values[0], low: values[0], high: values[0]) }
    if values.count < bootstrapMinimum {
      let half = studentHalfWidth(standardDeviation: standardDeviation(values), count: values.count)
      return Statistic(name, value: center, low: center - half, high: center + half)
    }
    let interval = bootstrapInterval(values, statistic: mean)
    return Statistic(name, value: center, low: interval.low, high: interval.high)
  }

  /// The mean of the differences of two quantities paired by seed, with its 95 % interval.
  public static func pairedInterval(_ first: SeedValues, minus second: SeedValues) -> Statistic {
    meanInterval((first - second).values, named: "mean paired difference")
  }

  /// Half the width of Student's 95 % interval of a mean: t₀.₉₇₅,ₙ₋₁ s / √n.
  static func studentHalfWidth(standardDeviation: Double, count: Int) -> Double {
    studentQuantile(0.975, degreesOfFreedom: Double(count - 1)) * standardDeviation / Math.sqrt(Double(count))
  }
}
