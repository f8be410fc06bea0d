import Channels
import Scenarios
import Testing

@Suite struct D2DParametersTests {
  @Test func choicesHaveTheirNames() {
    #expect(D2DParameters.StateScaling.allCases.map(\.rawValue) == ["standardized", "db", "linear"])
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
