import Testing

@testable import Scenarios

@Suite struct CommandTests {
  func parse(_ words: String...) throws -> ParsedArguments { try ParsedArguments(words, for: RunCommand(kind: .reproduce)) }

  @Test func sortsWords() throws {
    let arguments = try parse("--scheme", "a,b", "d2d", "--set=x=1", "--json", "--set", "noise=-90")
    #expect(arguments.positional == ["d2d"])
    #expect(try arguments.names("scheme") == ["a", "b"])
    #expect(arguments.all("set") == ["x=1", "noise=-90"])
    #expect(arguments.has("json") && !arguments.has("out"))
    #expect(arguments.value("out") == nil)
    #expect(try parse("--", "--json").positional == ["--json"])
  }

  @Test(arguments: [
    (["--shceme", "a"], "the nearest is '--scheme'"), (["-x"], "no option '-x'"), (["--scheme"], "--scheme needs a value: --scheme a,b"),
    (["--json=1"], "takes no value"), (["--out", "a", "--out", "b"], "given twice"), (["a", "b"], "'b' is one argument too many"),
    (["--out="], "needs a value"),
  ])
  func refuses(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) { try ParsedArguments(words, for: RunCommand(kind: .reproduce)) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [("3", [0, 1, 2]), ("7,", [7]), ("4,1,4", [1, 4]), ("1", [0])]) func seeds(text: String, expected: [Int]) throws {
    #expect(try parse("--seeds", text).seeds() == expected)
  }

  @Test(arguments: ["0", "-1", "x", "1,x", "1,-2", "2.5", "99999999", ","]) func noSeeds(text: String) throws {
    let arguments = try parse("--seeds", text)
    #expect(throws: UsageError.self) { try arguments.seeds() }
  }

  @Test func numbersAndScales() throws {
    #expect(try parse("--figure", "7,9").numbers("figure") == [7, 9])
    #expect(try parse("--scale", "paper").scale() == .paper)
    #expect(try parse().scale() == nil)
    let error = #expect(throws: UsageError.self) { try parse("--scale", "quik").scale() }
    #expect(error?.message.contains("the nearest is 'quick'") == true)
    #expect(throws: UsageError.self) { try parse("--figure", "seven").numbers("figure") }
    #expect(try parse("--threads", "2").integer("threads", atLeast: 1) == 2)
    #expect(throws: UsageError.self) { try parse("--threads", "0").integer("threads", atLeast: 1) }
  }
}
