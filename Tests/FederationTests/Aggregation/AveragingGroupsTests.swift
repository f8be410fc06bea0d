import Federation
import Testing

@Suite struct AveragingGroupsTests {
  private let all = [true, true, true, true]

  @Test func aServerGetsOneMessageOfEachAndSendsOneToEach() {
    let groups = AveragingGroups.server
    #expect(groups.messages(sends: all, receives: all, gotMean: all) == (4, 4))
    #expect(groups.messages(sends: [true, false, true, false], receives: all, gotMean: all) == (2, 4))
    #expect(groups.messages(sends: all, receives: [true, true, false, false], gotMean: all) == (4, 2))
    // A server without a mean sends nothing.
    #expect(groups.messages(sends: all, receives: all, gotMean: [false, false, false, false]) == (4, 0))
  }

  @Test func withoutAServerEachSendsToAllOthers() {
    let groups = AveragingGroups.serverless
    #expect(groups.messages(sends: all, receives: all, gotMean: all) == (12, 12))
    // Clients 0 and 1 send to each other and to client 2; client 3 is out of reach.
    #expect(groups.messages(sends: [true, true, false, false], receives: [true, true, true, false], gotMean: all) == (4, 4))
    // There is a message whether or not it leads to a mean.
    #expect(groups.messages(sends: all, receives: all, gotMean: [false, false, false, false]) == (12, 12))
  }

  @Test func neighboursSendToThoseWhoseGroupNamesThem() {
    let groups = AveragingGroups.clustered([[0, 1], [0, 1, 2], [2], [3, 0, 1]])
    #expect(groups.objection(clients: 4) == nil)
    #expect(groups.messages(sends: all, receives: all, gotMean: all) == (1 + 2 + 0 + 2, 5))
    #expect(groups.messages(sends: [true, false, true, true], receives: [true, true, true, false], gotMean: all) == (0 + 2 + 0, 2))
  }

  @Test func groupsThatDoNotFitAreObjectedTo() {
    #expect(AveragingGroups.server.objection(clients: 3) == nil && AveragingGroups.serverless.objection(clients: 1) == nil)
    #expect(AveragingGroups.clustered([[0], [1]]).objection(clients: 3)?.contains("2 groups for 3 clients") == true)
    for group in [[1], [0, 0], [0, 2], [0, -1], []] {
      #expect(AveragingGroups.clustered([group, [1]]).objection(clients: 2)?.contains("client 0") == true, "\(group)")
    }
  }
}
