import CAllocations
import Channels
import Foundation
import Tensor
import Testing

@Suite struct OffloadingEquationsTests {
  /// The system of the vectors: no limit of transmissions.
  private func equations(_ change: (inout OffloadingCells) -> Void = { _ in }, penaltyCap: Double = .infinity) -> OffloadingEquations {
    var cells = OffloadingCells()
    cells.cells = 2
    cells.usersPerCell = PerCell(2)
    cells.channels = 2
    cells.transmissionLimitSeconds = 0
    change(&cells)
    return OffloadingEquations(cells, penaltyCap: penaltyCap)
  }

  /// Own gains `[user, channel]`, then cross gains `[user, site]`.
  private let gains: [Double] = [
    2e-11, 5e-12, 1e-12, 4e-12, 3e-11, 1e-11, 8e-13, 6e-12,
    0, 3e-13, 0, 1e-12, 2e-13, 0, 5e-12, 0,
  ]
  private let bits = [200.0, 250, 300, 220].map { $0 * 8000 }
  private var cycles: [Double] { zip(bits, [500.0, 750, 1000, 600]).map { $0 * $1 } }

  private func decision(_ vector: OffloadingVector) -> OffloadingDecision {
    var decision = OffloadingDecision(users: 4)
    (decision.offloaded, decision.channels, decision.powers, decision.shares) = (
      vector.offloaded, vector.channels, vector.powers, vector.shares
    )
    return decision
  }

  /// Nine printed digits: half a unit of the last is at most 5 · 10⁻⁹ relative. Slacks are differences of numbers near one.
  private func agree(_ found: [Double], _ expected: [Double], least: Double = 0) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= max(1e-8 * abs($1), least) }
  }

  @Test(arguments: OffloadingVector.all.indices) func agreesWithTheIndependentProgram(index: Int) {
    let vector = OffloadingVector.all[index]
    let equations = equations()
    var outcome = equations.outcome()
    // What was there before must not matter.
    equations.evaluate(decision(OffloadingVector.all[(index + 1) % 5]), gains: gains, bits: bits, cycles: cycles, into: &outcome)
    equations.evaluate(decision(vector), gains: gains, bits: bits, cycles: cycles, into: &outcome)
    #expect(agree(outcome.users.map(\.sinr), vector.sinr))
    #expect(agree(outcome.users.map(\.rate), vector.rates))
    #expect(agree(outcome.users.map(\.localTime), vector.localTimes))
    #expect(agree(outcome.users.map(\.transmissionTime), vector.transmissionTimes))
    #expect(agree(outcome.users.map(\.serverTime), vector.serverTimes))
    #expect(agree(outcome.users.map(\.offloadingTime), vector.offloadingTimes))
    #expect(agree(outcome.users.map(\.delay), vector.delays))
    #expect(agree(outcome.users.map(\.slack), vector.slacks, least: 1e-12))
    #expect(agree(outcome.users.map(\.localEnergy), vector.localEnergies))
    #expect(agree(outcome.users.map(\.transmissionEnergy), vector.transmissionEnergies))
    #expect(agree(outcome.users.map(\.serverEnergy), vector.serverEnergies))
    #expect(agree(outcome.interference, vector.interference))
    #expect(agree(outcome.users.map(\.value), vector.values))
    #expect(agree(outcome.users.map(\.reward), vector.rewards))
    #expect(agree(outcome.cellRewards, vector.cellRewards))
    #expect(agree([outcome.systemReward, outcome.energy], [vector.systemReward, vector.energy]))
    #expect(outcome.users.map(\.isInTime) == vector.isInTime && outcome.inTime == vector.isInTime.count { $0 })
    #expect(outcome.cappedCellRewards == outcome.cellRewards)
    #expect(abs(outcome.offloaded - vector.offloaded.reduce(0, +)) < 1e-12)
    // B has a user at 0.2 W, a little above 23 dBm.
    #expect(decision(vector).violation(equations)?.prefix(2) == (vector.name == "B" ? "C6" : nil))
  }

  @Test func singleGainsGiveNearlyTheSameAndEachCopyItsOwn() {
    let equations = equations()
    var (outcome, expected) = (equations.outcome(), equations.outcome())
    let vector = OffloadingVector.all[1]
    equations.evaluate(decision(vector), gains: gains, bits: bits, cycles: cycles, into: &expected)
    let two = gains.map { Float(3 * $0) } + gains.map { Float($0) }
    equations.evaluate(decision(vector), gains: two, bits: bits + bits, cycles: cycles + cycles, copy: 1, into: &outcome)
    for user in 0..<4 { #expect(abs(outcome.users[user].reward - expected.users[user].reward) < 1e-6) }
    equations.evaluate(decision(vector), gains: two, bits: bits + bits, cycles: cycles + cycles, copy: 0, into: &outcome)
    #expect(outcome.users[0].sinr > 1.01 * expected.users[0].sinr)
  }

  @Test func longTransmissionsAreCutOffAndPenaltiesCapped() {
    let limited = equations({ $0.transmissionLimitSeconds = 10 }, penaltyCap: 1)
    var outcome = limited.outcome()
    var decision = decision(OffloadingVector.all[0])
    // User 0 sends nothing: 10 s for 0 J; user 1 hardly anything.
    decision.powers[0] = 0
    decision.powers[1] = 1e-13
    limited.evaluate(decision, gains: gains, bits: bits, cycles: cycles, into: &outcome)
    #expect(outcome.users[0].transmissionTime == 10 && outcome.users[0].transmissionEnergy == 0 && outcome.users[0].rate == 0)
    #expect(outcome.users[1].transmissionTime == 10 && abs(outcome.users[1].transmissionEnergy - 1e-12) < 1e-24)
    #expect(abs(outcome.users[0].value - (0.72 - 10 - 0.032)) < 1e-9)
    #expect(abs(outcome.cappedCellRewards[0] - (-2 - 0.008 - 0.015)) < 1e-11)
    #expect(outcome.cellRewards[0] < -17)
    // Without a limit the silent user never ends, which the capped reward survives.
    let endless = equations(penaltyCap: 1)
    endless.evaluate(decision, gains: gains, bits: bits, cycles: cycles, into: &outcome)
    #expect(outcome.users[0].delay == .infinity && outcome.users[0].value == -.infinity && !outcome.users[0].isInTime)
    #expect(outcome.users[0].transmissionEnergy == 0 && outcome.cappedCellRewards[0].isFinite)
    // A hopeless rate is still a rate: log₂(1 + x) keeps the digits of x = P h / (N₀ B + I), with the interference of user 3.
    let x: Double = 1e-13 * 4e-12 / (3.981071705534986e-14 + 0.19952623149688797 * 5e-12)
    #expect(abs(outcome.users[1].rate / (1e7 * x / Foundation.log(2)) - 1) < 1e-9)
  }

  @Test func valuesMayDifferFromCellToCellAndUserToUser() {
    let equations = equations {
      $0.usersPerCell = PerCell(each: [2, 1])
      $0.userPowerDBm = PerCell(each: [23, 20, 10, 0])
      $0.userGigahertz = PerCell(each: [1, 2])
      $0.serverGigahertz = PerCell(each: [50, 25])
      $0.userJoulesPerGigacycle = PerCell(each: [1, 3])
      $0.serverJoulesPerGigacycle = PerCell(each: [0.01, 0.02])
      $0.deadlineReward = 5
    }
    #expect(abs(equations.greatestPowers[1] - 0.1) < 1e-15 && abs(equations.greatestPowers[3] - 0.001) < 1e-17)
    var outcome = equations.outcome()
    var decision = OffloadingDecision(users: 4)
    (decision.offloaded[2], decision.channels[2], decision.powers[2], decision.shares[2]) = (0.5, 1, 0.01, 1)
    var work = cycles
    work[3] = 0
    equations.evaluate(decision, gains: gains, bits: bits, cycles: work, into: &outcome)
    #expect(abs(outcome.users[2].localTime - 0.6) < 1e-12 && abs(outcome.users[2].localEnergy - 3.6) < 1e-12)
    #expect(abs(outcome.users[2].serverTime - 0.048) < 1e-12 && abs(outcome.users[2].serverEnergy - 0.024) < 1e-12)
    // Its deadline is 0.9 of its own 1.2 s.
    #expect(abs(outcome.users[2].slack - 0.48) < 1e-9 && outcome.users[2].value == 5)
    // The place without a user counts nowhere.
    #expect(outcome.users[3].reward == 0 && !outcome.users[3].isInTime && outcome.inTime == 1)
    #expect(outcome.cellRewards[1] == outcome.users[2].reward)
  }

  @Test func allocatesNothing() {
    let equations = equations()
    var outcome = equations.outcome()
    let decision = decision(OffloadingVector.all[0])
    let work = cycles
    equations.evaluate(decision, gains: gains, bits: bits, cycles: work, into: &outcome)
    allocations_watch()
    equations.evaluate(decision, gains: gains, bits: bits, cycles: work, into: &outcome)
    #expect(allocations_seen().requests == 0)
  }
}
