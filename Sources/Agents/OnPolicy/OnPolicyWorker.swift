import Tensor

/// The memory with which a learner learns from a roll-out: values and advantages of all its steps, and one minibatch.
///
/// Rows of a roll-out lie step by step, copy by copy, agent by agent; rows of a minibatch agent by agent. It serves one learner at a time, which checks that
/// nobody else refers to it: that makes it safe to send.
final class OnPolicyWorker: @unchecked Sendable {
  private let networks: ActorCriticNetworks
  private let tape = Tape()
  private var critic: CriticOutputs
  private var actorGradient: Tensor
  private var criticGradient: Tensor
  // Of the whole roll-out, `[T, E, A]`; values with one more step.
  private var values: [Float]
  private var successorValues: [Float]
  private var cutValues: [Float]
  private(set) var advantages: [Float]
  private(set) var returns: [Float]
  private var order: [Int32]
  private var batch: OnPolicyMinibatch

  init(_ networks: ActorCriticNetworks, _ rollOut: RollOut, minibatchSize: Int) {
    self.networks = networks
    critic = CriticOutputs(networks)
    actorGradient = Tensor(zeros: [networks.actorLayout.count * (networks.isPerAgent ? networks.agents : 1)])
    criticGradient = Tensor(zeros: [networks.trunk == nil ? networks.critic.layout.count : 0])
    let rows = rollOut.jointSteps * networks.agents
    values = Array(repeating: 0, count: rows + rollOut.copies * networks.agents)
    successorValues = Array(repeating: 0, count: rows)
    cutValues = successorValues
    advantages = successorValues
    returns = successorValues
    order = (0..<rollOut.jointSteps).map { Int32($0) }
    batch = OnPolicyMinibatch(
      networks, jointSteps: min(minibatchSize, rollOut.jointSteps), separatesContinuous: !rollOut.continuousLogProbabilities.isEmpty)
  }

  // MARK: Values

  /// Values, advantages and returns of the whole roll-out.
  ///
  /// - Returns: The explained variance of the values.
  func estimate(_ rollOut: RollOut, _ model: OnPolicyModel, discount: Float, trace: Float, _ regression: ValueRegression) -> Double {
    let agents = networks.agents
    let next = rollOut.copies * agents
    critic.evaluate(rollOut.observations, jointSteps: rollOut.jointSteps + rollOut.copies, model, into: &values)
    critic.evaluate(rollOut.cutObservations, jointSteps: rollOut.cuts, model, into: &cutValues)
    OnPolicyWorker.shift(values, by: next, into: &successorValues)
    OnPolicyWorker.place(cutValues, at: rollOut.cutPlaces, count: rollOut.cuts, agents: agents, into: &successorValues)
    return OnPolicyWorker.advantages(
      rollOut, values, successorValues, sequences: next, discount: discount, trace: trace, regression, into: &advantages,
      returns: &returns)
  }

  private static func shift(_ values: [Float], by step: Int, into successors: inout [Float]) {
    let source = values.span
    var target = successors.mutableSpan
    for i in 0..<target.count { target[i] = source[i + step] }
  }

  private static func place(_ values: [Float], at places: [Int32], count: Int, agents: Int, into successors: inout [Float]) {
    for cut in 0..<count {
      for agent in 0..<agents { successors[Int(places[cut]) * agents + agent] = values[cut * agents + agent] }
    }
  }

  private static func advantages(
    _ rollOut: RollOut, _ values: [Float], _ successors: [Float], sequences: Int, discount: Float, trace: Float, _ regression: ValueRegression,
    into advantages: inout [Float], returns: inout [Float]
  ) -> Double {
    let values = values.span.extracting(0..<successors.count)
    var target = advantages.mutableSpan
    generalizedAdvantages(
      rewards: rollOut.rewards.span, values: values, successorValues: successors.span, terminated: rollOut.terminated.span,
      truncated: rollOut.truncated.span, sequences: sequences, discount: discount, trace: trace, into: &target)
    switch regression {
    case .returns: for i in 0..<returns.count { returns[i] = target[i] + values[i] }
    case .undiscountedStep:
      for i in 0..<returns.count { returns[i] = rollOut.rewards[i] + (rollOut.terminated[i] ? 0 : successors[i]) }
    }
    return explainedVariance(values, of: returns.span)
  }

  // MARK: Minibatches

  /// Puts the joint steps into a new order.
  func shuffle(from stream: RandomStream, step: Int) {
    for i in order.indices { order[i] = Int32(i) }
    stream.shuffle(&order, step: step)
  }

  /// Puts the joint steps into the order in which they happened.
  func sort() { for i in order.indices { order[i] = Int32(i) } }

  /// Loads the joint steps at some places of the order.
  func load(_ places: Range<Int>, of rollOut: RollOut, _ loss: OnPolicyLoss) {
    batch.load(order, places, of: rollOut, values: values, advantages: advantages, returns: returns, networks)
    if let divisor = loss.normalization { batch.normalize(divisor) }
  }

  // MARK: Steps

  /// One step of actor and critic on the loaded minibatch, unless the policy has moved too far.
  ///
  /// - Returns: Whether it was made.
  func step(_ loss: OnPolicyLoss, _ model: inout OnPolicyModel, _ report: inout OnPolicyReport) -> Bool {
    let policy = policyGradient(loss, model, &report)
    report.minibatches += 1
    if let limit = loss.divergenceLimit, policy > limit {
      report.stoppedEarly = true
      return false
    }
    if networks.trunk == nil { valueGradient(loss, model, &report) }
    let (actorNorm, criticNorm) = (actorGradient.norm, criticGradient.norm)
    let norm = (actorNorm * actorNorm + criticNorm * criticNorm).squareRoot()
    report.gradientNorm += norm
    // The form of `clippingScale`, with the norm of both gradients as one vector.
    let scale = loss.maximumGradientNorm.map { Float(min(1, Double($0) / (norm + 1e-6))) } ?? 1
    model.actorOptimizer.update(&model.actor, along: actorGradient, scale: scale, learningRate: loss.learningRates.actor)
    if networks.trunk == nil {
      model.criticOptimizer.update(&model.critic, along: criticGradient, scale: scale, learningRate: loss.learningRates.critic)
    }
    return true
  }

  /// The gradient of the actor's loss; with a trunk that of the value's too.
  ///
  /// - Returns: The estimate of KL(π_old ‖ π).
  private func policyGradient(_ loss: OnPolicyLoss, _ model: OnPolicyModel, _ report: inout OnPolicyReport) -> Float {
    let (tape, networks) = (tape, networks)
    let rows = batch.rows
    var divergence: Float = 0
    _ = tape.gradient(of: model.actor, into: &actorGradient) { placed in
      let (output, logDeviation, value) = networks.act(
        tape.constant(batch.observations.span.extracting(0..<rows * networks.observationSize), shape: .matrix(rows, networks.observationSize)), placed
      )
      let head = networks.head
      let numbers =
        head.dimensions > 0 ? tape.constant(batch.values.span.extracting(0..<rows * head.dimensions), shape: .matrix(rows, head.dimensions)) : nil
      let terms = head.terms(
        output, logDeviation: logDeviation, choices: batch.choices.span.extracting(0..<rows * head.parts),
        blocks: batch.blocks.span.extracting(0..<(head.layout.isPerChoice ? rows : 0)), values: numbers)
      let advantages = column(batch.advantages)
      let entropy = terms.entropy.mean()
      report.entropy += Double(entropy.number)
      var total: Variable
      switch loss.policy {
      case .gradient:
        total = policyGradientLoss(logProbabilities: terms.logProbability, advantages: advantages)
      case .clippedSurrogate(let clip, let ratios):
        let old = column(batch.logProbabilities)
        if ratios == .separate, let discrete = terms.discrete, let continuous = terms.continuous {
          let oldContinuous = column(batch.continuousLogProbabilities)
          let first = (discrete - (old - oldContinuous)).exp()
          let second = (continuous - oldContinuous).exp()
          total =
            clippedSurrogateLoss(ratios: first, advantages: advantages, clip: clip)
            + clippedSurrogateLoss(ratios: second, advantages: advantages, clip: clip)
          report.clipFraction += 0.5 * Double(Agents.clipFraction(first.stopped(), clip: clip).number)
          report.clipFraction += 0.5 * Double(Agents.clipFraction(second.stopped(), clip: clip).number)
          divergence = DivergenceEstimator.k3((terms.logProbability - old).stopped()).number
        } else {
          let logRatios = terms.logProbability - old
          let ratio = logRatios.exp()
          total = clippedSurrogateLoss(ratios: ratio, advantages: advantages, clip: clip)
          report.clipFraction += Double(Agents.clipFraction(ratio.stopped(), clip: clip).number)
          divergence = DivergenceEstimator.k3(logRatios.stopped()).number
        }
      }
      report.policyLoss += Double(total.number)
      report.divergence += Double(divergence)
      if loss.entropyCoefficient != 0 { total = total - entropy * loss.entropyCoefficient }
      if let value { total = total + self.loss(of: value, loss, &report) }
      return total
    }
    return divergence
  }

  /// The gradient of the critic's loss.
  private func valueGradient(_ loss: OnPolicyLoss, _ model: OnPolicyModel, _ report: inout OnPolicyReport) {
    let (tape, critic) = (tape, networks.critic)
    let rows = batch.rows
    _ = tape.gradient(of: model.critic, into: &criticGradient) { placed in
      let input =
        networks.view == .own
        ? tape.constant(batch.observations.span.extracting(0..<rows * critic.inputs), shape: .matrix(rows, critic.inputs))
        : tape.constant(batch.seen.span.extracting(0..<rows * critic.inputs), shape: .matrix(rows, critic.inputs))
      return self.loss(of: critic(input, placed), loss, &report)
    }
  }

  /// c_v times the loss of values.
  private func loss(of value: Variable, _ loss: OnPolicyLoss, _ report: inout OnPolicyReport) -> Variable {
    let result = valueLoss(value, targets: column(batch.returns), clip: loss.valueClip.map { (column(batch.oldValues), $0) })
    report.valueLoss += Double(result.number)
    return result * loss.valueCoefficient
  }

  private func column(_ numbers: [Float]) -> Variable { tape.constant(numbers.span.extracting(0..<batch.rows), shape: .matrix(batch.rows, 1)) }
}
