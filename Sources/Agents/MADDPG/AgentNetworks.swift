import Tensor

/// One actor and its critic, or critics, with their targets and optimisers.
struct AgentNetworks: Sendable, Archivable {
  var actor: Parameters
  var targetActor: Parameters
  var critic: Parameters
  var targetCritic: Parameters
  var actorOptimizer: Adam
  var criticOptimizer: Adam
  /// The losses of the last update, for whoever looks on.
  var criticLoss: Float = 0
  var actorLoss: Float = 0

  init(_ setup: MADDPGSetup, actorStream: RandomStream, criticStream: RandomStream) {
    actor = setup.actor.initialized(from: actorStream)
    targetActor = actor
    critic = Parameters(setup.critic.layout)
    Initializer.uniformFanIn.fill(&critic, from: criticStream)
    targetCritic = critic
    actorOptimizer = Adam(count: actor.count, learningRate: setup.configuration.actorLearningRate)
    criticOptimizer = Adam(count: critic.count, learningRate: setup.configuration.criticLearningRate)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("actor", &actor.values)
    try archive.tensor("targetActor", &targetActor.values)
    try archive.tensor("critic", &critic.values)
    try archive.tensor("targetCritic", &targetCritic.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
    try archive.value("criticLoss", &criticLoss)
    try archive.value("actorLoss", &actorLoss)
  }
}
