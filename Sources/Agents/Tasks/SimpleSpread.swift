import Tensor

/// The unit in which agents of ``SimpleSpread`` are paid. With G = −Σ over landmarks of the distance of the nearest agent and C_a the number
/// of agents that agent a touches, after the step:
public enum SpreadReward: Hashable, Sendable {
  /// Every agent receives Σ_a (G − C_a − 1): the sum of all agents' rewards, openai's `shared_reward`, the unit of Papoudakis et al.
  /// (arXiv 2006.07869). There an agent also touches itself; with three agents that is −75 an episode. A random policy's return is −234.
  case openAIShared
  /// Every agent receives G − C_a − 1, without sharing. A random policy's return, the mean over agents, is −78.
  case openAIOwn
  /// Every agent receives (1 − ρ) G − ρ C_a with the local ratio ρ (0.5 there): mpe2 and PettingZoo. A random policy's return is −26.4.
  case mpe2(localRatio: Float)
}

/// N agents spread over N landmarks without touching each other: simple_spread of the multi-agent particle environments.
///
/// R. Lowe et al. 2017 ("cooperative navigation"); see ``ParticlePhysics`` for the physics. Agents (radius 0.15) and landmarks start
/// uniformly in [−1, 1]², at rest. Each agent observes its velocity, its position, the landmarks and the other agents relative to itself,
/// and two zeros for each other agent (they do not speak here): 6 N numbers. After 25 steps the episode is truncated.
///
/// Units: the return of an episode, as ``episodeReturns(_:in:episodes:)`` counts it, is that of the default unit of reward
/// ``SpreadReward/openAIShared``. There, with three agents, a uniformly random policy has −234 and ``ScriptedSpread`` −128; with openai's physics −231
/// and −112. openai's own training log shows the sum over agents of that, three times as much.
///
/// Metrics: the sum over landmarks of the distance of the nearest agent, the number of pairs of agents that touch, and the number of landmarks
/// with an agent nearer than 0.1.
public struct SimpleSpread: Environment {
  public let specification: EnvironmentSpecification
  public let rewardUnit: SpreadReward
  public let actions: ParticleActions
  public let physics: ParticlePhysics
  /// Steps of an episode.
  public let steps: Int
  private let seed: UInt64
  private let firstCopy: Int
  /// `[E, N, 2]`
  private var positions: [Double]
  /// `[E, N, 2]`
  private var velocities: [Double]
  /// `[E, N, 2]`
  private var landmarks: [Double]
  /// Steps taken in the present episode. `[E]`
  private var ages: [Int32]
  /// Episodes begun so far. `[E]`
  private var episodes: [Int32]
  /// Forces on the agents of one copy. `[N, 2]`
  private var forces: [Double]
  /// How many others each agent of one copy touches. `[N]`
  private var touched: [Int32]

  static let reach = 0.3
  static let occupied = 0.1

  /// - Parameters:
  ///   - agents: N, agents and landmarks.
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy: copy c draws from stream firstCopy + c.
  ///   - steps: Steps of an episode.
  ///   - rewardUnit: The unit in which agents are paid.
  ///   - actions: How agents are moved.
  ///   - physics: Whether the new or the old velocity moves an agent.
  public init(
    agents: Int = 3, copies: Int, seed: UInt64, firstCopy: Int = 0, steps: Int = 25, rewardUnit: SpreadReward = .openAIShared,
    actions: ParticleActions = .discrete, physics: ParticlePhysics = .mpe2
  ) {
    precondition(agents >= 1 && copies >= 1 && steps >= 1, "SimpleSpread: \(agents) agents, \(copies) copies, \(steps) steps")
    specification = EnvironmentSpecification(
      copies: copies, agents: agents, observationSize: 6 * agents, actions: actions.space,
      metrics: ["landmarkDistance", "contacts", "occupiedLandmarks"])
    (self.rewardUnit, self.actions, self.physics, self.steps) = (rewardUnit, actions, physics, steps)
    (self.seed, self.firstCopy) = (seed, firstCopy)
    positions = Array(repeating: 0, count: copies * agents * 2)
    (velocities, landmarks) = (positions, positions)
    ages = Array(repeating: 0, count: copies)
    episodes = Array(repeating: 0, count: copies)
    forces = Array(repeating: 0, count: agents * 2)
    touched = Array(repeating: 0, count: agents)
  }

  /// Starts an episode of one copy.
  private mutating func begin(_ copy: Int) {
    var generator = RandomStream(seed: seed, purpose: .environment, index: firstCopy + copy).generator(step: Int(episodes[copy]))
    episodes[copy] &+= 1
    ages[copy] = 0
    let width = 2 * specification.agents
    for i in (copy * width)..<((copy + 1) * width) {
      positions[i] = generator.uniform(-1, 1)
      velocities[i] = 0
    }
    for i in (copy * width)..<((copy + 1) * width) { landmarks[i] = generator.uniform(-1, 1) }
  }

  /// Puts one copy into a state, at the start of an episode.
  ///
  /// - Parameters:
  ///   - copy: Its number, from 0 to E − 1.
  ///   - positions: `[N, 2]`
  ///   - velocities: `[N, 2]`
  ///   - landmarks: `[N, 2]`
  ///   - observations: Receives what the copy's agents see. `[E, N, D]`
  public mutating func place(
    copy: Int, positions: [Double], velocities: [Double], landmarks: [Double], observations: inout [Float]
  ) {
    let width = 2 * specification.agents
    precondition(
      positions.count == width && velocities.count == width && landmarks.count == width && copy >= 0 && copy < specification.copies,
      "SimpleSpread.place: \(positions.count), \(velocities.count), \(landmarks.count) numbers for copy \(copy), expected \(width) each")
    for i in 0..<width {
      self.positions[copy * width + i] = positions[i]
      self.velocities[copy * width + i] = velocities[i]
      self.landmarks[copy * width + i] = landmarks[i]
    }
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
    for copy in 0..<specification.copies {
      advance(copy, actions)
      ages[copy] += 1
      let ends = Int(ages[copy]) >= steps
      reward(copy, into: &batch)
      (batch.terminated[copy], batch.truncated[copy]) = (false, ends)
      write(copy, into: &batch.finalObservations)
      if ends {
        begin(copy)
        write(copy, into: &batch.observations)
      } else {
        let width = specification.agents * specification.observationSize
        for i in (copy * width)..<((copy + 1) * width) { batch.observations[i] = batch.finalObservations[i] }
      }
    }
  }

  /// Moves the agents of one copy.
  private mutating func advance(_ copy: Int, _ batch: ActionBatch) {
    let agents = specification.agents
    let base = copy * agents
    let width = specification.actions.bounds.count
    for agent in 0..<agents {
      let push = actions.push(batch.choices.span, batch.values.span, row: base + agent, width: width)
      forces[2 * agent] = push.x * ParticlePhysics.pushForce
      forces[2 * agent + 1] = push.y * ParticlePhysics.pushForce
    }
    for first in 0..<agents {
      for second in (first + 1)..<max(agents, first + 1) {
        let x = positions[2 * (base + first)] - positions[2 * (base + second)]
        let y = positions[2 * (base + first) + 1] - positions[2 * (base + second) + 1]
        let force = ParticlePhysics.contact(distance: (x * x + y * y).squareRoot(), reach: Self.reach)
        forces[2 * first] += x * force
        forces[2 * first + 1] += y * force
        forces[2 * second] -= x * force
        forces[2 * second + 1] -= y * force
      }
    }
    for i in 0..<(2 * agents) { physics.move(&positions[2 * base + i], &velocities[2 * base + i], force: forces[i]) }
  }

  /// Writes the rewards and metrics of one copy.
  private mutating func reward(_ copy: Int, into batch: inout StepBatch) {
    let agents = specification.agents
    let base = copy * agents
    var pairs = 0
    for agent in 0..<agents { touched[agent] = 0 }
    for first in 0..<agents {
      for second in (first + 1)..<max(agents, first + 1) {
        let x = positions[2 * (base + first)] - positions[2 * (base + second)]
        let y = positions[2 * (base + first) + 1] - positions[2 * (base + second) + 1]
        guard (x * x + y * y).squareRoot() < Self.reach else { continue }
        touched[first] += 1
        touched[second] += 1
        pairs += 1
      }
    }
    var distances = 0.0
    var occupied = 0
    for landmark in 0..<agents {
      var nearest = Double.infinity
      for agent in 0..<agents {
        let x = positions[2 * (base + agent)] - landmarks[2 * (base + landmark)]
        let y = positions[2 * (base + agent) + 1] - landmarks[2 * (base + landmark) + 1]
        nearest = min(nearest, x * x + y * y)
      }
      nearest = nearest.squareRoot()
      distances += nearest
      if nearest < Self.occupied { occupied += 1 }
    }
    let shared = -Double(agents) * distances - Double(2 * pairs + agents)
    for agent in 0..<agents {
      let own = Double(touched[agent])
      switch rewardUnit {
      case .openAIShared: batch.rewards[base + agent] = Float(shared)
      case .openAIOwn: batch.rewards[base + agent] = Float(-distances - own - 1)
      case .mpe2(let ratio): batch.rewards[base + agent] = Float(-distances * (1 - Double(ratio)) - own * Double(ratio))
      }
    }
    batch.metrics[3 * copy] = Float(distances)
    batch.metrics[3 * copy + 1] = Float(pairs)
    batch.metrics[3 * copy + 2] = Float(occupied)
  }

  /// Writes what the agents of one copy see. `[E, N, 6 N]`
  private func write(_ copy: Int, into observations: inout [Float]) {
    let agents = specification.agents
    let base = copy * agents
    let positions = positions.span
    let landmarks = landmarks.span
    var out = observations.mutableSpan
    for agent in 0..<agents {
      let at = base + agent
      let x = positions[2 * at]
      let y = positions[2 * at + 1]
      var place = at * 6 * agents
      out[place] = Float(velocities[2 * at])
      out[place + 1] = Float(velocities[2 * at + 1])
      out[place + 2] = Float(x)
      out[place + 3] = Float(y)
      place += 4
      for landmark in base..<(base + agents) {
        out[place] = Float(landmarks[2 * landmark] - x)
        out[place + 1] = Float(landmarks[2 * landmark + 1] - y)
        place += 2
      }
      for other in base..<(base + agents) where other != at {
        out[place] = Float(positions[2 * other] - x)
        out[place + 1] = Float(positions[2 * other + 1] - y)
        place += 2
      }
      for i in 0..<(2 * (agents - 1)) { out[place + i] = 0 }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("positions", &positions)
    try archive.array("velocities", &velocities)
    try archive.array("landmarks", &landmarks)
    try archive.array("ages", &ages)
    try archive.array("episodes", &episodes)
    // Numbers so large that a distance could overflow were written by no run.
    func lie(_ numbers: [Double]) -> Bool { numbers.allSatisfy { abs($0) < 1e6 } }
    guard lie(positions), lie(velocities), lie(landmarks), ages.allSatisfy({ $0 >= 0 && Int($0) < steps }) else {
      throw archive.failure("the state of simple_spread is out of range")
    }
  }
}
