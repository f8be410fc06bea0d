/// `list`: what the packs offer.
struct ListCommand: Command {
  let name = "list"
  let summary = "shows packs, schemes, figures, claims and parameters"
  let arguments = ["[PACK]"]
  let options = [OptionDescription("json", summary: "as JSON")]
  let example = "list --json"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let packs = try arguments.positional.first.map { [try context.pack($0)] } ?? context.packs
    if arguments.has("json") {
      let json: JSON = ["packs": .array(packs.map(ListCommand.json))]
      context.console.output(json.indented)
    } else {
      context.console.output(packs.map(ListCommand.text).joined(separator: "\n"))
      if packs.isEmpty { context.console.output("There is no pack.\n") }
    }
    return .done
  }

  static func json(_ pack: any Pack) -> JSON {
    [
      "name": .string(pack.name), "paper": .string(pack.paper.citation),
      "schemes": .array(
        pack.schemes.map {
          ["name": .string($0.name), "legend": .string($0.legend), "description": .string($0.description), "reference": .bool($0.isReference)]
        }),
      "figures": .array(pack.figures.map { ["number": JSON($0.number), "title": .string($0.title)] }),
      "claims": .array(pack.claims.map { ["id": .string($0.id), "figure": JSON($0.figure), "text": .string($0.text)] }),
      "parameters": .array(
        pack.parameters.map {
          [
            "name": .string($0.name), "unit": .string($0.unit), "default": $0.standard.json, "values": .string($0.domain),
            "description": .string($0.description), "deviation": JSON($0.deviation),
          ]
        }),
      "deviations": .array(pack.deviations.map { ["number": JSON($0.number), "text": .string($0.text)] }),
    ]
  }

  static func text(_ pack: any Pack) -> String {
    var text = "\(pack.name)  \(pack.paper.citation)\n"
    func section(_ title: String, _ rows: [(String, String)]) {
      guard !rows.isEmpty else { return }
      text += "  \(title)\n"
      let width = rows.map(\.0.count).max()! + 2
      for row in rows { text += "    \(row.0)\(String(repeating: " ", count: width - row.0.count))\(row.1)\n" }
    }
    section("schemes", pack.schemes.map { ($0.name, $0.description + ($0.isReference ? " (reference)" : "")) })
    section("figures", pack.figures.map { ("\($0.number)", $0.title) })
    section("claims", pack.claims.map { ($0.id, $0.text + ($0.figure.map { " (figure \($0))" } ?? "")) })
    section(
      "parameters",
      pack.parameters.map {
        let unit = $0.unit.isEmpty ? "" : " \($0.unit)"
        return ("\($0.name)=\($0.standard)\(unit)", "\($0.description) (\($0.domain)\($0.deviation.map { "; deviation \($0)" } ?? ""))")
      })
    section("deviations", pack.deviations.map { ("\($0.number)", $0.text) })
    return text
  }
}
