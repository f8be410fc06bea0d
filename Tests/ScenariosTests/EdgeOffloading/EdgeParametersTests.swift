import Channels
import Scenarios
import Testing

@Suite struct EdgeParametersTests {
  @Test func choicesHaveTheirNames() {
    #expect(EdgeParameters.PositionReset.allCases.map(\.rawValue) == ["fixed", "everyEpisode"])
    #expect(EdgeParameters.RewardSharing.allCases.map(\.rawValue) == ["local", "system", "mean"])
    #expect(EdgeParameters.RewardScale.allCases.map(\.rawValue) == ["perUser", "none"])
    #expect(OffloadingCells.TaskRenewal.allCases.map(\.rawValue) == ["everySlot", "everyEpisode"])
  }

  @Test func sizesFollowUsersAndChannels() {
    var parameters = EdgeParameters()
    #expect(parameters.observationSize == 206 && parameters.actionSize == 40)
    parameters.actions.channelMap = .score
    #expect(parameters.actionSize == 190)
    parameters.usersPerCell = PerCell(each: [3, 4, 1, 1, 1, 1])
    parameters.channels = 5
    #expect(parameters.observationSize == 4 * 5 + 5 + 12 && parameters.cells.channels == 5)
  }

  @Test func whoKnowsWhatToDoSaysSo() {
    var parameters = EdgeParameters()
    parameters.actions.channelMap = .score
    parameters.minimumSeparationMeters = 300
    #expect(parameters.deciding.actions == .given && parameters.deciding.cells == parameters.cells)
  }

  @Test func equationsHoldTheCapsAndAreFinite() {
    var parameters = EdgeParameters()
    #expect(parameters.equations.penaltyCap == 1 && parameters.equations.transmissionLimitSeconds == 10)
    parameters.penaltyCap = nil
    parameters.transmissionLimitSeconds = 0
    #expect(parameters.equations.penaltyCap == .infinity && parameters.equations.transmissionLimitSeconds == 1e9)
  }

  @Test func contradictionsAreNamed() {
    var parameters = EdgeParameters()
    #expect(parameters.contradiction == nil)
    parameters.actions.resolution = .hungarian
    #expect(parameters.contradiction == "resolution=hungarian needs scores: set channelMap=score")
    parameters.actions.channelMap = .score
    #expect(parameters.contradiction == nil)
    parameters.episodeSlots = nil
    parameters.positions = .everyEpisode
    #expect(parameters.contradiction?.contains("episodeSlots") == true)
    parameters.channels = 0
    #expect(parameters.contradiction?.contains("channels") == true)
  }
}
