import Tensor

/// What one agent does in each transition of a minibatch.
struct AgentActions: Sendable {
  /// `[B, C]`
  var choices: [Int32]
  /// In units of half a range. `[B, V]`
  var numbers: [Float]

  init(rows: Int, _ head: ActorHead) {
    choices = Array(repeating: 0, count: rows * head.choices.count)
    numbers = Array(repeating: 0, count: rows * head.numbers)
  }
}

/// What one agent did in a minibatch and what its networks would do there.
struct AgentPlan: Sendable {
  /// a, from the replay.
  var taken: AgentActions
  /// a', by the target actor in the successors.
  var next: AgentActions
  /// μ(s), by the actor as it is before the update.
  var current: AgentActions

  init(rows: Int, _ head: ActorHead) {
    taken = AgentActions(rows: rows, head)
    (next, current) = (taken, taken)
  }
}

/// What the members of a critic's group do: the own agent, and behind it the others.
///
/// Each row is one transition as one agent sees it. Where a critic serves several agents their rows lie one agent behind the other.
struct GroupActions: Sendable {
  let rows: Int
  /// G − 1
  let others: Int
  /// `[C, rows]`
  var ownChoices: [Int32]
  /// `[C, rows, G − 1]`
  var otherChoices: [Int32]
  /// `[rows, V]`
  var ownNumbers: [Float]
  /// `[rows, G − 1, V]`
  var otherNumbers: [Float]
  /// `[rows, V]` and `[rows, (G − 1) · V]`, made once: a shape that is written out may take memory.
  let ownShape, otherShape: Shape

  init(rows: Int, others: Int, _ head: ActorHead) {
    (self.rows, self.others) = (rows, others)
    ownChoices = Array(repeating: 0, count: head.choices.count * rows)
    otherChoices = Array(repeating: 0, count: head.choices.count * rows * others)
    ownNumbers = Array(repeating: 0, count: rows * head.numbers)
    otherNumbers = Array(repeating: 0, count: rows * others * head.numbers)
    (ownShape, otherShape) = ([rows, head.numbers], [rows, others * head.numbers])
  }

  /// Takes in what one agent does.
  ///
  /// - Parameters:
  ///   - member: Its place in the group; 0 for the own agent.
  ///   - first: The row of the batch's first transition.
  ///   - size: B
  mutating func take(_ actions: AgentActions, member: Int, first: Int, size: Int, _ head: ActorHead) {
    let (components, width) = (head.choices.count, head.numbers)
    for c in 0..<components {
      if member == 0 {
        copyColumns(actions.choices.span, size, every: components, from: c, into: &ownChoices, every: 1, at: c * rows + first)
      } else {
        let at = (c * rows + first) * others + member - 1
        copyColumns(actions.choices.span, size, every: components, from: c, into: &otherChoices, every: others, at: at)
      }
    }
    if member == 0 {
      copyColumns(actions.numbers.span, size, every: width, from: 0, into: &ownNumbers, every: width, at: first * width, width: width)
    } else {
      let at = (first * others + member - 1) * width
      copyColumns(actions.numbers.span, size, every: width, from: 0, into: &otherNumbers, every: others * width, at: at, width: width)
    }
  }
}
