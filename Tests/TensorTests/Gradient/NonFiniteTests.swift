import Testing

@testable import Tensor

@Suite struct NonFiniteTests {
  @Test func theFirstOperationThatMadeSuchANumberIsNamed() throws {
    let tape = Tape()
    var reports: [NonFiniteValue] = []
    tape.reportNonFinite { reports.append($0) }
    let x = tape.constant([4, 1, 0, 2, 3, 5], shape: [2, 3])
    let y = (x - 1).squareRoot() * 2
    _ = y.sum()
    #expect(reports.count == 1)
    let report = try #require(reports.first)
    #expect(report.operation == "sqrt" && report.shape == [2, 3] && report.operands == [[2, 3]])
    #expect(report.index == 2 && report.value.isNaN && report.operandsAreFinite)
    #expect(report.description.contains("sqrt of [2, 3]") && report.description.contains("element 2"))
  }

  @Test func numbersFromOutsideAreToldApart() throws {
    let tape = Tape()
    var reports: [NonFiniteValue] = []
    tape.reportNonFinite { reports.append($0) }
    _ = tape.constant([1, .infinity], shape: [2]) + 1
    let report = try #require(reports.first)
    #expect(report.operation == "affine" && !report.operandsAreFinite)
  }

  @Test func theWayBackIsWatchedToo() throws {
    let tape = Tape()
    var reports: [NonFiniteValue] = []
    tape.reportNonFinite { reports.append($0) }
    let x = tape.variable(Tensor([0, 1]))
    // The root of zero is finite, its slope is not.
    let loss = x.squareRoot().sum()
    #expect(reports.isEmpty)
    _ = tape.gradients(of: loss, withRespectTo: [x])
    #expect(try #require(reports.first).operation == "divide")
  }

  @Test func nothingIsSaidUnlessAskedFor() {
    let tape = Tape()
    #expect(tape.constant([0], shape: [1]).log().number == -.infinity)
  }

  @Test func byDefaultTheProgramEnds() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      tape.reportNonFinite()
      _ = tape.constant([0], shape: [1]).log()
    }
  }
}
