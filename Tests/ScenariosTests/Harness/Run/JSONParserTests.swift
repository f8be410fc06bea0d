import Testing

@testable import Scenarios

@Suite struct JSONParserTests {
  @Test func readsWhatRFC8259Shows() throws {
    let text = #" { "Image" : {"Width":800,"Title":"View \u00e9\uD83D\uDE00\/","IDs":[116,-0.5e+3,true,false,null,{}]} } "#
    let image = try JSON(parsing: text.utf8)["Image"]
    #expect(image?["Width"]?.intValue == 800)
    #expect(image?["Title"]?.stringValue == "View é😀/")
    #expect(image?["IDs"]?.elements?[1].doubleValue == -500)
    #expect(image?["IDs"]?.elements?.count == 6)
  }

  @Test func readsWhatIsWritten() throws {
    let json: JSON = ["a\n\t\"": .array([JSON(1e-300), JSON(-7), "\u{7}", .null, false]), "b": ["c": .array([.array([])])]]
    #expect(try JSON(parsing: json.compact.utf8) == json)
    #expect(try JSON(parsing: json.indented.utf8) == json)
  }

  @Test(arguments: [
    "", "{", "{\"a\":1,}", "[1 2]", "01", "1.", "+1", ".5", "tru", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "1 1",
    "\"\u{1}\"", "nan", "{1:2}",
  ])
  func refusesWhatIsNoJSON(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text.utf8) }
  }

  @Test func refusesDeepNestingAndBadBytes() {
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 100_000).utf8) }
    #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    let error = #expect(throws: JSONError.self) { try JSON(parsing: "[1,]".utf8) }
    #expect(error?.offset == 3)
  }
}
