import Channels
import Testing

@Suite struct OffloadingOutcomeTests {
  @Test func sumsFollowTheirParts() {
    var user = OffloadingUserOutcome()
    (user.localTime, user.transmissionTime, user.serverTime) = (1, 0.5, 0.25)
    (user.localEnergy, user.transmissionEnergy, user.serverEnergy, user.value) = (1, 2, 4, 0.5)
    #expect(user.offloadingTime == 0.75 && user.delay == 1)
    user.serverTime = 0.75
    #expect(user.delay == 1.25 && user.energy == 7 && user.reward == -6.5)
  }

  @Test func anOutcomeHasRoomForEverybody() {
    let outcome = OffloadingOutcome(cells: 2, users: 3, channels: 4)
    #expect(outcome.users.count == 6 && outcome.interference.count == 8 && outcome.cellRewards.count == 2)
    #expect(outcome.energy == 0)
  }
}
