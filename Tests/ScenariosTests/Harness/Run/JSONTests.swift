import Testing

@testable import Scenarios

@Suite struct JSONTests {
  @Test func writesInOrder() {
    let json: JSON = ["b": JSON(1), "a": .array([JSON(0.5), .null, true, "x\"\\\n\u{01}é"]), "e": .array([]), "o": .object([])]
    #expect(json.compact == "{\"b\":1,\"a\":[0.5,null,true,\"x\\\"\\\\\\n\\u0001é\"],\"e\":[],\"o\":{}}")
    #expect(json.indented == "{\n  \"b\": 1,\n  \"a\": [0.5, null, true, \"x\\\"\\\\\\n\\u0001é\"],\n  \"e\": [],\n  \"o\": {}\n}\n")
  }

  @Test func spellsNumbers() {
    #expect(JSON(1.0).compact == "1.0")
    #expect(JSON(1e-7).compact == "1e-07")
    #expect(JSON(Double.nan) == .null)
    #expect(JSON(Double?.none) == .null)
    #expect(JSON.text(50) == "50")
    #expect(JSON.text(-0.25) == "-0.25")
    #expect(JSON.text(1e300) == "1e+300")
  }
}
