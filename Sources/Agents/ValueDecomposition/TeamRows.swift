import Tensor

/// How what A agents of B copies see becomes rows of a network's input: the observation, and behind it perhaps the agent's last choice and its number
/// as one-hot vectors.
struct TeamRows: Sendable {
  let agents: Int
  let observationSize: Int
  /// The alternatives of the last choice; nil where it is not shown.
  let shownChoices: Int?
  let seesAgentIndex: Bool
  /// Whether the rows of one agent lie together, for a network an agent, or those of one copy.
  let byAgent: Bool
  /// The items of an agent where each is a row of its own: `[features, items]` becomes `[items, features]`. 1 for a row an agent.
  let items: Int

  init(agents: Int, observationSize: Int, shownChoices: Int? = nil, seesAgentIndex: Bool, byAgent: Bool, items: Int = 1) {
    self.agents = agents
    self.observationSize = observationSize
    self.shownChoices = shownChoices
    self.seesAgentIndex = seesAgentIndex && agents > 1
    self.byAgent = byAgent
    self.items = items
  }

  /// The numbers of a row.
  var size: Int { observationSize + (shownChoices ?? 0) + (seesAgentIndex ? agents : 0) }

  /// The row of an agent of one of B copies.
  func row(_ copy: Int, _ agent: Int, of copies: Int) -> Int { byAgent ? agent * copies + copy : copy * agents + agent }

  /// Writes what all agents of B copies see in one step.
  ///
  /// - Parameters:
  ///   - observations: `[B, A, D]` from `from` on.
  ///   - last: The last choices, −1 for none, from `lastFrom` on; nil where none was made. `[B, A]`
  ///   - rows: `[B, A, size]`, or `[A, B, size]`, from `to` on.
  func write(
    _ observations: Span<Float>, from: Int = 0, last: Span<Int32>? = nil, lastFrom: Int = 0, copies: Int, into rows: inout [Float], to: Int = 0
  ) {
    var rows = rows.mutableSpan
    for copy in 0..<copies {
      for agent in 0..<agents {
        let place = copy * agents + agent
        var free = to + row(copy, agent, of: copies) * size
        let seen = from + place * observationSize
        if items == 1 {
          for i in 0..<observationSize { rows[free + i] = observations[seen + i] }
        } else {
          let features = observationSize / items
          for item in 0..<items { for i in 0..<features { rows[free + item * features + i] = observations[seen + i * items + item] } }
        }
        free += observationSize
        if let choices = shownChoices {
          for i in 0..<choices { rows[free + i] = 0 }
          if let last, last[lastFrom + place] >= 0 { rows[free + Int(last[lastFrom + place])] = 1 }
          free += choices
        }
        if seesAgentIndex { for i in 0..<agents { rows[free + i] = i == agent ? 1 : 0 } }
      }
    }
  }

  /// Brings numbers of every agent into the order of the rows. `[B, A, width]` to `[B, A, width]` or `[A, B, width]`
  func arrange<Number>(
    _ values: Span<Number>, from: Int = 0, _ width: Int, copies: Int, into rows: inout [Number], to: Int = 0
  ) {
    var rows = rows.mutableSpan
    for copy in 0..<copies {
      for agent in 0..<agents {
        let (place, target) = (from + (copy * agents + agent) * width, to + row(copy, agent, of: copies) * width)
        for i in 0..<width { rows[target + i] = values[place + i] }
      }
    }
  }

  /// The way back from the order of the rows.
  func unarrange<Number>(_ rows: Span<Number>, _ width: Int, copies: Int, into values: inout [Number]) {
    var values = values.mutableSpan
    for copy in 0..<copies {
      for agent in 0..<agents {
        let (place, source) = ((copy * agents + agent) * width, row(copy, agent, of: copies) * width)
        for i in 0..<width { values[place + i] = rows[source + i] }
      }
    }
  }
}
