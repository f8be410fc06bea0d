import Agents
import Tensor
import TestSupport
import Testing

@Suite struct NormalizedRewardsTests {
  @Test func dividesByTheDeviationOfTheReturn() {
    var plain = Play(CountingTask())
    var play = Play(NormalizedRewards(CountingTask(), discount: 0.9, limit: 1.6))
    var running = [Double](repeating: 0, count: 4)
    var all: [Double] = []
    var clipped = 0
    for _ in 0..<30 {
      plain.step()
      play.step()
      for row in 0..<4 { running[row] = 0.9 * running[row] + Double(plain.batch.rewards[row]) }
      all += running
      // The start counts as 10⁻⁴ values with mean 0 and variance 1.
      let weight = Double(all.count) + 1e-4
      let mean = all.reduce(0, +) / weight
      let variance = all.reduce(1e-4 * (1 + mean * mean)) { $0 + ($1 - mean) * ($1 - mean) } / weight
      for row in 0..<4 {
        let expected = min(1.6, Double(plain.batch.rewards[row]) / (variance + 1e-8).squareRoot())
        #expect(abs(Double(play.batch.rewards[row]) - expected) < 1e-5)
        if play.batch.rewards[row] == 1.6 { clipped += 1 }
        // Both kinds of end start the return anew.
        if plain.batch.terminated[row / 2] || plain.batch.truncated[row / 2] { running[row] = 0 }
      }
      #expect(play.batch.observations == plain.batch.observations && play.batch.finalObservations == plain.batch.finalObservations)
    }
    #expect(clipped > 0)
  }

  @Test func scaledRewards() throws {
    var play = Play(ScaledRewards(CountingTask(), by: -0.5))
    play.step()
    #expect(play.batch.rewards == [-0.5, -1, -0.5, -1])
    try TaskChecks.keepsTheContract { ScaledRewards(CountingTask(copies: $0, firstCopy: $1), by: 3) }
  }
}
