import Tensor

/// The memory with which one update is computed.
///
/// Unchecked because a tape is no `Sendable`: a worker belongs to one learner, which replaces it when a copy of it shares the worker, so that no two
/// threads use it.
final class ValueDecompositionWorker: @unchecked Sendable {
  /// How an update went.
  struct Outcome: Sendable {
    var loss: Float = 0
    /// The norm of the gradient before it was cut.
    var norm: Float = 0
    /// The mean of the team's values of what was done.
    var value: Float = 0
    /// The factor that the gradient is cut by.
    var scale: Float = 1
  }

  private let network: UtilityNetwork
  private let mixer: Mixer
  private let form: TeamRows
  private let configuration: ValueDecompositionConfiguration
  private let specification: EnvironmentSpecification
  private let places: (agents: Range<Int>, mixer: Range<Int>)
  private let tape = Tape()
  private(set) var gradient: Tensor
  private var batch: EpisodeMinibatch
  /// `[T + 1, rows, inputs]`
  private var inputs: [Float]
  /// `[T + 1, B, S]`; empty where the observations serve.
  private var states: [Float]
  /// In the order of the network's rows. `[T, rows]`
  private var choices: [Int32]
  /// `[T · B, 1]`, or `[T · B, A]` for independent agents.
  private var rewards: [Float]
  /// Zeros, the memory before the first step.
  private let start: [Float]
  private var features: [Variable] = []
  private var value: Tensor

  init(
    _ network: UtilityNetwork, _ mixer: Mixer, _ form: TeamRows, _ configuration: ValueDecompositionConfiguration,
    for specification: EnvironmentSpecification, longest: Int, _ places: (agents: Range<Int>, mixer: Range<Int>)
  ) {
    self.network = network
    self.mixer = mixer
    self.form = form
    self.configuration = configuration
    self.specification = specification
    self.places = places
    gradient = Tensor(zeros: [network.layout.count + mixer.layout.count])
    batch = EpisodeMinibatch(size: configuration.batchSize, longest: longest, for: specification)
    let rows = configuration.batchSize * specification.agents
    inputs = Array(repeating: 0, count: (longest + 1) * rows * form.size)
    let isSeparate = configuration.state == .firstObservation
    states = Array(repeating: 0, count: isSeparate ? (longest + 1) * configuration.batchSize * specification.observationSize : 0)
    choices = Array(repeating: 0, count: longest * rows)
    rewards = Array(repeating: 0, count: longest * configuration.batchSize * mixer.outputs)
    start = Array(repeating: 0, count: rows * (network.memoryWidth ?? 0))
    value = Tensor(zeros: .scalar)
  }

  /// A worker of the same sizes with memory of its own.
  func fresh() -> ValueDecompositionWorker {
    ValueDecompositionWorker(network, mixer, form, configuration, for: specification, longest: batch.longest, places)
  }

  /// Draws a minibatch and arranges it for the networks.
  func draw(from replay: EpisodeBuffer, _ stream: RandomStream, step: Int) {
    replay.sample(into: &batch, from: stream, step: step)
    arrange(batch, &inputs, &states, &choices, &rewards)
  }

  // Whole arrays as arguments: a property of a class that is indexed in a loop is checked for exclusive access each time.
  private func arrange(
    _ batch: EpisodeMinibatch, _ inputs: inout [Float], _ states: inout [Float], _ choices: inout [Int32], _ rewards: inout [Float]
  ) {
    let (agents, size, width) = (specification.agents, batch.size, specification.observationSize)
    let rows = size * agents
    for step in 0...batch.steps {
      form.write(
        batch.observations.span, from: step * rows * width, last: step == 0 ? nil : batch.choices.span, lastFrom: (step - 1) * rows, copies: size,
        into: &inputs, to: step * rows * form.size)
    }
    if !states.isEmpty {
      for row in 0..<((batch.steps + 1) * size) {
        for i in 0..<width { states[row * width + i] = batch.observations[row * agents * width + i] }
      }
    }
    for step in 0..<batch.steps {
      form.arrange(batch.choices.span, from: step * rows, 1, copies: size, into: &choices, to: step * rows)
      for copy in 0..<size {
        var sum: Float = 0
        for agent in 0..<agents {
          let place = (step * size + copy) * agents + agent
          sum += batch.rewards[place]
          if mixer.outputs > 1 { rewards[place] = batch.rewards[place] }
        }
        if mixer.outputs == 1 { rewards[step * size + copy] = sum / Float(agents) }
      }
    }
  }

  /// The loss and its gradient.
  func differentiate(_ parameters: Parameters, _ target: Parameters) -> Outcome {
    let (steps, size, agents) = (batch.steps, batch.size, specification.agents)
    let count = steps * size
    var real: Float = 0
    for mask in batch.mask[..<count] { real += mask }
    let scale = 1 / (real * Float(mixer.outputs))
    var outcome = Outcome()
    outcome.loss = tape.gradient(of: parameters, into: &gradient) { online in
      let fixed = tape.place(target, differentiable: false)
      let values = self.values(online, steps)
      // What follows is worth y: nothing of it has a derivative.
      let later = self.later(values, fixed, parameters, steps)
      let width = configuration.state.size(for: specification)
      let states = constant(self.states.isEmpty ? batch.observations : self.states, .matrix((steps + 1) * size, width))
      let next = mixer(later, state: states.slice(size..<((steps + 1) * size), along: 0), fixed[places.mixer])
      let continues = constant(batch.continues, .matrix(count, 1))
      let goals = constant(rewards, .matrix(count, mixer.outputs)) + next * (continues * configuration.discount)

      let taken = choices
      let chosen = team(now(values, steps).selecting(taken.span.extracting(0..<(count * agents))), steps)
      let together = mixer(chosen, state: states.slice(0..<count, along: 0), online[places.mixer])
      let mask = constant(batch.mask, .matrix(count, 1))
      ((together * mask).sum() * scale).copy(into: &value)
      return ((together - goals) * mask).squared().sum() * scale
    }
    outcome.value = value[0]
    if let maximum = configuration.maximumGradientNorm {
      (outcome.scale, outcome.norm) = clippingScale(gradient, maximumNorm: maximum)
    } else {
      outcome.norm = Float(gradient.norm)
    }
    return outcome
  }

  /// The values of all choices in the steps with a loss and, with a memory, in the one behind them, in the order of the network's rows.
  private func values(_ parameters: PlacedParameters, _ steps: Int) -> Variable {
    // Without a memory nothing that follows is needed to compute what is.
    unroll(network.memoryWidth == nil ? 0..<steps : 0..<(steps + 1), parameters)
  }

  private func unroll(_ range: Range<Int>, _ parameters: PlacedParameters) -> Variable {
    let (size, agents) = (batch.size, specification.agents)
    let rows = size * agents
    let step = form.byAgent ? Shape.matrix(size, form.size).inserting(agents, at: 0) : .matrix(rows, form.size)
    let seen = constant(inputs, step.inserting(range.count, at: 0), from: range.lowerBound * rows * form.size)
    let memory = network.memoryWidth.map { tape.constant(start, shape: step.replacing(-1, by: $0)) }
    return network.values(of: seen, start: memory, steps: &features, parameters[places.agents])
  }

  /// The target network's values of the choices in the successors. `[T · B, A]`
  private func later(_ values: Variable, _ target: PlacedParameters, _ parameters: Parameters, _ steps: Int) -> Variable {
    let rows = values.shape[0] / (network.memoryWidth == nil ? steps : steps + 1)
    if network.memoryWidth == nil {
      let fixed = unroll(1..<(steps + 1), target)
      guard configuration.doubleQ else { return team(fixed.max(along: -1, keepingAxis: true), steps) }
      let online = unroll(1..<(steps + 1), tape.place(parameters, differentiable: false))
      return team((fixed * online.oneHotOfLargest()).sum(along: -1, keepingAxis: true), steps)
    }
    let range = rows..<(rows * (steps + 1))
    let fixed = unroll(0..<(steps + 1), target).slice(range, along: 0)
    guard configuration.doubleQ else { return team(fixed.max(along: -1, keepingAxis: true), steps) }
    return team((fixed * values.slice(range, along: 0).oneHotOfLargest()).sum(along: -1, keepingAxis: true), steps)
  }

  /// The values in the steps with a loss.
  private func now(_ values: Variable, _ steps: Int) -> Variable {
    network.memoryWidth == nil ? values : values.slice(0..<(values.shape[0] / (steps + 1) * steps), along: 0)
  }

  /// One value of each agent, from the order of the network's rows to that of the mixing function. `[T · B, A]`
  private func team(_ values: Variable, _ steps: Int) -> Variable {
    let (size, agents) = (batch.size, specification.agents)
    let result = Shape.matrix(steps * size, agents)
    return form.byAgent ? values.reshaped(Shape.matrix(agents, size).inserting(steps, at: 0)).transposed().reshaped(result) : values.reshaped(result)
  }

  /// A constant of the first elements of an array.
  private func constant(_ values: [Float], _ shape: Shape, from: Int = 0) -> Variable {
    tape.constant(values.span.extracting(from..<(from + shape.count)), shape: shape)
  }
}
