import Tensor

/// The networks of SAC with their targets, optimisers and temperature, and the steps of which an update is made.
struct SoftActorCritic: Sendable, Archivable {
  var actor: Parameters
  var critics: Parameters
  var targetCritics: Parameters
  /// ln α, as a model of one parameter.
  var logTemperature: Parameters
  private var actorOptimizer: Adam
  private var criticOptimizer: Adam
  private var temperatureOptimizer: Adam
  private var temperatureGradient = Tensor(zeros: [1])
  private let learnsTemperature: Bool
  private let targetEntropy: Float
  private let logDeviations: ClosedRange<Float>
  /// From all real numbers to [−1, 1].
  private let squash: TanhSquash
  /// Losses of the last steps.
  private(set) var criticLoss: Float = 0
  private(set) var actorLoss: Float = 0
  /// −mean ln π(a|s) of the last actor's step.
  private(set) var entropy: Float = 0

  init(_ actor: Network, _ critics: ActionCritics, _ configuration: SACConfiguration, seed: UInt64) {
    let epsilon = configuration.optimizerEpsilon
    self.actor = actor.initialized(from: RandomStream(seed: seed, purpose: .initialization))
    self.critics = critics.initialized(outputBound: nil, seed: seed, index: 1)
    targetCritics = self.critics
    var layout = Layout()
    layout.append("logTemperature", [1], fanIn: 1)
    logTemperature = Parameters(layout)
    switch configuration.temperature {
    case .automatic(let initial), .fixed(let initial):
      // A temperature of zero is allowed where it stays.
      precondition(initial > 0 || configuration.temperature == .fixed(0), "SAC: the temperature \(initial)")
      logTemperature.values[0] = Float(Math.log(Double(initial)))
    }
    if case .automatic = configuration.temperature { learnsTemperature = true } else { learnsTemperature = false }
    targetEntropy = configuration.targetEntropy ?? -Float(critics.actionSize)
    logDeviations = configuration.logDeviations
    squash = TanhSquash(to: -1...1)
    actorOptimizer = Adam(count: self.actor.count, learningRate: configuration.actorLearningRate, epsilon: epsilon)
    criticOptimizer = Adam(count: self.critics.count, learningRate: configuration.criticLearningRate, epsilon: epsilon)
    temperatureOptimizer = Adam(count: 1, learningRate: configuration.temperatureLearningRate, epsilon: epsilon)
  }

  /// α
  var temperature: Float { Float(Math.exp(Double(logTemperature.values[0]))) }

  /// The policy that an output of the actor names.
  private func policy(_ output: Variable) -> SquashedGaussian {
    SquashedGaussian(DiagonalGaussian(output: output, logDeviations: logDeviations), squash: squash)
  }

  /// y = r + γ m (min_i Q'_i(s', a') − α ln π(a'|s')), a' ~ π(s').
  func setTargets(_ memory: ActorCriticMemory, discount: Float, stream: RandomStream, step: Int) {
    let tape = memory.tape
    tape.scope {
      let output = memory.actor(memory.placedSuccessors, tape.place(actor, differentiable: false))
      let sample = policy(output).reparameterizedSample(from: stream, step: step, part: 0)
      let values = memory.nextValues(sample.action, tape.place(targetCritics, differentiable: false))
      softTarget(
        rewards: memory.placedRewards, continues: memory.placedContinues, values: values, logProbabilities: sample.logProbability(),
        temperature: temperature, discount: discount
      ).copy(into: &memory.targets)
    }
  }

  /// θ_i ← Adam on Σ_i ½ mean (Q_i(s, a) − y)², and θ'_i ← θ'_i + τ (θ_i − θ'_i).
  mutating func stepCritics(_ memory: ActorCriticMemory, maximumNorm: Float?, polyak: Float) {
    criticLoss = memory.stepCritics(&critics, &criticOptimizer, factor: 0.5, maximumNorm: maximumNorm, moving: &targetCritics, by: polyak)
  }

  /// φ ← Adam on mean (α ln π(a|s) − min_i Q_i(s, a)), a ~ π(s), in which the critics are constants.
  mutating func stepActor(_ memory: ActorCriticMemory, maximumNorm: Float?, stream: RandomStream, step: Int) {
    let (tape, count, critics, temperature) = (memory.tape, memory.critics.count, critics, temperature)
    var meanLogProbability: Float = 0
    actorLoss = tape.gradient(of: actor, into: &memory.actorGradient) { placed in
      let observations = memory.placedObservations
      let sample = policy(memory.actor(observations, placed)).reparameterizedSample(from: stream, step: step, part: 1)
      let logProbabilities = sample.logProbability()
      meanLogProbability = logProbabilities.stopped().mean().number
      let values = memory.values(count, observations, sample.action, tape.place(critics, differentiable: false))
      return softActorLoss(values, logProbabilities: logProbabilities, temperature: temperature)
    }
    entropy = -meanLogProbability
    let scale = ActorCriticMemory.scale(memory.actorGradient, maximumNorm)
    actorOptimizer.update(&actor, along: memory.actorGradient, scale: scale)
  }

  /// ln α ← Adam on −ln α (mean ln π(a|s) + H̄), with the actions of the actor's step.
  mutating func stepTemperature() {
    guard learnsTemperature else { return }
    temperatureGradient[0] = temperatureSlope(meanLogProbability: -entropy, targetEntropy: targetEntropy)
    temperatureOptimizer.update(&logTemperature, along: temperatureGradient)
  }

  /// Draws an action in [−1, 1] for each copy from the actor's outputs, each copy from a stream of its own.
  ///
  /// - Parameters:
  ///   - outputs: `[E, 2 · components]`
  ///   - unsquashed: Memory. `[E, components]`
  ///   - actions: Receives the actions. `[E, components]`
  ///   - logProbabilities: Memory. `[E]`
  func sample(
    _ outputs: [Float], seed: UInt64, step: Int, unsquashed: inout [Float], into actions: inout [Float], logProbabilities: inout [Float]
  ) {
    let outputs = outputs.span
    var unsquashed = unsquashed.mutableSpan
    var actions = actions.mutableSpan
    var logProbabilities = logProbabilities.mutableSpan
    let copies = logProbabilities.count
    let width = actions.count / copies
    for copy in 0..<copies {
      let range = copy * width..<(copy + 1) * width
      var u = unsquashed._mutatingExtracting(range)
      var a = actions._mutatingExtracting(range)
      var one = logProbabilities._mutatingExtracting(copy..<copy + 1)
      SquashedGaussian.sample(
        output: outputs.extracting(2 * range.lowerBound..<2 * range.upperBound), logDeviations: logDeviations, squash: squash,
        from: RandomStream(seed: seed, purpose: .exploration, index: copy), step: step, unsquashed: &u, into: &a, logProbabilities: &one)
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("actor", &actor.values)
    try archive.tensor("critics", &critics.values)
    try archive.tensor("targetCritics", &targetCritics.values)
    try archive.tensor("logTemperature", &logTemperature.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
    try archive.group("temperatureOptimizer") { () throws(FileError) in try temperatureOptimizer.archive(in: archive) }
    try archive.value("criticLoss", &criticLoss)
    try archive.value("actorLoss", &actorLoss)
    try archive.value("entropy", &entropy)
    if logTemperature.values[0].isNaN { throw archive.failure("the logarithm of the temperature is not a number") }
    for step in [actorOptimizer.step, criticOptimizer.step, temperatureOptimizer.step] where !(0..<UpdateSchedule.largestCount).contains(step) {
      throw archive.failure("an optimiser's number of steps is \(step)")
    }
  }
}
