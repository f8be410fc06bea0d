import Tensor

/// One choice and one number have to fit what is seen: a task for hybrid actions with an exact answer.
///
/// - Observation, D = 1: x, uniform in −1…1.
/// - Choices: k of two. Values: u in −1…1.
/// - Reward: [k = [x > 0]] − (u − x)². Every step is an episode of its own.
/// - Return: at best 1, with k = [x > 0] and u = x. The best that ignores x gets ½ − 1/3 = 1/6, uniform random actions ½ − 2/3 = −1/6; what masters one
///   part alone gets 2/3 (the choice, with u = 0) or ½ (the number).
public struct HybridTask: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the observations.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: nil)
  }

  /// The state is x.
  struct Rule: TaskRule {
    var observationSize: Int { 1 }
    var actions: ActionSpace { ActionSpace(choices: [2], bounds: [-1...1]) }

    func start(_ generator: inout Philox) -> State { State(Double(Float(generator.uniform(-1, 1))), 0, 0, 0) }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      let error = values[0] - Float(state.x)
      return (((choices[0] == 1) == (state.x > 0) ? 1 : 0) - error * error, true)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) { observation[0] = Float(state.x) }

    func isPossible(_ state: State) -> Bool { abs(state.x) <= 1 }
  }
}
