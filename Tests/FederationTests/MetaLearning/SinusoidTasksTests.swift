import Federation
import Tensor
import Testing

@Suite struct SinusoidTasksTests {
  private func batch(_ family: SinusoidTasks, _ tasks: [Int], _ purpose: BatchPurpose, isStacked: Bool) -> SinusoidTasks.Batch {
    var batch = family.makeBatch()
    let layout = isStacked ? family.network.layout.stacked(tasks.count) : family.network.layout
    family.draw(BatchRequest(tasks: tasks, slot: BatchSlot(purpose)), at: Parameters(layout), into: &batch)
    return batch
  }

  /// E y² = 4.251667, and 3.005669 is what the best fixed function −2.55 (2/π) cos x leaves. The mean over 40,000 tasks of four points each has a
  /// standard error of about 0.022 and 0.017: six of them.
  @Test func lossesOfFixedPredictorsAreTheKnownOnes() {
    let family = SinusoidTasks(points: 4, seed: 11)
    let batch = batch(family, Array(0..<40_000), .support, isStacked: true)
    var (zero, best) = (0.0, 0.0)
    for i in batch.inputs.indices {
      let (x, y) = (Double(batch.inputs[i]), Double(batch.targets[i]))
      let error = y + 2.55 * (2 / Double.pi) * Math.cos(x)
      zero += y * y
      best += error * error
    }
    let count = Double(batch.inputs.count)
    #expect(abs(zero / count - 4.251667) < 0.13 && abs(best / count - 3.005669) < 0.1)
    #expect(batch.inputs.allSatisfy { abs($0) <= 5 } && batch.targets.allSatisfy { abs($0) <= 5 })
    #expect(batch.inputs.max()! > 4.99 && batch.inputs.min()! < -4.99 && batch.targets.max()! > 4.9)
  }

  /// Support and query are points of one wave: both fit A sin x cos φ − A cos x sin φ exactly.
  @Test func aTaskIsOneWave() {
    let family = SinusoidTasks(points: 6, queryPoints: 5, seed: 2)
    for task in [0, 9] {
      let (support, query) = (batch(family, [task], .support, isStacked: false), batch(family, [task], .query, isStacked: false))
      #expect(support.inputs.count == 6 && query.inputs.count == 5 && Set(support.inputs).isDisjoint(with: query.inputs))
      let x = [support.inputs[0], support.inputs[1]].map { Double($0) }
      let y = [support.targets[0], support.targets[1]].map { Double($0) }
      let rows = x.map { [Math.sin($0), -Math.cos($0)] }
      let weights = Matrix2.solve(rows, y)
      for (x, y) in zip(support.inputs + query.inputs, support.targets + query.targets) {
        #expect(abs(weights[0] * Math.sin(Double(x)) - weights[1] * Math.cos(Double(x)) - Double(y)) < 1e-4)
      }
      let amplitude = (weights[0] * weights[0] + weights[1] * weights[1]).squareRoot()
      // A phase in 0...π has a sine that is not negative.
      #expect(amplitude > 0.0999 && amplitude < 5.0001 && weights[1] > -1e-4)
    }
  }

  @Test func aStackHasThePointsOfItsTasks() {
    let family = SinusoidTasks(points: 3, seed: 8)
    let stacked = batch(family, [5, 2], .support, isStacked: true)
    let (first, second) = (batch(family, [5], .support, isStacked: false), batch(family, [2], .support, isStacked: false))
    #expect(stacked.inputs == first.inputs + second.inputs && stacked.targets == first.targets + second.targets)
    #expect(stacked.shape == [2, 3, 1] && first.shape == [3, 1] && first.inputs != second.inputs)
  }
}
