import Tensor

/// The memory with which one thread updates one set of networks after another.
///
/// Unchecked because a tape is no `Sendable`: each thread of an update has a worker of its own, and a copy of a learner makes new ones.
final class MADDPGWorker: @unchecked Sendable {
  private let setup: MADDPGSetup
  private let tape: Tape
  private var actorGradient: Tensor
  private var criticGradient: Tensor
  private var workspace = Workspace()
  private var input: [Float]
  private var outputs: [Float]
  private var noise: [Float]
  private var numberNoise: [Float]
  private var own: [Float]
  private var observations: [Float]
  private var successors: [Float]
  private var taken: GroupActions
  private var next: GroupActions
  private var current: GroupActions
  private var speaking: [Int32]
  private var rewards: [Float]
  private var continues: [Float]
  private var values: Tensor
  private var goals: [Float]
  // Made once: a shape that is written out where it is used may take memory.
  private let observationShape, jointShape, logitShape, valueShape: Shape

  /// - Parameter threads: Threads for large products, where all agents are one piece of work.
  init(_ setup: MADDPGSetup, threads: Int) {
    self.setup = setup
    let (rows, size, batch) = (setup.rows, setup.observationSize, setup.configuration.batchSize)
    tape = Tape(threads: threads)
    actorGradient = Tensor(zeros: [setup.actor.layout.count])
    criticGradient = Tensor(zeros: [setup.critic.layout.count])
    input = Array(repeating: 0, count: batch * size)
    outputs = Array(repeating: 0, count: batch * setup.head.width)
    noise = Array(repeating: 0, count: rows * setup.head.logits)
    numberNoise = Array(repeating: 0, count: batch * setup.head.numbers)
    own = Array(repeating: 0, count: rows * size)
    observations = Array(repeating: 0, count: rows * setup.critic.members * size)
    successors = observations
    taken = GroupActions(rows: rows, others: setup.critic.members - 1, setup.head)
    (next, current) = (taken, taken)
    speaking = (0..<rows).map { Int32($0 / batch) }
    rewards = Array(repeating: 0, count: rows)
    continues = rewards
    goals = rewards
    (observationShape, jointShape) = ([rows, size], [rows, setup.critic.members * size])
    (logitShape, valueShape) = ([rows, setup.head.logits], [rows, 1])
    values = Tensor(zeros: valueShape)
  }

  // MARK: Plans

  /// What one agent did, what its target actor does in every successor and, if others look at it, what its actor does.
  ///
  /// - Parameters:
  ///   - seed: Names the random numbers of sampled and smoothed target actions.
  ///   - step: The number of the update.
  ///   - isLooking: Whether what the actor would do is asked for.
  func plan(
    _ networks: AgentNetworks, agent: Int, _ batch: JointMinibatch, lookingAtPolicies isLooking: Bool, into plan: inout AgentPlan, seed: UInt64,
    step: Int
  ) {
    let (head, agents, rows) = (setup.head, setup.agents, batch.size)
    let components = head.choices.count
    for c in 0..<components {
      copyColumns(
        batch.choices.span, rows, every: agents * components, from: agent * components + c, into: &plan.taken.choices, every: components, at: c)
    }
    head.normalize(batch.values.span, rows: rows, agent: agent, agents: agents, into: &plan.taken.numbers)
    let sampled = setup.configuration.targetChoice == .sampled && head.logits > 0
    if sampled {
      var span = noise.mutableSpan
      var mine = span._mutatingExtracting(0..<(rows * head.logits))
      RandomStream(seed: seed, purpose: .update, index: agents + agent).fill(&mine, with: .gumbel, step: step)
    }
    if setup.twins != nil, head.numbers > 0 {
      RandomStream(seed: seed, purpose: .update, index: 2 * agents + agent).fill(&numberNoise, with: .normal, step: step)
    }
    evaluate(networks.targetActor, batch.successors.span, of: agent)
    Self.decode(
      outputs, sampled ? noise : [], setup.twins, numberNoise, head, rows: rows, temperature: setup.configuration.temperature, into: &plan.next)
    if isLooking {
      evaluate(networks.actor, batch.observations.span, of: agent)
      Self.decode(outputs, [], nil, [], head, rows: rows, temperature: 1, into: &plan.current)
    }
  }

  /// The outputs of one agent's actor for its observations of a batch.
  private func evaluate(_ parameters: Parameters, _ observations: Span<Float>, of agent: Int) {
    let (size, rows) = (setup.observationSize, setup.configuration.batchSize)
    copyColumns(observations, rows, every: setup.agents * size, from: agent * size, into: &input, every: size, at: 0, width: size)
    Self.evaluate(setup.actor, parameters, rows: rows, input, into: &outputs, &workspace)
  }

  // Spans of arguments: those of a class's properties would have to outlive an access.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, rows: Int, _ input: [Float], into outputs: inout [Float], _ workspace: inout Workspace
  ) {
    var output = outputs.mutableSpan
    network.evaluate(input.span, rows: rows, parameters, into: &output, workspace: &workspace)
  }

  /// The actions that outputs mean: the largest logits, perturbed by `noise` if there is any, and tanh of the numbers, with twins smoothed.
  private static func decode(
    _ outputs: [Float], _ noise: [Float], _ twins: TwinRefinements?, _ numberNoise: [Float], _ head: ActorHead, rows: Int, temperature: Float,
    into actions: inout AgentActions
  ) {
    let components = head.choices.count
    for row in 0..<rows {
      var from = row * head.width
      var start = row * head.logits
      for (c, count) in head.choices.enumerated() {
        if noise.isEmpty {
          actions.choices[row * components + c] = largest(outputs, from, count)
        } else {
          actions.choices[row * components + c] = largest(outputs, from, count, plus: noise, from: start, times: temperature)
        }
        from += count
        start += count
      }
    }
    head.collectNumbers(outputs, rows: rows, into: &actions.numbers)
    ActorHead.squash(&actions.numbers)
    guard let twins else { return }
    for i in actions.numbers.indices {
      let move = twins.smoothingDeviation * numberNoise[i]
      actions.numbers[i] = min(max(actions.numbers[i] + min(max(move, -twins.smoothingBound), twins.smoothingBound), -1), 1)
    }
  }

  // MARK: One set of networks

  /// Collects what a critic sees for the agents that it serves: the observations and actions of their groups, each one's own first.
  func load(_ batch: JointMinibatch, _ plans: [AgentPlan], serving served: Range<Int>) {
    let (size, agents, rows) = (setup.observationSize, setup.agents, batch.size)
    let width = setup.critic.members * size
    for (place, agent) in served.enumerated() {
      let first = place * rows
      copyColumns(batch.rewards.span, rows, every: agents, from: agent, into: &rewards, every: 1, at: first)
      copyColumns(batch.continues.span, rows, every: 1, from: 0, into: &continues, every: 1, at: first)
      copyColumns(batch.observations.span, rows, every: agents * size, from: agent * size, into: &own, every: size, at: first * size, width: size)
      for (member, other) in setup.groups[agent].enumerated() {
        let (from, at) = (other * size, first * width + member * size)
        copyColumns(batch.observations.span, rows, every: agents * size, from: from, into: &observations, every: width, at: at, width: size)
        copyColumns(batch.successors.span, rows, every: agents * size, from: from, into: &successors, every: width, at: at, width: size)
        taken.take(plans[other].taken, member: member, first: first, size: rows, setup.head)
        next.take(plans[other].next, member: member, first: first, size: rows, setup.head)
        if setup.configuration.partnerActions == .current {
          current.take(plans[other].current, member: member, first: first, size: rows, setup.head)
        }
      }
    }
  }

  /// One step of the critics towards y = r + γ (1 − terminated) min_k Q'_k(s', a').
  ///
  /// - Parameter moves: Whether the targets follow.
  func updateCritic(_ networks: inout AgentNetworks, moves: Bool) {
    let (critic, configuration) = (setup.critic, setup.configuration)
    tape.scope {
      let target = tape.place(networks.targetCritic, differentiable: false)
      let successors = tape.constant(successors, shape: jointShape)
      var value = critic.value(on: tape, successors, next, agents: speaking, target)
      if critic.count == 2 { value = value.minimum(critic.value(1, on: tape, successors, next, agents: speaking, target)) }
      value.copy(into: &values)
    }
    Self.bootstrap(rewards, continues, values, discount: configuration.discount, into: &goals)
    networks.criticLoss = tape.gradient(of: networks.critic, into: &criticGradient) { parameters in
      let observations = tape.constant(observations, shape: jointShape)
      let goals = tape.constant(goals, shape: valueShape)
      let loss = meanSquaredError(critic.value(on: tape, observations, taken, agents: speaking, parameters), goals)
      return critic.count == 1 ? loss : loss + meanSquaredError(critic.value(1, on: tape, observations, taken, agents: speaking, parameters), goals)
    }
    let scale = scale(criticGradient)
    if moves {
      networks.criticOptimizer.update(
        &networks.critic, along: criticGradient, scale: scale, moving: &networks.targetCritic, by: configuration.polyak)
    } else {
      networks.criticOptimizer.update(&networks.critic, along: criticGradient, scale: scale)
    }
  }

  private static func bootstrap(_ rewards: [Float], _ continues: [Float], _ values: Tensor, discount: Float, into goals: inout [Float]) {
    let values = values.span
    for row in 0..<goals.count { goals[row] = rewards[row] + discount * continues[row] * values[row] }
  }

  /// One step of the actor up the first critic's value of the own action, or up its mean over all choices.
  ///
  /// - Parameters:
  ///   - served: The agents whose rows were loaded.
  ///   - seed: Names the Gumbel numbers.
  ///   - step: The number of the update.
  func updateActor(_ networks: inout AgentNetworks, serving served: Range<Int>, seed: UInt64, step: Int) {
    let (critic, configuration, head) = (setup.critic, setup.configuration, setup.head)
    let isNoisy = configuration.estimator.isNoisy && head.logits > 0
    if isNoisy {
      var span = noise.mutableSpan
      let count = configuration.batchSize * head.logits
      for (place, agent) in served.enumerated() {
        var mine = span._mutatingExtracting((place * count)..<((place + 1) * count))
        RandomStream(seed: seed, purpose: .update, index: agent).fill(&mine, with: .gumbel, step: step)
      }
    }
    networks.actorLoss = tape.gradient(of: networks.actor, into: &actorGradient) { parameters in
      let outputs = setup.actor(tape.constant(own, shape: observationShape), parameters)
      let fixed = tape.place(networks.critic, differentiable: false)
      let input = tape.constant(observations, shape: jointShape)
      let others = configuration.partnerActions == .current ? current : taken
      let value: Variable
      if configuration.estimator == .expected {
        let chances = (outputs * (1 / configuration.temperature)).softmax()
        value = critic.mean(on: tape, input, others, over: chances, agents: speaking, fixed)
      } else {
        let gumbel = isNoisy ? tape.constant(noise, shape: logitShape) : nil
        let action = DifferentiableAction(outputs, noise: gumbel, head, configuration.estimator, temperature: configuration.temperature)
        value = critic.value(on: tape, input, others, own: action, agents: speaking, fixed)
      }
      let loss = -value.mean()
      return configuration.logitPenalty == 0 ? loss : loss + outputs.squared().mean() * configuration.logitPenalty
    }
    networks.actorOptimizer.update(
      &networks.actor, along: actorGradient, scale: scale(actorGradient), moving: &networks.targetActor, by: configuration.polyak)
  }

  private func scale(_ gradient: Tensor) -> Float {
    guard let maximum = setup.configuration.maximumGradientNorm else { return 1 }
    return clippingScale(gradient, maximumNorm: maximum).scale
  }
}
