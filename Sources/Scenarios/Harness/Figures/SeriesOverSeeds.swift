extension Series {
  /// The mean over seeds with its 95 % interval at each place of a sweep. Places where no seed measured anything are left out.
  public static func sweep(_ name: String, isReference: Bool = false, _ values: [(x: Double, values: SeedValues)]) -> Series {
    let points = values.filter { !$0.values.isEmpty }.map { place, values in
      let statistic = Statistics.meanInterval(values.values)
      return Point(x: place, mean: statistic.value, low: statistic.low, high: statistic.high, seeds: values.count)
    }
    return Series(name, isReference: isReference, points: points)
  }

  /// The mean over seeds with its 95 % interval at every step that a seed recorded.
  public static func curve(_ name: String, isReference: Bool = false, _ curves: [MetricCurve]) -> Series {
    var bySteps: [Int: (seeds: [Int], values: [Double])] = [:]
    for curve in curves.sorted(by: { $0.seed < $1.seed }) {
      for (step, value) in zip(curve.steps, curve.values) {
        bySteps[step, default: ([], [])].seeds.append(curve.seed)
        bySteps[step]!.values.append(value)
      }
    }
    let places = bySteps.keys.sorted().map { step in
      (x: Double(step), values: SeedValues(seeds: bySteps[step]!.seeds, values: bySteps[step]!.values))
    }
    return sweep(name, isReference: isReference, places)
  }
}

extension MetricCurve {
  /// The curve in blocks of `window` steps: the mean of the values with steps in (k·window, (k+1)·window], at the block's last step.
  ///
  /// - Precondition: `window` is positive.
  public func averaged(over window: Int) -> MetricCurve {
    precondition(window > 0, "MetricCurve.averaged: the window must be positive, got \(window)")
    var blocks: [(step: Int, sum: Double, count: Int)] = []
    for (step, value) in zip(steps, values) {
      let last = (step > 0 ? (step + window - 1) / window : step / window) * window
      if blocks.last?.step == last {
        blocks[blocks.count - 1].sum += value
        blocks[blocks.count - 1].count += 1
      } else {
        blocks.append((last, value, 1))
      }
    }
    return MetricCurve(seed: seed, steps: blocks.map(\.step), values: blocks.map { $0.sum / Double($0.count) })
  }
}
