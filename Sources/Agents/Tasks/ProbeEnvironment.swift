import Tensor

/// The smallest tasks that tell apart where a learner is wrong (Andy Jones, "Debugging RL, without the agonizing pain", 2021).
///
/// Each has an exact answer for values and policy, so that the first probe that fails names the culprit. Every observation has one number.
public struct ProbeEnvironment: CopiedTask {
  /// What a probe asks for.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// One choice, observation 0, one step, reward 1. V = 1: the loss of the values and its optimiser.
    case constantReward
    /// One choice, observation ±1, one step, the observation is the reward. V(x) = x: gradients reach the observation.
    case observedReward
    /// One choice, observations 0 and then 1, two steps, reward 1 for the second. V(0) = γ, V(1) = 1: discounting.
    case delayedReward
    /// Two choices, observation 0, one step, reward −1 and 1 for them. V = 1: advantages and the policy's update.
    case chosenReward
    /// Two choices, observation ±1, one step, reward x for the second choice and −x for the first. V = 1: all of it together.
    case matchedReward
    /// One value u in −1…1, observation 0, one step, reward 1 − (u − ½)². The best u is ½, V = 1.
    case chosenNumber
    /// One value u in −1…1, observation ±1, one step, reward 1 − (u − x/2)². The best u is x/2, V = 1.
    case matchedNumber
  }

  var copies: TaskCopies<Rule>

  public var kind: Kind { copies.frame.rule.kind }

  /// - Parameters:
  ///   - kind: What it asks for.
  ///   - copies: E
  ///   - seed: Of the observations ±1, which are equally likely.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  public init(_ kind: Kind, copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    self.copies = TaskCopies(Rule(kind: kind), copies: copies, seed: seed, firstCopy: firstCopy, limit: nil)
  }

  /// The observations that occur and the best return from each, discounted by γ.
  public func optimalValues(discount: Float) -> [(observation: Float, value: Float)] {
    switch kind {
    case .constantReward, .chosenReward, .chosenNumber: [(0, 1)]
    case .observedReward: [(-1, -1), (1, 1)]
    case .delayedReward: [(0, discount), (1, 1)]
    case .matchedReward, .matchedNumber: [(-1, 1), (1, 1)]
    }
  }

  /// The state is the observation.
  struct Rule: TaskRule {
    let kind: Kind

    var observationSize: Int { 1 }
    var actions: ActionSpace {
      switch kind {
      case .constantReward, .observedReward, .delayedReward: .discrete(1)
      case .chosenReward, .matchedReward: .discrete(2)
      case .chosenNumber, .matchedNumber: .continuous(-1...1)
      }
    }

    private var isSigned: Bool { kind == .observedReward || kind == .matchedReward || kind == .matchedNumber }

    func start(_ generator: inout Philox) -> State {
      State(isSigned ? (generator.integer(below: 2) == 0 ? -1 : 1) : 0, 0, 0, 0)
    }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      let observation = Float(state.x)
      let reward = reward(observation, choices, values)
      if kind == .delayedReward, state.x == 0 {
        state.x = 1
        return (reward, false)
      }
      return (reward, true)
    }

    private func reward(_ observation: Float, _ choices: Span<Int32>, _ values: Span<Float>) -> Float {
      switch kind {
      case .constantReward: return 1
      case .observedReward, .delayedReward: return observation
      case .chosenReward: return choices[0] == 1 ? 1 : -1
      case .matchedReward: return choices[0] == 1 ? observation : -observation
      case .chosenNumber: return 1 - (values[0] - 0.5) * (values[0] - 0.5)
      case .matchedNumber: return 1 - (values[0] - 0.5 * observation) * (values[0] - 0.5 * observation)
      }
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) { observation[0] = Float(state.x) }

    func isPossible(_ state: State) -> Bool {
      switch kind {
      case .delayedReward: state.x == 0 || state.x == 1
      default: isSigned ? abs(state.x) == 1 : state.x == 0
      }
    }
  }
}
