import Tensor
import Testing

@testable import Agents

@Suite struct TeamRowsTests {
  /// Two copies of three agents with two numbers and four choices.
  private func rows(_ shownChoices: Int?, index: Bool, byAgent: Bool, last: [Int32]?) -> [[Float]] {
    let form = TeamRows(agents: 3, observationSize: 2, shownChoices: shownChoices, seesAgentIndex: index, byAgent: byAgent)
    // What was in the memory before is overwritten.
    var rows = [Float](repeating: 9, count: 6 * form.size)
    let observations = (0..<12).map { Float($0) }
    if let last {
      form.write(observations.span, last: last.span, copies: 2, into: &rows)
    } else {
      form.write(observations.span, copies: 2, into: &rows)
    }
    return (0..<6).map { Array(rows[($0 * form.size)..<(($0 + 1) * form.size)]) }
  }

  @Test func rowsHoldObservationLastChoiceAndNumber() {
    let all = rows(4, index: true, byAgent: false, last: [0, -1, 3, 2, 1, -1])
    #expect(all[0] == [0, 1, 1, 0, 0, 0, 1, 0, 0])
    #expect(all[1] == [2, 3, 0, 0, 0, 0, 0, 1, 0])
    #expect(all[2] == [4, 5, 0, 0, 0, 1, 0, 0, 1])
    #expect(all[4] == [8, 9, 0, 1, 0, 0, 0, 1, 0])
    #expect(rows(4, index: false, byAgent: false, last: nil)[3] == [6, 7, 0, 0, 0, 0])
    #expect(rows(nil, index: false, byAgent: false, last: nil)[3] == [6, 7])
  }

  @Test func rowsOfOneAgentLieTogetherWhereEachHasANetwork() {
    #expect(rows(nil, index: false, byAgent: true, last: nil) == [[0, 1], [6, 7], [2, 3], [8, 9], [4, 5], [10, 11]])
    let form = TeamRows(agents: 3, observationSize: 2, seesAgentIndex: false, byAgent: true)
    let values: [Int32] = Array(0..<12)
    var (there, back) = ([Int32](repeating: 0, count: 12), [Int32](repeating: 0, count: 12))
    form.arrange(values.span, 2, copies: 2, into: &there)
    #expect(there == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11])
    form.unarrange(there.span, 2, copies: 2, into: &back)
    #expect(back == values)
  }
}
