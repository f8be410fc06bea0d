import Agents

extension MulticellPack: EnvironmentPack {
  /// What TD3-MIX+FLWF learns in: the actors' shares are where the game of each slot starts. Training and test have channels of their own, as in the paper.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = MulticellSettings(parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let seeds = MulticellEvaluation.seeds(Int(seed))
    return MulticellEnvironment(settings.system(of: "td3mix+flwf"), copies: copies, seed: isTest ? seeds.evaluation : seeds.training)
  }
}
