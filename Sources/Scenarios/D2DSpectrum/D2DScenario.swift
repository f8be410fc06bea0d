import Agents

extension D2DPack: EnvironmentPack {
  /// Training and test have the same drop, as in the paper, and fading of their own.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = D2DSettings(parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let seeds = D2DSeeds(Int(seed))
    return D2DEnvironment(
      settings.system, dropSeeds: Array(repeating: seeds.drop, count: copies), fadingSeed: isTest ? seeds.evaluation : seeds.training)
  }
}
