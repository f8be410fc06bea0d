import Tensor

/// An actor and a critic with their optimisers.
struct OnPolicyModel: Sendable, Archivable {
  let networks: ActorCriticNetworks
  var actor: Parameters
  /// Empty with a trunk: then they lie with the actor's.
  var critic: Parameters
  var actorOptimizer: GradientOptimizer
  var criticOptimizer: GradientOptimizer

  init(_ networks: ActorCriticNetworks, rule: GradientRule, seed: UInt64) {
    self.networks = networks
    actor = networks.initialActor(seed: seed)
    critic = networks.initialCritic(seed: seed)
    actorOptimizer = GradientOptimizer(rule, count: actor.count)
    criticOptimizer = GradientOptimizer(rule, count: critic.count)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("actor", &actor.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    if networks.trunk != nil { return }
    try archive.tensor("critic", &critic.values)
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
  }
}
