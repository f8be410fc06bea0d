import Channels
import Testing

@Suite struct OffloadingDecisionTests {
  private var equations: OffloadingEquations {
    var cells = OffloadingCells()
    cells.cells = 2
    cells.usersPerCell = PerCell(2)
    cells.channels = 2
    return OffloadingEquations(cells)
  }

  /// Everybody offloads everything, user n of a cell on channel n.
  private var full: OffloadingDecision {
    var decision = OffloadingDecision(users: 4)
    decision.offloaded = [1, 1, 1, 1]
    decision.channels = [0, 1, 0, 1]
    decision.powers = [0.1, 0.1, 0.1, 0.1]
    decision.shares = [0.5, 0.5, 0.5, 0.5]
    return decision
  }

  @Test func localComputingAndFullOffloadingKeepAllConstraints() {
    #expect(OffloadingDecision(users: 4).violation(equations) == nil)
    #expect(full.violation(equations) == nil)
  }

  @Test func brokenConstraintsAreNamed() {
    func violation(_ change: (inout OffloadingDecision) -> Void) -> String {
      var decision = full
      change(&decision)
      return decision.violation(equations)?.prefix(2).description ?? ""
    }
    #expect(violation { $0.offloaded[0] = 1.5 } == "C2")
    #expect(violation { $0.channels[0] = 2 } == "C4")
    #expect(violation { $0.channels[0] = -1 } == "C4")
    #expect(violation { $0.channels[0] = 1 } == "C5")
    #expect(violation { $0.powers[3] = 0.3 } == "C6")
    #expect(violation { $0.shares[3] = 0.6 } == "C7")
    #expect(violation { $0.shares[3] = 0 } == "C7")
  }
}
