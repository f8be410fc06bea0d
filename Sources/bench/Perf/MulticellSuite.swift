import Agents
import Channels
import Scenarios
import Tensor

/// Speeds of multicell MIMO: channels, the game between cells, and learning where it starts.
enum MulticellSuite {
  /// Antennas and users.
  private static let sizes = [(8, 4), (32, 16)]

  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for (antennas, users) in sizes {
      let size = "\(antennas)x\(users)"
      for frequencies in [6, 12] {
        for copies in [1, 16] {
          report(try channel(meter, "env/mimo-\(size)-f\(frequencies)", network(antennas, users, frequencies), copies: copies, .beams))
        }
      }
      report(try channel(meter, "env/mimo-\(size)-f6/antennas", network(antennas, users, 6), copies: 16, .antennas))
    }
    for (antennas, users) in sizes {
      for frequencies in [6, 12] {
        for copies in [1, 16] {
          report(try game(meter, "flwf/\(antennas)x\(users)-f\(frequencies)", network(antennas, users, frequencies), copies: copies))
        }
      }
    }
    let paper = ["encoder=flat", "flatInput=channels", "mix=monotone"]
    for (antennas, users) in sizes {
      let size = "\(antennas)x\(users)"
      report(try training(meter, "train/mimo-td3mix+flwf-\(size)", antennas, users, 6, paper))
      report(try training(meter, "train/mimo-td3mix+flwf-\(size)-f12", antennas, users, 12, paper))
      report(try training(meter, "train/mimo-td3mix+flwf-\(size)/items", antennas, users, 6, []))
    }
  }

  private static func network(_ antennas: Int, _ users: Int, _ frequencies: Int) -> MulticellNetwork {
    MulticellNetwork(cells: 3, users: users, antennas: antennas, frequencies: frequencies, sirDB: 0)
  }

  private static func name(_ name: String, _ copies: Int) -> String { copies > 1 ? "\(name)/e\(copies)" : name }

  /// All gains of a new block.
  private static func channel(
    _ meter: PerfMeter, _ title: String, _ network: MulticellNetwork, copies: Int, _ draws: MulticellChannel.Draws
  ) throws -> PerfResult? {
    guard meter.isWanted(name(title, copies)) else { return nil }
    var channel = MulticellChannel(network, copies: copies, draws: draws, seed: 1)
    return try meter.measure(name(title, copies), unit: .rate("realisations/s", perCall: Double(copies))) { channel.move(to: channel.block + 1) }
  }

  /// Moves of the game of all cells, ten at a time.
  private static func game(_ meter: PerfMeter, _ title: String, _ network: MulticellNetwork, copies: Int) throws -> PerfResult? {
    guard meter.isWanted(name(title, copies)) else { return nil }
    let gains = MulticellChannel(network, copies: copies, seed: 1).gains
    var powers = MulticellPowers(gains, budget: 100 * Double(network.frequencies))
    var allocations = MulticellAllocations(gains)
    allocations.draw(.uniform, into: &powers, step: 0) { RandomStream(seed: 1, purpose: .environment, index: $0) }
    var game = ForwardLookingWaterFilling(gains)
    return try meter.measure(name(title, copies), unit: .rate("iterations/s", perCall: Double(10 * copies))) {
      game.iterate(&powers, in: gains, iterations: 10)
    }
  }

  /// Slots of TD3-MIX+FLWF with an update in each.
  private static func training(
    _ meter: PerfMeter, _ name: String, _ antennas: Int, _ users: Int, _ frequencies: Int, _ settings: [String]
  ) throws -> PerfResult? {
    guard meter.isWanted(name) else { return nil }
    let (learner, environment) = try MulticellPack.learner(
      of: "td3mix+flwf", with: settings + ["antennas=\(antennas)", "users=\(users)", "frequencies=\(frequencies)"])
    var trainer = Trainer(learner, in: environment)
    while trainer.learner.isWarmingUp { trainer.advance() }
    return try meter.measure(name, unit: .rate("slots/s"), work: .operations(learner.productsPerUpdate), samples: 5) { trainer.advance() }
  }
}
