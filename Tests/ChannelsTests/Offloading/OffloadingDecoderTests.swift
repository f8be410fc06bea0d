import CAllocations
import Channels
import Foundation
import Tensor
import Testing

@Suite struct OffloadingDecoderTests {
  private func equations(cells: Int = 1, users: Int, channels: Int, counts: [Int]? = nil) -> OffloadingEquations {
    var system = OffloadingCells()
    system.cells = cells
    system.usersPerCell = counts.map { PerCell(each: $0) } ?? PerCell(users)
    system.channels = channels
    return OffloadingEquations(system)
  }

  private func decode(
    _ values: [Float], users: Int, channels: Int, _ change: (inout OffloadingActions) -> Void = { _ in }
  ) -> OffloadingDecision {
    var actions = OffloadingActions()
    change(&actions)
    let equations = equations(users: users, channels: channels)
    var decoder = OffloadingDecoder(actions, equations)
    var decision = equations.decision()
    decoder.decode(values, into: &decision)
    #expect(decision.violation(equations) == nil)
    return decision
  }

  /// Channels ⌊4 x⌋ at 0, just below a border, on it and at 1; powers at 0, 0.5, 1 and above.
  @Test func numbersAtTheBorders() {
    let decision = decode(
      [1, 1, 1, 1] + [0, Float(0.5).nextDown, 0.5, 1] + [0, 0.5, 1, 2] + [0, 0, 0, 0], users: 4, channels: 4)
    #expect(decision.channels == [0, 1, 2, 3])
    let greatest = pow(10, -0.7)
    #expect(zip(decision.powers, [0, greatest / 2, greatest, greatest]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(decision.shares.allSatisfy { abs($0 - 0.25) < 1e-15 })
  }

  @Test func aTakenChannelMeansTheNextFreeOneInACircle() {
    let all = decode([1, 1, 1, 1] + [1, 1, 0, 1] + [1, 1, 1, 1] + [0, 0, 0, 0], users: 4, channels: 4)
    #expect(all.channels == [3, 0, 1, 2])
    // Who computes locally takes no channel.
    let some = decode([1, 0, 1, 1] + [1, 1, 0, 1] + [1, 1, 1, 1] + [0, 0, 0, 0], users: 4, channels: 4)
    #expect(some.channels == [3, -1, 0, 1])
    #expect(some.powers[1] == 0 && some.shares[1] == 0 && abs(some.shares[0] - 1.0 / 3) < 1e-15)
  }

  @Test(arguments: [0, 1, 2]) func withMoreUsersThanChannelsTheRestIsLocal(kind: Int) {
    let channels: [Float] = kind == 0 ? [0.9, 0.9, 0.9] : [0.5, 0.5, 0.5, 0.5, 0.6, 0.6]
    let decision = decode([1, 0.5, 1] + channels + [1, 1, 1] + [0, 0, 0], users: 3, channels: 2) {
      if kind > 0 { $0.channelMap = .score }
      if kind == 2 { $0.resolution = .hungarian }
    }
    #expect(decision.channels.count { $0 < 0 } == 1)
    // In order the last one goes without; by the sum of scores it has the best ones.
    #expect((decision.channels[2] < 0) == (kind < 2))
    let silent = decision.channels.firstIndex(of: -1)!
    #expect(decision.offloaded[silent] == 0 && decision.powers[silent] == 0 && decision.shares[silent] == 0)
    #expect(abs(decision.shares.reduce(0, +) - 1) < 1e-15)
  }

  /// In order: user 0 takes 1, user 1 must take 0 (sum 0.9 + 0.1). By sum 0.8 + 0.7 is better. Equal scores go to the first channel.
  @Test func scoresAreResolvedInOrderOrByTheirSum() {
    let scores: [Float] = [0.8, 0.9, 0.1, 0.7]
    let values: [Float] = [1, 1] + scores + [1, 1, 0, 0]
    #expect(decode(values, users: 2, channels: 2) { $0.channelMap = .score }.channels == [1, 0])
    let best = decode(values, users: 2, channels: 2) {
      $0.channelMap = .score
      $0.resolution = .hungarian
    }
    #expect(best.channels == [0, 1])
    let ties = decode([1, 1] + [1, 1, 1, 1] + [1, 1, 0, 0], users: 2, channels: 2) { $0.channelMap = .score }
    #expect(ties.channels == [0, 1])
    // All scores zero, as a saturated output has them.
    let zeros = decode([1, 1] + [0, 0, 0, 0] + [1, 1, 0, 0], users: 2, channels: 2) { $0.channelMap = .score }
    #expect(zeros.channels == [0, 1])
  }

  @Test func theHungarianWayLeavesLocalUsersOut() {
    let scores: [Float] = [1, 0, 0, 0, 1, 1, 0, 0.5, 0]
    let decision = decode([1, 0, 1] + scores + [1, 1, 1, 0, 0, 0], users: 3, channels: 3) {
      $0.channelMap = .score
      $0.resolution = .hungarian
    }
    #expect(decision.channels == [0, -1, 1])
  }

  @Test func sharesFollowTheirMaps() {
    let shares: [Float] = [0, 0.25, 1]
    let values: [Float] = [1, 1, 1, 0, 0.4, 0.8, 1, 1, 1] + shares
    for scale in [1.0, 2] {
      let softmax = decode(values, users: 3, channels: 3) { $0.shareScale = scale }.shares
      let weights = shares.map { exp(scale * Double($0)) }
      for n in 0..<3 { #expect(abs(softmax[n] - weights[n] / weights.reduce(0, +)) < 1e-12) }
    }
    let ratio = decode(values, users: 3, channels: 3) { $0.shareMap = .ratio }.shares
    for (found, expected) in zip(ratio, [1e-6, 0.25, 1]) { #expect(abs(found - expected / 1.250001) < 1e-12) }
    let given = decode(values, users: 3, channels: 3) { $0.shareMap = .given }.shares
    #expect(given == ratio)
    let small = decode(Array(values[..<9]) + [0.125, 0.25, 0.5], users: 3, channels: 3) { $0.shareMap = .given }.shares
    #expect(small == [0.125, 0.25, 0.5])
    let saturated = decode(Array(values[..<9]) + [0, 0, 0], users: 3, channels: 3) { $0.shareMap = .ratio }.shares
    #expect(saturated.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
  }

  @Test func stretchedPartsReachBothEnds() {
    let decision = decode([0.05, 0.5, 0.95, 0.9] + [0, 0.25, 0.5, 0.75] + [1, 1, 1, 1, 0, 0, 0, 0], users: 4, channels: 4) {
      $0.partMap = .stretched
    }
    #expect(decision.offloaded[0] == 0 && decision.channels[0] == -1)
    #expect(abs(decision.offloaded[1] - 0.5) < 1e-12 && decision.offloaded[2] == 1 && abs(decision.offloaded[3] - 0.98) < 1e-6)
  }

  @Test func whatIsNoNumberCountsAsZeroAndMissingUsersDoNothing() {
    let values: [Float] = [.nan, 1, -1, .infinity, 0, .nan, 0, 0, 1, .nan, 1, 1, .nan, 1, 1, 1]
    let decision = decode(values, users: 4, channels: 4)
    #expect(decision.channels == [-1, 0, -1, 1] && decision.powers[1] == 0 && decision.offloaded[3] == 1)
    let equations = equations(cells: 2, users: 2, channels: 2, counts: [2, 1])
    var decoder = OffloadingDecoder(OffloadingActions(), equations)
    var padded = equations.decision()
    decoder.decode(Array(repeating: 1, count: 16), into: &padded)
    #expect(padded.channels == [1, 0, 1, -1] && padded.shares == [0.5, 0.5, 1, 0])
  }

  /// Random numbers, saturated ones among them, always keep C2-C7, and nothing is allocated.
  @Test(arguments: [(OffloadingActions.ChannelMap.scalar, OffloadingActions.Resolution.sequential), (.score, .sequential), (.score, .hungarian)])
  func anyNumbersKeepTheConstraints(map: OffloadingActions.ChannelMap, resolution: OffloadingActions.Resolution) {
    for shares in OffloadingActions.ShareMap.allCases { keepConstraints(map, resolution, shares) }
  }

  private func keepConstraints(
    _ map: OffloadingActions.ChannelMap, _ resolution: OffloadingActions.Resolution, _ shares: OffloadingActions.ShareMap
  ) {
    for (users, channels) in [(10, 16), (10, 6), (3, 3)] {
      var actions = OffloadingActions()
      (actions.channelMap, actions.resolution, actions.shareMap) = (map, resolution, shares)
      let equations = equations(cells: 2, users: users, channels: channels)
      var decoder = OffloadingDecoder(actions, equations)
      var decision = equations.decision()
      var values = Array(repeating: Float(0), count: 3 * 2 * decoder.size)
      for trial in 0..<20 {
        RandomStream(seed: 8, purpose: .exploration).fill(&values, with: .uniform, step: trial)
        for i in values.indices { values[i] = trial % 2 == 0 ? values[i] : (4 * values[i] - 1.5).rounded() }
        if trial == 1 { allocations_watch() }
        decoder.decode(values, copy: trial % 3, into: &decision)
        if trial == 1 { #expect(allocations_seen().requests == 0) }
        #expect(decision.violation(equations) == nil)
        let first = (trial % 3) * 2 * decoder.size
        let wanted = (0..<users).count { values[first + $0] > 0 }
        #expect(decision.channels[..<users].count { $0 >= 0 } == min(wanted, channels))
      }
    }
  }
}
