import Agents

extension AllocationPack: EnvironmentPack {
  /// Training and test have drops of their own, as in the paper.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = AllocationSettings(parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    var system = settings.system
    if isTest { system.fixedFingerprint = 1 }
    let seeds = AllocationCourse.Seeds(Int(seed))
    return AllocationEnvironment(system, copies: copies, seed: isTest ? seeds.test : seeds.training)
  }
}
