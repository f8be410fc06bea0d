/// The paper's figures from the metrics of a run, and one of ours.
struct AllocationFigures: PackOutputs {
  let pack: AllocationPack
  let table: MetricTable
  let request: RunRequest
  private let readings: AllocationReadings
  private let settings: AllocationSettings

  init(pack: AllocationPack, table: MetricTable, request: RunRequest) {
    self.pack = pack
    self.table = table
    self.request = request
    readings = AllocationReadings(table: table, request: request)
    settings = readings.settings
  }

  var all: [Figure] { wanted([meta, training, drops, entropy, averagings, users, ceiling]) }

  private static let efficiency = Axis("Sum energy efficiency", unit: "Mbit/J")

  private func isReference(_ scheme: String) -> Bool { AllocationPlan.yardsticks.contains(scheme) }

  private func figure(_ number: Int, _ caption: String, _ panels: [Panel]) -> Figure {
    var shown = panels.map { panel in
      var panel = panel
      panel.series = panel.series.filter { !$0.points.isEmpty }
      return panel
    }.filter { !$0.series.isEmpty }
    if shown.count == 1 { shown[0].title = "" }
    return Figure(number: number, title: title(number), caption: caption + " Mean and 95 % interval over seeds.", panels: shown)
  }

  /// A curve over episodes in about 40 blocks.
  private func curve(_ metric: String, _ scheme: String, _ scenario: String, _ name: String? = nil, _ more: [(String, Double)] = []) -> Series {
    let curves = readings.curves(metric, scheme, scenario, more)
    let last = curves.compactMap(\.steps.last).max() ?? 1
    let block = max(1, last / 40)
    return Series.curve(name ?? legend(scheme), curves.map { $0.averaged(over: block) })
  }

  /// What a yardstick reaches, along a curve.
  private func line(_ metric: String, _ scheme: String, _ scenario: String, beside curves: [Series]) -> Series {
    let places = curves.flatMap(\.points).map(\.x)
    guard let first = places.min(), let last = places.max() else { return Series(legend(scheme), points: []) }
    let values = readings.values(metric, scheme, scenario)
    return Series.sweep(legend(scheme), isReference: true, [(first, values), (last, values)])
  }

  // MARK: Figures 3 to 6

  private var meta: Figure {
    func panel(_ scheme: String) -> [Panel] {
      let sum = curve(AllocationMetric.metaReward, scheme, readings.shown, "Sum")
      let tasks = AllocationLearning.metaUsers.map {
        curve(AllocationMetric.metaReward(users: $0), scheme, readings.shown, "\($0) users")
      }
      let axis = Axis("Episodes of meta-training")
      return [
        Panel(title: "Sum over tasks", x: axis, y: Axis("Reward"), series: [sum]),
        Panel(title: "Each task", x: axis, y: Axis("Reward"), series: tasks),
      ]
    }
    let scheme = ["mfrl", "mrl", "mfrl-early"].first { !readings.curves(AllocationMetric.metaReward, $0, readings.shown).isEmpty } ?? "mfrl"
    return figure(
      3, "Rewards of the tasks of 2, 4 and 8 users in UMi, means over the milliseconds of an episode; one model acts for all users.", panel(scheme))
  }

  private var training: Figure {
    let panels = readings.scenarios.map { scenario in
      let curves = ["mfrl", "mrl", "frl", "marl"].map { curve(AllocationMetric.reward, $0, scenario) }
      let lines = ["hungarian", "orthogonal"].map { line(AllocationMetric.testReward, $0, scenario, beside: curves) }
      return Panel(title: readings.name(of: scenario), x: Axis("Episodes"), y: Axis("Reward"), series: curves + lines)
    }
    return figure(
      4,
      "Reward while users learn, averaging every \(settings.work.roundEpisodes) episodes in MFRL and FRL, and what central and fixed allocation get.",
      panels)
  }

  private var drops: Figure {
    let panels = readings.scenarios.map { scenario in
      let series = (AllocationPlan.learners + AllocationPlan.yardsticks).map { scheme -> Series in
        var series = Series.curve(
          legend(scheme), isReference: isReference(scheme), readings.curves(AllocationMetric.dropEfficiency, scheme, scenario))
        if !isReference(scheme) { series.kind = .line }
        return series
      }
      return Panel(
        title: readings.name(of: scenario), x: Axis("Drop of users", ticks: (1...AllocationCourse.shownDrops).map { Double($0) }),
        y: AllocationFigures.efficiency, series: series)
    }
    return figure(
      5, "Learnt policies and yardsticks on the first ten drops of the tests; drops of different seeds have only their numbers in common.", panels)
  }

  private var entropy: Figure {
    let scenario = readings.shown
    let schemes = ["mfrl", "frl", "mrl", "marl"]
    let axis = Axis("Episodes")
    return figure(
      6,
      "Mean entropy of the users' policies in \(readings.name(of: scenario)): of the choice of a subchannel, at most ln 10, and of the power before "
        + "it is cut to its range, which has no bound below.",
      [
        Panel(
          title: "Choice", x: axis, y: Axis("Entropy", unit: "nat"),
          series: schemes.map { curve(AllocationMetric.choiceEntropy, $0, scenario) }),
        Panel(
          title: "Power", x: axis, y: Axis("Entropy", unit: "nat"), series: schemes.map { curve(AllocationMetric.powerEntropy, $0, scenario) }),
      ])
  }

  // MARK: Figures 7 to 9

  private func columns(_ legend: String, isReference: Bool = false, _ values: [SeedValues]) -> Series {
    var series = Series.sweep(legend, isReference: isReference, values.enumerated().map { (x: Double($0.offset), values: $0.element) })
    series.kind = .column
    return series
  }

  private func byScenario(_ schemes: [String], _ more: [(String, Double)] = []) -> [Series] {
    schemes.map { scheme in
      columns(
        legend(scheme), isReference: isReference(scheme),
        readings.scenarios.map {
          let own = readings.values(AllocationMetric.testEfficiency, scheme, $0, isReference(scheme) ? [] : more)
          return own
        })
    }
  }

  private var averagings: Figure {
    let axis = Axis(names: readings.scenarios.map { readings.name(of: $0) })
    let schemes = AllocationPlan.learners + AllocationPlan.yardsticks
    let bars = Panel(title: "By scenario", x: axis, y: AllocationFigures.efficiency, series: byScenario(schemes))
    var printed = Panel(title: "By scenario, printed learning rates", x: axis, y: AllocationFigures.efficiency, series: [])
    if AllocationPlan.learners.contains(where: { !readings.values(AllocationMetric.testEfficiency, $0, readings.shown, [("regime", 1)]).isEmpty }) {
      printed.series = byScenario(schemes, [("regime", 1)])
    }
    let curves = readings.scenarios.map { scenario in
      Panel(
        title: "\(readings.name(of: scenario)), by averagings", x: Axis("Number of averagings"), y: AllocationFigures.efficiency,
        series: ["mfrl", "frl"].flatMap { scheme in
          [(AllocationMetric.beforeRound, "before"), (AllocationMetric.afterRound, "behind")].map { metric, word in
            Series.curve("\(legend(scheme)), \(word)", readings.curves(metric, scheme, scenario))
          }
        } + ["mrl", "marl"].map { Series.curve(legend($0), readings.curves(AllocationMetric.beforeRound, $0, scenario)) })
    }
    return figure(
      7,
      "Tests on \(settings.work.testDrops) drops at the end, and tests on \(settings.work.roundDrops) drops right before and behind each averaging.",
      [bars, printed] + curves)
  }

  private var users: Figure {
    func series(_ scheme: String) -> Series {
      Series.sweep(
        legend(scheme), isReference: isReference(scheme),
        AllocationPlan.users.map { (Double($0), readings.values(AllocationMetric.testEfficiency, scheme, "inh", readings.users($0))) })
    }
    let equal = Series.sweep(
      "Hungarian, equal bandwidths",
      AllocationPlan.users.map { (Double($0), readings.values(AllocationMetric.testEfficiency, "hungarian", "inh", [("equal", Double($0))])) })
    let shown = (["mfrl", "mrl", "frl", "marl"] + AllocationPlan.yardsticks).map(series) + [equal]
    // A run of one number of users is no sweep.
    return figure(
      8, "Tests in InH with the same settings for all numbers of users.",
      [
        Panel(
          x: Axis("Number of users", ticks: AllocationPlan.users.map { Double($0) }), y: AllocationFigures.efficiency,
          series: shown.filter { $0.points.count > 1 })
      ])
  }

  private var ceiling: Figure {
    let scenario = readings.shown
    let schemes = (AllocationPlan.learners + AllocationPlan.remedies).filter {
      !readings.values(AllocationMetric.testFree, $0, scenario).isEmpty
    }
    // Names of many columns are broken where there is a space.
    let axis = Axis(names: schemes.map { legend($0).replacing("_", with: " ").replacing("γ = 0", with: "γ\u{A0}=\u{A0}0") })
    func bars(_ metric: String, _ name: String, _ factor: Double = 1) -> Series {
      columns(name, schemes.map { readings.values(metric, $0, scenario).map { factor * $0 } })
    }
    let ceiling = AllocationCeiling.free(users: readings.users, subchannels: settings.system.cell.subchannels)
    let bound = readings.values(AllocationMetric.testBound, "hungarian", scenario)
    let free = Panel(
      title: "Free of collisions", x: axis, y: Axis("Milliseconds free of collisions", unit: "%", range: 0...100),
      series: [bars(AllocationMetric.testFree, "at the end", 100), bars(AllocationMetric.averagedFree, "behind one more averaging", 100)],
      references: [ReferenceLine(.horizontal(100 * ceiling), label: "ceiling")])
    let efficiency = Panel(
      title: "Efficiency", x: axis, y: AllocationFigures.efficiency,
      series: [bars(AllocationMetric.testEfficiency, "at the end"), bars(AllocationMetric.averagedEfficiency, "behind one more averaging")],
      references: bound.isEmpty ? [] : [ReferenceLine(.horizontal(Statistics.mean(bound.values)), label: "bound")])
    let curves = Panel(
      title: "While users learn", x: Axis("Episodes"), y: Axis("Milliseconds free of collisions", unit: "%", range: 0...100),
      series: schemes.filter { $0 != "mfrl-early" }.map { scheme in
        let series = curve(AllocationMetric.free, scheme, scenario)
        return Series(
          series.name,
          points: series.points.map { Series.Point(x: $0.x, mean: 100 * $0.mean, low: 100 * $0.low, high: 100 * $0.high, seeds: $0.seeds) })
      })
    return figure(
      9,
      "Users with equal networks who observe no number of their own choose alike: right behind an averaging such users are free of "
        + "collisions no more often than the ceiling says. \(readings.name(of: scenario)).", schemes.isEmpty ? [] : [free, efficiency, curves])
  }
}
