import Tensor

/// The best action is what is seen: the quickest task that shows whether a learner learns (the identity environments of Stable-Baselines3).
///
/// Every step shows a mark out of n, or numbers, or both, drawn anew; the action is to repeat them.
///
/// - Observation: the mark as n numbers with a one in its place (or as its number, D = 1, with `states` = n), behind it the numbers x, uniform in −1…1.
/// - Choices: the mark. Values: u in −1…1, one for each number x.
/// - Reward: 1 for the right mark; for the numbers 1 if all |u − x| < `tolerance`; the mean of both if both are there.
/// - It never terminates and is cut off after `limit` steps.
/// - Return: at most `limit`. Random choices reach `limit` / n; one random value reaches 0.4375 `limit` at the tolerance ½.
public struct IdentityEnvironment: CopiedTask {
  var copies: TaskCopies<Rule>

  /// One choice, the mark that is seen.
  ///
  /// - Parameters:
  ///   - choices: n, the marks.
  ///   - oneHot: Whether the mark is seen as n numbers; otherwise as its number, which tables need.
  ///   - copies: E
  ///   - seed: Of the marks.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps of an episode.
  public static func discrete(
    choices: Int = 4, oneHot: Bool = true, copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int = 100
  ) -> IdentityEnvironment {
    let rule = Rule(marks: choices, oneHot: oneHot, numbers: 0, tolerance: 0)
    return IdentityEnvironment(copies: TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit))
  }

  /// Values, the numbers that are seen.
  ///
  /// - Parameters:
  ///   - numbers: How many, 1 to 3.
  ///   - tolerance: What every |u − x| must stay below for the reward.
  ///   - copies: E
  ///   - seed: Of the numbers.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps of an episode.
  public static func continuous(
    numbers: Int = 1, tolerance: Float = 0.5, copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int = 100
  ) -> IdentityEnvironment {
    let rule = Rule(marks: 0, oneHot: true, numbers: numbers, tolerance: tolerance)
    return IdentityEnvironment(copies: TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit))
  }

  /// One choice and values together.
  public static func hybrid(
    choices: Int = 4, numbers: Int = 1, tolerance: Float = 0.5, copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int = 100
  ) -> IdentityEnvironment {
    let rule = Rule(marks: choices, oneHot: true, numbers: numbers, tolerance: tolerance)
    return IdentityEnvironment(copies: TaskCopies(rule, copies: copies, seed: seed, firstCopy: firstCopy, limit: limit))
  }

  /// The state is up to three numbers and, last, the mark.
  struct Rule: TaskRule {
    let marks: Int
    let oneHot: Bool
    let numbers: Int
    let tolerance: Float

    init(marks: Int, oneHot: Bool, numbers: Int, tolerance: Float) {
      precondition(marks >= 0 && numbers >= 0 && numbers <= 3 && marks + numbers > 0, "IdentityEnvironment: \(marks) marks and \(numbers) numbers")
      (self.marks, self.oneHot, self.numbers, self.tolerance) = (marks, oneHot, numbers, tolerance)
    }

    private var width: Int { marks == 0 ? 0 : oneHot ? marks : 1 }
    var observationSize: Int { width + numbers }
    var states: Int? { oneHot ? nil : marks }
    var actions: ActionSpace {
      ActionSpace(choices: marks == 0 ? [] : [marks], bounds: Array(repeating: -1...1, count: numbers))
    }

    func start(_ generator: inout Philox) -> State {
      var state = State.zero
      // As Float, so that what is seen is what is compared.
      for i in 0..<numbers { state[i] = Double(Float(generator.uniform(-1, 1))) }
      if marks > 0 { state.w = Double(generator.integer(below: marks)) }
      return state
    }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      var (points, parts): (Float, Float) = (0, 0)
      if marks > 0 {
        parts += 1
        if Double(choices[0]) == state.w { points += 1 }
      }
      if numbers > 0 {
        parts += 1
        var isNear = true
        for i in 0..<numbers where !(abs(values[i] - Float(state[i])) < tolerance) { isNear = false }
        if isNear { points += 1 }
      }
      state = start(&generator)
      return (points / parts, false)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      if marks > 0 {
        let mark = Int(state.w)
        if oneHot {
          for i in 0..<marks { observation[i] = i == mark ? 1 : 0 }
        } else {
          observation[0] = Float(mark)
        }
      }
      for i in 0..<numbers { observation[width + i] = Float(state[i]) }
    }

    func isPossible(_ state: State) -> Bool {
      guard state.w.isAmong(max(marks, 1)) else { return false }
      for i in 0..<3 where !(abs(state[i]) <= 1) { return false }
      return true
    }
  }
}

extension Double {
  /// Whether it is one of the whole numbers 0 to `count` − 1.
  func isAmong(_ count: Int) -> Bool { self >= 0 && self < Double(count) && rounded(.down) == self }
}
