import Tensor

/// Each set of networks is a client: one an agent, or a single one where all agents share theirs.
///
/// With `neighbours` of 0 a critic sees its own agent only, and the clients are independent learners of one algorithm.
extension MADDPG: ExchangeableLearner {
  private static var actorIndex: Int { 0 }

  public var clients: Int { networks.count }

  public var exchangeableNetworks: [ExchangeableNetwork] {
    [ExchangeableNetwork("actor", setup.actor.layout), ExchangeableNetwork("critic", setup.critic.layout)]
  }

  public func batchSize(of client: Int) -> Int { configuration.batchSize * setup.served[client].count }

  public func sampleCount(of client: Int) -> Int { replay.count * setup.served[client].count }

  public func copyParameters(of network: Int, client: Int, into values: inout [Float]) {
    if network == Self.actorIndex { networks[client].actor.copy(into: &values) } else { networks[client].critic.copy(into: &values) }
  }

  public mutating func setParameters(of network: Int, client: Int, to values: [Float]) {
    if network == Self.actorIndex { networks[client].actor.set(to: values) } else { networks[client].critic.set(to: values) }
  }

  public func copyMoments(of network: Int, client: Int, into values: inout [Float]) {
    if network == Self.actorIndex {
      networks[client].actorOptimizer.copyMoments(into: &values)
    } else {
      networks[client].criticOptimizer.copyMoments(into: &values)
    }
  }

  public mutating func setMoments(of network: Int, client: Int, to values: [Float]) {
    if network == Self.actorIndex {
      networks[client].actorOptimizer.setMoments(to: values)
    } else {
      networks[client].criticOptimizer.setMoments(to: values)
    }
  }

  public mutating func start(_ client: Int, like source: Int, of other: MADDPG) {
    let given = other.networks[source]
    precondition(
      given.actor.layout == setup.actor.layout && given.critic.layout == setup.critic.layout,
      "MADDPG.start: the networks of the two learners have other layouts")
    networks[client].actor = given.actor
    networks[client].targetActor = given.targetActor
    networks[client].critic = given.critic
    networks[client].targetCritic = given.targetCritic
  }
}
