import Tensor

/// A car in a valley is too weak to climb out straight and has to swing: MountainCar-v0 of Gymnasium.
///
/// With the position x and the velocity v (Moore, "Efficient memory-based learning for robot control", 1990):
///
///     v ← v + 0.001 (k − 1) − 0.0025 cos 3x    limited to ±0.07
///     x ← x + v    limited to −1.2…0.6; v becomes 0 at the left end
///
/// - Observation, D = 2: x, v. Every episode begins with x uniform in −0.6…−0.4, at rest.
/// - Choices k: 0 accelerates to the left, 1 not at all, 2 to the right.
/// - Reward: −1 a step, also the last one. It terminates when x ≥ 0.5 (and v ≥ 0), and is cut off after 200 steps.
/// - Return: minus the length of the episode. Solved from −110; random choices reach −200.
public struct MountainCar: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = 200) {
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is x, v.
  struct Rule: TaskRule {
    var observationSize: Int { 2 }
    var actions: ActionSpace { .discrete(3) }

    func start(_ generator: inout Philox) -> State { State(generator.uniform(-0.6, -0.4), 0, 0, 0) }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      precondition(choices[0] >= 0 && choices[0] < 3, "MountainCar.step: the choice \(choices[0])")
      var v = (state.y + (Double(choices[0] - 1) * 0.001 - Math.cos(3 * state.x) * 0.0025)).limited(to: 0.07)
      let x = min(max(state.x + v, -1.2), 0.6)
      if x == -1.2, v < 0 { v = 0 }
      state = State(x, v, 0, 0)
      return (-1, x >= 0.5 && v >= 0)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      (observation[0], observation[1]) = (Float(state.x), Float(state.y))
    }

    func isPossible(_ state: State) -> Bool { state.x >= -1.2 && state.x <= 0.6 && abs(state.y) <= 0.07 }
  }
}
