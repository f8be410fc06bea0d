import Tensor

/// The memory with which one update is computed.
///
/// Unchecked because a tape is no `Sendable`: a worker belongs to one learner, which replaces it when a copy of it shares the worker, so that no two
/// threads use it.
final class TD3MixWorker: @unchecked Sendable {
  private let networks: TeamNetworks
  private let configuration: TD3MixConfiguration
  private let size: Int
  private let tape = Tape()
  private(set) var actorGradient: Tensor
  private(set) var criticGradient: Tensor
  /// What the agents see now and next, in the shape of rows.
  private var rows: [Float]
  private var nextRows: [Float]
  /// `[B, S]`
  private var states: [Float]
  private var nextStates: [Float]
  /// What the agents see now and, behind it, what they did in [−1, 1], in the shape of rows.
  private var joined: [Float]
  /// The same in the order of the replay. `[1, B, A, components]`
  private var normalized: Tensor
  /// `[B, 1]`, or `[B, A]` for independent agents.
  private var rewards: [Float]
  /// `[B, 1]`
  private var continues: [Float]
  private var goals: Tensor

  init(_ networks: TeamNetworks, _ configuration: TD3MixConfiguration) {
    self.networks = networks
    self.configuration = configuration
    size = configuration.batchSize
    precondition(size > 0, "TD3Mix: a batch of \(size)")
    let form = networks.form
    actorGradient = Tensor(zeros: [networks.actorLayout.count])
    criticGradient = Tensor(zeros: [networks.criticLayout.count])
    rows = Array(repeating: 0, count: size * form.agents * form.size)
    nextRows = rows
    states = Array(repeating: 0, count: size * networks.stateSize)
    nextStates = states
    joined = networks.items == nil ? Array(repeating: 0, count: size * form.agents * networks.critic.inputs) : []
    normalized = Tensor(zeros: [size * form.agents * networks.components])
    rewards = Array(repeating: 0, count: size * networks.mixer.outputs)
    continues = Array(repeating: 0, count: size)
    goals = Tensor(zeros: [size, networks.mixer.outputs])
  }

  /// Takes in a minibatch, its rewards less a mean and over a deviation.
  func load(_ batch: JointMinibatch, _ moments: (mean: Float, deviation: Float)) {
    let form = networks.form
    form.write(batch.observations.span, copies: size, into: &rows)
    form.write(batch.successors.span, copies: size, into: &nextRows)
    networks.ranges.normalize(batch.values.span, into: &normalized)
    if networks.items == nil { join(rows, normalized, &joined) }
    copyStates(batch.observations, &states)
    copyStates(batch.successors, &nextStates)
    copyRewards(batch, moments, &rewards, &continues)
  }

  private func join(_ rows: [Float], _ actions: Tensor, _ joined: inout [Float]) {
    let (form, components, width) = (networks.form, networks.components, networks.critic.inputs)
    let (seen, done) = (rows.span, actions.span)
    var target = joined.mutableSpan
    for copy in 0..<size {
      for agent in 0..<form.agents {
        let row = form.row(copy, agent, of: size)
        for i in 0..<form.size { target[row * width + i] = seen[row * form.size + i] }
        for i in 0..<components { target[row * width + form.size + i] = done[(copy * form.agents + agent) * components + i] }
      }
    }
  }

  // Whole arrays as arguments: a property of a class that is indexed in a loop is checked for exclusive access each time.
  private func copyStates(_ observations: [Float], _ states: inout [Float]) {
    let (width, size) = (networks.stateSize, networks.form.observationSize)
    let stride = networks.form.agents * size
    var span = states.mutableSpan
    // Whole observations lie one after the other; of parts every agent's is taken by itself.
    let part = networks.stateNumbers ?? width
    for row in 0..<self.size {
      for i in 0..<width { span[row * width + i] = observations[row * stride + i / part * size + i % part] }
    }
  }

  private func copyRewards(
    _ batch: JointMinibatch, _ moments: (mean: Float, deviation: Float), _ rewards: inout [Float], _ continues: inout [Float]
  ) {
    let agents = networks.form.agents
    for row in 0..<size {
      continues[row] = batch.continues[row]
      if networks.mixer.outputs == 1 {
        var sum: Float = 0
        for agent in 0..<agents { sum += batch.rewards[row * agents + agent] }
        rewards[row] = (sum / Float(agents) - moments.mean) / moments.deviation
      } else {
        for agent in 0..<agents { rewards[row * agents + agent] = (batch.rewards[row * agents + agent] - moments.mean) / moments.deviation }
      }
    }
  }

  /// y = r + γ (1 − terminated) min_i Q'_i(s', ã)
  func aim(_ actor: Parameters, _ critics: Parameters, _ stream: RandomStream, step: Int) {
    tape.scope {
      let seen = tape.constant(nextRows, shape: networks.rowShape(size))
      let policy = networks.policy(seen, tape.place(actor, differentiable: false))
      let noise = tape.noise(.normal, shape: policy.shape, from: stream, step: step)
      let smoothed = smoothedTargetAction(
        policy, noise: noise, deviation: configuration.smoothingDeviation, limit: configuration.smoothingLimit)
      let action = configuration.shares?.projected(smoothed) ?? smoothed
      let states = tape.constant(nextStates, shape: .matrix(size, networks.stateSize))
      let placed = tape.place(critics, differentiable: false)
      let first = networks.value(seen, action, states, twin: 0, placed)
      let smaller = configuration.usesTwinCritics ? first.minimum(networks.value(seen, action, states, twin: 1, placed)) : first
      let continues = tape.constant(continues, shape: .matrix(size, 1))
      (tape.constant(rewards, shape: goals.shape) + smaller * (continues * configuration.discount)).copy(into: &goals)
    }
  }

  /// Σ_i mean (Q_i(s, a) − y)² and its gradient.
  func differentiateCritics(_ critics: Parameters) -> Float {
    tape.gradient(of: critics, into: &criticGradient) { placed in
      let states = tape.constant(states, shape: .matrix(size, networks.stateSize))
      let goals = tape.constant(goals)
      let first = meanSquaredError(stored(states, twin: 0, placed), goals)
      return configuration.usesTwinCritics ? first + meanSquaredError(stored(states, twin: 1, placed), goals) : first
    }
  }

  /// The team's value of what was done.
  private func stored(_ states: Variable, twin: Int, _ placed: PlacedParameters) -> Variable {
    if networks.items == nil {
      return networks.value(tape.constant(joined, shape: networks.shape(size, networks.critic.inputs)), states, twin: twin, placed)
    }
    let actions = tape.constant(normalized).reshaped(networks.shape(size, networks.components))
    return networks.value(tape.constant(rows, shape: networks.rowShape(size)), actions, states, twin: twin, placed)
  }

  /// Q_1(s, π(o_1) … π(o_A)) of the states loaded.
  func values(_ actor: Parameters, _ critics: Parameters) -> [Float] {
    var result = Tensor(zeros: [size, networks.mixer.outputs])
    tape.scope {
      let seen = tape.constant(rows, shape: networks.rowShape(size))
      let states = tape.constant(states, shape: .matrix(size, networks.stateSize))
      let action = networks.policy(seen, tape.place(actor, differentiable: false))
      networks.value(seen, action, states, twin: 0, tape.place(critics, differentiable: false)).copy(into: &result)
    }
    let span = result.span
    return span.indices.map { span[$0] }
  }

  /// Takes in what is seen alone.
  func load(_ observations: [Float]) {
    networks.form.write(observations.span, copies: size, into: &rows)
    copyStates(observations, &states)
  }

  /// −mean Q_1(s, π(o_1) … π(o_A)) and its gradient.
  func differentiateActor(_ actor: Parameters, _ critics: Parameters) -> Float {
    tape.gradient(of: actor, into: &actorGradient) { placed in
      let seen = tape.constant(rows, shape: networks.rowShape(size))
      let states = tape.constant(states, shape: .matrix(size, networks.stateSize))
      let fixed = tape.place(critics, differentiable: false)
      return -networks.value(seen, networks.policy(seen, placed), states, twin: 0, fixed).mean()
    }
  }

  /// The factor that a gradient is cut by.
  func scale(_ gradient: Tensor) -> Float {
    configuration.maximumGradientNorm.map { clippingScale(gradient, maximumNorm: $0).scale } ?? 1
  }
}
