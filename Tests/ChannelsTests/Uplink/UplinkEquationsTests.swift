import Channels
import Foundation
import Testing

@Suite struct UplinkEquationsTests {
  private func watts(_ dBm: Double) -> Double { Foundation.pow(10, dBm / 10 - 3) }

  @Test(arguments: UplinkVector.cases) func pageCases(vector: UplinkVector.Case) {
    let equations = UplinkEquations(UplinkVector.cell(users: vector.dBm.count))
    var outcome = equations.outcome()
    let choices = vector.subchannels.map { $0 - 1 }
    let gains = choices.enumerated().map { UplinkVector.gains[$0.offset][Int($0.element)] }
    equations.evaluate(choices, powers: vector.dBm.map(watts), gains: gains, into: &outcome)
    for i in choices.indices {
      #expect(abs(outcome.ratios[i] - vector.ratios[i]) < 1e-6)
      #expect(outcome.isMet[i] == vector.isMet[i])
      #expect(abs(outcome.efficiencies[i] - vector.efficiencies[i]) < 1e-6)
      #expect(outcome.isAlone[i] == (choices.count { $0 == choices[i] } == 1))
    }
    #expect(abs(outcome.sumEfficiency - vector.sum) < 2e-6)
    #expect(outcome.freeUsers == vector.free && outcome.isFree == (vector.free == choices.count))
    #expect(abs(outcome.reward - vector.reward) < 1e-6)
    #expect(outcome.servedUsers == choices.indices.count { outcome.isAlone[$0] && vector.isMet[$0] })
  }

  /// The page's best powers in dBm and what they give.
  @Test func bestPowers() {
    let expected: [[(dBm: Double, efficiency: Double)]] = [
      [(0, 758.657300), (2.552725, 411.474642), (4.593925, 1028.686604)], [(6.532125, 82.294928), (0.791812, 617.211963), (24, 3.633254)],
    ]
    let equations = UplinkEquations(UplinkVector.cell(users: 2))
    for user in 0..<2 {
      for n in 0..<3 {
        let best = equations.best(UplinkVector.gains[user][n], on: n)
        #expect(abs(10 * log10(best.power) + 30 - expected[user][n].dBm) < 1e-6)
        #expect(abs(best.efficiency - expected[user][n].efficiency) < 1e-6)
      }
    }
  }

  /// No power on a grid counts more, and near the best power something counts nearly as much; with circuit power the peak may lie inside.
  @Test(arguments: [0, 1e-3, 0.02, 0.1, 1.0]) func bestPowersOnAGrid(circuitPower: Double) {
    var cell = UplinkVector.cell(users: 3)
    cell.circuitPowerWatts = circuitPower
    let equations = UplinkEquations(cell)
    var isInside = false
    for user in 0..<3 {
      for n in 0..<3 {
        let gain = UplinkVector.gains[user][n]
        let best = equations.best(gain, on: n)
        var greatest = 0.0
        for step in 0...24_000 {
          let power = watts(Double(step) / 1000)
          // The law itself, in other words.
          let ratio = gain * power / equations.noise[n]
          let used = ratio > 3.1622776601683795 ? power : watts(24)
          let worth = cell.bandwidthsHertz[n] / 1e6 / (used + circuitPower) * log2(1 + gain * used / equations.noise[n])
          greatest = max(greatest, worth)
        }
        #expect(greatest <= best.efficiency * (1 + 1e-12))
        #expect(greatest >= best.efficiency * (1 - 3e-4))
        if circuitPower > 0 && best.power > 1.001e-3 && best.power < 0.25 { isInside = true }
      }
    }
    if circuitPower == 0.02 { #expect(isInside) }
  }

  /// Strictly above: a link exactly at the threshold violates it.
  @Test func theThresholdItselfIsNotEnough() {
    var cell = UplinkVector.cell(users: 1)
    cell.leastRatioDB = 0
    let equations = UplinkEquations(cell)
    let gain = equations.noise[0] / 0.125
    #expect(equations.ratio(gain, power: 0.125, on: 0) == 1)
    #expect(!equations.worth(gain, power: 0.125, on: 0).isMet)
    #expect(equations.worth(gain, power: 0.125, on: 0).efficiency == equations.efficiency(gain, power: equations.greatestPower, on: 0))
    #expect(equations.worth(gain, power: 0.125.nextUp, on: 0).isMet)
  }

  @Test func theRewardIsScaled() {
    let equations = UplinkEquations(UplinkVector.cell(users: 2), rewardScale: 0.5)
    var outcome = equations.outcome()
    equations.evaluate([7, 0, 1], from: 1, powers: [watts(0), watts(3)], gains: [1e-9, 3e-10], into: &outcome)
    #expect(abs(outcome.reward - 0.5 * 1236.013462) < 1e-6)
    equations.evaluate([0, 0], powers: [watts(0), watts(3)], gains: [1e-9, 4e-11], into: &outcome)
    #expect(outcome.reward == -1)
  }
}
