import Tensor

/// One client: clients of a federation are many of these in ``IndependentLearners``.
///
/// With a trunk there is one network, "policy", whose slices lie under `policy.trunk`, `policy.actor` and `policy.critic`; without, "policy" holds
/// the actor and "value" the critic.
extension PPO: ExchangeableLearner {
  public var clients: Int { 1 }

  public var exchangeableNetworks: [ExchangeableNetwork] {
    let networks = core.model.networks
    let policy = ExchangeableNetwork("policy", networks.actorLayout)
    return networks.trunk == nil ? [policy, ExchangeableNetwork("value", networks.critic.layout)] : [policy]
  }

  public func batchSize(of client: Int) -> Int { min(configuration.minibatchSize, core.rollOut.jointSteps) }

  /// Steps of the roll-out so far: it is emptied by learning.
  public func sampleCount(of client: Int) -> Int { core.rollOut.count * core.rollOut.copies }

  public func copyParameters(of network: Int, client: Int, into values: inout [Float]) {
    if network == 0 { core.model.actor.copy(into: &values) } else { core.model.critic.copy(into: &values) }
  }

  public mutating func setParameters(of network: Int, client: Int, to values: [Float]) {
    if network == 0 { core.model.actor.set(to: values) } else { core.model.critic.set(to: values) }
    core.forgetForesight()
  }

  public func copyMoments(of network: Int, client: Int, into values: inout [Float]) {
    if network == 0 { core.model.actorOptimizer.copyMoments(into: &values) } else { core.model.criticOptimizer.copyMoments(into: &values) }
  }

  public mutating func setMoments(of network: Int, client: Int, to values: [Float]) {
    if network == 0 { core.model.actorOptimizer.setMoments(to: values) } else { core.model.criticOptimizer.setMoments(to: values) }
  }

  public mutating func start(_ client: Int, like source: Int, of other: PPO) {
    let (mine, given) = (core.model, other.core.model)
    precondition(
      mine.networks.actorLayout == given.networks.actorLayout && mine.networks.critic.layout == given.networks.critic.layout,
      "PPO.start: the networks of the two learners have other layouts")
    (core.model.actor, core.model.critic) = (given.actor, given.critic)
    core.forgetForesight()
  }
}
