import Agents
import Tensor
import TestSupport
import Testing

/// What the learners for continuous actions of one agent have to keep.
enum ContinuousLearnerChecks {
  typealias Make<Agent> = (EnvironmentSpecification) -> Agent

  /// Runs go on bit for bit, without memory from the heap, and copies do not disturb each other.
  static func runs<Agent: Learner>(sourceLocation: SourceLocation = #_sourceLocation, _ make: Make<Agent>) throws {
    func trainer() -> Trainer<Pendulum, Agent> {
      let task = Pendulum(copies: 2, seed: 4, limit: 7)
      return Trainer(make(task.specification), in: task)
    }
    // The state is saved before the random phase ends, behind it, and where the replay is full.
    for steps in [11, 18, 40] { try LearnerChecks.resumes(steps: steps, sourceLocation: sourceLocation, trainer) }
    var long = trainer()
    #expect(LearnerChecks.allocations(&long, warmUp: 60, steps: 50) == 0, sourceLocation: sourceLocation)

    var first = trainer()
    for _ in 0..<20 { first.advance() }
    var second = first
    for _ in 0..<20 {
      first.advance()
      second.advance()
    }
    #expect(try SavedLearner(&first).bytes == SavedLearner(&second).bytes, sourceLocation: sourceLocation)
  }

  /// Actions of a fresh learner for ``UpdateByHand/specification`` lie in their ranges, and without exploration they are those of `expected`, for any number of copies.
  static func acts<Agent: Learner>(
    sourceLocation: SourceLocation = #_sourceLocation, _ learner: Agent, expected: (SavedLearner, [Double]) throws -> [Double]
  ) throws {
    let specification = UpdateByHand.specification
    var learner = learner
    _ = UpdateByHand.experience(&learner)
    for _ in 0..<40 { _ = learner.learn() }
    #expect(!learner.isWarmingUp && learner.updates > 0 && !learner.diagnostics.isEmpty, sourceLocation: sourceLocation)
    var actions = ActionBatch(for: specification)
    var seen = Set<Float>()
    for step in 0..<200 {
      learner.act([0.3, -0.2, 0.9], step: step, into: &actions)
      #expect((-1...3).contains(actions.values[0]) && (10...11).contains(actions.values[1]), sourceLocation: sourceLocation)
      seen.insert(actions.values[0])
    }
    #expect(seen.count > 20, "there is no exploration", sourceLocation: sourceLocation)

    let saved = try SavedLearner(&learner)
    var greedy = learner.greedy(copies: 3)
    var wider = specification
    wider.copies = 3
    var three = ActionBatch(for: wider)
    let observations: [Float] = [0.3, -0.2, 0.9, -1, 0.5, 0.1, 0, 0, 0]
    greedy.act(observations, step: 0, into: &three)
    for copy in 0..<3 {
      let unit = try expected(saved, observations[3 * copy..<3 * copy + 3].map(Double.init))
      #expect(abs(Double(three.values[2 * copy]) - (1 + 2 * unit[0])) < 2e-6, sourceLocation: sourceLocation)
      #expect(abs(Double(three.values[2 * copy + 1]) - (10.5 + 0.5 * unit[1])) < 2e-6, sourceLocation: sourceLocation)
    }
  }

  /// What a copy does depends on its own observations and number alone.
  static func copiesActAlone<Agent: Learner>(sourceLocation: SourceLocation = #_sourceLocation, _ make: Make<Agent>) {
    func firstActions(copies: Int) -> [[Float]] {
      var specification = UpdateByHand.specification
      specification.copies = copies
      var learner = make(specification)
      var batch = StepBatch(for: specification)
      var actions = ActionBatch(for: specification)
      let observations = (0..<3 * copies).map { Float($0 % 7) * 0.1 }
      return (0..<25).map { step in
        learner.act(observations, step: step, into: &actions)
        batch.terminated[copies - 1] = step % 5 == 4
        learner.observe(observations, actions, batch)
        return Array(actions.values.prefix(4))
      }
    }
    // The end of an episode of the last copy changes nothing for the first two.
    let (three, four) = (firstActions(copies: 3), firstActions(copies: 4))
    #expect(three == four && Set(three).count > 20, sourceLocation: sourceLocation)
  }

  /// Whatever numbers a file of state holds: it is refused with an error, or the learner goes on without a trap.
  static func hostileFiles<Agent: Learner>(sourceLocation: SourceLocation = #_sourceLocation, _ make: Make<Agent>) throws {
    let task = Pendulum(seed: 4, limit: 7)
    func trainer() -> Trainer<Pendulum, Agent> { Trainer(make(task.specification), in: task) }
    var original = trainer()
    for _ in 0..<25 { original.advance() }
    let folder = try TemporaryFolder()
    try Archive.save(&original.learner, to: folder.file("state"))
    let bytes = try folder.bytes("state")
    let begin = 8 + bytes[0..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let words: [UInt64] = [UInt64(bitPattern: -1), UInt64(Int64.max), 0x7FF8_0000_7FC0_0000, 1 << 62, 1_000_000, 0xFF80_0000_FF80_0000]
    var refused = 0
    for (number, word) in words.enumerated() {
      for place in stride(from: begin + 4 * (number % 2), to: bytes.count - 7, by: 8) {
        var damaged = bytes
        for i in 0..<8 { damaged[place + i] = UInt8(truncatingIfNeeded: word >> (8 * i)) }
        try folder.write(damaged, to: "damaged")
        var other = original
        guard (try? Archive.restore(&other.learner, from: folder.file("damaged"))) != nil else {
          refused += 1
          continue
        }
        for _ in 0..<2 { other.advance() }
      }
    }
    #expect(refused > 10, sourceLocation: sourceLocation)
    try folder.write(Array(bytes.dropLast(9)), to: "short")
    var other = original
    #expect(throws: FileError.self, sourceLocation: sourceLocation) { try Archive.restore(&other.learner, from: folder.file("short")) }
  }

  /// The values of two steps that are paid 1 each, γ = ½: 3/2 and 1 where the task then ends, 2 and 2 where it is cut off and would begin again.
  static func endsAndCuts<Agent: Learner>(
    critics: Int, sourceLocation: SourceLocation = #_sourceLocation, _ make: Make<Agent>
  ) throws {
    let reference = ReferenceActorCritic(observationSize: 3, components: 1, actorWidths: [8], criticWidths: [16, 16], critics: critics)
    for (terminates, expected) in [(true, [1.5, 1]), (false, [2, 2])] {
      let task = TwoPayments(terminates: terminates)
      var trainer = Trainer(make(task.specification), in: task)
      for _ in 0..<2000 { trainer.advance() }
      let parameters = try SavedLearner(&trainer.learner).numbers("networks.critics")
      for place in 0..<2 {
        for action in [-0.5, 0, 0.5] {
          let value = reference.smallestValue(parameters, (0..<3).map { $0 == place ? 1 : 0 }, [action])
          #expect(abs(value - expected[place]) < 0.1, "place \(place), terminates \(terminates)", sourceLocation: sourceLocation)
        }
      }
    }
  }

  /// What does not fit is named.
  static func objections<Agent: Learner>(_ type: Agent.Type, sourceLocation: SourceLocation = #_sourceLocation) {
    func objection(_ actions: ActionSpace, agents: Int = 1) -> String {
      let specification = EnvironmentSpecification(copies: 1, agents: agents, observationSize: 1, actions: actions)
      return type.objection(to: specification) ?? "none"
    }
    #expect(objection(.continuous(-1...3, 10...11)) == "none", sourceLocation: sourceLocation)
    #expect(objection(.continuous(-1...1), agents: 2).hasSuffix("it is for one agent, there are 2"), sourceLocation: sourceLocation)
    #expect(objection(.discrete(4)).hasSuffix("the actions must be numbers, they are one choice of 4"), sourceLocation: sourceLocation)
    #expect(objection(ActionSpace(choices: [2], bounds: [-1...1])).contains("must be numbers"), sourceLocation: sourceLocation)
    #expect(objection(.continuous(0...(.infinity))).contains("finite range"), sourceLocation: sourceLocation)
    #expect(objection(.continuous(2...2)).contains("finite range"), sourceLocation: sourceLocation)
  }

  /// The mean return of the greedy policy after so many steps of repeating a number, at most 100.
  static func identityReturn<Agent: Learner>(steps: Int, _ make: Make<Agent>) -> Double {
    let task = IdentityEnvironment.continuous(seed: 11)
    var trainer = Trainer(make(task.specification), in: task)
    for _ in 0..<steps { trainer.advance() }
    var policy = trainer.learner.greedy(copies: 10)
    var test = IdentityEnvironment.continuous(copies: 10, seed: 12)
    return episodeReturns(&policy, in: &test, episodes: 10).reduce(0, +) / 10
  }
}

/// Two steps that are paid 1 each, whatever is done; then the task ends, or is cut off and would begin again.
private struct TwoPayments: Environment {
  let terminates: Bool
  let specification = EnvironmentSpecification(copies: 1, agents: 1, observationSize: 3, actions: .continuous(-1...1))
  private var place = 0

  init(terminates: Bool) { self.terminates = terminates }

  private func mark(_ place: Int) -> [Float] { (0..<3).map { $0 == place ? 1 : 0 } }

  mutating func reset(into batch: inout StepBatch) {
    place = 0
    batch.observations = mark(0)
  }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    batch.rewards = [1]
    place += 1
    let ends = place == 2
    batch.finalObservations = mark(ends && !terminates ? 0 : place)
    (batch.terminated, batch.truncated) = ([ends && terminates], [ends && !terminates])
    if ends { place = 0 }
    batch.observations = mark(place)
  }

  mutating func archive(in archive: Archive) throws(FileError) { try archive.value("place", &place) }
}
