import Tensor

/// A choice for each state: what a table says without exploration.
public struct TablePolicy: Policy {
  /// `[S]`
  public private(set) var choices: [Int32]
  private let alternatives: Int

  /// - Parameters:
  ///   - choices: The choice in each state. `[S]`
  ///   - alternatives: K, the number of alternatives.
  public init(_ choices: [Int32], of alternatives: Int) {
    precondition(choices.allSatisfy { $0 >= 0 && $0 < alternatives }, "TablePolicy: a choice is none of \(alternatives)")
    self.choices = choices
    self.alternatives = alternatives
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for row in actions.choices.indices {
      guard let state = Int(exactly: observations[row]), choices.indices.contains(state) else {
        preconditionFailure("TablePolicy.act: the observation \(observations[row]) is none of \(choices.count) states")
      }
      actions.choices[row] = choices[state]
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("choices", &choices)
    guard choices.allSatisfy({ $0 >= 0 && $0 < alternatives }) else { throw archive.failure("a choice of the policy is none of \(alternatives)") }
  }
}
