import Channels
import Testing

@testable import Scenarios

@Suite struct D2DParametersTests {
  @Test func choicesHaveTheirNames() {
    #expect(PowerScaling.Rule.allCases.map(\.rawValue) == ["standardized", "db", "linear"])
    #expect(D2DParameters.InterferenceFeature.allCases.map(\.rawValue) == ["scalar", "perBlock"])
    #expect(D2DParameters.CellularGainFeature.allCases.map(\.rawValue) == ["toTransmitter", "toReceiver"])
    #expect(D2DParameters.PositionReset.allCases.map(\.rawValue) == ["fixed", "everyEpisode", "moving"])
    #expect(D2DParameters.GeometryFeature.allCases.map(\.rawValue) == ["none", "owners"])
  }

  @Test func propertiesOfTheCellHaveTheirNamesHere() {
    var parameters = D2DParameters()
    #expect(parameters.cell == UnderlayCell())
    parameters.pairs = 17
    parameters.radiusMeters = 300
    #expect(parameters.cell.pairs == 17 && parameters.cell.radiusMeters == 300)
    #expect(parameters.pairs == 17 && parameters.noise.value == parameters.cell.noise.value)
  }

  @Test func whenPositionsAreDrawnIsOneChoice() {
    var parameters = D2DParameters()
    #expect(parameters.positionReset == .fixed)
    for choice in D2DParameters.PositionReset.allCases {
      parameters.positionReset = choice
      #expect(parameters.positionReset == choice)
      #expect(parameters.cell.movement == (choice == .moving ? .randomWalk : .still))
      #expect(parameters.redrawsPositions == (choice == .everyEpisode))
    }
  }

  @Test func theStateHasThirteenNumbers() {
    var parameters = D2DParameters()
    #expect(parameters.observationSize == 13)
    parameters.interferenceFeature = .perBlock
    #expect(parameters.observationSize == 22)
    parameters.geometryFeature = .owners
    #expect(parameters.observationSize == 32)
  }
}

@Suite struct D2DSettingsTests {
  /// A change of one parameter, and what else must be set for it to matter.
  struct Change: Sendable, CustomTestStringConvertible {
    let name: String
    let value: String
    var schemes = ["random"]
    var with: [String] = []
    var testDescription: String { name }

    static func environment(_ name: String, _ value: String, with: [String] = []) -> Change { Change(name: name, value: value, with: with) }
    static func learner(_ name: String, _ value: String, schemes: [String] = ["maac"], with: [String] = []) -> Change {
      Change(name: name, value: value, schemes: schemes, with: with)
    }
  }

  /// Rates at which fine-tuning changes what is executed, but not at once.
  static let tuning = ["lastPhase=finetune", "finetuningSlots=200", "uploadThreshold=-100", "actorLearningRate=0.003", "criticLearningRate=0.003"]

  static let changes: [Change] = [
    .environment("pairs", "7"), .environment("resourceBlocks", "9"), .environment("radius", "400"), .environment("maximumPairDistance", "20"),
    .environment("minimumPairDistance", "5"), .environment("minimumBaseDistance", "100"),
    .environment("carrier", "5", with: ["fading=gaussmarkov"]), .environment("blockBandwidth", "180e6"), .environment("basePowerDBm", "43"),
    .environment("basePower", "split"), .environment("baseInterference", "false"), .environment("pairPowerDBm", "20"),
    .environment("baseLossAtOneKilometer", "120"), .environment("baseLossPerDecade", "35"), .environment("pairLossAtOneMeter", "28"),
    .environment("pairPathLossExponent", "3.5"), .environment("shadowingDeviation", "8"), .environment("fading", "none"),
    .environment("speed", "30", with: ["fading=gaussmarkov"]), .environment("slot", "30", with: ["fading=gaussmarkov"]),
    .environment("noiseDensity", "-120"), .environment("noiseFigure", "60"), .environment("cellularThreshold", "5"),
    .environment("pairThreshold", "10"), .environment("negativeReward", "-2"),
    .environment("positions", "everyEpisode", with: ["episodeSlots=10"]), .environment("blocksPerSet", "2"), .environment("powerLevels", "3"),
    .environment("turnSeconds", "0.01", with: ["positions=moving", "speed=1000", "slot=100"]),
    .environment("evaluationSlots", "80"), .environment("evaluationCopies", "5"), .environment("randomSlots", "30"),
    .learner("updates", "11"), .learner("updatesAboveTen", "11", with: ["pairs=11"]),
    .learner("episodeSlots", "2"), .learner("stateScaling", "db"), .learner("interferenceFeature", "perBlock"),
    .learner("cellularGainFeature", "toReceiver"), .learner("geometry", "owners"), .learner("neighbours", "1", schemes: ["naac"]),
    .learner("actorLearningRate", "0.01"),
    .learner("criticLearningRate", "0.001"), .learner("discount", "0", with: ["polyak=1"]), .learner("polyak", "0.5"), .learner("batch", "9"),
    .learner("replay", "5"), .learner("updatesPerSlot", "2"), .learner("estimator", "softmax"), .learner("temperature", "3"),
    .learner("logitPenalty", "5"), .learner("sharing", "shared"), .learner("criticTellsChoices", "true", with: ["estimator=expected"]),
    .learner("criticEntry", "first"),
    .environment("ownFading", "perBlock"),
    .learner("dqnSlots", "9", schemes: ["dqn"]), .learner("explorationSlots", "40", schemes: ["dqn"]),
    .learner("dqnLearningRate", "0.05", schemes: ["dqn"]), .learner("actorCriticSlots", "50", schemes: ["ac"]),
    .learner("actorCriticInterval", "8", schemes: ["ac"]), .learner("entropyWeight", "50", schemes: ["ac"]),
    .learner("tableSlots", "50", schemes: ["qlearning"]), .learner("tableLearningRate", "1", schemes: ["qlearning"]),
    .learner("automatonSlots", "50", schemes: ["sla"]), .learner("automatonStep", "0.9", schemes: ["sla"]),
    .learner("lastPhase", "train"),
    .learner("finetuningSlots", "5", with: tuning), .learner("uploadThreshold", "100", with: tuning),
    .learner("deploymentInterval", "1", with: tuning),
  ]

  private func measure(_ schemes: [String], _ settings: [String]) throws -> MetricTable {
    let request = try RunRequest(.run, of: D2DPack(), scale: .smoke, schemes: schemes, seeds: [0], settings: settings)
    return try D2DPack().measure(request)
  }

  @Test func everyParameterIsTried() {
    // A file has a test of its own in D2DPackTests.
    #expect(Set(Self.changes.map(\.name) + ["gains"]) == Set(D2DSettings.parameters.map(\.name)))
  }

  /// With learning rates of 0.05 a few updates turn choices round, so that whatever touches learning shows in the rewards.
  @Test(arguments: changes) func everyParameterChangesWhatIsMeasured(change: Change) throws {
    let learns = change.schemes != ["random"]
    let sizes =
      learns
      ? [
        "pairs=3", "updates=8", "randomSlots=20", "batch=8", "evaluationSlots=40", "actorLearningRate=0.05", "criticLearningRate=0.05",
        "automatonStep=0.2",
      ]
      : ["pairs=6", "randomSlots=20", "evaluationSlots=100"]
    let plain = try measure(change.schemes, sizes + change.with)
    let changed = try measure(change.schemes, sizes + change.with + ["\(change.name)=\(change.value)"])
    #expect(Self.numbers(plain) != Self.numbers(changed))
  }

  /// Everything that a table holds for its only scheme, without the point that it was measured at.
  private static func numbers(_ table: MetricTable) -> [[Double]] {
    let scheme = table.schemes[0]
    let point = table.points(of: scheme)[0]
    let phases = ["rewardAfterFinetuning", "tuplesUploaded", "rewardAfterFinetuningRedrop"]
    return (D2DEnvironment.metrics + ["trainingReward", "executedReward", "onlineReward"] + phases).flatMap { metric in
      table.curves(metric, of: scheme, at: point).map(\.values)
    }
  }

  @Test(arguments: [
    (["minimumPairDistance=30"], "must be below 'maximumPairDistance' (30.0 m)"), (["minimumBaseDistance=500"], "must be below 'radius' (500.0 m)"),
    (["maximumPairDistance=1"], "'minimumPairDistance' (1.0 m)"), (["positions=everyEpisode"], "set 'episodeSlots'"),
    (["criticTellsChoices=true"], "needs estimator=expected"), (["positions=moving", "speed=0"], "set 'speed' above 0"),
    (["resourceBlocks=2", "blocksPerSet=3"], "must not be above 'resourceBlocks' (2)"),
    (["resourceBlocks=100", "blocksPerSet=3"], "166750 sets"), (["resourceBlocks=16", "blocksPerSet=3", "powerLevels=15"], "make 10440 actions"),
  ])
  func contradictionsAreUsageErrors(settings: [String], words: String) throws {
    let request = try RunRequest(.run, of: D2DPack(), scale: .smoke, settings: settings)
    let error = #expect(throws: UsageError.self) { try D2DPack().plan(request) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["pairs=0", "pairs=-1", "pairs=201", "pairs=1e9", "radius=nan", "radius=inf", "batch=0", "discount=1", "temperature=0", "pair=3"])
  func valuesOutOfRangeAreUsageErrors(setting: String) {
    #expect(throws: UsageError.self) { try RunRequest(.run, of: D2DPack(), settings: [setting]) }
  }

  /// The ends of what is allowed, together: powers round to zero or are huge, and yet nothing is out of numbers.
  @Test(arguments: [
    ["baseLossAtOneKilometer=250", "baseLossPerDecade=100", "radius=50000", "noiseDensity=-300", "basePowerDBm=-50"],
    ["pairPathLossExponent=10", "pairLossAtOneMeter=120", "maximumPairDistance=1000", "baseInterference=false", "noiseDensity=-300"],
    ["pairLossAtOneMeter=-20", "pairPathLossExponent=0", "pairPowerDBm=80", "negativeReward=-1000", "stateScaling=linear"],
    ["resourceBlocks=1", "replay=1", "neighbours=199", "evaluationSlots=1", "randomSlots=1", "batch=1"],
    ["pairs=1", "resourceBlocks=2", "fading=gaussmarkov", "speed=1000", "slot=1000"],
    ["fading=jakes", "speed=1000", "slot=1000", "carrier=100", "positions=moving", "radius=20", "turnSeconds=0.01"],
    ["resourceBlocks=3", "blocksPerSet=3", "powerLevels=16", "geometry=owners", "pairLossAtOneMeter=120", "pairPathLossExponent=10"],
    ["positions=moving", "minimumBaseDistance=0", "geometry=owners", "speed=1000", "radius=50000", "pairPathLossExponent=10", "turnSeconds=1e6"],
  ])
  func extremesAreMeasured(settings: [String]) throws {
    let table = try measure(["maac", "random", "oracle"], ["pairs=2", "updates=2", "randomSlots=8", "batch=4", "evaluationSlots=20"] + settings)
    let pairs = table.points(of: "maac")[0]
    for scheme in ["maac", "random", "oracle"] { #expect(table.values("totalReward", of: scheme, at: pairs).count == 1) }
  }
}
