import Tensor

/// How the values of agents become the value of the team.
public enum Mixing: String, Sendable, CaseIterable {
  /// Not at all: every agent learns the value of its own reward (independent Q-learning, Tan 1993).
  case independent
  /// Q_tot = Σ_a Q_a (value decomposition networks, Sunehag et al. 2018).
  case sum
  /// Q_tot = f(Q_1 … Q_A; s) with ∂f/∂Q_a ≥ 0, by a network whose weights a hypernetwork makes from the global state (QMIX, Rashid et al. 2018).
  case monotone
}

/// What the mixing network sees.
public enum GlobalState: String, Sendable, CaseIterable {
  /// The observations of all agents, one after the other.
  case allObservations
  /// The first agent's observation, where that is already the state.
  case firstObservation

  func size(for specification: EnvironmentSpecification) -> Int {
    self == .allObservations ? specification.agents * specification.observationSize : specification.observationSize
  }
}

/// The mixing function: the values of A agents in R states to the values of the team.
///
/// Monotone mixing is h = elu(q |W₁(s)| + b₁(s)), Q_tot = h · |w₂(s)| + b₂(s), with b₂ from two layers of the hidden width: what ``Hypernetwork``
/// computes, written so that no row needs a matrix product of its own and that nothing is allocated.
struct Mixer: Sendable {
  let mixing: Mixing
  let agents: Int
  /// Makes |W₁|, b₁, |w₂| and b₂ from the state; nil where nothing is to be made.
  let hypernetwork: Hypernetwork?
  /// The slices of each generator.
  private let ranges: [Range<Int>]

  /// - Parameters:
  ///   - width: The mixing network's hidden width.
  ///   - generatorWidth: The hidden width of the networks that make W₁ and w₂; nil for one layer.
  init(_ mixing: Mixing, agents: Int, stateSize: Int, width: Int, generatorWidth: Int?) {
    self.mixing = mixing
    self.agents = agents
    guard mixing == .monotone else {
      hypernetwork = nil
      ranges = []
      return
    }
    let network: Hypernetwork
    if let generatorWidth {
      network = Hypernetwork(target: Network(widths: [agents, width, 1], activation: .elu), isMonotone: true) { slice in
        if slice.name == "layer1.bias" { return Network(widths: [stateSize, width, 1]) }
        let isMatrix = slice.role == .weights
        return Network(widths: isMatrix ? [stateSize, generatorWidth, slice.shape.count] : [stateSize, slice.shape.count])
      }
    } else {
      network = .monotoneMixer(agents: agents, state: stateSize, width: width)
    }
    var first = 0
    ranges = network.generators.map { generator in
      defer { first += generator.layout.slices.count }
      return first..<(first + generator.layout.slices.count)
    }
    hypernetwork = network
  }

  var layout: Layout { hypernetwork?.layout ?? Layout() }

  /// The number of values that come out for each state.
  var outputs: Int { mixing == .independent ? agents : 1 }

  /// - Parameters:
  ///   - values: q. `[R, A]`
  ///   - state: s. `[R, S]`
  /// - Returns: `[R, 1]`; without mixing the values as they are.
  func callAsFunction(_ values: Variable, state: Variable, _ parameters: PlacedParameters) -> Variable {
    switch mixing {
    case .independent: return values
    case .sum: return values.sum(along: -1, keepingAxis: true)
    case .monotone: break
    }
    guard let hypernetwork else { preconditionFailure("Mixer: there is no hypernetwork") }
    func made(_ index: Int) -> Variable { hypernetwork.generators[index](state, parameters[ranges[index]]) }
    let width = hypernetwork.target.layers[0].outputs
    let perAgent = made(0).magnitude().reshaped(values.shape.replacing(-1, by: agents).inserting(width, at: 2))
    let mixed = (perAgent * values.expanded(at: 2)).sum(along: 1)
    let hidden = (mixed + made(1)).elu()
    return (hidden * made(2).magnitude()).sum(along: -1, keepingAxis: true) + made(3)
  }
}
