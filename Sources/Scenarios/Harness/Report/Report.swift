/// The report of a run: what was done, what came out, how to do it again.
struct Report: Sendable {
  let pack: any Pack
  let request: RunRequest
  let manifest: Manifest
  /// The plan in words.
  let plan: String
  let summary: String
  let figures: [Figure]
  let tables: [ReportTable]
  let claims: [ClaimResult]
  let tool: String

  var title: String { "\(pack.name): \(pack.paper.title)" }

  /// The paragraphs of the summary.
  var paragraphs: [String] {
    summary.split(separator: "\n\n").map { $0.split(separator: "\n").joined(separator: " ") }.filter { !$0.isEmpty }
  }

  /// The facts of the run as a table.
  var facts: [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = [
      ("paper", pack.paper.citation), ("asked for", "\(request.kind.rawValue) at scale \(request.scale.rawValue)"), ("done", plan),
      ("schemes", request.schemes.joined(separator: ", ")),
      ("seeds", request.seeds.map { "\($0)" }.joined(separator: ", ")),
    ]
    if !request.figures.isEmpty { facts.append(("figures", request.figures.map { "\($0)" }.joined(separator: ", "))) }
    facts.append(
      (
        "took",
        "\(durationText(manifest.seconds)) on \(manifest.threads) \(manifest.threads == 1 ? "thread" : "threads"), CPU level \(manifest.cpuLevel)"
      ))
    facts.append(("started", manifest.start))
    if let end = manifest.end { facts.append(("finished", end)) }
    if !manifest.resumed.isEmpty { facts.append(("taken up again", manifest.resumed.joined(separator: ", "))) }
    facts.append(("version", manifest.version + (manifest.revision.map { ", revision \($0)" } ?? "")))
    return facts
  }

  /// How many claims have each verdict.
  var tally: String {
    let counts = Verdict.allCases.map { verdict in (verdict, claims.count { $0.judgement.verdict == verdict }) }.filter { $0.1 > 0 }
    return counts.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
  }

  /// The statistic of a claim with its interval, for people.
  static func statistic(_ judgement: Judgement) -> String {
    guard let statistic = judgement.statistic else { return "not measured" }
    let value = shortText(statistic.value)
    let interval = judgement.seeds == 0 ? " (exact)" : " [\(shortText(statistic.low)), \(shortText(statistic.high))]"
    return "\(statistic.name): \(value)\(interval)"
  }

  static func seeds(_ judgement: Judgement) -> String { judgement.statistic != nil && judgement.seeds == 0 ? "exact" : "\(judgement.seeds)" }

  /// The numbers of the deviations that stand behind the parameter values, for each parameter.
  struct ParameterRow {
    let name: String
    let value: String
    let unit: String
    let standard: String
    /// Who changed it, or empty.
    let change: String
    let description: String
    let deviation: Int?
  }

  var parameterRows: [ParameterRow] {
    request.parameters.descriptions.map { description in
      let change =
        switch request.parameters.origin(of: description.name) {
        case .standard: ""
        case .scale: "by the scale"
        case .user: "by --set"
        }
      let value = request.parameters[description.name]
      return ParameterRow(
        name: description.name, value: value.description, unit: description.unit, standard: description.standard.description,
        change: value == description.standard ? "" : change, description: description.description, deviation: description.deviation)
    }
  }

  /// The command that does the run again.
  var rerun: String {
    var words = [tool, request.kind.rawValue, pack.name]
    if request.kind == .reproduce && request.figures != pack.figures.map(\.number) {
      words += ["--figure", request.figures.map { "\($0)" }.joined(separator: ",")]
    }
    if !request.algorithms.isEmpty { words += ["--algorithm", request.algorithms.joined(separator: ",")] }
    for axis in request.grid?.texts ?? [] { words += ["--grid", axis] }
    words += ["--scale", request.scale.rawValue]
    if request.schemes != pack.defaultSchemes(for: request.kind, figures: request.figures) {
      words += ["--scheme", request.schemes.joined(separator: ",")]
    }
    let seeds = request.seeds
    if seeds == Array(0..<seeds.count) {
      words += ["--seeds", "\(seeds.count)"]
    } else {
      words += ["--seeds", seeds.map { "\($0)" }.joined(separator: ",") + (seeds.count == 1 ? "," : "")]
    }
    for description in request.parameters.descriptions where request.parameters.origin(of: description.name) == .user {
      words += ["--set", "\(description.name)=\(request.parameters[description.name])"]
    }
    return words.joined(separator: " ")
  }

  /// What the same command makes again.
  func sameBytes(_ name: (String) -> String) -> String {
    let parts = ["metrics.jsonl", "figures/"] + (tables.isEmpty ? [] : ["tables/"]) + ["claims.json"]
    let list = parts.dropLast().map(name).joined(separator: ", ") + " and " + name(parts[parts.count - 1])
    return "The same command gives the same bytes in \(list), on any machine."
  }

  static let verdictHelp =
    "A claim holds when the 95 % interval of its statistic lies wholly on the claimed side of the threshold, fails when it lies wholly on the other side, is a tie when it claims equality and the interval lies within the tolerance, and is inconclusive otherwise. Comparisons are paired by seed; below ten seeds the interval is Student's t, from ten on a percentile bootstrap; fewer than three seeds decide nothing."
}
