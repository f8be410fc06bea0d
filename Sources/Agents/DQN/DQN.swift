import Tensor

/// Deep Q-learning with one discrete choice, and with what became usual: double, dueling, n steps, prioritised replay.
///
/// V. Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015.
///
/// One update, on a minibatch of transitions (s, a, R, s', d) with R = Σ_{i<m} γⁱ r_i and d = γᵐ, or 0 where the task terminated:
///
///     y = R + d max_a' Q'(s', a')                       (algorithm 1)
///     y = R + d Q'(s', argmax_a' Q(s', a'))             if `double` (van Hasselt, Guez and Silver 2016, eq. 4)
///     θ  ← optimiser on (1/B) Σ w l(Q(s, a) − y)        l: Huber's loss or the square; w = 1, or (3.4) of Schaul et al. 2016
///     p  ← |Q(s, a) − y| + ε                            if prioritised
///     θ' ← θ now and then, or θ' + τ (θ − θ')
///
/// Implementation details:
/// 1. A truncated episode's last transition is valued by its true final observation; only a termination cuts the value off.
/// 2. n-step windows are each copy's own and end with the episode: its last steps have fewer than n rewards and the right power of γ.
/// 3. There is no correction for what the behaviour chose between the first and the n-th step (as in Hessel et al. 2018).
/// 4. Before `learningStarts` transitions choices are uniformly random; then ε-greedy or Boltzmann's.
/// 5. A target that is copied by transitions moves before the training of that step, one that is copied by updates behind the update.
/// 6. The errors that become priorities are those before the update.
/// 7. The soft update of the target is the optimiser's own pass over memory.
public struct DQN: Learner {
  public let configuration: DQNConfiguration
  public let network: Network
  let specification: EnvironmentSpecification
  let seed: UInt64
  /// θ
  public private(set) var online: Parameters
  /// θ'
  public private(set) var target: Parameters
  private var optimizer: any Optimizer
  private var accumulator: StepAccumulator
  private(set) var replay: TransitionReplay
  private(set) var priorities: PrioritizedReplay?
  private var batch: TransitionMinibatch
  private var worker: DQNWorker
  private var values: [Float]
  private var workspace = Workspace()
  /// Steps of all copies taken in so far.
  public private(set) var steps = 0
  /// Updates made so far.
  public private(set) var updates = 0
  private var isDue = false
  private var lastLoss: Float = 0
  private var lastNorm: Float = 0

  /// - Parameters:
  ///   - configuration: Network, replay, rates and exploration.
  ///   - specification: The sizes of the task.
  ///   - seed: Names the random numbers of initial weights, behaviour and replay.
  public init(_ configuration: DQNConfiguration = DQNConfiguration(), for specification: EnvironmentSpecification, seed: UInt64) {
    if let objection = DQN.objection(to: specification) { preconditionFailure(objection) }
    if let objection = configuration.objection { preconditionFailure(objection) }
    self.configuration = configuration
    self.specification = specification
    self.seed = seed
    let (size, choices) = (specification.observationSize, specification.actions.choices[0])
    network = DQN.network(configuration, inputs: size, choices: choices)
    online = network.initialized(configuration.initializer, from: RandomStream(seed: seed, purpose: .initialization))
    target = online
    optimizer = configuration.optimizer.optimizer(count: network.layout.count)
    accumulator = StepAccumulator(
      steps: configuration.steps, discount: configuration.discount, copies: specification.copies, observationSize: size, choices: choices)
    replay = TransitionReplay(capacity: configuration.replayCapacity, observationSize: size, choices: choices)
    priorities = configuration.prioritization.map {
      PrioritizedReplay(capacity: configuration.replayCapacity, batchSize: configuration.batchSize, exponent: $0.exponent, offset: $0.offset)
    }
    batch = TransitionMinibatch(size: configuration.batchSize, observationSize: size)
    worker = DQNWorker(network, batchSize: configuration.batchSize)
    values = Array(repeating: 0, count: specification.copies * choices)
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? {
    if !specification.actions.isOneChoice { return "DQN: the action space must be one choice, it is \(specification.actions)" }
    return specification.agents == 1 ? nil : "DQN: there must be one agent, there are \(specification.agents)"
  }

  /// Q: dense layers, and a dueling head if wanted.
  static func network(_ configuration: DQNConfiguration, inputs: Int, choices: Int) -> Network {
    let widths = [inputs] + configuration.widths
    var layers = (1..<widths.count).map { Layer.dense(widths[$0 - 1], widths[$0], configuration.activation) }
    let last = widths[widths.count - 1]
    layers.append(configuration.dueling ? .dueling(last, actions: choices) : .dense(last, choices))
    return Network(layers)
  }

  // MARK: Acting

  /// Transitions taken in so far: E for each step.
  public var transitions: Int { steps * specification.copies }

  public var isWarmingUp: Bool { transitions < configuration.learningStarts }

  /// The rate ε, or the temperature, of the next choice.
  public var explorationRate: Double { configuration.exploration.value(at: transitions) }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    var choices = actions.choices.mutableSpan
    if isWarmingUp {
      // With ε = 1 values do not matter.
      return ChoiceBehaviour.epsilonGreedy(values.span, rate: 1, seed: seed, step: step, into: &choices)
    }
    DQN.evaluate(network, online, observations, rows: specification.copies, into: &values, &workspace)
    switch configuration.behaviour {
    case .epsilonGreedy: ChoiceBehaviour.epsilonGreedy(values.span, rate: explorationRate, seed: seed, step: step, into: &choices)
    case .boltzmann: ChoiceBehaviour.boltzmann(values.span, temperature: explorationRate, seed: seed, step: step, into: &choices)
    }
  }

  // The parts of `self` as arguments of their own: accesses that overlap by name alone.
  private static func evaluate(
    _ network: Network, _ parameters: Parameters, _ observations: [Float], rows: Int, into values: inout [Float], _ workspace: inout Workspace
  ) {
    var output = values.mutableSpan
    network.evaluate(observations.span, rows: rows, parameters, into: &output, workspace: &workspace)
  }

  /// Q(s, ·) of the online network for any number of observations. `[rows, D]` to `[rows, K]`
  public func values(_ observations: [Float]) -> [Float] {
    let rows = observations.count / network.inputs
    var (values, workspace) = ([Float](repeating: 0, count: rows * network.outputs), Workspace())
    DQN.evaluate(network, online, observations, rows: rows, into: &values, &workspace)
    return values
  }

  public func greedy(copies: Int) -> GreedyPolicy { GreedyPolicy(network: network, parameters: [online], copies: copies) }

  // MARK: Learning

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    accumulator.add(observations, actions, batch, to: &replay)
    priorities?.follow(stored: replay.stored)
    let before = transitions
    steps += 1
    if case .everyTransitions(let interval) = configuration.target, transitions / interval > before / interval { DQN.copy(online, into: &target) }
    isDue = steps % configuration.trainingInterval == 0 && transitions > configuration.learningStarts && replay.count > 0
  }

  public mutating func learn() -> Bool {
    guard isDue else { return false }
    isDue = false
    for _ in 0..<configuration.updatesPerTraining { update() }
    return true
  }

  /// One update of the online network.
  public mutating func update() {
    // A copy of a learner gets memory of its own, so that copies may learn at the same time.
    if !isKnownUniquelyReferenced(&worker) { worker = DQNWorker(network, batchSize: configuration.batchSize) }
    sample()
    worker.aim(batch, online: online, target: target, double: configuration.double)
    lastLoss = worker.descend(batch, online, configuration)
    optimizer.learningRate = configuration.learningRate.rate(at: optimizer.step)
    var polyak: Float?
    if case .soft(let rate) = configuration.target { polyak = rate }
    let norm = worker.step(&online, &optimizer, moving: &target, by: polyak, clippedTo: configuration.maximumGradientNorm)
    lastNorm = norm ?? 0
    if priorities != nil { worker.rate(batch, in: &priorities!) }
    updates += 1
    if case .everyUpdates(let interval) = configuration.target, updates % interval == 0 { DQN.copy(online, into: &target) }
  }

  /// Copies into the memory that is there: shared memory would be taken anew at the next update.
  private static func copy(_ parameters: Parameters, into target: inout Parameters) {
    let source = parameters.values.span
    var copy = target.values.mutableSpan
    for i in 0..<source.count { copy[i] = source[i] }
  }

  private mutating func sample() {
    let stream = RandomStream(seed: seed, purpose: .replay)
    guard let prioritization = configuration.prioritization else { return replay.sample(into: &batch, from: stream, step: updates) }
    let compensation = prioritization.compensation.value(at: transitions)
    priorities!.sample(compensation: compensation, from: stream, step: updates, slots: &batch.slots, weights: &batch.weights)
    replay.gather(into: &batch)
  }

  public var diagnostics: [Diagnostic] {
    guard updates > 0 else { return [] }
    var list = [Diagnostic("loss", Double(lastLoss)), Diagnostic("exploration rate", explorationRate)]
    if configuration.maximumGradientNorm != nil { list.append(Diagnostic("gradient norm", Double(lastNorm))) }
    return list
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("steps", &steps)
    try archive.value("updates", &updates)
    try archive.value("isDue", &isDue)
    try archive.value("lastLoss", &lastLoss)
    try archive.value("lastNorm", &lastNorm)
    try archive.tensor("online", &online.values)
    try archive.tensor("target", &target.values)
    try archive.group("optimizer") { () throws(FileError) in try optimizer.archive(in: archive) }
    try archive.group("accumulator") { () throws(FileError) in try accumulator.archive(in: archive) }
    try archive.group("replay") { () throws(FileError) in try replay.archive(in: archive) }
    if priorities != nil { try archive.group("priorities") { () throws(FileError) in try priorities!.archive(in: archive) } }
    let limit = (1 << 60) / specification.copies
    guard (0...limit).contains(steps), (0...1 << 60).contains(updates), !isDue || replay.count > 0, optimizer.step >= 0,
      priorities == nil || priorities!.stored == replay.stored
    else {
      throw archive.failure("the learner's counters do not fit together")
    }
  }
}
