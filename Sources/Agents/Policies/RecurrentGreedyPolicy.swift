import Tensor

/// Agents choose by the largest value of their networks, each with a memory of its own that begins anew with every episode.
///
/// What was learned by ``ValueDecomposition``, without exploration; its networks may also have no memory.
public struct RecurrentGreedyPolicy: Policy {
  /// The learner's parameters, of which those of the agents' networks are used.
  public private(set) var parameters: Parameters
  private var actor: UtilityActor

  init(_ network: UtilityNetwork, _ form: TeamRows, parameters: Parameters, copies: Int) {
    self.parameters = parameters
    actor = UtilityActor(network, form, copies: copies)
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    actor.act(observations, parameters, into: &actions)
    actor.follow(actions.choices)
  }

  public mutating func follow(_ batch: StepBatch) { actor.follow(batch) }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.tensor("parameters", &parameters.values)
    try archive.group("memory") { () throws(FileError) in try actor.archive(in: archive) }
  }
}
