import Agents
import Channels
import Scenarios
import Tensor

/// Speeds of the simulators.
enum ChannelsSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for copies in [1, 64] { report(try drop(meter, copies: copies)) }
    for (pairs, copies) in [(10, 1), (50, 1), (10, 64), (50, 64)] {
      var parameters = D2DParameters()
      parameters.pairs = pairs
      let environment = D2DEnvironment(parameters, dropSeeds: Array(0..<UInt64(copies)), fadingSeed: 1)
      report(try steps(meter, "env/d2d-n\(pairs)" + (copies > 1 ? "/e\(copies)" : ""), environment))
    }
    for copies in [1, 64] {
      let environment = try EdgeEnvironment(dropSeeds: Array(0..<UInt64(copies)), fadingSeed: 1)
      report(try steps(meter, "env/mec" + (copies > 1 ? "/e\(copies)" : ""), environment))
    }
    for copies in [1, 5] {
      let environment = AllocationEnvironment(copies: copies, seed: 1)
      report(try steps(meter, "env/mfrl" + (copies > 1 ? "/e\(copies)" : ""), environment))
    }
    try LinksSuite.run(meter, report)
  }

  /// Steps of an environment under random actions, which were drawn before.
  private static func steps(_ meter: PerfMeter, _ name: String, _ environment: some Environment) throws -> PerfResult? {
    guard meter.isWanted(name) else { return nil }
    var environment = environment
    let specification = environment.specification
    var batch = StepBatch(for: specification)
    environment.reset(into: &batch)
    var random = RandomPolicy(for: specification, seed: 2)
    let actions = (0..<64).map { step in
      var actions = ActionBatch(for: specification)
      random.act(batch.observations, step: step, into: &actions)
      return actions
    }
    var step = 0
    return try meter.measure(name, unit: .rate("steps/s", perCall: Double(specification.copies))) {
      environment.step(actions[step % actions.count], into: &batch)
      step += 1
    }
  }

  /// Every part of the gains of a street-canyon drop of 5 sites and 30 walking users, in every slot.
  private static func drop(_ meter: PerfMeter, copies: Int) throws -> PerfResult? {
    let sites = NodePositions(
      [Position(x: 0, y: 0)] + HexagonalGrid(tiers: 1, interSiteDistance: Meters(200)).sites.dropFirst().prefix(4), height: Meters(10))
    var configuration = CellularChannel.Configuration(
      scenario: UrbanMicro(rangePolicy: .extrapolated), heights: UrbanMicro.defaultHeights, carrier: Hertz(Gigahertz(6)), sites: sites,
      usersPerCopy: 30, drop: UniformDrop(.disc(radius: Meters(300))))
    configuration.copies = copies
    configuration.mobility = .constantVelocity(MetersPerSecond(1)...MetersPerSecond(1))
    configuration.schedule = Schedule(
      slot: Milliseconds(1),
      [.mobility: .everySlot, .lineOfSight: .everySlot, .pathLoss: .everySlot, .shadowing: .everySlot, .fading: .everySlot])
    var channel = try CellularChannel(configuration, seed: 1)
    let name = "links/umi-5x30" + (copies > 1 ? "/e\(copies)" : "")
    return try meter.measure(name, unit: .rate("links/s", perCall: Double(copies * 150))) { channel.advance() }
  }
}
