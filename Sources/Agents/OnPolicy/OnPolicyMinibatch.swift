import Tensor

/// Some joint steps of a roll-out, their rows agent by agent: `[A, B]` with B joint steps.
struct OnPolicyMinibatch: Sendable {
  /// A · B, the rows that are loaded.
  private(set) var rows = 0
  /// `[A · B, D]`
  private(set) var observations: [Float]
  /// What the critic sees where that is not the agent's own observation. `[A · B, inputs]`
  private(set) var seen: [Float]
  /// Part by part. `[P, A · B]`
  private(set) var choices: [Int32]
  /// The row of each action's means among A · B · K, where each choice has means. `[A · B]`
  private(set) var blocks: [Int32]
  /// `[A · B, continuous components]`
  private(set) var values: [Float]
  private(set) var logProbabilities: [Float]
  private(set) var continuousLogProbabilities: [Float]
  private(set) var advantages: [Float]
  private(set) var returns: [Float]
  private(set) var oldValues: [Float]

  /// - Parameter jointSteps: The most that are loaded at once.
  init(_ networks: ActorCriticNetworks, jointSteps: Int, separatesContinuous: Bool) {
    let rows = jointSteps * networks.agents
    let head = networks.head
    observations = Array(repeating: 0, count: rows * networks.observationSize)
    seen = Array(repeating: 0, count: networks.view == .own ? 0 : rows * networks.criticInputs)
    choices = Array(repeating: 0, count: rows * head.parts)
    blocks = Array(repeating: 0, count: head.layout.isPerChoice ? rows : 0)
    values = Array(repeating: 0, count: rows * head.dimensions)
    logProbabilities = Array(repeating: 0, count: rows)
    continuousLogProbabilities = Array(repeating: 0, count: separatesContinuous ? rows : 0)
    advantages = logProbabilities
    returns = logProbabilities
    oldValues = logProbabilities
  }

  /// - Parameters:
  ///   - order: The joint steps of the roll-out in some order. `[T · E]`
  ///   - range: The places of the order to load.
  ///   - old: Values of the roll-out's rows, as advantages and returns. `[T, E, A]`
  mutating func load(
    _ order: [Int32], _ range: Range<Int>, of rollOut: RollOut, values old: [Float], advantages: [Float], returns: [Float],
    _ networks: ActorCriticNetworks
  ) {
    let agents = networks.agents
    let places = order.span.extracting(range)
    rows = places.count * agents
    OnPolicyMinibatch.gather(rollOut.observations, places, agents, width: networks.observationSize, into: &observations)
    OnPolicyMinibatch.gather(rollOut.values, places, agents, width: networks.head.dimensions, into: &values)
    OnPolicyMinibatch.gather(rollOut.logProbabilities, places, agents, width: 1, into: &logProbabilities)
    OnPolicyMinibatch.gather(advantages, places, agents, width: 1, into: &self.advantages)
    OnPolicyMinibatch.gather(returns, places, agents, width: 1, into: &self.returns)
    OnPolicyMinibatch.gather(old, places, agents, width: 1, into: &oldValues)
    if !continuousLogProbabilities.isEmpty {
      OnPolicyMinibatch.gather(rollOut.continuousLogProbabilities, places, agents, width: 1, into: &continuousLogProbabilities)
    }
    OnPolicyMinibatch.gather(rollOut.choices, places, agents, parts: networks.head.parts, into: &choices)
    if networks.head.layout.isPerChoice {
      let count = Int32(networks.head.layout.choices[0])
      for row in 0..<rows { blocks[row] = Int32(row) * count + choices[row] }
    }
    if case .joint(let withIndex) = networks.view {
      OnPolicyMinibatch.join(rollOut.observations, places, agents, size: networks.observationSize, withIndex: withIndex, into: &seen)
    }
  }

  mutating func normalize(_ divisor: VarianceDivisor) {
    let rows = rows
    var all = advantages.mutableSpan
    var mine = all._mutatingExtracting(0..<rows)
    Agents.normalize(&mine, divisor: divisor)
  }

  /// `[J, A, width]` to `[A, B, width]`
  private static func gather(_ source: [Float], _ places: Span<Int32>, _ agents: Int, width: Int, into target: inout [Float]) {
    let source = source.span
    var target = target.mutableSpan
    var to = 0
    for agent in 0..<agents {
      for b in 0..<places.count {
        let from = (Int(places[b]) * agents + agent) * width
        for i in 0..<width { target[to + i] = source[from + i] }
        to += width
      }
    }
  }

  /// `[J, A, P]` to `[P, A, B]`
  private static func gather(_ source: [Int32], _ places: Span<Int32>, _ agents: Int, parts: Int, into target: inout [Int32]) {
    let source = source.span
    var target = target.mutableSpan
    var to = 0
    for part in 0..<parts {
      for agent in 0..<agents {
        for b in 0..<places.count {
          target[to] = source[(Int(places[b]) * agents + agent) * parts + part]
          to += 1
        }
      }
    }
  }

  /// What the critic of each agent sees. `[J, A, D]` to `[A, B, A · D (+ A)]`
  private static func join(
    _ source: [Float], _ places: Span<Int32>, _ agents: Int, size: Int, withIndex: Bool, into target: inout [Float]
  ) {
    let whole = agents * size
    let source = source.span
    var target = target.mutableSpan
    var to = 0
    for agent in 0..<agents {
      for b in 0..<places.count {
        let from = Int(places[b]) * whole
        for i in 0..<whole { target[to + i] = source[from + i] }
        to += whole
        if withIndex {
          for i in 0..<agents { target[to + i] = i == agent ? 1 : 0 }
          to += agents
        }
      }
    }
  }
}
