extension Report {
  /// The report as Markdown, with links to the figures' files.
  var markdown: String {
    var text = "# \(MarkdownText.line(title))\n\n"
    for paragraph in paragraphs { text += MarkdownText.line(paragraph) + "\n\n" }
    if !claims.isEmpty {
      text += "Claims: \(tally).\n\n| claim | verdict | statement |\n|---|---|---|\n"
      for result in claims { text += MarkdownText.row([result.claim.id, "**\(result.judgement.verdict.rawValue)**", result.claim.text]) }
      text += "\n"
    }
    text += "## What was run\n\n| | |\n|---|---|\n"
    for fact in facts { text += MarkdownText.row([fact.name, fact.value]) }
    if !figures.isEmpty {
      text += "\n## Figures\n\n"
      for figure in figures {
        text += "### Figure \(figure.number): \(MarkdownText.line(figure.title))\n\n"
        text += "![Figure \(figure.number)](figures/fig\(figure.number).svg)\n\n"
        text += "\(MarkdownText.line(figure.caption)) Numbers: [fig\(figure.number).csv](figures/fig\(figure.number).csv)\n\n"
      }
    }
    if !tables.isEmpty {
      text += "\n## Tables\n\n"
      for table in tables { text += block(table) }
    }
    if !claims.isEmpty {
      text += "\n## Claims\n\n\(Report.verdictHelp)\n\n"
      text += "| claim | figure | verdict | statistic [95 % interval] | threshold | seeds | note |\n|---|---|---|---|---|---|---|\n"
      for result in claims {
        let judgement = result.judgement
        text += MarkdownText.row([
          result.claim.id, result.claim.figure.map { "\($0)" } ?? "", "**\(judgement.verdict.rawValue)**",
          Report.statistic(judgement), judgement.threshold.map(shortText) ?? "", Report.seeds(judgement), judgement.note,
        ])
      }
    }
    text += "\n## Parameters\n\n| parameter | value | unit | default | changed | meaning | deviation |\n|---|---|---|---|---|---|---|\n"
    for row in parameterRows {
      text += MarkdownText.row([
        row.name, row.change.isEmpty ? row.value : "**\(row.value)**", row.unit, row.standard, row.change, row.description,
        row.deviation.map { "\($0)" } ?? "",
      ])
    }
    if !pack.deviations.isEmpty {
      text += "\n## Deviations from the paper\n\n"
      for deviation in pack.deviations { text += "\(deviation.number). \(MarkdownText.line(deviation.text))\n" }
    }
    return text
      + "\n## How to run it again\n\n```\n\(rerun)\n```\n\n\(sameBytes { "`\($0)`" })\n"
  }

  private func block(_ table: ReportTable) -> String {
    "\(MarkdownText.table(table))\n\(MarkdownText.line(table.caption)) Numbers: [\(table.name).csv](tables/\(table.name).csv)\n\n"
  }
}
