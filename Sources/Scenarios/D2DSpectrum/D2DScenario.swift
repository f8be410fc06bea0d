import Agents

extension D2DPack: EnvironmentPack {
  public func parameters(of job: Job, in parameters: ParameterSet) throws -> ParameterSet {
    var parameters = parameters
    if let pairs = job.point["pairs"] { try parameters.set("pairs", to: "\(Int(pairs))") }
    return parameters
  }

  /// Training and test have the same drop, as in the paper, and fading of their own.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = try D2DSettings.runnable(parameters)
    let seeds = D2DSeeds(Int(seed))
    return D2DEnvironment(
      settings.system, dropSeeds: Array(repeating: seeds.drop, count: copies), fadingSeed: isTest ? seeds.evaluation : seeds.training)
  }
}
