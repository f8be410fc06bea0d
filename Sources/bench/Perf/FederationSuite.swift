import Agents
import Federation
import Scenarios
import Tensor

/// Speeds of averaging and of meta-learning.
enum FederationSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    report(try mean(meter))
    report(try round(meter))
    report(try adaptation(meter))
  }

  /// The weighted mean of ten vectors of a hundred thousand numbers.
  private static func mean(_ meter: PerfMeter) throws -> PerfResult? {
    let name = "federation/mean-10x100k"
    guard meter.isWanted(name) else { return nil }
    let (clients, count) = (10, 100_000)
    let rows = (0..<clients).map { client in (0..<count).map { Float($0 % 1000 + client) } }
    let weights = (1...clients).map { Double($0) }
    return try meter.measure(name, unit: .rate("means/s"), work: .bytes(4 * Double((clients + 1) * count))) {
      _ = weightedMean(rows, weights: weights)
    }
  }

  /// A whole round of F-DRL's six cells: messages, their checks, the mean, and its way back.
  private static func round(_ meter: PerfMeter) throws -> PerfResult? {
    let name = "federation/round-mec"
    guard meter.isWanted(name) else { return nil }
    let environment = try EdgeEnvironment(dropSeeds: [0], fadingSeed: 1)
    var learner = TrainingSuite.federated(in: environment, threads: 1)
    return try meter.measure(name, unit: .rate("rounds/s")) { learner.makeRound() }
  }

  /// An iteration of MAML on 25 sine waves.
  private static func adaptation(_ meter: PerfMeter) throws -> PerfResult? {
    let name = "federation/maml-sinusoid"
    guard meter.isWanted(name) else { return nil }
    let tasks = SinusoidTasks(seed: 1)
    var configuration = MetaConfiguration.maml
    configuration.tasksTogether = 25
    let start = tasks.network.initialized(.glorotUniform, from: RandomStream(seed: 1, purpose: .initialization))
    var learner = MetaLearner(tasks, start, configuration, Adam(count: start.count, learningRate: 1e-3), seed: 1)
    return try meter.measure(name, unit: .rate("iterations/s")) { learner.advance() }
  }
}
