import Tensor

/// The unit in which agents of ``SimpleSpeakerListener`` are paid, with the listener's distance d from the goal after the step.
public enum SpeakerListenerReward: String, Sendable, CaseIterable {
  /// Both receive −2 d²: the sum of both agents' rewards, openai's `shared_reward`, the unit of Papoudakis et al. (arXiv 2006.07869).
  case openAIShared
  /// Both receive −d²: mpe2 and PettingZoo.
  case mpe2
}

/// One agent knows the goal and speaks, the other hears and moves: simple_speaker_listener of the multi-agent particle environments.
///
/// R. Lowe et al. 2017 ("cooperative communication"); see ``ParticlePhysics`` for the physics. Three landmarks and the listener start
/// uniformly in [−1, 1]², one landmark is the goal. After 25 steps the episode is truncated.
///
/// Agent 0, the speaker, observes the colour of the goal: 0.65 in the place of the goal's number and 0.15 in the two others. It says one of
/// three words. Agent 1, the listener, observes its velocity, the landmarks relative to itself and, one-hot, the word of the step before.
///
/// Here all agents have equal spaces. So the speaker's three numbers are followed by eight zeros, to 11. It has five choices as the listener
/// has: 3 and 4 mean the word 0. With continuous actions the speaker's first three numbers are the message, with ``ParticleActions/push`` three
/// numbers of [−1, 1], of which (1 + a) / 2 is the message and the listener's third does nothing.
///
/// Units: in the default unit of reward a uniformly random policy's return is −85, that of walking to the centre of the landmarks −33,
/// and of walking to the goal −16 (``ScriptedListener``).
///
/// Metrics: d.
public struct SimpleSpeakerListener: Environment {
  public let specification: EnvironmentSpecification
  public let rewardUnit: SpeakerListenerReward
  public let actions: ParticleActions
  public let physics: ParticlePhysics
  /// Steps of an episode.
  public let steps: Int
  private let seed: UInt64
  private let firstCopy: Int
  /// The listener's position. `[E, 2]`
  private var positions: [Double]
  /// The listener's velocity. `[E, 2]`
  private var velocities: [Double]
  /// `[E, 3, 2]`
  private var landmarks: [Double]
  /// The number of the goal. `[E]`
  private var goals: [Int32]
  /// What the speaker said last. `[E, 3]`
  private var messages: [Float]
  /// Steps taken in the present episode. `[E]`
  private var ages: [Int32]
  /// Episodes begun so far. `[E]`
  private var episodes: [Int32]

  private static let size = 11

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts and goals.
  ///   - firstCopy: The number of the first copy: copy c draws from stream firstCopy + c.
  ///   - steps: Steps of an episode.
  ///   - rewardUnit: The unit in which both agents are paid.
  ///   - actions: How the listener is moved and the speaker speaks.
  ///   - physics: Whether the new or the old velocity moves the listener.
  public init(
    copies: Int, seed: UInt64, firstCopy: Int = 0, steps: Int = 25, rewardUnit: SpeakerListenerReward = .openAIShared,
    actions: ParticleActions = .discrete, physics: ParticlePhysics = .mpe2
  ) {
    precondition(copies >= 1 && steps >= 1, "SimpleSpeakerListener: \(copies) copies, \(steps) steps")
    let space = actions == .push ? ActionSpace(bounds: Array(repeating: -1...1, count: 3)) : actions.space
    specification = EnvironmentSpecification(
      copies: copies, agents: 2, observationSize: Self.size, actions: space, metrics: ["goalDistance"])
    (self.rewardUnit, self.actions, self.physics, self.steps) = (rewardUnit, actions, physics, steps)
    (self.seed, self.firstCopy) = (seed, firstCopy)
    positions = Array(repeating: 0, count: copies * 2)
    velocities = positions
    landmarks = Array(repeating: 0, count: copies * 6)
    goals = Array(repeating: 0, count: copies)
    messages = Array(repeating: 0, count: copies * 3)
    (ages, episodes) = (goals, goals)
  }

  /// Starts an episode of one copy.
  private mutating func begin(_ copy: Int) {
    var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: Int(episodes[copy]))
    episodes[copy] &+= 1
    ages[copy] = 0
    goals[copy] = Int32(generator.integer(below: 3))
    for i in 0..<2 {
      positions[2 * copy + i] = generator.uniform(-1, 1)
      velocities[2 * copy + i] = 0
    }
    for i in 0..<6 { landmarks[6 * copy + i] = generator.uniform(-1, 1) }
    for i in 0..<3 { messages[3 * copy + i] = 0 }
  }

  /// Puts one copy into a state, at the start of an episode in which nothing was said.
  ///
  /// - Parameters:
  ///   - copy: Its number, from 0 to E − 1.
  ///   - position: The listener's. `[2]`
  ///   - velocity: The listener's. `[2]`
  ///   - landmarks: `[3, 2]`
  ///   - goal: The number of the goal.
  ///   - observations: Receives what the copy's agents see. `[E, 2, 11]`
  public mutating func place(
    copy: Int, position: [Double], velocity: [Double], landmarks: [Double], goal: Int, observations: inout [Float]
  ) {
    precondition(
      position.count == 2 && velocity.count == 2 && landmarks.count == 6 && 0..<3 ~= goal && 0..<specification.copies ~= copy,
      "SimpleSpeakerListener.place: \(position.count), \(velocity.count), \(landmarks.count) numbers, goal \(goal), copy \(copy)")
    positions.replaceSubrange((2 * copy)..<(2 * copy + 2), with: position)
    velocities.replaceSubrange((2 * copy)..<(2 * copy + 2), with: velocity)
    self.landmarks.replaceSubrange((6 * copy)..<(6 * copy + 6), with: landmarks)
    goals[copy] = Int32(goal)
    for i in 0..<3 { messages[3 * copy + i] = 0 }
    ages[copy] = 0
    write(copy, into: &observations)
  }

  public mutating func reset(into batch: inout StepBatch) {
    for copy in 0..<specification.copies {
      begin(copy)
      write(copy, into: &batch.observations)
    }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let width = specification.actions.bounds.count
    for copy in 0..<specification.copies {
      let push = self.actions.push(actions.choices.span, actions.values.span, row: 2 * copy + 1, width: width)
      physics.move(&positions[2 * copy], &velocities[2 * copy], force: push.x * ParticlePhysics.pushForce)
      physics.move(&positions[2 * copy + 1], &velocities[2 * copy + 1], force: push.y * ParticlePhysics.pushForce)
      for word in 0..<3 {
        switch self.actions {
        case .discrete:
          let choice = actions.choices[2 * copy]
          messages[3 * copy + word] = Int32(word) == (choice < 3 ? choice : 0) ? 1 : 0
        case .fiveNumbers: messages[3 * copy + word] = actions.values[2 * copy * width + word]
        case .push: messages[3 * copy + word] = 0.5 + 0.5 * actions.values[2 * copy * width + word]
        }
      }
      let goal = 6 * copy + 2 * Int(goals[copy])
      let (x, y) = (positions[2 * copy] - landmarks[goal], positions[2 * copy + 1] - landmarks[goal + 1])
      let square = x * x + y * y
      let reward = Float(rewardUnit == .openAIShared ? -2 * square : -square)
      (batch.rewards[2 * copy], batch.rewards[2 * copy + 1]) = (reward, reward)
      batch.metrics[copy] = Float(square.squareRoot())
      ages[copy] += 1
      let ends = Int(ages[copy]) >= steps
      (batch.terminated[copy], batch.truncated[copy]) = (false, ends)
      write(copy, into: &batch.finalObservations)
      if ends { begin(copy) }
      write(copy, into: &batch.observations)
    }
  }

  /// Writes what both agents of one copy see. `[E, 2, 11]`
  private func write(_ copy: Int, into observations: inout [Float]) {
    var out = observations.mutableSpan
    let speaker = 2 * copy * Self.size
    for i in 0..<Self.size { out[speaker + i] = i < 3 ? (Int(goals[copy]) == i ? 0.65 : 0.15) : 0 }
    let listener = speaker + Self.size
    for i in 0..<2 { out[listener + i] = Float(velocities[2 * copy + i]) }
    for i in 0..<6 { out[listener + 2 + i] = Float(landmarks[6 * copy + i] - positions[2 * copy + i % 2]) }
    for i in 0..<3 { out[listener + 8 + i] = messages[3 * copy + i] }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("positions", &positions)
    try archive.array("velocities", &velocities)
    try archive.array("landmarks", &landmarks)
    try archive.array("goals", &goals)
    try archive.array("messages", &messages)
    try archive.array("ages", &ages)
    try archive.array("episodes", &episodes)
    // Numbers so large that a distance could overflow were written by no run.
    func lie(_ numbers: [Double]) -> Bool { numbers.allSatisfy { abs($0) < 1e6 } }
    guard lie(positions), lie(velocities), lie(landmarks), messages.allSatisfy(\.isFinite), goals.allSatisfy({ 0..<3 ~= $0 }),
      ages.allSatisfy({ $0 >= 0 && Int($0) < steps })
    else {
      throw archive.failure("the state of simple_speaker_listener is out of range")
    }
  }
}

/// Policies for ``SimpleSpeakerListener`` with discrete actions that are written down: bounds for what is learned.
public struct ScriptedListener: Policy {
  public enum Goal: String, Sendable, CaseIterable {
    /// The listener walks to the centre of the three landmarks, the best that it can do unheard. The return is −33 in the default unit.
    case centroid
    /// The listener walks to the goal, which it knows from the speaker's observation at once. The return is −16.
    case oracle
  }

  let goal: Goal
  let copies: Int

  public init(for specification: EnvironmentSpecification, _ goal: Goal) {
    precondition(
      specification.agents == 2 && specification.observationSize == 11 && specification.actions == .discrete(5),
      "ScriptedListener: \(specification.agents) agents with \(specification.observationSize) observations and \(specification.actions)")
    self.goal = goal
    copies = specification.copies
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    for copy in 0..<copies {
      let (speaker, listener) = (22 * copy, 22 * copy + 11)
      var word = 0
      for i in 1..<3 where observations[speaker + i] > observations[speaker + word] { word = i }
      var (x, y) = (observations[listener + 2 + 2 * word], observations[listener + 3 + 2 * word])
      if goal == .centroid {
        x = (observations[listener + 2] + observations[listener + 4] + observations[listener + 6]) / 3
        y = (observations[listener + 3] + observations[listener + 5] + observations[listener + 7]) / 3
      }
      actions.choices[2 * copy] = Int32(word)
      actions.choices[2 * copy + 1] = ParticlePhysics.nearestMove(x: x, y: y, vx: observations[listener], vy: observations[listener + 1])
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}
