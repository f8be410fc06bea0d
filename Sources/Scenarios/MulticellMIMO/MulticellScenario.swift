import Agents

extension MulticellPack: EnvironmentPack {
  /// Those of the job's network or variant; TD3-MIX alone has networks of its own, and no game.
  public func parameters(of job: Job, in parameters: ParameterSet) throws -> ParameterSet {
    var parameters = parameters
    let variant = MulticellPlan.variant(at: job.point)
    let system = try MulticellPlan.settings(parameters, at: job.point, variant: variant).system
    for setting in variant?.settings ?? [] { try parameters.set(setting) }
    for (name, value) in [("antennas", system.antennas), ("users", system.users), ("frequencies", system.frequencies)] {
      try parameters.set(name, to: "\(value)")
    }
    try parameters.set("sir", to: "\(system.sirDB)")
    if job.scheme == "td3mix" {
      try parameters.set("encoder", to: MulticellSettings(parameters).encoder(of: job.scheme).rawValue)
      try parameters.set("moves", to: "0")
    }
    return parameters
  }

  /// What TD3-MIX+FLWF learns in: the actors' shares are where the game of each slot starts. Training and test have channels of their own, as in the paper.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = MulticellSettings(parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let seeds = MulticellEvaluation.seeds(Int(seed))
    return MulticellEnvironment(settings.system(of: "td3mix+flwf"), copies: copies, seed: isTest ? seeds.evaluation : seeds.training)
  }
}
