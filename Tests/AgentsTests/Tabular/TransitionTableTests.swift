import Tensor
import TestSupport
import Testing

@testable import Agents

@Suite struct TransitionTableTests {
  static let tables: [(String, TransitionTable)] = [
    ("FrozenLake 4x4", FrozenLake(seed: 1).table),
    ("FrozenLake 8x8", FrozenLake(.large, seed: 1).table),
    ("FrozenLake 4x4 dry", FrozenLake(isSlippery: false, seed: 1).table),
    ("FrozenLake 8x8 dry", FrozenLake(.large, isSlippery: false, seed: 1).table),
    ("CliffWalking", CliffWalking(seed: 1).table),
    ("CliffWalking slippery", CliffWalking(isSlippery: true, seed: 1).table),
    ("Taxi", Taxi(seed: 1).table),
  ]

  @Test(arguments: tables) func everyEntryIsGymnasiums(_ name: String, _ table: TransitionTable) throws {
    let reference = try #require(try GymnasiumReference.loaded.get().tables[name])
    #expect(table.states == reference.states && table.choices == reference.choices)
    for (a, b) in zip(table.starts, reference.starts) { #expect(abs(a - b) <= 1e-15) }
    var place = 0
    for state in 0..<reference.states {
      for choice in 0..<reference.choices {
        let mine = table.outcomes(state, choice)
        try #require(mine.count == reference.counts[state * reference.choices + choice])
        for outcome in mine {
          // 1/3 is one unit in the last place off where Gymnasium computes it as (1 − 1/3) / 2.
          #expect(abs(outcome.probability - reference.probabilities[reference.likelihoods[place]]) <= 1e-15)
          #expect(outcome.successor == reference.successors[place], "state \(state), choice \(choice)")
          #expect(outcome.reward == Double(reference.rewards[place]), "state \(state), choice \(choice)")
          #expect(outcome.terminates == (reference.terminated[place] == 1), "state \(state), choice \(choice)")
          place += 1
        }
      }
    }
    #expect(place == reference.successors.count)
  }

  /// Outcomes come as often as their probabilities say. The statistic's limit lets right code fail less than once in a million runs.
  @Test func outcomesHaveTheirProbabilities() {
    let shares = [0.1, 0, 0.6, 0.3]
    let table = TransitionTable(states: 4, choices: 1, starts: [0.25, 0.5, 0, 0.25]) { _, _ in
      shares.indices.map { TransitionTable.Outcome(probability: shares[$0], successor: $0, reward: 0, terminates: false) }
    }
    var (outcomes, starts) = ([0, 0, 0, 0], [0, 0, 0, 0])
    let count = 20_000
    var generator = RandomStream(seed: 4, purpose: .environment).generator()
    for _ in 0..<count {
      outcomes[table.outcome(0, 0, from: &generator).successor] += 1
      starts[table.start(at: generator.uniform())] += 1
    }
    #expect(outcomes[1] == 0 && starts[2] == 0)
    // Five and a half standard deviations of a binomial number.
    for (counts, probabilities) in [(outcomes, shares), (starts, table.starts)] {
      for (n, p) in zip(counts, probabilities) {
        #expect(abs(Double(n) - Double(count) * p) <= 5.5 * (Double(count) * p * (1 - p)).squareRoot())
      }
    }
  }

  @Test func aNumberBesideTheSumPicksTheLastStart() {
    let table = TransitionTable(states: 3, choices: 1, starts: [0.5, 0.5 - 1e-12, 0]) { state, _ in
      [TransitionTable.Outcome(successor: state, reward: 0, terminates: true)]
    }
    #expect(table.start(at: 1.0.nextDown) == 1)
  }
}
