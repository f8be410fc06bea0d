import Scenarios
import Testing

@Suite struct D2DParametersTests {
  @Test func defaultsAreThePapersTable() {
    let parameters = D2DParameters()
    #expect(parameters.resourceBlocks == 10)
    #expect(parameters.radiusMeters == 500)
    #expect(parameters.maximumPairDistanceMeters == 30)
    #expect(parameters.carrierGigahertz == 2)
    #expect(parameters.blockBandwidthHertz == 180e3)
    #expect(parameters.basePowerDBm == 46)
    #expect(parameters.pairPowerDBm == 13)
    #expect(parameters.baseLossAtOneKilometerDB == 128.1)
    #expect(parameters.baseLossPerDecadeDB == 37.6)
    #expect(parameters.pairPathLossExponent == 4)
    #expect(parameters.noiseDensityDBmPerHertz == -174)
    #expect(parameters.noiseFigureDB == 8)
    #expect(parameters.cellularThresholdDB == 0)
    #expect(parameters.negativeReward == -1)
    #expect(parameters.actions == D2DActions(blocks: 10))
  }

  @Test func choicesHaveTheirNames() {
    #expect(D2DParameters.BasePower.allCases.map(\.rawValue) == ["perBlock", "split"])
    #expect(D2DParameters.Fading.allCases.map(\.rawValue) == ["rayleigh", "none", "gaussmarkov", "jakes"])
    #expect(D2DParameters.StateScaling.allCases.map(\.rawValue) == ["standardized", "db", "linear"])
    #expect(D2DParameters.InterferenceFeature.allCases.map(\.rawValue) == ["scalar", "perBlock"])
    #expect(D2DParameters.CellularGainFeature.allCases.map(\.rawValue) == ["toTransmitter", "toReceiver"])
    #expect(D2DParameters.PositionReset.allCases.map(\.rawValue) == ["fixed", "everyEpisode", "moving"])
    #expect(D2DParameters.GeometryFeature.allCases.map(\.rawValue) == ["none", "owners"])
  }

  @Test func aSplitPowerIsATenthOnEachOfTenBlocks() {
    var parameters = D2DParameters()
    let whole = parameters.basePowerOnBlock.value
    parameters.basePower = .split
    #expect(abs(parameters.basePowerOnBlock.value / whole - 0.1) < 1e-15)
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
