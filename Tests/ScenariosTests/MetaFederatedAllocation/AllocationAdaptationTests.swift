import Agents
import Testing

@testable import Scenarios

@Suite struct AllocationAdaptationTests {
  private func parts(_ name: String, _ change: (inout AllocationLearning) -> Void = { _ in }) -> (
    AllocationScheme, AllocationParameters, AllocationLearning
  ) {
    var (system, learning) = (AllocationParameters(), AllocationLearning())
    (system.users, system.episodeMilliseconds) = (3, 5)
    (learning.firstHidden, learning.secondHidden, learning.criticHidden) = (8, 6, 4)
    (learning.episodes, learning.updateEpisodes, learning.roundEpisodes, learning.learningRate) = (8, 2, 2, 0.01)
    change(&learning)
    let scheme = AllocationScheme.named(name)!
    scheme.adjust(&system, &learning)
    return (scheme, system, learning)
  }

  private func adaptation(_ name: String, model: AllocationModel? = nil, _ change: (inout AllocationLearning) -> Void = { _ in })
    -> AllocationAdaptation
  {
    let (scheme, system, learning) = parts(name, change)
    return AllocationAdaptation(scheme, system, learning, model: model, drops: 1, agents: 2, threads: 1)
  }

  /// The parameters of each user's model.
  private func models(_ adaptation: AllocationAdaptation) -> [[Float]] {
    adaptation.policies(copies: 1, seed: nil).policies.map { policy in
      let values = policy.parameters.values.span
      return (0..<policy.parameters.count).map { values[$0] }
    }
  }

  @Test func whoBeginsWithWhat() {
    let own = models(adaptation("marl"))
    #expect(own[0] != own[1] && own[1] != own[2])
    let common = models(adaptation("frl"))
    #expect(common[0] == own[0] && common[1] == common[0] && common[2] == common[0])
    let apart = models(adaptation("frl") { $0.commonStart = false })
    #expect(apart == own)
    let given = AllocationModel(parameters: own[2], rewards: [])
    #expect(models(adaptation("mrl", model: given)) == [own[2], own[2], own[2]])
    #expect(models(adaptation("mfrl", model: given)) == [own[2], own[2], own[2]])
  }

  /// Users learn apart; the mean is the plain one by eq. 19 and weighted by successes by eq. 20.
  @Test(arguments: ["batchSize", "success"]) func averaging(weight: String) {
    var users = adaptation("frl") { $0.weight = AllocationLearning.Weight(rawValue: weight)! }
    #expect(!users.isRoundDue && users.episodes == 0)
    _ = users.advance()
    #expect(users.isRoundDue && users.episodes == 2)
    let before = models(users)
    #expect(before[0] != before[1])
    let rates = users.successRates
    #expect(rates.allSatisfy { $0 >= 0 && $0 <= 1 } && rates.contains { $0 > 0 })
    users.average()
    let after = models(users)
    #expect(after[0] == after[1] && after[1] == after[2])
    let weights = weight == "success" ? rates : [1, 1, 1]
    let total = weights.reduce(0, +)
    for place in stride(from: 0, to: after[0].count, by: 7) {
      let mean = (0..<3).reduce(0.0) { $0 + weights[$1] * Double(before[$1][place]) } / total
      #expect(abs(Double(after[0][place]) - mean) < 1e-6)
    }
    #expect(users.rounds == 1 && users.totalBytes.up == users.totalBytes.down)
  }

  /// Behind the last episode nobody averages, and the early model stops before its averaging.
  @Test func rounds() {
    for (name, expected) in [("mfrl", [true, true, true, false]), ("mfrl-early", [true, false])] {
      var users = adaptation(name)
      for isDue in expected {
        #expect(!users.isFinished)
        _ = users.advance()
        #expect(users.isRoundDue == isDue)
      }
      #expect(users.isFinished)
    }
  }

  /// Everything but the actor's head: the first layers become alike, heads stay.
  @Test func theHeadStaysWithItsUser() {
    var users = adaptation("mfrl-body")
    _ = users.advance()
    let before = models(users)
    users.average()
    let after = models(users)
    // Trunk of 12 · 8 + 8 + 8 · 6 + 6, then the head of 12 outputs, then the critic.
    let (trunk, head) = (13 * 8 + 9 * 6, 7 * 12)
    #expect(Array(after[0][0..<trunk]) == Array(after[1][0..<trunk]))
    #expect(Array(before[0][0..<trunk]) != Array(before[1][0..<trunk]))
    for user in 0..<3 { #expect(Array(after[user][trunk..<trunk + head]) == Array(before[user][trunk..<trunk + head])) }
    #expect(Array(after[0][(trunk + head)...]) == Array(after[1][(trunk + head)...]))
  }

  @Test func schemesDifferInWhatTheirNamesSay() {
    #expect(AllocationScheme.all.map(\.name) == AllocationPlan.learners + AllocationPlan.remedies)
    let (_, indexed, bandit) = parts("mfrl-index-bandit")
    #expect(indexed.agentIndex && bandit.discount == 0 && indexed.observationSize == 22)
    let (_, plain, learning) = parts("mfrl")
    #expect(!plain.agentIndex && learning.discount == 0.9 && plain.trainingEpisodes == 8 && plain.parallelEpisodes == 2)
    #expect(AllocationScheme.all.filter(\.isUnderCeiling).map(\.name) == ["mfrl", "frl", "mfrl-early"])
    #expect(AllocationScheme.named("hungarian") == nil)
  }

  /// With the same seed the world is the same for all schemes: random networks act alike in FRL's first user and MARL's.
  @Test func progressIsMeasured() {
    var users = adaptation("marl")
    let progress = users.advance()
    #expect(progress.free >= 0 && progress.free <= 1 && progress.reward >= -1)
    // Fresh heads are nearly uniform.
    #expect(abs(progress.choiceEntropy - 2.302585) < 0.05)
    #expect(abs(progress.powerEntropy - (-0.7 + 1.4189385)) < 0.1)
  }
}
