import Agents
import Channels

extension EdgePack: EnvironmentPack {
  /// Training and test have the same layout, as in the paper, and fading and tasks of their own.
  public func environment(_ parameters: ParameterSet, copies: Int, seed: UInt64, isTest: Bool) throws -> any Environment {
    let settings = EdgeSettings(parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let seeds = EdgeSeeds(Int(seed))
    do throws(DropError) {
      return try EdgeEnvironment(
        settings.system, dropSeeds: Array(repeating: seeds.drop, count: copies), fadingSeed: isTest ? seeds.evaluation : seeds.training)
    } catch {
      throw RunError(error.description)
    }
  }
}
