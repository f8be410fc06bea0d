import Tensor

/// The networks of one agent with their targets and optimisers.
struct AgentNetworks: Sendable, Archivable {
  var actor: Parameters
  var targetActor: Parameters
  var critic: Parameters
  var targetCritic: Parameters
  var actorOptimizer: Adam
  var criticOptimizer: Adam
  /// What the target actor chooses in the successors of the present minibatch. `[B]`
  var nextChoices: [Int32]

  init(actor: Parameters, criticLayout: Layout, criticStream: RandomStream, _ configuration: MADDPGConfiguration) {
    self.actor = actor
    targetActor = actor
    critic = Parameters(criticLayout)
    Initializer.uniformFanIn.fill(&critic, from: criticStream)
    targetCritic = critic
    actorOptimizer = Adam(count: actor.count, learningRate: configuration.actorLearningRate)
    criticOptimizer = Adam(count: critic.count, learningRate: configuration.criticLearningRate)
    nextChoices = Array(repeating: 0, count: configuration.batchSize)
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("actor", &actor.values)
    try archive.tensor("targetActor", &targetActor.values)
    try archive.tensor("critic", &critic.values)
    try archive.tensor("targetCritic", &targetCritic.values)
    try archive.group("actorOptimizer") { () throws(FileError) in try actorOptimizer.archive(in: archive) }
    try archive.group("criticOptimizer") { () throws(FileError) in try criticOptimizer.archive(in: archive) }
  }
}
