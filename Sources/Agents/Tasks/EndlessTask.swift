import Tensor

/// A task without an end that is cut off again and again: whether a learner knows that this is not an end (Pardo et al., "Time limits in reinforcement
/// learning", 2018; as a test by Stable-Baselines3).
///
/// - Observation: one of n states in turn as n numbers with a one in its place, so that nothing shows how much time is left. Every episode begins
///   in state 0.
/// - Actions: any space; they change nothing.
/// - Reward: 1 a step. It never terminates and is cut off after 8 steps.
/// - Values: 1 / (1 − γ) everywhere, 50 for γ = 0.98. A learner that takes the cut for an end finds at most 1 + γ + … + γ⁷ = 7.46.
public struct EndlessTask: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - places: n
  ///   - actions: What can be done, to no effect.
  ///   - copies: E
  ///   - seed: Not used by anything but there, as everywhere.
  ///   - firstCopy: The number of the first copy.
  ///   - limit: Steps after which an episode is cut off.
  public init(
    places: Int = 4, actions: ActionSpace = .discrete(4), copies: Int = 1, seed: UInt64 = 0, firstCopy: Int = 0, limit: Int = 8
  ) {
    precondition(places > 0, "EndlessTask: \(places) places")
    let rule = Rule(observationSize: places, actions: actions)
    self.copies = TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is its number.
  struct Rule: TaskRule {
    let observationSize: Int
    let actions: ActionSpace

    func start(_ generator: inout Philox) -> State { .zero }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      state.x = state.x + 1 == Double(observationSize) ? 0 : state.x + 1
      return (1, false)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      for i in 0..<observationSize { observation[i] = Double(i) == state.x ? 1 : 0 }
    }

    func isPossible(_ state: State) -> Bool { state.x.isAmong(observationSize) }
  }
}
