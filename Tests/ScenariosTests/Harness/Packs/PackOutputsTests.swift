import Testing

@testable import Scenarios

@Suite struct PackOutputsTests {
  private struct Outputs: PackOutputs {
    let pack = HillClimberPack()
    let table: MetricTable
    let request: RunRequest
  }

  private func outputs(_ kind: RunRequest.Kind, figures: [Int]? = nil) throws -> Outputs {
    Outputs(table: try MetricLog().table(), request: try RunRequest(kind, of: HillClimberPack(), schemes: ["still", "careful"], figures: figures))
  }

  @Test func wordsAreThePacks() throws {
    let outputs = try outputs(.run)
    #expect(outputs.schemes.map(\.name) == ["careful", "still"])
    #expect(outputs.title(4) == "Final height over the dimension" && outputs.title(99).isEmpty)
    #expect(outputs.legend("bold") == "Bold" && outputs.legend("unknown") == "unknown")
  }

  @Test func figuresThatShowNothingAreLeftOut() throws {
    let series = Series.sweep("a", [(1, SeedValues(seeds: [0], values: [1]))])
    func panel(_ series: [Series]) -> Panel { Panel(x: Axis("x"), y: Axis("y"), series: series) }
    let figures = [
      Figure(number: 3, title: "", caption: "", panels: [panel([]), panel([series])]), Figure(number: 4, title: "", caption: "", panels: [panel([])]),
      Figure(
        number: 5, title: "", caption: "",
        maps: [DropMap(title: "", caption: "", borders: [], nodes: [DropMap.Node(.user, x: 0, y: 0, label: "")], links: [], blocks: 1)]),
    ]
    #expect(try outputs(.run).wanted(figures).map(\.number) == [3, 5])
    #expect(try outputs(.reproduce, figures: [4, 5]).wanted(figures).map(\.number) == [5])
  }
}
