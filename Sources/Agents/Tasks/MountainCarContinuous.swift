import Tensor

/// ``MountainCar`` with a force that can be dosed and costs something: MountainCarContinuous-v0 of Gymnasium.
///
/// In single precision, which is the precision of its state there:
///
///     v ← v + 0.0015 u − 0.0025 cos 3x    limited to ±0.07; u limited to ±1
///     x ← x + v    limited to −1.2…0.6; v becomes 0 at the left end
///     r = 100 [the goal is reached] − 0.1 u²
///
/// - Observation, D = 2: x, v. Every episode begins with x uniform in −0.6…−0.4, at rest.
/// - Values: one, u in −1…1.
/// - It terminates when x ≥ 0.45 (and v ≥ 0), and is cut off after 999 steps.
/// - Return: Solved from 90. To do nothing returns 0, which traps learners that do not explore; uniform random forces reach about −33.
public struct MountainCarContinuous: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = 999) {
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is x, v, both numbers of single precision.
  struct Rule: TaskRule {
    var observationSize: Int { 2 }
    var actions: ActionSpace { .continuous(-1...1) }

    func start(_ generator: inout Philox) -> State { State(Double(Float(generator.uniform(-0.6, -0.4))), 0, 0, 0) }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      let force = values[0].limited(to: 1)
      // Where Gymnasium multiplies in single precision, and where it does not.
      let pull = Float(0.0025 * Math.cos(Double(3 * Float(state.x))))
      var v = (Float(state.y) + (force * 0.0015 - pull)).limited(to: 0.07)
      let x = min(max(Float(state.x) + v, -1.2), 0.6)
      if x == -1.2, v < 0 { v = 0 }
      state = State(Double(x), Double(v), 0, 0)
      let isThere = x >= 0.45 && v >= 0
      return (Float((isThere ? 100 : 0) - 0.1 * Double(values[0]) * Double(values[0])), isThere)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      (observation[0], observation[1]) = (Float(state.x), Float(state.y))
    }

    func isPossible(_ state: State) -> Bool { state.x >= -1.21 && state.x <= 0.61 && abs(state.y) <= 0.0701 }
  }
}
