/// The paper's figures from the metrics of a run.
struct D2DFigures {
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
    let wanted = request.kind == .reproduce ? request.figures : pack.figures.map(\.number)
    return [convergence, cellularOutage, pairOutage, pairRate].filter { wanted.contains($0.number) && $0.panels.contains { !$0.series.isEmpty } }
  }

  private func title(_ number: Int) -> String { pack.figures.first { $0.number == number }?.title ?? "" }

  private var schemes: [SchemeDescription] { pack.schemes.filter { request.schemes.contains($0.name) } }

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
    let gaps = executed(pairs, learningSlots).filter { !$0.points.isEmpty }
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
          title: "While exploring", x: Axis("Learning slots"), y: Axis("Total reward", unit: "bit/s/Hz"),
          series: exploring.filter { !$0.points.isEmpty }),
        Panel(
          title: "Executed policy, against the oracle", x: Axis("Learning slots"), y: Axis("Total reward minus oracle's", unit: "bit/s/Hz"),
          series: gaps, references: [ReferenceLine(.horizontal(0), label: "oracle")]),
      ].filter { !$0.series.isEmpty })
  }

  /// The executed policies' rewards, each seed minus its oracle's in the same slots.
  private func executed(_ pairs: Int, _ learningSlots: Int) -> [Series] {
    guard let oracle = schemes.first(where: { $0.name == "oracle" }) else { return [] }
    let best = table.values("executedReward", of: "oracle", at: point(oracle, pairs))
    return schemes.filter { $0.name != "oracle" }.map { scheme in
      if scheme.isReference {
        // A yardstick does not change while others learn.
        let gap = table.values("executedReward", of: scheme.name, at: point(scheme, pairs)) - best
        return Series.sweep(legend(scheme), isReference: true, [(x: 0, values: gap), (x: Double(learningSlots), values: gap)])
      }
      let curves = table.curves("executedReward", of: scheme.name, at: point(scheme, pairs)).compactMap { curve in
        best[curve.seed].map { value in MetricCurve(seed: curve.seed, steps: curve.steps, values: curve.values.map { $0 - value }) }
      }
      return Series.curve(legend(scheme), curves)
    }
  }

  private var cellularOutage: Figure { sweep(7, "cellularOutage", Axis("Outage probability of cellular links"), isProbability: true) }
  private var pairOutage: Figure { sweep(8, "d2dOutage", Axis("Outage probability of D2D links"), isProbability: true) }
  private var pairRate: Figure { sweep(9, "d2dSumRate", Axis("Sum rate of D2D links", unit: "bit/s/Hz")) }

  /// Figs. 7 to 9: one metric of the executed policy against the number of pairs.
  private func sweep(_ number: Int, _ metric: String, _ axis: Axis, isProbability: Bool = false) -> Figure {
    let numbers = pack.sweep(request)
    let series = schemes.map { scheme in
      var series = Series.sweep(
        legend(scheme), isReference: scheme.isReference,
        numbers.map { (x: Double($0), values: table.values(metric, of: scheme.name, at: point(scheme, $0))) })
      if isProbability {
        for index in series.points.indices {
          series.points[index].low = max(0, series.points[index].low)
          series.points[index].high = min(1, series.points[index].high)
        }
      }
      return series
    }
    return Figure(
      number: number, title: title(number),
      caption: "\(axis.caption) of the executed policies over \(settings.evaluationSlots) slots. Mean and 95 % interval over seeds"
        + (isProbability ? ", cut at 0 and 1." : "."),
      panels: [
        Panel(x: Axis("Number of D2D pairs", ticks: numbers.map { Double($0) }), y: axis, series: series.filter { !$0.points.isEmpty })
      ])
  }
}
