import Testing

@testable import Scenarios

@Suite struct ListCommandTests {
  @Test func jsonHasTheDocumentedFields() throws {
    let run = ToolRun(["list", "--json"])
    let pack = try #require(try JSON(parsing: run.output.utf8)["packs"]?.elements?.first)
    #expect(pack["name"]?.stringValue == "hill")
    #expect(pack["paper"]?.stringValue?.contains("1999") == true)
    #expect(pack["schemes"]?.elements?.map { $0["name"]?.stringValue } == ["careful", "bold", "still"])
    #expect(pack["schemes"]?.elements?[0]["description"]?.stringValue == "small steps")
    #expect(pack["figures"]?.elements?.map { $0["number"]?.intValue } == [3, 4, 5])
    #expect(pack["figures"]?.elements?[0]["title"]?.stringValue == "Height over the steps")
    #expect(pack["claims"]?.elements?[2]["id"]?.stringValue == "HILL-03")
    #expect(pack["claims"]?.elements?[2]["figure"] == .null)
    let noise = try #require(pack["parameters"]?.elements?[0])
    #expect(noise["name"]?.stringValue == "noise" && noise["unit"]?.stringValue == "m" && noise["default"]?.doubleValue == 0.1)
    #expect(noise["description"]?.stringValue == "what the eye gets wrong")
    #expect(pack["parameters"]?.elements?[3]["default"] == .bool(false))
  }

  @Test func textNamesEverything() {
    let text = ToolRun(["list", "hill"]).output
    for word in ["hill", "1999", "careful", "(reference)", "HILL-02", "noise=0.1 m", "10 to 100000 step", "Hills are round."] {
      #expect(text.contains(word), "\(word) is missing")
    }
  }
}
