import Tensor

/// A bandit of several arms, each of which pays 1 with a probability of its own: the random environment of learning automata (Narendra and Thathachar,
/// "Learning Automata", 1989, the P-model).
///
/// - Observation: always 0, D = 1, with `states` = 1.
/// - Choices: the arms.
/// - Reward: 1 with the arm's probability dᵢ, else 0. Every pull is an episode of its own.
/// - Return: at best the largest dᵢ; random choices get the mean of all.
public struct Bandit: CopiedTask {
  var copies: TaskCopies<Rule>

  /// dᵢ
  public var probabilities: [Double] { copies.frame.rule.probabilities }

  /// - Parameters:
  ///   - probabilities: dᵢ, the probability with which each arm pays.
  ///   - copies: E
  ///   - seed: Of the payments.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  public init(_ probabilities: [Double], copies: Int = 1, seed: UInt64, firstCopy: Int = 0) {
    precondition(
      !probabilities.isEmpty && probabilities.allSatisfy { $0 >= 0 && $0 <= 1 }, "Bandit: the probabilities \(probabilities) do not lie in 0...1")
    self.copies = TaskCopies(Rule(probabilities: probabilities), copies: copies, seed: seed, firstCopy: firstCopy, limit: nil)
  }

  struct Rule: TaskRule {
    let probabilities: [Double]

    var observationSize: Int { 1 }
    var states: Int? { 1 }
    var actions: ActionSpace { .discrete(probabilities.count) }

    func start(_ generator: inout Philox) -> State { .zero }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      (generator.uniform() < probabilities[Int(choices[0])] ? 1 : 0, true)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) { observation[0] = 0 }

    func isPossible(_ state: State) -> Bool { state == .zero }
  }
}
