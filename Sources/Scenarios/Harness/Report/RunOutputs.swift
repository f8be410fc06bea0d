import Tensor

/// Everything that a finished run shows: figures, tables, claims and report, as functions of its metrics and of what was asked.
struct RunOutputs {
  let figures: [Figure]
  let tables: [ReportTable]
  let claims: [ClaimResult]
  let report: Report

  init(pack: any Pack, request: RunRequest, plan: Plan, table: MetricTable, manifest: Manifest, tool: String) throws {
    let sweep = request.grid.map { SweepOutputs(pack: pack, table: table, request: request, grid: $0) }
    figures = try (sweep?.figures ?? pack.figures(from: table, request: request)).sorted { $0.number < $1.number }
    tables = try sweep?.tables ?? pack.tables(from: table, request: request)
    claims = sweep == nil ? RunOutputs.complete(try pack.judge(table, request: request), pack: pack, request: request, tool: tool) : []
    report = Report(
      pack: pack, request: request, manifest: manifest, plan: plan.summary, summary: try sweep?.summary ?? pack.summary(of: table, request: request),
      figures: figures,
      tables: tables, claims: claims, tool: tool)
    let numbers = figures.map(\.number)
    precondition(Set(numbers).count == numbers.count, "the pack '\(pack.name)' drew a figure twice")
    let names = tables.map(\.name)
    precondition(Set(names).count == names.count, "the pack '\(pack.name)' made a table twice")
  }

  /// The results in the order of the pack's claims; those that the pack left out are inconclusive, and at scale `smoke` all are.
  static func complete(_ results: [ClaimResult], pack: any Pack, request: RunRequest, tool: String) -> [ClaimResult] {
    pack.claims.map { claim in
      guard let result = results.first(where: { $0.claim.id == claim.id }) else {
        let figure = claim.figure.flatMap { number in pack.figures.contains { $0.number == number } ? " --figure \(number)" : nil } ?? ""
        return ClaimResult(claim, ClaimTest.notCovered(run: "\(tool) reproduce \(pack.name)\(figure)"))
      }
      guard request.scale == .smoke else { return result }
      var judgement = result.judgement
      judgement.verdict = .inconclusive
      judgement.note = "The scale smoke makes no claim."
      return ClaimResult(claim, judgement)
    }
  }

  /// The content of `claims.json`.
  static func claimsJSON(pack: String, scale: Scale, claims: [ClaimResult]) -> String {
    let json: JSON = ["pack": .string(pack), "scale": .string(scale.rawValue), "claims": .array(claims.map(\.json))]
    return json.indented
  }

  func write(to folder: RunFolder) throws(FileError) {
    for figure in figures {
      try AtomicFile.write(figure.svg, to: "\(folder.figuresPath)/fig\(figure.number).svg")
      try AtomicFile.write(figure.csv, to: "\(folder.figuresPath)/fig\(figure.number).csv")
    }
    if !tables.isEmpty { try folder.makeTablesFolder() }
    for table in tables { try AtomicFile.write(table.csv, to: "\(folder.tablesPath)/\(table.name).csv") }
    let json = RunOutputs.claimsJSON(pack: report.pack.name, scale: report.request.scale, claims: claims)
    try AtomicFile.write(json, to: folder.claimsPath)
    try AtomicFile.write(report.html, to: folder.reportPath)
    try AtomicFile.write(report.markdown, to: folder.textReportPath)
  }
}
