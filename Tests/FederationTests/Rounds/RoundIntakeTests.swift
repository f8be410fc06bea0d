import Federation
import Tensor
import Testing

@Suite struct RoundIntakeTests {
  private func intake(clients: Int = 4) -> RoundIntake { RoundIntake(round: 7, clients: clients, count: 4, layout: 99, meanSquares: 3..<4) }

  private func contribution(
    _ client: Int = 0, round: Int = 7, layout: UInt64 = 99, weight: Double = 1, values: [Float] = [1, 2, 3, 4]
  ) -> Contribution {
    Contribution(client: client, round: round, layout: layout, weight: weight, values: values)
  }

  /// Everything that can be wrong with a contribution that arrives beside good ones of clients 1 and 2: it is refused for its reason, counted
  /// once, and the mean is that of the good ones.
  @Test func everyBadContributionIsRefusedForItsReason() {
    let bad: [(Refusal.Reason, Contribution)] = [
      (.notFinite, contribution(values: [1, .nan, 3, 4])),
      (.notFinite, contribution(values: [1, 2, .infinity, 4])),
      (.notFinite, contribution(values: [-.infinity, 2, 3, 4])),
      (.notFinite, contribution(values: [1, 2, 3, .nan])),
      (.wrongCount, contribution(values: [1, 2, 3])),
      (.wrongCount, contribution(values: [1])),
      (.wrongCount, contribution(values: [])),
      (.wrongCount, contribution(values: [1, 2, 3, 4, 5])),
      (.otherLayout, contribution(layout: 98)),
      (.negativeWeight, contribution(weight: -1e-300)),
      (.negativeWeight, contribution(weight: -5)),
      (.weightNotFinite, contribution(weight: .nan)),
      (.weightNotFinite, contribution(weight: .infinity)),
      (.weightNotFinite, contribution(weight: -.infinity)),
      (.duplicate, contribution(1, values: [9, 9, 9, 9])),
      (.duplicate, contribution(1)),
      (.stale, contribution(round: 6)),
      (.stale, contribution(round: -1)),
      (.early, contribution(round: 8)),
      (.unknownClient, contribution(4)),
      (.unknownClient, contribution(-1)),
      (.negativeMeanSquare, contribution(values: [1, 2, 3, -1e-30])),
    ]
    var good = intake()
    #expect(good.offer(contribution(1, values: [1, -2, 3, 0])) == nil && good.offer(contribution(2, weight: 3, values: [5, 6, 7, 8])) == nil)
    let expected = RoundMean.mean([4, 4, 6, 6])
    #expect(good.mean() == expected)
    var all = good
    for (reason, contribution) in bad {
      var one = good
      let refusal = one.offer(contribution)
      #expect(refusal?.reason == reason && refusal?.client == contribution.client, "\(contribution)")
      #expect(refusal?.description.contains("client \(contribution.client)") == true)
      #expect(one.refusals[reason] == 1 && one.refusals.total == 1)
      #expect(one.accepted == good.accepted && one.mean() == expected, "\(contribution)")
      all.offer(contribution)
    }
    #expect(all.accepted == good.accepted && all.mean() == expected && all.refusals.total == bad.count)
    for reason in Refusal.Reason.allCases { #expect(all.refusals[reason] == bad.count { $0.0 == reason }) }
  }

  @Test func bytesThatAreNoMessageAreCounted() {
    var intake = intake()
    #expect(intake.offer(bytes: [1, 2, 3])?.reason == .malformed)
    #expect(intake.offer(bytes: contribution(1).encoded()) == nil)
    #expect(intake.offer(bytes: contribution(1).encoded())?.reason == .duplicate)
    #expect(intake.refusals[.malformed] == 1 && intake.refusals[.duplicate] == 1 && intake.mean() == .mean([1, 2, 3, 4]))
  }

  /// Whoever was refused may send something better.
  @Test func aRefusalLeavesNoTrace() {
    var intake = intake()
    intake.offer(contribution(0, values: [.nan, 0, 0, 0]))
    #expect(intake.offer(contribution(0)) == nil)
    #expect(intake.mean() == .mean([1, 2, 3, 4]))
  }

  @Test func withoutWeightOrRepliesThereIsNoMean() {
    var intake = intake()
    #expect(intake.mean() == .noReplies)
    intake.offer(contribution(0, weight: .nan))
    #expect(intake.mean() == .noReplies)
    intake.offer(contribution(0, weight: 0))
    intake.offer(contribution(2, weight: 0))
    #expect(intake.mean() == .zeroWeight)
    intake.offer(contribution(1, weight: .leastNonzeroMagnitude, values: [7, 7, 7, 7]))
    #expect(intake.mean() == .mean([7, 7, 7, 7]))
  }

  @Test func twoHugeWeightsGiveTheMiddle() {
    var intake = intake()
    intake.offer(contribution(0, weight: 1e308, values: [0, 0, 0, 0]))
    intake.offer(contribution(3, weight: 1e308, values: [2, 4, 6, 8]))
    #expect(intake.mean() == .mean([1, 2, 3, 4]))
  }

  @Test func aGroupAveragesOverItsMembersThatReplied() {
    var intake = intake()
    for client in [0, 1, 3] { intake.offer(contribution(client, weight: client == 3 ? 0 : 1, values: [Float(client), 0, 0, 0])) }
    #expect(intake.mean(over: [1, 0]) == .mean([0.5, 0, 0, 0]))
    #expect(intake.mean(over: [1, 2]) == .mean([1, 0, 0, 0]))
    #expect(intake.mean(over: [2]) == .noReplies && intake.mean(over: [3, 2]) == .zeroWeight)
  }

  /// Numbers of very different size, whose sum depends on its order: twenty orders of arrival and any number of threads give the same bits.
  @Test func neitherArrivalNorThreadsChangeABit() {
    let (clients, count) = (9, 5000)
    var generator = RandomStream(seed: 3, purpose: .initialization).generator()
    let contributions = (0..<clients).map { client in
      let values = (0..<count).map { _ in Float(generator.normal() * (client % 3 == 0 ? 1e8 : 1)) }
      return Contribution(client: client, round: 0, layout: 1, weight: generator.uniform(1e-9, 1), values: values)
    }
    func mean(_ order: [Int32], threads: Int) -> RoundMean {
      var intake = RoundIntake(round: 0, clients: clients, count: count, layout: 1)
      for client in order { #expect(intake.offer(contributions[Int(client)]) == nil) }
      return intake.mean(over: order.map { Int($0) }, threads: threads)
    }
    let stream = RandomStream(seed: 4, purpose: .initialization)
    let expected = mean((0..<9).map { $0 }, threads: 1)
    for shuffle in 0..<20 { #expect(mean(stream.permutation(of: clients, step: shuffle), threads: 1 + shuffle % 5) == expected) }
  }
}
