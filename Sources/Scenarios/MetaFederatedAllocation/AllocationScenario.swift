import Agents

extension AllocationPack: EnvironmentPack {
  public func parameters(of job: Job, in parameters: ParameterSet) throws -> ParameterSet {
    var parameters = parameters
    for change in (job.settings["set"] ?? "").split(separator: " ") { try parameters.set(String(change)) }
    return parameters
  }

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
