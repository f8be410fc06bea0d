import Agents
import Tensor

/// Clients that learn by themselves and average their networks from time to time.
///
/// H. B. McMahan et al., "Communication-efficient learning of deep networks from decentralized data", AISTATS 2017. After every `roundSteps` steps:
///
///     present clients send w_k;  w = Σ_k p_k w_k / Σ_k p_k over those accepted;  present and late clients go on from w
///
/// ```swift
/// var configuration = FederationConfiguration()
/// configuration.part = .everything(but: [.lastLayer(of: "actor")])
/// let learner = FederatedLearner(MADDPG(setting, for: task.specification, proximity: order, seed: 1), configuration, seed: 1)
/// ```
///
/// Implementation details:
/// 1. A round comes behind the learning of its step, also in the random phase.
/// 2. Clients that are absent from a round go on learning and keep their networks; the mean goes over those who took part.
/// 3. Targets follow the new networks as they follow a step of the optimiser; they are not averaged.
/// 4. Contributions that are refused are counted, and the round goes on without them; their senders get the mean like others.
/// 5. A late client gets the mean in time. What it sent is gone, or is refused in the next round (`participation.late`).
/// 6. Sums are in the order of clients. The number of threads changes no bit.
/// 7. Between rounds a step takes no memory of its own; a round does.
public struct FederatedLearner<Base: ExchangeableLearner>: Learner {
  /// The learner that holds all clients.
  public internal(set) var base: Base
  public let configuration: FederationConfiguration
  /// What travels.
  public let plan: ExchangePlan
  /// Threads that a round may use.
  public let threads: Int
  /// What clients count where `weight` is `given`; may be set at any time. `[A]`
  public var givenWeights: [Double]
  /// All rounds so far.
  public private(set) var records: [RoundRecord] = []
  /// Steps taken in so far.
  public private(set) var steps = 0
  private let seed: UInt64
  private var isDue = false
  /// Late clients of the last round.
  private var late: [Int32] = []

  /// - Parameters:
  ///   - base: A learner that has not learned yet.
  ///   - configuration: When rounds come, what is averaged, over whom and with what weights.
  ///   - seed: Names the random numbers of participation.
  ///   - threads: Threads that a round may use.
  /// - Precondition: The configuration fits the clients (`FederationConfiguration.objection`).
  public init(_ base: Base, _ configuration: FederationConfiguration, seed: UInt64, threads: Int = 1) {
    if let objection = configuration.objection(clients: base.clients, networks: base.exchangeableNetworks) {
      preconditionFailure("FederatedLearner: \(objection)")
    }
    (self.base, self.configuration, self.seed, self.threads) = (base, configuration, seed, threads)
    plan = ExchangePlan(configuration.part, of: base.exchangeableNetworks, moments: configuration.moments)
    givenWeights = Array(repeating: 1, count: base.clients)
    if configuration.commonStart {
      for client in 1..<max(base.clients, 1) { self.base.start(client, like: 0, of: base) }
    }
  }

  public static func objection(to specification: EnvironmentSpecification) -> String? { Base.objection(to: specification) }

  /// Bytes that clients have sent and received in all rounds.
  public var totalBytes: (up: Int, down: Int) { records.reduce((0, 0)) { ($0.0 + $1.bytesUp, $0.1 + $1.bytesDown) } }

  /// The number of rounds so far.
  public var rounds: Int { records.count }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    base.act(observations, step: step, into: &actions)
  }

  public mutating func observe(_ observations: [Float], _ actions: ActionBatch, _ batch: StepBatch) {
    base.observe(observations, actions, batch)
    steps += 1
    if steps % configuration.roundSteps == 0 { isDue = true }
  }

  public mutating func learn() -> Bool {
    let hasLearned = base.learn()
    guard isDue else { return hasLearned }
    isDue = false
    return makeRound().outcome == .averaged || hasLearned
  }

  public var isWarmingUp: Bool { base.isWarmingUp }
  public var updates: Int { base.updates }
  public func greedy(copies: Int) -> Base.Greedy { base.greedy(copies: copies) }

  /// Those of the clients' learner; after a round also how many rounds there were and what the last one took.
  public var diagnostics: [Diagnostic] {
    guard let last = records.last else { return base.diagnostics }
    return base.diagnostics + [
      Diagnostic("rounds", Double(rounds)), Diagnostic("bytesUp", Double(last.bytesUp)), Diagnostic("bytesDown", Double(last.bytesDown)),
      Diagnostic("refused", Double(last.refusals.total)),
    ]
  }

  // MARK: Rounds

  /// One round at once, whatever the steps.
  @discardableResult
  public mutating func makeRound() -> RoundRecord {
    let clients = base.clients
    let attendance = configuration.participation.attendance(clients: clients, round: rounds, seed: seed)
    var intake = RoundIntake(round: rounds, clients: clients, plan)
    // Of a late message nothing is kept but its sender: it will be refused whatever it says.
    for client in late {
      intake.offer(Contribution(client: Int(client), round: rounds - 1, layout: plan.fingerprint, weight: 0, values: []))
    }
    for contribution in contributions(of: attendance.indices.filter { attendance[$0] == .present }) { intake.offer(contribution) }
    let isLateRefused = configuration.participation.late == .refused
    late = isLateRefused ? attendance.indices.filter { attendance[$0] == .late }.map { Int32($0) } : []

    let receives = attendance.map { $0 == .present || $0 == .late || configuration.participation.reachesAbsent }
    let means = means(of: intake, for: receives)
    var gotMean = [Bool](repeating: false, count: clients)
    for client in 0..<clients {
      guard receives[client], case .mean(let mean) = means[configuration.groups.isGlobal ? 0 : client] else { continue }
      plan.install(mean, in: client, of: &base)
      gotMean[client] = true
    }

    let accepted = intake.accepted.count { $0 != nil }
    let sends = attendance.map { $0 == .present || $0 == .late }
    let messages = configuration.groups.messages(sends: sends, receives: receives, gotMean: gotMean)
    let updated = gotMean.count { $0 }
    let outcome: RoundOutcome = updated > 0 ? .averaged : accepted == 0 ? .keptForNoReplies : .keptForZeroWeight
    let record = RoundRecord(
      round: rounds, attendance: attendance, accepted: accepted, refusals: intake.refusals, outcome: outcome, updated: updated,
      messagesUp: messages.up, messagesDown: messages.down, bytesUp: messages.up * plan.messageBytes, bytesDown: messages.down * plan.messageBytes)
    records.append(record)
    return record
  }

  /// What clients send.
  private func contributions(of senders: [Int]) -> [Contribution] {
    let (round, layout, plan, base) = (rounds, plan.fingerprint, plan, base)
    var contributions = senders.map { Contribution(client: $0, round: round, layout: layout, weight: weight(of: $0), values: []) }
    Parallel.forEach(&contributions, threads: threads) { contribution, _, _ in
      contribution.values = plan.message(from: contribution.client, of: base)
    }
    return contributions
  }

  private func weight(of client: Int) -> Double {
    switch configuration.weight {
    case .uniform: 1
    case .batchSize: Double(base.batchSize(of: client))
    case .sampleCount: Double(base.sampleCount(of: client))
    case .given: givenWeights[client]
    }
  }

  /// The mean that all share, or one for each client.
  private func means(of intake: RoundIntake, for receives: [Bool]) -> [RoundMean] {
    if configuration.groups.isGlobal { return [intake.mean(threads: threads)] }
    let groups = configuration.groups
    var means = [RoundMean](repeating: .noReplies, count: receives.count)
    Parallel.forEach(&means, threads: threads) { mean, client, _ in
      if receives[client] { mean = intake.mean(over: groups.group(of: client)) }
    }
    return means
  }

  // MARK: State

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("clients") { () throws(FileError) in try base.archive(in: archive) }
    try archive.value("steps", &steps)
    try archive.value("isDue", &isDue)
    try archive.array("late", &late, resizable: true)
    try archive.array("givenWeights", &givenWeights)
    try archive.rounds("rounds", &records, clients: base.clients)
    guard steps >= 0, steps < 1 << 48, late.allSatisfy({ $0 >= 0 && $0 < base.clients }), late.isEmpty || rounds > 0 else {
      throw archive.failure("the federation's counters or late clients are out of range")
    }
  }
}
