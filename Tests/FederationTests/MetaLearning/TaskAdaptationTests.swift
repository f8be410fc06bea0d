import Federation
import Tensor
import Testing

@Suite struct TaskAdaptationTests {
  private func configuration(_ change: (inout MetaConfiguration) -> Void = { _ in }) -> MetaConfiguration {
    var configuration = MetaConfiguration()
    configuration.innerRate = 0.1
    change(&configuration)
    return configuration
  }

  /// Gradient steps on quadratic tasks, in `Double`; single precision keeps 1e-6 of numbers below 5.
  @Test func adaptedParametersAndLossesAreThoseOfGradientSteps() {
    let adaptation = TaskAdaptation(QuadraticFamily(), configuration { $0.tasksTogether = 2 })
    let start = Parameters(quadratic: 0.5, -0.25)
    let losses = adaptation.losses(from: start, tasks: 0..<3, steps: 4)
    #expect(losses.count == 5 && losses.allSatisfy { $0.count == 3 })
    for client in 0..<3 {
      for steps in 0...4 {
        let expected = QuadraticClients.descend(client, from: start.doubles, steps: steps, rate: 0.1)
        let adapted = adaptation.parameters(start, adaptedTo: client, steps: steps)
        #expect(QuadraticClients.distance(adapted.doubles, expected) < 1e-6)
        var room = [0.0, 0]
        var task = QuadraticTask(client)
        let loss = task.gradient(on: BatchSlot(.query), at: expected, into: &room)
        #expect(abs(losses[steps][client] - loss) < 5e-6)
      }
    }
    let means = adaptation.meanLosses(from: start, tasks: 0..<3, steps: 4)
    #expect(means == losses.map { ($0[0] + $0[1] + $0[2]) / 3 })
  }

  @Test func threadsAndStacksChangeNoBit() {
    func losses(_ threads: Int, _ together: Int, _ support: SupportBatches) -> [[Double]] {
      let configuration = configuration { ($0.tasksTogether, $0.support) = (together, support) }
      return TaskAdaptation(WaveTasks.family(), configuration).losses(from: WaveTasks.start, tasks: 10..<17, steps: 3, threads: threads)
    }
    for support in [SupportBatches.same, .fresh] {
      let expected = losses(1, 1, support)
      #expect(losses(3, 1, support) == expected && losses(1, 3, support) == expected && losses(2, 7, support) == expected)
    }
    #expect(losses(1, 1, .same)[0] == losses(1, 1, .fresh)[0] && losses(1, 1, .same)[2] != losses(1, 1, .fresh)[2])
  }
}
