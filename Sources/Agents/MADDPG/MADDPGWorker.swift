import Tensor

/// The memory with which one thread updates one agent after another.
final class MADDPGWorker: @unchecked Sendable {
  private let actor: Network
  private let critic: JointCritic
  private let rows: Int
  private let tape = Tape()
  private var actorGradient: Tensor
  private var criticGradient: Tensor
  private var workspace = Workspace()
  private var own: [Float]
  private var logits: [Float]
  private var noise: [Float]
  private var observations: [Float]
  private var successors: [Float]
  private var ownChoices: [Int32]
  private var otherChoices: [Int32]
  private var ownNext: [Int32]
  private var otherNext: [Int32]
  private var values: Tensor
  private var goals: [Float]

  init(actor: Network, critic: JointCritic, batchSize: Int) {
    self.actor = actor
    self.critic = critic
    rows = batchSize
    actorGradient = Tensor(zeros: [actor.layout.count])
    criticGradient = Tensor(zeros: [critic.layout.count])
    own = Array(repeating: 0, count: batchSize * actor.inputs)
    logits = Array(repeating: 0, count: batchSize * actor.outputs)
    noise = logits
    observations = Array(repeating: 0, count: batchSize * critic.members * critic.observationSize)
    successors = observations
    ownChoices = Array(repeating: 0, count: batchSize)
    otherChoices = Array(repeating: 0, count: batchSize * (critic.members - 1))
    ownNext = ownChoices
    otherNext = otherChoices
    values = Tensor(zeros: [batchSize, 1])
    goals = Array(repeating: 0, count: batchSize)
  }

  /// a' of one agent: the largest logit of its target actor in every successor.
  func chooseNext(_ learner: inout AgentNetworks, agent: Int, agents: Int, _ batch: JointMinibatch) {
    let size = critic.observationSize
    gather(batch.successors.span, every: agents * size, from: agent * size, into: &own, every: size, at: 0, count: size)
    var output = logits.mutableSpan
    actor.evaluate(own.span, rows: rows, learner.targetActor, into: &output, workspace: &workspace)
    let logits = logits
    var choices = learner.nextChoices.mutableSpan
    for row in 0..<rows { choices[row] = largest(logits, row * actor.outputs, actor.outputs) }
  }

  /// Collects what one agent's critic sees: the observations and choices of its group, its own first.
  func load(_ batch: JointMinibatch, _ next: [Int32], group: [Int], agents: Int) {
    let size = critic.observationSize
    let width = group.count * size
    let others = group.count - 1
    for (member, agent) in group.enumerated() {
      let (from, to) = (agent * size, member * size)
      gather(batch.observations.span, every: agents * size, from: from, into: &observations, every: width, at: to, count: size)
      gather(batch.successors.span, every: agents * size, from: from, into: &successors, every: width, at: to, count: size)
      if member == 0 {
        gather(batch.choices.span, every: agents, from: agent, into: &ownChoices, every: 1, at: 0, count: 1)
        gather(next.span, every: agents, from: agent, into: &ownNext, every: 1, at: 0, count: 1)
      } else {
        gather(batch.choices.span, every: agents, from: agent, into: &otherChoices, every: others, at: member - 1, count: 1)
        gather(next.span, every: agents, from: agent, into: &otherNext, every: others, at: member - 1, count: 1)
      }
    }
  }

  /// Copies `count` numbers of every row of one matrix into every row of another. Strides are the rows' widths.
  ///
  /// The target is passed as a whole: a property of a class that is indexed in a loop is checked for exclusive access each time.
  private func gather<Number>(
    _ source: Span<Number>, every sourceStride: Int, from: Int, into target: inout [Number], every targetStride: Int, at: Int, count: Int
  ) {
    var span = target.mutableSpan
    for row in 0..<rows {
      for i in 0..<count { span[row * targetStride + at + i] = source[row * sourceStride + from + i] }
    }
  }

  /// One step of the critic towards y = r + γ (1 − terminated) Q'(s', a').
  func updateCritic(_ learner: inout AgentNetworks, agent: Int, agents: Int, _ batch: JointMinibatch, _ configuration: MADDPGConfiguration) {
    let shape: Shape = [rows, critic.members * critic.observationSize]
    tape.scope {
      let target = tape.place(learner.targetCritic, differentiable: false)
      critic(tape.constant(successors, shape: shape), own: .chosen(ownNext), others: otherNext, target).copy(into: &values)
    }
    var goal = goals.mutableSpan
    let next = values
    for row in 0..<rows { goal[row] = batch.rewards[row * agents + agent] + configuration.discount * batch.continues[row] * next[row] }
    _ = tape.gradient(of: learner.critic, into: &criticGradient) { parameters in
      let q = critic(tape.constant(observations, shape: shape), own: .chosen(ownChoices), others: otherChoices, parameters)
      return meanSquaredError(q, tape.constant(goals, shape: [rows, 1]))
    }
    learner.criticOptimizer.update(
      &learner.critic, along: criticGradient, scale: scale(criticGradient, configuration), moving: &learner.targetCritic, by: configuration.polyak)
  }

  /// One step of the actor up the critic's value of its own action, the others' actions as they were.
  func updateActor(_ learner: inout AgentNetworks, _ configuration: MADDPGConfiguration, _ stream: RandomStream, step: Int) {
    let size = critic.observationSize
    let choices = actor.outputs
    gather(observations.span, every: critic.members * size, from: 0, into: &own, every: size, at: 0, count: size)
    if configuration.estimator != .softmax { stream.fill(&noise, with: .gumbel, step: step) }
    _ = tape.gradient(of: learner.actor, into: &actorGradient) { parameters in
      let logits = actor(tape.constant(own, shape: [rows, size]), parameters)
      let perturbed = configuration.estimator == .softmax ? logits : logits + tape.constant(noise, shape: [rows, choices])
      let soft = (perturbed * (1 / configuration.temperature)).softmax()
      let action = configuration.estimator == .straightThrough ? soft.replacingValue(by: soft.oneHotOfLargest()) : soft
      let fixed = tape.place(learner.critic, differentiable: false)
      let input = tape.constant(observations, shape: [rows, critic.members * size])
      let loss = -critic(input, own: .relaxed(action), others: otherChoices, fixed).mean()
      return configuration.logitPenalty == 0 ? loss : loss + logits.squared().mean() * configuration.logitPenalty
    }
    learner.actorOptimizer.update(
      &learner.actor, along: actorGradient, scale: scale(actorGradient, configuration), moving: &learner.targetActor, by: configuration.polyak)
  }

  private func scale(_ gradient: Tensor, _ configuration: MADDPGConfiguration) -> Float {
    guard let maximum = configuration.maximumGradientNorm else { return 1 }
    return clippingScale(gradient, maximumNorm: maximum).scale
  }
}

/// The place of the largest of `count` numbers from `start`; the first of equals.
func largest(_ values: [Float], _ start: Int, _ count: Int) -> Int32 {
  var best = 0
  for i in 1..<max(count, 1) where values[start + i] > values[start + best] { best = i }
  return Int32(best)
}
