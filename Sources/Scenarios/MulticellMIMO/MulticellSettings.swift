import Channels

/// Everything that a user can set in this pack: the system, and how it is learnt and measured. Defaults are the values of the properties.
struct MulticellSettings: PackSettings {
  var system = MulticellParameters()
  var work = MulticellLearning()

  static let settings: [Setting<MulticellSettings>] = network + game + learning

  private static let network: [Setting<MulticellSettings>] = [
    .integer("cells", \.system.cells, in: 1...20, "Cells, the agents: B"),
    .integer("antennas", \.system.antennas, in: 1...256, "Antennas of a base station: M"),
    .integer("users", \.system.users, in: 1...256, "Users of a cell: U"),
    .integer("frequencies", \.system.frequencies, in: 1...64, "Frequency channels: N_f"),
    .number("sir", \.system.sirDB, unit: "dB", in: -30...100, "Mean signal-to-interference ratio of channels, eq. (23)", deviation: 12),
    .number("snr", \.system.snrDB, unit: "dB", in: -30...100, "Signal-to-noise ratio for each slot, user and channel", deviation: 14),
    .choice("budget", \.system.budget, "What the SNR says about a user's power", deviation: 14),
    .flag("rotateUsers", \.system.rotatesUsers, "Whether users in excess of the antennas are served in turn, or refused"),
    .integer("slots", \.system.slots, unit: "slots", in: 1...10_000, "Slots of a block with fixed channels: T", deviation: 16),
  ]

  private static let game: [Setting<MulticellSettings>] = [
    .integer("moves", \.system.moves, in: 0...100_000, "Iterations of the game in a slot: k", deviation: 10),
    .choice("lookAhead", \.system.lookAhead, "The interference derivative: eq. (16), or a constant", deviation: 5),
    .number("lookAheadConstant", \.system.lookAheadConstant, in: -1...0, "That constant; 0 is iterative water-filling", deviation: 5),
    .choice("start", \.system.start, "Random allocations", deviation: 17),
  ]

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  var contradiction: String? {
    if let contradiction = system.contradiction { return contradiction }
    if work.measuredSlots < system.slots { return "measuredSlots=\(work.measuredSlots) is below slots=\(system.slots): raise it" }
    return work.trainingSlots <= work.learner.randomSteps ? "trainingSlots=\(work.trainingSlots) leaves nothing behind randomSlots" : nil
  }
}
