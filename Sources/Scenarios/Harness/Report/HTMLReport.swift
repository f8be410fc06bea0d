extension Report {
  /// The report as one HTML page that needs nothing beside itself.
  var html: String {
    var body = "<header>\n<h1>\(escaped(title))</h1>\n<p class=\"paper\">\(escaped(pack.paper.citation))</p>\n\(contents)</header>\n"
    let paragraphs = paragraphs.map { "<p>\(escaped($0))</p>\n" }.joined()
    body += section("Summary", paragraphs + (claims.isEmpty ? "" : "<p>Claims: \(badges)</p>\n" + claimTable))
    body += section("What was run", factTable)
    if !figures.isEmpty { body += section("Figures", figures.map(figureBlock).joined()) }
    if !tables.isEmpty { body += section("Tables", tables.map(tableBlock).joined()) }
    if !claims.isEmpty { body += section("Claims", "<p class=\"small\">\(escaped(Report.verdictHelp))</p>\n" + claims.map(claimBlock).joined()) }
    body += section("Parameters", parameterTable)
    if !pack.deviations.isEmpty {
      let items = pack.deviations.map { "<li value=\"\($0.number)\" id=\"deviation-\($0.number)\">\(escaped($0.text))</li>\n" }.joined()
      body += section("Deviations from the paper", "<ol>\n\(items)</ol>\n")
    }
    body += section(
      "How to run it again",
      "<pre><code>\(escaped(rerun))</code></pre>\n<p>\(sameBytes { "<code>\($0)</code>" })</p>\n"
    )
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title))</title>
      <style>
      \(Report.style)
      </style>
      </head>
      <body>
      \(body)</body>
      </html>

      """
  }

  private func section(_ heading: String, _ content: String) -> String {
    "<section id=\"\(Report.anchor(heading))\">\n<h2>\(heading)</h2>\n\(content)</section>\n"
  }

  private static func anchor(_ heading: String) -> String { String(heading.lowercased().map { $0 == " " ? "-" : $0 }) }

  private static func link(_ text: String, to anchor: String) -> String { "<a href=\"#\(escaped(anchor))\">\(escaped(text))</a>" }

  /// Links to every figure, table and section below the fold.
  private var contents: String {
    var groups: [String] = []
    if !figures.isEmpty {
      groups.append("Figures " + figures.map { Report.link("\($0.number)", to: "figure-\($0.number)") }.joined(separator: " "))
    }
    groups += tables.map { Report.link($0.title, to: "table-\($0.name)") }
    var headings = claims.isEmpty ? [] : ["Claims"]
    headings.append("Parameters")
    if !pack.deviations.isEmpty { headings.append("Deviations from the paper") }
    headings.append("How to run it again")
    groups += headings.map { Report.link($0, to: Report.anchor($0)) }
    return "<nav>\(groups.joined(separator: " · "))</nav>\n"
  }

  private static func badge(_ verdict: Verdict) -> String { "<span class=\"badge \(verdict.rawValue)\">\(verdict.rawValue)</span>" }

  /// Every claim with its verdict in a line or two; the details stand below the figures.
  private var claimTable: String {
    let rows = claims.map { result in
      let id = result.claim.id
      let figure = figures.contains { $0.number == result.claim.figure } ? " " + figureLink(result.claim.figure!) : ""
      return
        "<tr><th scope=\"row\">\(Report.link(id, to: "claim-\(id)"))</th><td>\(Report.badge(result.judgement.verdict))</td><td>\(escaped(result.claim.text))\(figure)</td></tr>\n"
    }
    return "<table class=\"verdicts\">\n\(rows.joined())</table>\n"
  }

  private func figureLink(_ number: Int) -> String {
    "<span class=\"nowrap\">(" + Report.link("figure \(number)", to: "figure-\(number)") + ")</span>"
  }

  private var badges: String {
    Verdict.allCases.map { verdict in (verdict, claims.count { $0.judgement.verdict == verdict }) }.filter { $0.1 > 0 }
      .map { "<span class=\"badge \($0.0.rawValue)\">\($0.1) \($0.0.rawValue)</span>" }.joined(separator: " ")
  }

  private var factTable: String {
    let rows = facts.map { "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>\n" }.joined()
    return "<div class=\"wide\"><table class=\"facts\">\n\(rows)</table></div>\n"
  }

  private func figureBlock(_ figure: Figure) -> String {
    """
    <figure id="figure-\(figure.number)">
    <div class="wide">\(figure.svg)</div>
    <figcaption><b>Figure \(figure.number).</b> \(escaped(figure.caption)) <a href="figures/fig\(figure.number).csv">fig\(figure.number).csv</a></figcaption>
    </figure>

    """
  }

  private func tableBlock(_ table: ReportTable) -> String {
    let classes = table.columns.indices.map { table.isNumeric($0) ? " class=\"number\"" : "" }
    let head = zip(table.columns, classes).map { "<th\($1) scope=\"col\">\(escaped($0.caption))</th>" }.joined()
    let rows = table.rows.map { row in "<tr>" + zip(row, classes).map { "<td\($1)>\(escaped($0.text))</td>" }.joined() + "</tr>\n" }.joined()
    return """
      <figure id="table-\(table.name)">
      <figcaption><b>\(escaped(table.title)).</b> \(escaped(table.caption)) <a href="tables/\(table.name).csv">\(table.name).csv</a></figcaption>
      <div class="wide"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      </figure>

      """
  }

  private func claimBlock(_ result: ClaimResult) -> String {
    let judgement = result.judgement
    let figure = result.claim.figure.map { number in
      figures.contains { $0.number == number } ? " · <a href=\"#figure-\(number)\">figure \(number)</a>" : " · figure \(number)"
    }
    var details = [escaped(Report.statistic(judgement))]
    if let threshold = judgement.threshold { details.append("threshold \(escaped(shortText(threshold)))") }
    let seeds = Report.seeds(judgement)
    if seeds != "exact" { details.append("\(seeds) \(seeds == "1" ? "seed" : "seeds")") }
    let note = judgement.note.isEmpty ? "" : "<p class=\"small\">\(escaped(judgement.note))</p>\n"
    return """
      <div class="claim" id="claim-\(escaped(result.claim.id))">
      <p>\(Report.badge(judgement.verdict)) <b>\(escaped(result.claim.id))</b>\(figure ?? "")</p>
      <p>\(escaped(result.claim.text))</p>
      <p class="small">\(details.joined(separator: " · "))</p>
      \(note)</div>

      """
  }

  private var parameterTable: String {
    let rows = parameterRows.map { row in
      let deviation = row.deviation.map { " (<a href=\"#deviation-\($0)\">deviation \($0)</a>)" } ?? ""
      let unit = row.unit.isEmpty ? "" : " \(escaped(row.unit))"
      let change = row.change.isEmpty ? "" : " <span class=\"changed\">changed \(escaped(row.change)); default \(escaped(row.standard))</span>"
      return
        "<tr\(row.change.isEmpty ? "" : " class=\"differs\"")><th scope=\"row\"><code>\(escaped(row.name))</code></th><td>\(escaped(row.value))\(unit)\(change)</td><td>\(escaped(row.description))\(deviation)</td></tr>\n"
    }
    return
      "<div class=\"wide\"><table>\n<thead><tr><th>parameter</th><th>value</th><th>meaning</th></tr></thead>\n<tbody>\n\(rows.joined())</tbody></table></div>\n"
  }

  private static let style = """
    :root { color-scheme: light dark; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.2rem 3rem; background: #ffffff; color: #1c1c1c;
      font: 16px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.6rem 0 0.2rem; }
    h2 { font-size: 1.2rem; margin: 2rem 0 0.6rem; padding-bottom: 0.2rem; border-bottom: 1px solid #d0d0d0; }
    p { margin: 0.4rem 0; }
    a { color: #00558a; }
    .paper, .small { color: #505050; }
    .small { font-size: 0.9rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.93rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #e6e6e6; overflow-wrap: normal; }
    thead th { vertical-align: bottom; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    td.number { white-space: nowrap; }
    .nowrap { white-space: nowrap; }
    nav { margin-top: 0.5rem; font-size: 0.93rem; }
    .verdicts { margin-top: 0.6rem; }
    .verdicts th { white-space: nowrap; }
    .facts th { font-weight: normal; color: #505050; white-space: nowrap; }
    .differs { background: #fff6dd; }
    .changed { display: block; font-size: 0.85rem; color: #6b4e00; }
    figure { margin: 1.2rem 0 2rem; }
    figure svg { max-width: 100%; height: auto; display: block; }
    figcaption { font-size: 0.93rem; margin-top: 0.3rem; max-width: 46rem; }
    .claim { border-left: 3px solid #d0d0d0; padding: 0.1rem 0 0.1rem 0.9rem; margin: 1rem 0; break-inside: avoid; }
    .badge { display: inline-block; border-radius: 0.25rem; padding: 0 0.5rem; font-size: 0.85rem; font-weight: 600; border: 1px solid; }
    .holds { background: #e3f4ea; color: #0b5d2e; border-color: #7fc49b; }
    .fails { background: #fbe6e2; color: #8f1d0c; border-color: #e0998c; }
    .tie { background: #e3eefb; color: #0b4a86; border-color: #8db8e4; }
    .inconclusive { background: #f0f0f0; color: #444444; border-color: #bdbdbd; }
    pre { background: #f5f5f5; padding: 0.7rem 0.9rem; overflow-x: auto; white-space: pre-wrap; }
    code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
    @media (max-width: 40rem) {
      figure svg { max-width: none; zoom: 0.8; }
      .verdicts, .verdicts tbody { display: block; }
      .verdicts tr { display: block; padding: 0.35rem 0; border-bottom: 1px solid #e6e6e6; }
      .verdicts th, .verdicts td { display: inline; border: none; padding: 0 0.4rem 0 0; }
      .verdicts td:last-child { display: block; }
    }
    @media screen and (prefers-color-scheme: dark) {
      body { background: #17191c; color: #e4e4e4; }
      h2, th, td, .verdicts tr { border-color: #3c4046; }
      a { color: #7cc0f0; }
      .paper, .small, .facts th { color: #b0b4b9; }
      .differs { background: #3a3320; }
      .changed { color: #e8c878; }
      .claim { border-color: #4a4f56; }
      .holds { background: #12361f; color: #8fdcab; border-color: #3f8a5c; }
      .fails { background: #44190f; color: #f5ac9c; border-color: #a2543f; }
      .tie { background: #12304e; color: #9cc8f2; border-color: #4178ad; }
      .inconclusive { background: #2c2f33; color: #c8c8c8; border-color: #60656b; }
      pre { background: #22252a; }
      /* Figures keep the paper that their colours were chosen for. */
      figure svg { border-radius: 0.3rem; }
    }
    @media print {
      body { max-width: none; font-size: 11pt; padding: 0; }
      figure, .claim, tr { break-inside: avoid; }
      a { color: inherit; text-decoration: none; }
    }
    """
}
