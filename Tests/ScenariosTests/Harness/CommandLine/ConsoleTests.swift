import Testing

@testable import Scenarios

@Suite struct ConsoleTests {
  private func console(_ width: Int?) -> Console { Console(output: { _ in }, error: { _ in }, outputWidth: width) }

  @Test func longLinesFoldBehindTheirHead() {
    let line = "HILL-01  holds         one two three four five six seven eight nine ten"
    #expect(
      console(50).folded(line, indent: 23)
        == "HILL-01  holds         one two three four five six\n" + String(repeating: " ", count: 23) + "seven eight nine ten")
    for width in 44...90 {
      let folded = console(width).folded(line, indent: 23).split(separator: "\n")
      #expect(folded.allSatisfy { $0.count <= width }, "\(width)")
      #expect(folded.joined(separator: " ").split(separator: " ") == line.split(separator: " "))
    }
    // A word that is longer than a line stays whole.
    #expect(console(50).folded("head  " + String(repeating: "x", count: 60), indent: 6) == "head  " + String(repeating: "x", count: 60))
  }

  @Test func whatIsPipedOrTooNarrowStaysWhole() {
    let line = String(repeating: "word ", count: 40)
    #expect(console(nil).folded(line, indent: 4) == line)
    #expect(console(22).folded(line, indent: 4) == line)
    // What goes to the standard error is as wide as its own terminal.
    for isLive in [true, false] {
      let errors = Console(output: { _ in }, error: { _ in }, isLive: isLive, width: 60, outputWidth: 30)
      #expect(errors.folded(line, indent: 0, isError: true).split(separator: "\n").count == (isLive ? 4 : 1))
    }
  }
}
