import Agents
import Federation
import Scenarios
import Tensor

/// Speeds of whole training loops: every step acts, moves the environment, stores what happened and updates all networks.
enum TrainingSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for (pairs, threads, samples) in [(10, 1, 8), (10, 2, 8), (50, 1, 3)] {
      report(try spectrum(Loop("d2d-maac-n\(pairs)-b64", "updates/s", threads, samples: samples, meter), pairs: pairs))
    }
    for threads in [1, 2] {
      report(try joint(Loop("mec-madrl", "slots/s", threads, meter)))
      report(try federated(Loop("mec-fdrl", "slots/s", threads, meter)))
      report(try allocation(Loop("mfrl-mfrl", "steps/s", threads, meter)))
    }
    try MulticellSuite.run(meter, report)
  }

  /// One loop to be measured.
  private struct Loop {
    let name: String
    let unit: String
    let threads: Int
    let samples: Int
    let meter: PerfMeter

    init(_ task: String, _ unit: String, _ threads: Int, samples: Int = PerfMeter.samples, _ meter: PerfMeter) {
      name = "train/" + task + (threads > 1 ? "/t\(threads)" : "")
      (self.unit, self.threads, self.samples, self.meter) = (unit, threads, samples, meter)
    }

    /// - Parameter products: Floating-point operations of the products in one step.
    func measure(_ learner: some Learner, in environment: some Environment, products: Double) throws -> PerfResult? {
      var trainer = Trainer(learner, in: environment)
      while trainer.learner.isWarmingUp { trainer.advance() }
      return try meter.measure(name, unit: .rate(unit), work: .operations(products, threads: threads), samples: samples) { trainer.advance() }
    }
  }

  /// MAAC.
  private static func spectrum(_ loop: Loop, pairs: Int) throws -> PerfResult? {
    guard loop.meter.isWanted(loop.name) else { return nil }
    var parameters = D2DParameters()
    parameters.pairs = pairs
    let environment = D2DEnvironment(parameters, dropSeeds: [0], fadingSeed: 1)
    let learner = MADDPG(MADDPGConfiguration(), for: environment.specification, seed: 3, threads: loop.threads)
    return try loop.measure(learner, in: environment, products: learner.productsPerUpdate)
  }

  /// MA-DRL.
  private static func joint(_ loop: Loop) throws -> PerfResult? {
    guard loop.meter.isWanted(loop.name) else { return nil }
    var parameters = EdgeParameters()
    parameters.rewardSharing = .mean
    let environment = try EdgeEnvironment(parameters, dropSeeds: [0], fadingSeed: 1)
    let learner = MADDPG(.huang, for: environment.specification, seed: 3, threads: loop.threads)
    return try loop.measure(learner, in: environment, products: learner.productsPerUpdate)
  }

  private static func federated(_ loop: Loop) throws -> PerfResult? {
    guard loop.meter.isWanted(loop.name) else { return nil }
    let environment = try EdgeEnvironment(dropSeeds: [0], fadingSeed: 1)
    let learner = federated(in: environment, threads: loop.threads)
    return try loop.measure(learner, in: environment, products: learner.base.productsPerUpdate)
  }

  /// MFRL with rounds of a hundred episodes: five episodes at once and the updates of six users behind them.
  private static func allocation(_ loop: Loop) throws -> PerfResult? {
    guard loop.meter.isWanted(loop.name) else { return nil }
    let environment = AllocationEnvironment(copies: 5, seed: 1)
    let length = environment.parameters.episodeMilliseconds
    var rounds = FederationConfiguration()
    rounds.roundSteps = 20 * length
    let users = IndependentLearners(for: environment.specification, seed: 2, threads: loop.threads) { sizes, seed, _ in
      PPO(.ji(steps: length), for: sizes, seed: seed)
    }
    var trainer = Trainer(FederatedLearner(users, rounds, seed: 3, threads: loop.threads), in: environment)
    let products = users.learners.reduce(0) { $0 + $1.productsPerUpdate }
    return try loop.meter.measure(
      loop.name, unit: .rate(loop.unit, perCall: Double(5 * length)), work: .operations(products, threads: loop.threads)
    ) {
      for _ in 0..<length {
        if trainer.environment.millisecond == 0 { trainer.learner.foresee(trainer.environment.upcomingObservations()) }
        trainer.advance()
      }
    }
  }

  /// F-DRL with rounds of five episodes.
  static func federated(in environment: EdgeEnvironment, threads: Int) -> FederatedLearner<MADDPG> {
    var configuration = MADDPGConfiguration.huang
    configuration.neighbours = 0
    var rounds = FederationConfiguration()
    rounds.roundSteps = 250
    return FederatedLearner(
      MADDPG(configuration, for: environment.specification, seed: 3, threads: threads), rounds, seed: 4, threads: threads)
  }
}
