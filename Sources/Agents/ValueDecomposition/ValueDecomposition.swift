import Tensor

/// Value-based learning of a team: QMIX, VDN and independent Q-learning, with or without a memory.
///
/// T. Rashid et al., "QMIX: monotonic value function factorisation for deep multi-agent reinforcement learning", ICML 2018; P. Sunehag et al.,
/// "Value-decomposition networks for cooperative multi-agent learning", AAMAS 2018; M. Tan, "Multi-agent reinforcement learning: independent versus
/// cooperative agents", ICML 1993. Which of them is `configuration.mixing`: `ValueDecomposition(.qmix, …)`, `(.vdn, …)`, `(.independent, …)`.
///
/// One update, on B sequences of up to T steps in which t is real where m_t = 1:
///
///     Q_t   = mix(Q_1(τ_1, a_1) … Q_A(τ_A, a_A); s_t)             τ_a: what agent a has seen up to t
///     a*_a  = argmax Q_a(τ'_a, ·)                                  by the online network, or by the target network without `doubleQ`
///     y_t   = r_t + γ (1 − terminated_t) mix'(Q'_1(τ'_1, a*_1) … Q'_A(τ'_A, a*_A); s_{t+1})
///     θ     ← one step of the rule on Σ m_t (Q_t − y_t)² / Σ m_t     the gradient cut to a norm, y constant
///     θ'    ← θ now and then, or by a soft update
///
/// Implementation details:
/// 1. The team's reward is the mean of the agents' rewards, which is their common reward where they share one. Independent agents learn from their own.
/// 2. `terminated` alone cuts the target. After a truncation the true successor is seen and has a value. Padding counts neither in the loss nor in its
///    mean.
/// 3. The target network unrolls the whole sequence itself, from an empty memory, so that its memory at t + 1 is its own. Target networks are
///    archived; restoring never makes them from the online ones.
/// 4. Magnitudes are taken of all matrices of the mixing network; the target mixing network is one of its own and sees s_{t+1}.
/// 5. Without a memory a sequence is one transition.
/// 6. Exploration is independent for each agent: with chance ε a choice of all, equally likely. With ε = 1 throughout the data are uniform.
/// 7. Sequences of a minibatch differ from each other.
/// 8. The networks of all agents and the mixing network are one vector of parameters with one optimiser.
public struct ValueDecomposition: Learner {
  public let configuration: ValueDecompositionConfiguration
  let specification: EnvironmentSpecification
  let seed: UInt64
  let network: UtilityNetwork
  let mixer: Mixer
  let form: TeamRows
  private let places: (agents: Range<Int>, mixer: Range<Int>)
  /// Those of the agents' networks, and behind them those of the mixing network.
  public private(set) var parameters: Parameters
  public private(set) var target: Parameters
  private var optimizer: any Optimizer
  private var replay: EpisodeBuffer
  private var actor: UtilityActor
  private var worker: ValueDecompositionWorker
  /// Updates made so far.
  public private(set) var updates = 0
  /// Steps taken in so far.
  public private(set) var steps = 0
  /// Finished sequences that no update was made for yet.
  private var pending = 0
  private var outcome = ValueDecompositionWorker.Outcome()

  /// - Parameters:
  ///   - configuration: Mixing, networks, sizes, rates and exploration.
  ///   - specification: The sizes of the task with A agents.
  ///   - seed: Names the random numbers of initial weights, behaviour and replay.
  public init(_ configuration: ValueDecompositionConfiguration, for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = ValueDecomposition.objection(to: specification) { preconditionFailure(objection) }
    precondition(
      configuration.batchSize > 0 && configuration.batchSize <= configuration.replayCapacity && configuration.sequencesPerUpdate > 0,
      "ValueDecomposition: \(configuration.batchSize) of \(configuration.replayCapacity) sequences for each \(configuration.sequencesPerUpdate)")
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    let agents = specification.agents
    let choices = specification.actions.choices[0]
    form = TeamRows(
      agents: agents, observationSize: specification.observationSize,
      shownChoices: configuration.memoryWidth != nil && configuration.seesLastChoice ? choices : nil,
      seesAgentIndex: configuration.sharesNetwork && configuration.seesAgentIndex, byAgent: !configuration.sharesNetwork)
    network = UtilityNetwork(
      inputs: form.size, widths: configuration.widths, memoryWidth: configuration.memoryWidth, choices: choices,
      copies: configuration.sharesNetwork ? nil : agents)
    mixer = Mixer(
      configuration.mixing, agents: agents, stateSize: configuration.state.size(for: specification), width: configuration.mixingWidth,
      generatorWidth: configuration.generatorWidth)
    var layout = Layout()
    places = (layout.append("agents", network.layout), layout.append("mixer", mixer.layout))
    parameters = Parameters(layout)
    Initializer.uniformFanIn.fill(&parameters, from: RandomStream(seed: seed, purpose: .initialization))
    target = parameters
    optimizer = configuration.optimizer.optimizer(count: layout.count)
    let longest = configuration.memoryWidth == nil ? 1 : configuration.longestSequence
    replay = EpisodeBuffer(capacity: configuration.replayCapacity, longest: longest, for: specification)
    actor = UtilityActor(network, form, copies: specification.copies)
    worker = ValueDecompositionWorker(network, mixer, form, configuration, for: specification, longest: longest, places)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    specification.actions.isOneChoice ? nil : "ValueDecomposition: the action space must be one choice, it is \(specification.actions)"
  }

  // MARK: Acting

  /// Transitions taken in so far: E for each step.
  public var transitions: Int { steps * specification.copies }

  /// ε of the next choice.
  public var explorationRate: Double { configuration.exploration.value(at: transitions) }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    actor.act(observations, parameters, into: &actions)
    let rate = explorationRate
    guard rate > 0 else { return }
    for copy in 0..<specification.copies {
      var generator = RandomStream(seed: seed, purpose: .exploration, index: copy).generator(step: step)
      for agent in 0..<specification.agents {
        let explores = generator.uniform() < rate
        let choice = Int32(generator.integer(below: network.head.outputs))
        if explores { actions.choices[copy * specification.agents + agent] = choice }
      }
    }
  }

  public mutating func follow(_ batch: StepBatch) { actor.follow(batch) }

  public func greedy(copies: Int) -> RecurrentGreedyPolicy { RecurrentGreedyPolicy(network, form, parameters: parameters, copies: copies) }

  /// The team's values of joint choices at the start of an episode, where there is nothing to remember yet.
  ///
  /// - Parameters:
  ///   - observations: R states. `[R, A, D]`
  ///   - choices: One an agent. `[R, A]`
  /// - Returns: Q_tot of each, or the values of all independent agents. `[R]`, or `[R, A]`
  public func teamValues(_ observations: [Float], _ choices: [Int32]) -> [Float] {
    let (agents, rows) = (specification.agents, choices.count / specification.agents)
    var (inputs, taken) = ([Float](repeating: 0, count: rows * agents * form.size), choices)
    form.write(observations.span, copies: rows, into: &inputs)
    form.arrange(choices.span, 1, copies: rows, into: &taken)
    let tape = Tape()
    let placed = tape.place(parameters, differentiable: false)
    let shape: Shape = form.byAgent ? [agents, rows, form.size] : [rows * agents, form.size]
    let memory = network.memoryWidth.map { tape.constant(Tensor(zeros: shape.replacing(-1, by: $0))) }
    let all = network.values(network.features(tape.constant(inputs, shape: shape), memory, placed[places.agents]), placed[places.agents])
    let own = all.selecting(taken.span)
    let team = form.byAgent ? own.reshaped([agents, rows]).transposed() : own.reshaped([rows, agents])
    let size = configuration.state.size(for: specification)
    let states = (0..<rows).flatMap { observations[($0 * agents * form.observationSize)...].prefix(size) }
    return mixer(team, state: tape.constant(states, shape: [rows, size]), placed[places.mixer]).array
  }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    pending += replay.store(observations, actions, batch)
    actor.follow(actions.choices)
    actor.follow(batch)
    let before = transitions
    steps += 1
    if case .everyTransitions(let interval) = configuration.target, transitions / interval > before / interval { copyTarget() }
    // Updates that could not be made for want of sequences are not made up for.
    if replay.count < configuration.batchSize { pending = 0 }
  }

  public mutating func learn() -> Bool {
    guard pending >= configuration.sequencesPerUpdate else { return false }
    while pending >= configuration.sequencesPerUpdate {
      pending -= configuration.sequencesPerUpdate
      update()
    }
    return true
  }

  /// One update from sequences that are drawn afresh.
  public mutating func update() {
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    if !isKnownUniquelyReferenced(&worker) { worker = worker.fresh() }
    worker.draw(from: replay, RandomStream(seed: seed, purpose: .replay), step: updates)
    outcome = worker.differentiate(parameters, target)
    optimizer.learningRate = configuration.learningRate.rate(at: optimizer.step)
    if case .soft(let polyak) = configuration.target {
      optimizer.update(&parameters, along: worker.gradient, scale: outcome.scale, moving: &target, by: polyak)
    } else {
      optimizer.update(&parameters, along: worker.gradient, scale: outcome.scale)
    }
    updates += 1
    if case .everyUpdates(let interval) = configuration.target, updates % interval == 0 { copyTarget() }
  }

  /// θ' ← θ, without memory of its own.
  private mutating func copyTarget() {
    Self.copy(parameters.values, into: &target.values)
  }

  private static func copy(_ source: Tensor, into target: inout Tensor) {
    let values = source.span
    var copy = target.mutableSpan
    for i in 0..<values.count { copy[i] = values[i] }
  }

  public var diagnostics: [Diagnostic] {
    guard updates > 0 else { return [] }
    return [
      Diagnostic("loss", Double(outcome.loss)), Diagnostic("gradient norm", Double(outcome.norm)), Diagnostic("mean value", Double(outcome.value)),
      Diagnostic("exploration rate", explorationRate),
    ]
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("updates", &updates)
    try archive.value("steps", &steps)
    try archive.value("pending", &pending)
    try archive.value("loss", &outcome.loss)
    try archive.value("norm", &outcome.norm)
    try archive.value("value", &outcome.value)
    try archive.tensor("parameters", &parameters.values)
    try archive.tensor("target", &target.values)
    try archive.group("optimizer") { () throws(FileError) in try optimizer.archive(in: archive) }
    try archive.group("acting") { () throws(FileError) in try actor.archive(in: archive) }
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    let limit = (1 << 60) / specification.copies
    guard
      (0...limit).contains(steps), (0...limit).contains(updates), optimizer.step >= 0, (0...transitions).contains(pending),
      pending == 0 || replay.count >= configuration.batchSize, replay.choicesLie(below: specification.actions.choices)
    else {
      throw archive.failure("the learner's counters or stored choices are out of range")
    }
  }
}

extension ValueDecomposition {
  /// Floating-point operations of the matrix products in one update on sequences of so many steps.
  ///
  /// Counted after the algebraic reductions: nothing is differentiated with respect to inputs and states, and the first memory is empty.
  public func productsPerUpdate(steps: Int) -> Double {
    func dense(_ network: Network) -> Double {
      var sum = 0.0
      for layer in network.layers { sum += Double(layer.inputs * layer.outputs) }
      return sum
    }
    func first(_ network: Network) -> Double { Double(network.layers[0].inputs * network.layers[0].outputs) }
    let width = Double(network.memoryWidth ?? 0)
    let memory = 3 * width * width
    let input = network.memoryWidth == nil ? 0 : 3 * Double(network.encoder.outputs) * width
    let perStep = dense(network.encoder) + input + dense(network.head)
    let (now, next) = (Double(steps), Double(steps + 1))
    let rows = Double(configuration.batchSize * specification.agents)
    // Forward over all steps for both networks; backward, twice the work but for the inputs, over those with a loss.
    var agents = 2 * (next * perStep + now * memory) + 2 * (now * perStep + (now - 1) * memory) - now * first(network.encoder)
    if network.memoryWidth == nil && !configuration.doubleQ { agents -= now * perStep }
    var mixing = 0.0
    for generator in mixer.hypernetwork?.generators ?? [] {
      // The values times the generated weights count too, with a gradient for both.
      mixing += 4 * dense(generator) - first(generator)
    }
    if let target = mixer.hypernetwork?.target { mixing += 4 * dense(target) }
    return 2 * (rows * agents + Double(configuration.batchSize) * now * mixing)
  }
}
