import Channels

/// The paper's figures from the metrics of a run.
struct D2DFigures: PackOutputs {
  let pack: D2DPack
  let table: MetricTable
  let request: RunRequest
  private let settings: D2DSettings

  init(pack: D2DPack, table: MetricTable, request: RunRequest) {
    self.pack = pack
    self.table = table
    self.request = request
    settings = D2DSettings(request.parameters)
  }

  var all: [Figure] {
    wanted([positions, convergence, cellularOutage, pairOutage, pairRate, outageAgainstNeighbours, rateAgainstNeighbours, sequels, variants])
  }

  private func point(_ scheme: SchemeDescription, _ pairs: Int) -> SweepPoint {
    D2DPack.point(scheme.name, pairs: pairs, neighbours: settings.neighbours)
  }

  private func legend(_ scheme: SchemeDescription) -> String {
    scheme.name == "naac" ? "\(scheme.legend) (λ = \(settings.neighbours))" : scheme.legend
  }

  /// Fig. 6: the exploring agents, block by block, and the policy that would be executed.
  private var convergence: Figure {
    let pairs = pack.sweep(request)[0]
    let learningSlots = settings.learningSlots(pairs: pairs)
    let block = max(1, min(20, learningSlots / 10))
    let exploring = schemes.map { scheme in
      Series.curve(
        legend(scheme), isReference: scheme.isReference,
        table.curves("trainingReward", of: scheme.name, at: point(scheme, pairs)).map { $0.averaged(over: block) })
    }
    let gaps = executed(pairs).filter { !$0.points.isEmpty }
    // On-line schemes learn much longer than those with a replay.
    let slots = Axis("Learning slots", isLogarithmic: schemes.contains { settings.slots($0.name, pairs: pairs) > 2 * learningSlots })
    let right =
      " Right: total reward of the policy that would be executed (target actors, no exploration) minus that of the oracle in the same slots, "
      + "which takes the differences between drops out."
    return Figure(
      number: 6, title: title(6),
      caption:
        "\(gaps.isEmpty ? "Total" : "Left: total") reward of all \(pairs) pairs against learning slots (behind \(settings.learner.randomSteps) slots "
        + "of random allocation), while the agents explore; means of \(block) slots.\(gaps.isEmpty ? "" : right) Mean and 95 % interval over seeds.",
      panels: [
        Panel(
          title: "While exploring", x: slots, y: Axis("Total reward", unit: "bit/s/Hz"),
          series: exploring.filter { !$0.points.isEmpty }),
        Panel(
          title: "Executed policy, against the oracle", x: slots, y: Axis("Total reward minus oracle's", unit: "bit/s/Hz"),
          series: gaps, references: [ReferenceLine(.horizontal(0), label: "oracle")]),
      ].filter { !$0.series.isEmpty })
  }

  /// The executed policies' rewards, each seed minus its oracle's in the same slots; of the seeds that all schemes have.
  private func executed(_ pairs: Int) -> [Series] {
    guard let oracle = schemes.first(where: { $0.name == "oracle" }) else { return [] }
    let best = table.values("executedReward", of: "oracle", at: point(oracle, pairs))
    let all = schemes.filter { $0.name != "oracle" }.map { scheme in
      (scheme: scheme, curves: table.curves("executedReward", of: scheme.name, at: point(scheme, pairs)))
    }.filter { !$0.curves.isEmpty }
    let seeds = best.seeds.filter { seed in all.allSatisfy { $0.curves.contains { $0.seed == seed } } }
    let steps = all.filter { !$0.scheme.isReference }.flatMap { $0.curves.flatMap(\.steps) }
    return all.map { scheme, curves in
      let gaps = curves.filter { seeds.contains($0.seed) }.map { curve in
        MetricCurve(seed: curve.seed, steps: curve.steps, values: curve.values.map { $0 - best[curve.seed]! })
      }
      guard scheme.isReference, let first = steps.min(), let last = steps.max() else { return Series.curve(legend(scheme), gaps) }
      // A yardstick does not change while others learn.
      let gap = SeedValues(seeds: gaps.map(\.seed), values: gaps.map { $0.values[$0.values.count - 1] })
      return Series.sweep(legend(scheme), isReference: true, [(x: Double(first), values: gap), (x: Double(last), values: gap)])
    }
  }

  private var cellularOutage: Figure { sweep(7, "cellularOutage", Axis("Outage probability of cellular links"), isProbability: true) }
  private var pairOutage: Figure { sweep(8, "d2dOutage", Axis("Outage probability of D2D links"), isProbability: true) }
  private var pairRate: Figure { sweep(9, "d2dSumRate", Axis("Sum rate of D2D links", unit: "bit/s/Hz")) }

  /// Figs. 7 to 9: one metric of the executed policy against the number of pairs.
  private func sweep(_ number: Int, _ metric: String, _ axis: Axis, isProbability: Bool = false) -> Figure {
    let numbers = pack.sweep(request)
    // Drops differ more than schemes: curves of different seeds could not be compared.
    let seeds = numbers.map { pairs in
      SeedValues.commonSeeds(of: schemes.map { table.values(metric, of: $0.name, at: point($0, pairs)) }.filter { !$0.isEmpty })
    }
    let series = schemes.map { scheme in
      let series = Series.sweep(
        legend(scheme), isReference: scheme.isReference,
        zip(numbers, seeds).map { (x: Double($0), values: table.values(metric, of: scheme.name, at: point(scheme, $0)).restricted(to: $1)) })
      return isProbability ? D2DFigures.cut(series) : series
    }
    return Figure(
      number: number, title: title(number),
      caption: "\(axis.caption) of the executed policies over \(settings.evaluationSlots) slots. Mean and 95 % interval over the seeds that all have"
        + (isProbability ? ", cut at 0 and 1." : "."),
      panels: [
        Panel(x: Axis("Number of D2D pairs", ticks: numbers.map { Double($0) }), y: axis, series: series.filter { !$0.points.isEmpty })
      ])
  }

  /// Intervals of probabilities end at 0 and 1.
  private static func cut(_ series: Series) -> Series {
    var series = series
    for index in series.points.indices {
      series.points[index].low = max(0, series.points[index].low)
      series.points[index].high = min(1, series.points[index].high)
    }
    return series
  }

  // MARK: Figures 10 and 11

  private var outageAgainstNeighbours: Figure {
    againstNeighbours(
      10, [("Cellular links", "cellularOutage", Axis("Outage probability")), ("D2D links", "d2dOutage", Axis("Outage probability"))])
  }

  private var rateAgainstNeighbours: Figure {
    againstNeighbours(
      11,
      [("Cellular links", "cellularSumRate", Axis("Sum rate", unit: "bit/s/Hz")), ("D2D links", "d2dSumRate", Axis("Sum rate", unit: "bit/s/Hz"))])
  }

  /// Metrics of NAAC against λ, beside MAAC, which it becomes at λ = N − 1.
  private func againstNeighbours(_ number: Int, _ parts: [(title: String, metric: String, y: Axis)]) -> Figure {
    let pairs = pack.sweep(request)[0]
    let numbers = table.points(of: "naac").compactMap { point -> Int? in
      guard point.coordinates.map(\.name) == ["pairs", "neighbours"], point["pairs"] == Double(pairs) else { return nil }
      return point["neighbours"].map { Int($0) }
    }
    let sorted = numbers.sorted()
    let panels = parts.map { part in
      // The same seeds for all λ: some have been run for one λ only.
      let maac = table.values(part.metric, of: "maac", at: ["pairs": Double(pairs)])
      var values = sorted.map { number in
        (x: Double(number), values: table.values(part.metric, of: "naac", at: D2DPack.point("naac", pairs: pairs, neighbours: number)))
      }
      if !maac.isEmpty { values.append((Double(pairs - 1), maac)) }
      let common = SeedValues.commonSeeds(of: values.map(\.values))
      values = values.map { ($0.x, $0.values.restricted(to: common)) }
      let ends = [sorted.first.map { Double($0) } ?? 0, Double(pairs - 1)]
      return Panel(
        title: part.title, x: Axis("Number of neighbours λ", ticks: values.map(\.x)), y: part.y,
        // One number of neighbours comes with every run; alone it is no sweep.
        series: sorted.count < 2
          ? []
          : [
            .sweep("NAAC", values),
            .sweep("MAAC", maac.isEmpty ? [] : ends.map { ($0, maac.restricted(to: common)) }),
          ].filter { !$0.points.isEmpty }.map { part.metric.hasSuffix("Outage") ? D2DFigures.cut($0) : $0 })
    }
    return Figure(
      number: number, title: title(number),
      caption: "NAAC's executed policies at N = \(pairs) against the number λ of neighbours that its critics see, and MAAC's, which see all. At λ = "
        + "\(pairs - 1) both are the same algorithm: that point is MAAC's. Mean and 95 % interval over the seeds that all λ have.",
      panels: panels)
  }

  // MARK: Figures that are not the paper's

  /// Networks that go on among more pairs beside a fresh start, and fine-tuning.
  private var sequels: Figure {
    let pairs = D2DPlan.picturedPairs(request)
    let block = max(1, min(20, settings.learningSlots(pairs: pairs) / 10))
    let random = table.curves("trainingReward", of: "random", at: ["pairs": Double(pairs)])
    func gain(_ name: String, _ point: SweepPoint) -> Series {
      let curves = table.curves("trainingReward", of: "naac", at: point).compactMap { curve -> MetricCurve? in
        guard let other = random.first(where: { $0.seed == curve.seed }), other.steps.count >= curve.steps.count else { return nil }
        return MetricCurve(seed: curve.seed, steps: curve.steps, values: zip(curve.values, other.values).map { $0 - $1 }).averaged(over: block)
      }
      return .curve(name, curves)
    }
    let fresh = D2DPack.point("naac", pairs: pairs, neighbours: settings.neighbours)
    let transferred = D2DPack.point("naac", pairs: pairs, neighbours: settings.neighbours, ("transfer", 1))
    let reused = table.values("totalReward", of: "naac", at: transferred)
    let base = pack.sweep(request)[0]
    let tuned = schemes.filter { ["maac", "naac"].contains($0.name) }.flatMap { scheme in
      [("", "same positions"), ("Redrop", "other positions")].map { suffix, words in
        let point = D2DPack.point(scheme.name, pairs: base, neighbours: settings.neighbours, ("phase", 3))
        return Series.sweep(
          "\(scheme.legend), \(words)",
          [
            (x: 0, values: table.values("rewardBeforeFinetuning" + suffix, of: scheme.name, at: point)),
            (x: Double(settings.finetuningSlots), values: table.values("rewardAfterFinetuning" + suffix, of: scheme.name, at: point)),
          ])
      }
    }
    return Figure(
      number: 12, title: title(12),
      caption:
        "Left: what NAAC gains over random allocation on the same fading while it explores among \(pairs) pairs, from the beginning and from networks "
        + "that were trained among \(D2DExperiment.pairsBeforeTransfer); means of \(block) slots. Right: total reward of the executed policies at N = "
        + "\(base) before and behind fine-tuning with the experience of execution. Mean and 95 % interval over seeds.",
      panels: [
        Panel(
          title: "Reuse, N = \(pairs)", x: Axis("Learning slots"), y: Axis("Total reward above random", unit: "bit/s/Hz"),
          // A fresh start alone is no comparison.
          series: [gain("NAAC, fresh", fresh), gain("NAAC, reused", transferred)].filter { !$0.points.isEmpty && !reused.isEmpty }),
        Panel(
          title: "Fine-tuning, N = \(base)", x: Axis("Slots of execution"), y: Axis("Total reward", unit: "bit/s/Hz"),
          series: tuned.filter { !$0.points.isEmpty }),
      ].filter { !$0.series.isEmpty })
  }

  /// What each scheme gains over random allocation where one choice is taken otherwise.
  private var variants: Figure {
    let pairs = pack.sweep(request)[0]
    let numbers =
      schemes.contains { scheme in table.points(of: scheme.name).contains { $0["variant"] != nil } } ? Array(0...D2DVariant.all.count) : []
    let series = schemes.filter { $0.name != "random" }.map { scheme in
      Series.sweep(
        legend(scheme), isReference: scheme.isReference,
        numbers.map { number in (x: Double(number), values: D2DVariant.gain(of: scheme.name, in: number, pairs: pairs, settings, table)) })
    }.map { series in
      var series = series
      series.kind = .scatter
      // Two drops have an interval of twelve times their distance, which says nothing and hides the rest.
      for index in series.points.indices where series.points[index].seeds < 3 {
        (series.points[index].low, series.points[index].high) = (series.points[index].mean, series.points[index].mean)
      }
      return series
    }
    return Figure(
      number: 13, title: title(13),
      caption: "Total reward of the executed policies at N = \(pairs) minus that of random allocation in the same setting. 0: the defaults"
        + D2DVariant.all.enumerated().map { "; \($0 + 1): \($1.name)" }.joined()
        + ". Mean over seeds; 95 % interval from three seeds on.",
      panels: [
        Panel(
          x: Axis("Variant", ticks: numbers.map { Double($0) }), y: Axis("Total reward above random", unit: "bit/s/Hz"),
          series: series.filter { !$0.points.isEmpty })
      ])
  }

  // MARK: Figure 5

  /// The drop of the first seed at N = 20, each pair in the colour of the block that the executed policy gives it most often.
  private var positions: Figure {
    let pairs = D2DPlan.picturedPairs(request)
    var system = settings.system
    system.pairs = pairs
    let maps = schemes.filter { ["maac", "naac"].contains($0.name) }.compactMap { scheme -> DropMap? in
      let at = point(scheme, pairs)
      let blocks = (0..<pairs).map { table.values("block.\($0)", of: scheme.name, at: at) }
      guard let seed = SeedValues.commonSeeds(of: blocks).first else { return nil }
      let allocation = blocks.map { Int($0[seed]!) }
      return UnderlayDrop(system.cell, seed: D2DSeeds(seed).drop).map(
        system, blocks: allocation, title: "\(scheme.name == "maac" ? "(a)" : "(b)") \(legend(scheme))",
        caption: "Seed \(seed).")
    }
    return Figure(
      number: 5, title: title(5),
      caption:
        "\(pairs) D2D pairs under one cell. Cellular user m owns block m; each pair has the colour of the block that its executed policy chooses most often.",
      panels: [], maps: maps)
  }
}

extension D2DVariant {
  /// What a scheme gains over random allocation in a variant; 0: in the defaults.
  static func gain(of scheme: String, in number: Int, pairs: Int, _ settings: D2DSettings, _ table: MetricTable) -> SeedValues {
    let metric = "totalReward"
    return values(of: scheme, in: number, metric, pairs: pairs, settings, table)
      - values(of: "random", in: number, metric, pairs: pairs, settings, table)
  }

  static func values(
    of scheme: String, in number: Int, _ metric: String, pairs: Int, _ settings: D2DSettings, _ table: MetricTable
  ) -> SeedValues {
    func at(_ number: Int) -> SweepPoint {
      number == 0
        ? D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours)
        : D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours, ("variant", Double(number)))
    }
    let own = table.values(metric, of: scheme, at: at(number))
    // Where a variant concerns learners alone, yardsticks are those of the defaults.
    let isShared = number > 0 && yardsticks.contains(scheme) && !all[number - 1].schemes.contains(scheme)
    return own.isEmpty && isShared ? table.values(metric, of: scheme, at: at(0)) : own
  }
}

// MARK: Maps

extension D2DPack {
  /// The drop of one seed to look at, on the blocks that the oracle gives.
  public func map(of request: RunRequest) throws -> DropMap? {
    let settings = try D2DSettings.runnable(request.parameters)
    guard settings.gains.isEmpty else { throw UsageError("gains from a file have no positions to draw: leave out --draw") }
    let seed = request.seeds.first ?? 0
    let seeds = D2DSeeds(seed)
    let drop = UnderlayDrop(settings.system.cell, seed: seeds.drop)
    let allocation = UnderlayOracle(settings.system.cell, drop: drop, seed: seeds.oracle).allocation
    return drop.map(
      settings.system, blocks: allocation.map { Int($0) }, title: "Drop of seed \(seed): \(settings.system.pairs) D2D pairs under one cell",
      caption: "Cellular user m owns block m. Pairs are drawn on the block that the oracle's fixed allocation gives them. Radius "
        + "\(shortText(settings.system.radiusMeters)) m.")
  }
}

extension UnderlayDrop {
  /// The drop as a map, each pair in the colour of its block.
  func map(_ parameters: D2DParameters, blocks: [Int], title: String, caption: String) -> DropMap {
    var nodes = [DropMap.Node(.site, x: 0, y: 0, label: "BS")]
    for (user, position) in cellularUsers.enumerated() {
      nodes.append(DropMap.Node(.user, x: position.x, y: position.y, block: user, label: "C\(user)"))
    }
    var links: [DropMap.Link] = []
    for (pair, block) in blocks.enumerated() {
      let (from, to) = (transmitters[pair], receivers[pair])
      links.append(DropMap.Link(from: nodes.count, to: nodes.count + 1, block: block))
      nodes.append(DropMap.Node(.transmitter, x: from.x, y: from.y, block: block, label: blocks.count <= 20 ? "D\(pair)" : ""))
      nodes.append(DropMap.Node(.receiver, x: to.x, y: to.y, block: block))
    }
    return DropMap(
      title: title, caption: caption, borders: [DropMap.Circle(x: 0, y: 0, radius: parameters.radiusMeters)], nodes: nodes, links: links,
      blocks: parameters.resourceBlocks, names: [.user: "cellular user", .transmitter: "D2D transmitter", .receiver: "D2D receiver"])
  }
}
