import Tensor

/// The critic of one agent: Q(observations of a group of agents, their discrete actions).
///
/// h₁ = relu(s W₁ + b₁),  h₂ = relu(h₁ W₂ + a_own W_own + a_others W_others + b₂),  then dense layers down to one number.
///
/// Actions join behind the first layer (Li and Guo 2020, Fig. 4). One-hot actions are never written out: their product with a
/// weight matrix is a sum of its rows. The own action has a matrix of its own, because the actor's gradient needs ∂Q/∂a_own
/// only and everything else of the critic stays constant there.
struct JointCritic: Sendable {
  let members: Int
  let observationSize: Int
  let choices: Int
  let layout: Layout
  private let depth: Int

  /// - Parameter members: G, the agents whose observations and actions it sees; its own agent is the first.
  init(members: Int, observationSize: Int, choices: Int, observationWidth: Int, widths: [Int]) {
    self.members = members
    self.observationSize = observationSize
    self.choices = choices
    depth = widths.count
    let joined = observationWidth + members * choices
    var layout = Layout()
    layout.append("observations.weights", [members * observationSize, observationWidth], fanIn: members * observationSize)
    layout.append("observations.bias", [observationWidth], fanIn: members * observationSize)
    layout.append("hidden0.weights", [observationWidth, widths[0]], fanIn: joined)
    layout.append("hidden0.own", [choices, widths[0]], fanIn: joined)
    layout.append("hidden0.others", [max(members - 1, 0) * choices, widths[0]], fanIn: joined)
    layout.append("hidden0.bias", [widths[0]], fanIn: joined)
    for index in 1..<widths.count {
      layout.append("hidden\(index).weights", [widths[index - 1], widths[index]], fanIn: widths[index - 1])
      layout.append("hidden\(index).bias", [widths[index]], fanIn: widths[index - 1])
    }
    layout.append("value.weights", [widths[depth - 1], 1], fanIn: widths[depth - 1])
    layout.append("value.bias", [1], fanIn: widths[depth - 1])
    self.layout = layout
  }

  /// The action of the critic's own agent: chosen alternatives, or a relaxed one-hot that a derivative flows into.
  enum OwnAction {
    case chosen([Int32])
    case relaxed(Variable)
  }

  /// The values of a batch.
  ///
  /// - Parameters:
  ///   - observations: `[B, G · D]`
  ///   - others: Choices of the other members. `[B, G − 1]`
  /// - Returns: `[B, 1]`
  func callAsFunction(_ observations: Variable, own: OwnAction, others: [Int32], _ parameters: PlacedParameters) -> Variable {
    let bias = parameters[5]
    let h1 = observations.product(parameters[0], plus: parameters[1], activation: .relu)
    let fromActions: Variable
    switch own {
    case .chosen(let chosen):
      let mine = parameters[3].sumOfRows(chosen.span, groups: 1, plus: bias)
      fromActions = members > 1 ? mine + parameters[4].sumOfRows(others.span, groups: members - 1) : mine
    case .relaxed(let action):
      let start = members > 1 ? parameters[4].sumOfRows(others.span, groups: members - 1, plus: bias) : bias
      fromActions = action.product(parameters[3], plus: start)
    }
    var h = h1.product(parameters[2], plus: fromActions, activation: .relu)
    var slice = 6
    for _ in 1..<depth {
      h = h.product(parameters[slice], plus: parameters[slice + 1], activation: .relu)
      slice += 2
    }
    return h.product(parameters[slice], plus: parameters[slice + 1])
  }
}
