import Agents
import Tensor

/// The pack's tables: what the paper states in words in sections IV-C and IV-D, computed; the results of all schemes; the open choices compared.
struct D2DTables: PackOutputs {
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

  var all: [ReportTable] { [results, cost, overhead, variants].filter { !$0.rows.isEmpty } }

  private func mean(_ values: SeedValues) -> ReportTable.Cell { values.isEmpty ? .empty : .number(Statistics.mean(values.values)) }

  // MARK: What came out

  private static let columns = [
    ("totalReward", "total reward", "bit/s/Hz"), ("cellularOutage", "cellular outage", ""), ("d2dOutage", "D2D outage", ""),
    ("d2dSumRate", "D2D sum rate", "bit/s/Hz"), ("cellularSumRate", "cellular sum rate", "bit/s/Hz"), ("blocksUsed", "blocks used", ""),
  ]

  private var results: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for pairs in pack.sweep(request) {
      func values(_ metric: String, _ scheme: SchemeDescription) -> SeedValues {
        table.values(metric, of: scheme.name, at: D2DPack.point(scheme.name, pairs: pairs, neighbours: settings.neighbours))
      }
      let shown = schemes.filter { !values("totalReward", $0).isEmpty }
      let seeds = SeedValues.commonSeeds(of: shown.map { values("totalReward", $0) })
      for scheme in shown {
        rows.append(
          [.number(Double(pairs)), .text(scheme.legend), .number(Double(seeds.count))]
            + D2DTables.columns.map { mean(values($0.0, scheme).restricted(to: seeds)) })
      }
    }
    return ReportTable(
      name: "results", title: "Executed policies",
      caption:
        "Means over the seeds that all schemes were run with. Comparisons, paired by seed and with all the seeds that a pair of schemes shares, stand "
        + "with the claims.",
      columns: [.init("pairs"), .init("scheme"), .init("seeds")] + D2DTables.columns.map { .init($0.1, unit: $0.2) }, rows: rows)
  }

  // MARK: Complexity and overhead (IV-C and IV-D)

  /// The paper's sweep, or the user's own number.
  private var numbers: [Int] { request.parameters.origin(of: "pairs") == .user ? [request.parameters.integer("pairs")] : [10, 20, 30, 40, 50] }

  /// Weights and biases of dense layers.
  private static func parameters(_ widths: [Int]) -> Int { zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  /// Floating-point operations of one row's way through dense layers.
  private static func products(_ widths: [Int]) -> Double { zip(widths, widths.dropFirst()).reduce(0) { $0 + 2 * Double($1.0 * $1.1) } }

  private var cost: ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for pairs in numbers {
      var system = settings.system
      system.pairs = pairs
      let (size, choices) = (system.observationSize, system.actions.count)
      let specification = EnvironmentSpecification(copies: 1, agents: pairs, observationSize: size, actions: .discrete(choices))
      let (actor, value) = ([size] + settings.learner.actorWidths + [choices], [size] + settings.learner.actorWidths + [1])
      for scheme in schemes where !scheme.isReference {
        var row: [ReportTable.Cell] = [.number(Double(pairs)), .text(scheme.legend)]
        switch scheme.name {
        case "maac", "naac":
          var configuration = settings.learner
          configuration.neighbours = scheme.name == "naac" ? min(settings.neighbours, pairs - 1) : nil
          let members = (configuration.neighbours ?? pairs - 1) + 1
          let counts = MADDPG.parameterCounts(configuration, members: members, observationSize: size, choices: choices)
          row += [
            .number(Double(counts.actor)), .number(Double(counts.critic)), .number(D2DTables.products(actor)),
            .number(MADDPG.productsPerUpdate(configuration, for: specification) / Double(pairs)),
          ]
        case "dqn":
          // Forward and gradient of the weights over all layers, of hidden values over all but the first, and the target's forward pass.
          let all = D2DTables.products(actor)
          let first = 2 * Double(size * settings.learner.actorWidths[0])
          row += [
            .number(Double(D2DTables.parameters(actor))), .empty, .number(all), .number(Double(settings.learner.batchSize) * (4 * all - first)),
          ]
        case "ac":
          let first = 2 * Double(size * settings.learner.actorWidths[0])
          let update = 3 * D2DTables.products(actor) + 4 * D2DTables.products(value) - 2 * first
          row += [
            .number(Double(D2DTables.parameters(actor))), .number(Double(D2DTables.parameters(value))), .number(D2DTables.products(actor)),
            .number(Double(settings.actorCriticInterval) * update),
          ]
        case "qlearning": row += [.number(Double(27 * choices)), .empty, 0, 0]
        default: row += [.number(Double(choices)), .empty, 0, 0]
        }
        rows.append(row)
      }
    }
    return ReportTable(
      name: "complexity", title: "Complexity of one agent (section IV-C)",
      caption:
        "Parameters of what acts and of what criticises, and floating-point operations of matrix products for one decision and for one update with this "
        + "run's minibatch. MAAC and NAAC execute the same actor; NAAC's critic does not grow with the number of pairs. Tables and automata multiply no matrices.",
      columns: [
        .init("pairs"), .init("scheme"), .init("actor", unit: "parameters"), .init("critic", unit: "parameters"),
        .init("decision", unit: "operations"),
        .init("update", unit: "operations"),
      ], rows: rows)
  }

  private var overhead: ReportTable {
    let size = settings.system.observationSize
    let actor = Double(4 * D2DTables.parameters([size] + settings.learner.actorWidths + [settings.system.actions.count]))
    let tuple = Double(4 * (2 * size + 2))
    let rows = numbers.map { pairs -> [ReportTable.Cell] in
      [
        .number(Double(pairs)), .number(tuple), .number(tuple * Double(pairs)), .number(actor / 1000),
        .number(actor * Double(pairs) / 1000), 0,
      ]
    }
    return ReportTable(
      name: "overhead", title: "Signalling of MAAC and NAAC (section IV-C)",
      caption:
        "Single precision. Up: a pair's tuple of two states, an action and a reward in one slot, only in slots with good channels. Down: the weights of an actor, "
        + "once for each deployment. Executing needs no signalling. Both are the same for MAAC and NAAC.",
      columns: [
        .init("pairs"), .init("tuple of a pair", unit: "B"), .init("tuples of all", unit: "B/slot"), .init("actor", unit: "kB"),
        .init("all actors", unit: "kB"), .init("while executing", unit: "B"),
      ], rows: rows)
  }

  // MARK: Open choices

  private var variants: ReportTable {
    let pairs = pack.sweep(request)[0]
    var rows: [[ReportTable.Cell]] = []
    for number in 0...D2DVariant.all.count {
      func all(_ scheme: String) -> SeedValues { D2DVariant.values(of: scheme, in: number, "totalReward", pairs: pairs, settings, table) }
      let learnt = ["maac", "naac"].map(all)
      guard learnt.contains(where: { !$0.isEmpty }), number > 0 || table.points(of: "maac").contains(where: { $0["variant"] != nil }) else {
        continue
      }
      // All of a row over the same drops, which differ more than schemes do.
      let seeds = SeedValues.commonSeeds(of: (["maac", "naac"] + D2DVariant.yardsticks).map(all).filter { !$0.isEmpty })
      func values(_ scheme: String) -> SeedValues { all(scheme).restricted(to: seeds) }
      func gap(_ scheme: String) -> ReportTable.Cell { .interval(values(scheme) - values("sla")) }
      let variant = number == 0 ? nil : D2DVariant.all[number - 1]
      rows.append([
        .number(Double(number)), .text(variant?.name ?? "the defaults"), .text(variant?.settings.joined(separator: " ") ?? ""),
        .number(Double(seeds.count)), mean(values("random")), mean(values("maac")), mean(values("naac")), mean(values("sla")),
        mean(values("oracle")), gap("maac"), gap("naac"),
      ])
    }
    return ReportTable(
      name: "variants", title: "What the paper leaves open, one choice at a time (N = \(pairs))",
      caption:
        "Mean total reward of the executed policies in bit/s/Hz over the seeds that all of a row have, and the paired differences from SLA with their "
        + "95 % intervals. Where a variant concerns the learners' algorithm alone, random, SLA and oracle are those of the defaults.",
      columns: ["variant", "what", "set", "seeds", "random", "MAAC", "NAAC", "SLA", "oracle", "MAAC minus SLA", "NAAC minus SLA"].map { .init($0) },
      rows: rows)
  }
}
