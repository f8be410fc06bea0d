import Tensor

/// A critic of one agent: Q(observations of a group of agents, their actions).
///
/// h₁ = relu(s W₁ + b₁),  h₂ = relu(h₁ W₂ + a_own W_own + a_others W_others + b₂),  then dense layers down to one number.
///
/// Actions join behind the first layer (Li and Guo 2020, Fig. 4); without an `observationWidth` h₁ is s itself, and all inputs enter together
/// (Lowe et al. 2017). One-hot actions are never written out: their product with a weight matrix is a sum of its rows. The own action has
/// matrices of its own, because the actor's gradient needs ∂Q/∂a_own only and everything else of the critic stays constant there.
///
/// A critic that `tellsChoices` puts out a value for each choice of the own agent instead of seeing it (Foerster et al. 2018): what a state
/// means for one choice and not for another is then learnt as quickly as by DQN, and all choices are compared in one pass.
struct JointCritic: Sendable {
  let members: Int
  let observationSize: Int
  let observationWidth: Int?
  let widths: [Int]
  let head: ActorHead
  /// Agents of which the critic is told which one it speaks for; zero if it is not told.
  let told: Int
  /// Critics side by side, each with slices of its own: one, or the two of TD3.
  let count: Int
  /// Whether a value for each own choice is put out, in the place of one for the own choice that is seen.
  let tellsChoices: Bool
  let layout: Layout
  private let slices: Int

  /// - Parameter members: G, the agents whose observations and actions it sees; its own agent is the first.
  init(
    members: Int, observationSize: Int, head: ActorHead, observationWidth: Int?, widths: [Int], told: Int = 0, count: Int = 1,
    tellsChoices: Bool = false
  ) {
    precondition(!widths.isEmpty, "JointCritic: there is no hidden layer")
    precondition(!tellsChoices || head.isSingleChoice, "JointCritic: only the values of a single choice can be told")
    (self.members, self.observationSize, self.head, self.told, self.count) = (members, observationSize, head, told, count)
    (self.observationWidth, self.widths, self.tellsChoices) = (observationWidth, widths, tellsChoices)
    let (seen, others) = (members * observationSize, members - 1)
    let joined = (observationWidth ?? seen) + (tellsChoices ? others : members) * head.width + told
    var one = Layout()
    if let observationWidth {
      one.append("observations.weights", [seen, observationWidth], fanIn: seen)
      one.append("observations.bias", [observationWidth], fanIn: seen)
    }
    one.append("hidden0.weights", [observationWidth ?? seen, widths[0]], fanIn: joined)
    for (component, choices) in head.choices.enumerated() {
      let number = component == 0 ? "" : "\(component)"
      if !tellsChoices { one.append("hidden0.own\(number)", [choices, widths[0]], fanIn: joined) }
      one.append("hidden0.others\(number)", [others * choices, widths[0]], fanIn: joined)
    }
    if head.numbers > 0 {
      one.append("hidden0.ownNumbers", [head.numbers, widths[0]], fanIn: joined)
      one.append("hidden0.otherNumbers", [others * head.numbers, widths[0]], fanIn: joined)
    }
    if told > 0 { one.append("hidden0.agent", [told, widths[0]], fanIn: joined) }
    one.append("hidden0.bias", [widths[0]], fanIn: joined)
    for index in 1..<widths.count {
      one.append("hidden\(index).weights", [widths[index - 1], widths[index]], fanIn: widths[index - 1])
      one.append("hidden\(index).bias", [widths[index]], fanIn: widths[index - 1])
    }
    let outputs = tellsChoices ? head.logits : 1
    one.append("value.weights", [widths[widths.count - 1], outputs], fanIn: widths[widths.count - 1])
    one.append("value.bias", [outputs], fanIn: widths[widths.count - 1])
    slices = one.slices.count
    var all = Layout()
    for index in 0..<count { all.append("critic\(index)", one) }
    layout = count == 1 ? one : all
  }

  /// The values of a batch.
  ///
  /// - Parameters:
  ///   - index: Which of the critics.
  ///   - observations: `[rows, G · D]`
  ///   - actions: What the members do.
  ///   - own: The action of the own agent as a function that a derivative flows into, in the place of that of `actions`.
  ///   - agents: The agent that each row speaks for, if the critic is told. `[rows]`
  /// - Returns: `[rows, 1]`
  func value(
    _ index: Int = 0, on tape: Tape, _ observations: Variable, _ actions: GroupActions, own: DifferentiableAction? = nil, agents: [Int32],
    _ parameters: PlacedParameters
  ) -> Variable {
    let p = parameters[(index * slices)..<((index + 1) * slices)]
    let joined = joined(tape, actions, own.map { .differentiable($0) } ?? (tellsChoices ? .omitted : .taken), agents, p)
    let values = behind(seen(observations, p).product(p[joint], plus: joined, activation: .relu), p)
    return tellsChoices ? values.selecting(actions.ownChoices.span) : values
  }

  /// The mean of the first critic over the own choice, Σ_k π_k Q(s, (k, a_others)), with every value of the choice tried.
  ///
  /// What comes before the own action is computed once; behind it each row becomes K rows, relu(before + W_own[k]).
  /// A critic that tells all choices needs one row.
  /// - Parameters:
  ///   - actions: What the others do; the own action is not looked at.
  ///   - chances: π, through which a derivative flows. `[rows, K]`
  /// - Precondition: An action is a single choice.
  /// - Returns: `[rows]`
  func mean(
    on tape: Tape, _ observations: Variable, _ actions: GroupActions, over chances: Variable, agents: [Int32], _ parameters: PlacedParameters
  ) -> Variable {
    precondition(head.isSingleChoice, "JointCritic.mean: an action is not a single choice")
    let p = parameters[0..<slices]
    let before = seen(observations, p).product(p[joint], plus: joined(tape, actions, .omitted, agents, p))
    let values = behind((tellsChoices ? before : before.expanded(at: 1) + p[joint + 1]).relu(), p)
    return (chances * values.reshaped(chances.shape)).sum(along: -1)
  }

  /// The slice of the weights behind which actions join.
  private var joint: Int { observationWidth == nil ? 0 : 2 }

  /// h₁
  private func seen(_ observations: Variable, _ p: PlacedParameters) -> Variable {
    observationWidth == nil ? observations : observations.product(p[0], plus: p[1], activation: .relu)
  }

  /// The layers from h₂ down to the value, or the values of all choices.
  private func behind(_ hidden: Variable, _ p: PlacedParameters) -> Variable {
    var h = hidden
    var slice = slices - 2 * widths.count
    for _ in 1..<widths.count {
      h = h.product(p[slice], plus: p[slice + 1], activation: .relu)
      slice += 2
    }
    return h.product(p[slice], plus: p[slice + 1])
  }

  /// What the own agent does where actions join.
  private enum OwnAction {
    case taken
    case differentiable(DifferentiableAction)
    case omitted
  }

  /// What actions add to the first hidden layer that sees them, with its bias.
  ///
  /// A differentiable action comes last, so that its derivative passes through nothing else.
  private func joined(
    _ tape: Tape, _ actions: GroupActions, _ own: OwnAction, _ agents: [Int32], _ p: PlacedParameters
  ) -> Variable {
    let (components, rows, others, first) = (head.choices.count, actions.rows, members - 1, joint + 1)
    let isTaken = if case .taken = own { true } else { false }
    // Slices of each choice: the own table, where there is one, and that of the others.
    let tables = tellsChoices ? 1 : 2
    let numbers = first + tables * components
    var sum = p[slices - 2 * widths.count - 1]
    func add(_ table: Variable, _ indices: Span<Int32>, groups: Int) {
      sum = sum.shape.rank == 1 ? table.sumOfRows(indices, groups: groups, plus: sum) : sum + table.sumOfRows(indices, groups: groups)
    }
    for c in 0..<components {
      if isTaken { add(p[first + tables * c], actions.ownChoices.span.extracting((c * rows)..<((c + 1) * rows)), groups: 1) }
      if others > 0 {
        let range = (c * rows * others)..<((c + 1) * rows * others)
        add(p[first + tables * c + tables - 1], actions.otherChoices.span.extracting(range), groups: others)
      }
    }
    if told > 0 { add(p[numbers + (head.numbers > 0 ? 2 : 0)], agents.span, groups: 1) }
    if head.numbers > 0, others > 0 {
      sum = tape.constant(actions.otherNumbers, shape: actions.otherShape).product(p[numbers + 1], plus: sum)
    }
    if head.numbers > 0, isTaken { sum = tape.constant(actions.ownNumbers, shape: actions.ownShape).product(p[numbers], plus: sum) }
    guard case .differentiable(let own) = own else { return sum }
    for c in 0..<components { sum = own.choice(c).product(p[first + tables * c], plus: sum) }
    return head.numbers > 0 ? own.numbers.product(p[numbers], plus: sum) : sum
  }
}
