import Channels
import Testing

@Suite struct OffloadingActionsTests {
  @Test func choicesHaveTheirNames() {
    #expect(OffloadingActions.ChannelMap.allCases.map(\.rawValue) == ["scalar", "score"])
    #expect(OffloadingActions.Resolution.allCases.map(\.rawValue) == ["sequential", "hungarian"])
    #expect(OffloadingActions.ShareMap.allCases.map(\.rawValue) == ["softmax", "ratio", "given"])
    #expect(OffloadingActions.PartMap.allCases.map(\.rawValue) == ["plain", "stretched"])
    #expect(OffloadingActions.given.shareMap == .given && OffloadingActions.given.channelMap == .scalar)
  }

  @Test func sizes() {
    var actions = OffloadingActions()
    #expect(actions.size(users: 10, channels: 16) == 40)
    actions.channelMap = .score
    #expect(actions.size(users: 10, channels: 16) == 190)
  }

  @Test func everyChannelCanBeNamed() {
    for channels in [1, 2, 3, 10, 16, 100, 4096] {
      for k in 0..<channels { #expect(Int(Double(OffloadingActions.number(channel: k, of: channels)) * Double(channels)) == k) }
    }
  }
}
