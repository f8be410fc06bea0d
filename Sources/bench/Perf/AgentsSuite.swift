import Scenarios

/// Speeds of the algorithms and of their reference tasks.
enum AgentsSuite {
  static var cases: [SpeedCase] {
    TasksSpeed.all + ParticleSpeed.all + DQNSpeed.all + OnPolicySpeed.all + ContinuousControlSpeed.all + MultiAgentSpeed.all
      + ValueDecompositionSpeed.all
  }

  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    for item in cases where meter.isWanted(item.name) {
      let call = item.prepare()
      report(
        try meter.measure(
          item.name, unit: .rate(item.unit, perCall: item.perCall), work: item.operations.map { .operations($0) } ?? .other, call))
    }
  }
}
