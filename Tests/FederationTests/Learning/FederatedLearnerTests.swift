import Agents
import Tensor
import TestSupport
import Testing

@testable import Federation

/// Rounds among clients whose every number can be computed by hand.
@Suite struct FederatedLearnerTests {
  private func learner(
    clients: Int = 3, seed: UInt64 = 1, threads: Int = 1, _ change: (inout FederationConfiguration) -> Void = { _ in }
  ) -> FederatedLearner<DriftingClients> {
    var configuration = FederationConfiguration()
    configuration.roundSteps = 4
    change(&configuration)
    return FederatedLearner(DriftingClients(clients: clients), configuration, seed: seed, threads: threads)
  }

  /// Equal starts of 0 and drifts of c + 1: behind a round all are where the mean drift of 2 leads.
  @Test func aRoundComesBehindItsSteps() {
    var learner = learner()
    learner.advance(3)
    #expect(learner.rounds == 0 && learner.base.values[2][0][0] == 9)
    learner.advance(1)
    #expect(learner.rounds == 1 && learner.steps == 4 && learner.updates == 4)
    for client in 0..<3 {
      for place in 0..<9 { #expect(learner.base.values[client][0][place] == Float(8 * (1 + place))) }
      for place in 0..<5 { #expect(learner.base.values[client][1][place] == Float(8 * (101 + place))) }
    }
    learner.advance(7)
    #expect(learner.rounds == 2)
    #expect(learner.records.map(\.round) == [0, 1] && learner.records.allSatisfy { $0.outcome == .averaged && $0.updated == 3 && $0.accepted == 3 })
  }

  @Test func clientsBeginTogetherOrNot() {
    #expect(learner().base.values.map { $0[0][0] } == [0, 0, 0])
    #expect(learner { $0.commonStart = false }.base.values.map { $0[0][0] } == [0, 1, 2])
  }

  /// Starts of c and four drifts of c + 1: 4, 9, 14 in the first number, with weights by batch 10, 20, 30, by samples 100, 99, 98, or given.
  @Test func everyWeightIsUsed() {
    func first(_ weight: AveragingWeight, _ given: [Double] = [1, 1, 1]) -> Double {
      var learner = learner {
        $0.weight = weight
        $0.commonStart = false
      }
      learner.givenWeights = given
      learner.advance(4)
      #expect(Set(learner.base.values.map { $0[0][0] }).count == 1)
      return Double(learner.base.values[0][0][0])
    }
    #expect(first(.uniform) == 9)
    #expect(abs(first(.batchSize) - (4 + 2 * 9 + 3 * 14) / 6) < 1e-5)
    #expect(abs(first(.sampleCount) - (400 + 99 * 9 + 98 * 14) / 297) < 1e-5)
    #expect(first(.given, [1, 0, 3]) == 11.5 && first(.given, [1e308, 1e308, 0]) == 6.5)
  }

  @Test func weightsOfZeroKeepTheModels() {
    var learner = learner { $0.weight = .given }
    learner.givenWeights = [0, 0, 0]
    learner.advance(4)
    #expect(learner.base.values.map { $0[0][0] } == [4, 8, 12])
    #expect(learner.records[0].outcome == .keptForZeroWeight && learner.records[0].accepted == 3 && learner.records[0].updated == 0)
    #expect(learner.records[0].messagesUp == 3 && learner.records[0].messagesDown == 0)
    // The next round goes on as if nothing had been.
    learner.givenWeights = [1, 1, 1]
    learner.advance(4)
    #expect(learner.base.values.map { $0[0][0] } == [16, 16, 16] && learner.records[1].outcome == .averaged)
  }

  /// One client has gone bad: it is refused and counted, the others average, and it goes on from their mean.
  @Test func aClientThatIsNoNumberIsHealed() {
    var learner = learner { $0.weight = .given }
    learner.base.values[1][1][4] = .nan
    learner.givenWeights = [1, 1, 1]
    learner.advance(4)
    #expect(learner.records[0].refusals[.notFinite] == 1 && learner.records[0].refusals.total == 1 && learner.records[0].accepted == 2)
    #expect(learner.base.values.map { $0[0][0] } == [8, 8, 8] && learner.base.values.joined().joined().allSatisfy(\.isFinite))
    learner.givenWeights = [1, -1, .nan]
    learner.advance(4)
    #expect(learner.records[1].refusals[.negativeWeight] == 1 && learner.records[1].refusals[.weightNotFinite] == 1)
    #expect(learner.base.values.map { $0[0][0] } == [12, 12, 12])
  }

  /// If nobody sends anything that can be used, everybody keeps what he has.
  @Test func withoutRepliesTheModelsAreKept() {
    var learner = learner { $0.participation.dropout = 1 }
    learner.advance(8)
    #expect(learner.base.values.map { $0[0][0] } == [8, 16, 24])
    #expect(learner.records.allSatisfy { $0.outcome == .keptForNoReplies && $0.bytesUp == 0 && $0.bytesDown == 0 && $0.absent == 3 })
  }

  @Test func whatIsNotExchangedStays() {
    var learner = learner { $0.part = .everything(but: [.lastLayer(of: "actor"), .path("critic.hidden")]) }
    learner.advance(4)
    for client in 0..<3 {
      let actor = learner.base.values[client][0]
      for place in 0..<9 { #expect(actor[place] == Float((place < 6 ? 8 : 4 * (client + 1)) * (1 + place))) }
      let critic = learner.base.values[client][1]
      for place in 0..<5 { #expect(critic[place] == Float((place < 3 ? 4 * (client + 1) : 8) * (101 + place))) }
    }
  }

  /// Moments of −c and c² for a start of c: means of −1 and 5/3 if they travel.
  @Test(arguments: MomentExchange.allCases) func momentsStayOrTravel(moments: MomentExchange) {
    var learner = learner {
      $0.moments = moments
      $0.part = .only([.path("actor")])
    }
    let before = learner.base.moments
    learner.advance(4)
    for client in 0..<3 {
      #expect(learner.base.moments[client][1] == before[client][1])
      if moments == .local {
        #expect(learner.base.moments[client][0] == before[client][0])
      } else {
        #expect(Array(learner.base.moments[client][0][0..<9]) == [Float](repeating: -1, count: 9))
        #expect(learner.base.moments[client][0][9..<18].allSatisfy { abs($0 - 5 / 3) < 1e-6 })
      }
      #expect(learner.base.values[client][0][0] == 8)
    }
    #expect(learner.records[0].bytesUp == 3 * (32 + 4 * 9 * (moments == .local ? 1 : 3)))
  }

  @Test func aNegativeMeanSquareIsRefused() {
    var learner = learner { $0.moments = .averaged }
    learner.base.moments[2][1][7] = -1
    learner.advance(4)
    #expect(learner.records[0].refusals[.negativeMeanSquare] == 1 && learner.base.values.map { $0[0][0] } == [6, 6, 6])
  }

  // MARK: Groups

  /// A server, cells among themselves, and groups of everybody compute the same bits; only the messages differ.
  @Test func theServerlessMeanIsTheServers() {
    func run(_ groups: AveragingGroups) -> FederatedLearner<DriftingClients> {
      var learner = learner(clients: 5) {
        $0.groups = groups
        $0.commonStart = false
        $0.weight = .sampleCount
        ($0.participation.dropout, $0.participation.lateness) = (0.2, 0.2)
      }
      learner.advance(40)
      return learner
    }
    let (server, serverless) = (run(.server), run(.serverless))
    let clustered = run(.clustered((0..<5).map { client in [client] + (0..<5).filter { $0 != client } }))
    #expect(server.base.values == serverless.base.values && server.base.values == clustered.base.values)
    #expect(server.records.map(\.attendance) == serverless.records.map(\.attendance))
    #expect(serverless.records == clustered.records && server.records != serverless.records)
    for record in serverless.records {
      let senders = record.participants + record.late
      #expect(record.messagesUp == senders * (senders - 1) && record.bytesDown == record.bytesUp)
    }
  }

  /// A line of three: the ends average with the middle, the middle with both.
  @Test func neighboursAverageAmongThemselves() {
    var learner = learner { $0.groups = .clustered([[0, 1], [0, 1, 2], [2, 1]]) }
    learner.advance(4)
    #expect(learner.base.values.map { $0[0][0] } == [6, 8, 10])
    #expect(learner.records[0].messagesUp == 4 && learner.records[0].bytesUp == 4 * (32 + 4 * 14))
    #expect(learner.records[0].updated == 3 && learner.records[0].accepted == 3)
  }

  /// A group of which nobody may be averaged keeps what it has, while others go on.
  @Test func oneGroupMayBeLeftWithoutMean() {
    var learner = learner {
      $0.groups = .clustered([[0], [1, 2], [1, 2]])
      $0.weight = .given
    }
    learner.givenWeights = [0, 1, 3]
    learner.advance(4)
    #expect(learner.base.values.map { $0[0][0] } == [4, 11, 11])
    #expect(learner.records[0].outcome == .averaged && learner.records[0].updated == 2)
  }

  // MARK: Participation

  /// Sampling, dropout and lateness over thirty rounds against a plain program in `Double`: the mean goes over who took part, and who was
  /// absent goes on alone.
  @Test func absentClientsAreLeftOutOfTheMean() {
    for reachesAbsent in [false, true] {
      var learner = learner(clients: 6, seed: 12) {
        $0.weight = .batchSize
        $0.commonStart = false
        ($0.participation.fraction, $0.participation.dropout, $0.participation.lateness) = (0.67, 0.3, 0.3)
        $0.participation.reachesAbsent = reachesAbsent
      }
      var expected = (0..<6).map { Double($0) }
      for round in 0..<30 {
        learner.advance(4)
        for client in 0..<6 { expected[client] += 4 * Double(client + 1) }
        let attendance = learner.configuration.participation.attendance(clients: 6, round: round, seed: 12)
        #expect(learner.records[round].attendance == attendance)
        var (sum, total) = (0.0, 0.0)
        for client in 0..<6 where attendance[client] == .present {
          sum += 10 * Double(client + 1) * expected[client]
          total += 10 * Double(client + 1)
        }
        for client in 0..<6 {
          let isReached = reachesAbsent || attendance[client] == .present || attendance[client] == .late
          if total > 0 && isReached { expected[client] = sum / total }
          #expect(abs(Double(learner.base.values[client][0][0]) - expected[client]) <= 1e-5 * expected[client])
        }
      }
      let records = learner.records
      #expect(records.contains { $0.late > 0 } && records.contains { $0.attendance.contains(.dropped) } && records.allSatisfy { $0.absent >= 2 })
    }
  }

  /// What comes too late is refused in the next round and counted there, or is never seen; the models are the same.
  @Test func lateContributionsAreStale() {
    func run(_ late: LateContributions) -> FederatedLearner<DriftingClients> {
      var learner = learner(clients: 5) {
        $0.participation.lateness = 0.4
        $0.participation.late = late
      }
      learner.advance(80)
      return learner
    }
    let (refused, discarded) = (run(.refused), run(.discarded))
    #expect(refused.base.values == discarded.base.values)
    #expect(discarded.records.allSatisfy { $0.refusals.total == 0 })
    #expect(refused.records[0].refusals.total == 0)
    for round in 1..<20 {
      let record = refused.records[round]
      #expect(record.refusals[.stale] == refused.records[round - 1].late && record.refusals.total == record.refusals[.stale])
    }
    #expect(refused.records.reduce(0) { $0 + $1.late } > 10)
    #expect(refused.totalBytes == discarded.totalBytes)
  }

  /// Bytes by hand: five clients, 14 numbers, 88 bytes a message.
  @Test func bytesAreExact() {
    var learner = learner(clients: 5, seed: 3) {
      ($0.participation.fraction, $0.participation.dropout, $0.participation.lateness) = (0.8, 0.3, 0.3)
    }
    learner.advance(60)
    var (up, down) = (0, 0)
    for record in learner.records {
      #expect(record.bytesUp == 88 * (record.participants + record.late))
      #expect(record.bytesDown == (record.participants > 0 ? 88 * (record.participants + record.late) : 0))
      (up, down) = (up + record.bytesUp, down + record.bytesDown)
    }
    #expect(learner.totalBytes == (up, down) && up > 0)
  }

  @Test func diagnosticsTellOfTheLastRound() {
    var learner = learner()
    #expect(learner.diagnostics.isEmpty)
    learner.advance(4)
    #expect(learner.diagnostics == [Diagnostic("rounds", 1), Diagnostic("bytesUp", 264), Diagnostic("bytesDown", 264), Diagnostic("refused", 0)])
  }
}
