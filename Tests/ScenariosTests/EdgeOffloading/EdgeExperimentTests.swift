import Agents
import Tensor
import Testing

@testable import Scenarios

@Suite struct EdgeExperimentTests {
  static let sizes = [
    "cells=3", "users=2", "channels=3", "episodes=4", "episodeSlots=6", "randomSlots=4", "batch=4", "hiddenUnits=8", "roundEpisodes=2",
    "evaluationSlots=20", "evaluationCopies=4",
  ]

  private func request(_ scheme: String, _ settings: [String] = []) throws -> RunRequest {
    try RunRequest(.run, of: EdgePack(), scale: .smoke, schemes: [scheme], seeds: [1], settings: Self.sizes + settings)
  }

  private func start(_ request: RunRequest, threads: Int = 1) throws -> any JobRun {
    try EdgePack().start(try EdgePack().plan(request).jobs[0], parameters: request.parameters, threads: threads)
  }

  private func log(for request: RunRequest) throws -> MetricLog {
    let log = MetricLog()
    log.begin(try EdgePack().plan(request).jobs[0])
    return log
  }

  private func table(_ scheme: String, _ settings: [String] = [], threads: Int = 1) throws -> MetricTable {
    let request = try request(scheme, settings)
    let log = try log(for: request)
    var run = try start(request, threads: threads)
    while try !run.advance(log) {}
    return try log.table()
  }

  private struct Saved: Archivable {
    var run: any JobRun
    mutating func archive(in archive: Archive) throws(FileError) { try run.archive(in: archive) }
  }

  @Test(arguments: [("madrl", 1, 2), ("fdrl", 2, 1), ("ildrl", 1, 3), ("full", 1, 1), ("local", 1, 1), ("random", 1, 1), ("heuristic", 1, 1)])
  func aJobThatWasSavedGoesOnBitForBit(scheme: String, threads: Int, threadsLater: Int) throws {
    let scratch = try ScratchFolder()
    let request = try request(scheme)
    let expected = try log(for: request)
    var whole = try start(request)
    var chunks = 1
    while try !whole.advance(expected) { chunks += 1 }
    for chunk in 0..<chunks {
      let log = try log(for: request)
      var first = Saved(run: try start(request, threads: threads))
      for _ in 0..<chunk { #expect(try !first.run.advance(log)) }
      try Archive.save(&first, to: scratch.path + "/job")
      var second = Saved(run: try start(request, threads: threadsLater))
      try Archive.restore(&second, from: scratch.path + "/job")
      while try !second.run.advance(log) {}
      #expect(log.hash == expected.hash, "saved after chunk \(chunk)")
    }
  }

  @Test func learnersRecordEpisodesAndTheExecutedPolicy() throws {
    let table = try table("madrl")
    #expect(table.curves(EdgeMetric.episodeReward, of: "madrl")[0].steps == [6, 12, 18, 24])
    for cell in 0..<3 { #expect(table.curves(EdgeMetric.localReward(cell), of: "madrl")[0].steps.count == 4) }
    // The system's reward is the sum of its cells'.
    let sums = (0..<4).map { episode in
      (0..<3).reduce(0) { $0 + table.curves(EdgeMetric.localReward($1), of: "madrl")[0].values[episode] }
    }
    for (sum, whole) in zip(sums, table.curves(EdgeMetric.episodeReward, of: "madrl")[0].values) { #expect(abs(sum - whole) < 1e-4) }
    for metric in [
      EdgeMetric.systemReward, EdgeMetric.joules, EdgeMetric.localJoules, EdgeMetric.edgeJoules, EdgeMetric.withinDeadline, EdgeMetric.offloaded,
      EdgeMetric.medianJoules, EdgeMetric.medianReward,
    ] { #expect(table.values(metric, of: "madrl").count == 1, "\(metric)") }
    let (total, local, edge) = (EdgeMetric.joules, EdgeMetric.localJoules, EdgeMetric.edgeJoules)
    func value(_ metric: String) -> Double { table.values(metric, of: "madrl").values[0] }
    #expect(abs(value(total) - value(local) - value(edge)) < 1e-5)
  }

  @Test func schemesWithoutLearningAreWhatTheyAre() throws {
    let local = try table("local")
    #expect(local.values(EdgeMetric.withinDeadline, of: "local").values == [0] && local.values(EdgeMetric.offloaded, of: "local").values == [0])
    #expect(local.values(EdgeMetric.edgeJoules, of: "local").values == [0])
    let full = try table("full")
    #expect(full.values(EdgeMetric.offloaded, of: "full").values == [1] && full.values(EdgeMetric.localJoules, of: "full").values == [0])
    // Whoever reads the gains is not later than whoever does not.
    let heuristic = try table("heuristic", ["evaluationSlots=400"]).values(EdgeMetric.withinDeadline, of: "heuristic").values[0]
    #expect(heuristic >= (try table("full", ["evaluationSlots=400"]).values(EdgeMetric.withinDeadline, of: "full").values[0]))
  }

  /// Rounds, what is averaged and by whom change what F-DRL becomes; with a round that never comes and own beginnings it is IL-DRL.
  @Test func roundsMakeTheDifferenceFromIndependentLearners() throws {
    func rewards(_ scheme: String, _ settings: [String] = []) throws -> [Double] {
      try table(scheme, settings).curves(EdgeMetric.episodeReward, of: scheme)[0].values
    }
    let independent = try rewards("ildrl")
    #expect(try rewards("fdrl", ["roundEpisodes=100", "commonStart=false"]) == independent)
    let server = try rewards("fdrl")
    #expect(server != independent)
    // Every cell computes what the server would.
    #expect(try rewards("fdrl", ["aggregation=serverless"]) == server)
    for setting in ["aggregation=clustered", "averaged=actor", "averaged=critic", "averaged=body", "commonStart=false", "participation=0.5"] {
      let settings = setting == "aggregation=clustered" ? [setting, "clusterSize=2"] : [setting]
      #expect(try rewards("fdrl", settings) != server, "\(setting)")
    }
    #expect(try rewards("fdrl", ["dropout=1", "commonStart=false"]) == independent)
  }

  @Test func bytesOfARoundAreThoseOfTheNetworks() throws {
    let request = try request("fdrl")
    let settings = EdgeSettings(request.parameters)
    let cost = settings.cost(of: "fdrl")
    let table = try table("fdrl")
    let message = Double(4 * (cost.actorParameters + cost.criticParameters))
    // A header of 32 bytes comes with each message.
    #expect(table.values(EdgeMetric.bytesUp, of: "fdrl").values == [message + 32])
    #expect(table.values(EdgeMetric.bytesDown, of: "fdrl").values == [message + 32])
    #expect(settings.bytes(of: "fdrl", slots: 12) == Int(2 * message))
  }

  /// The settings that concern learning change what is learnt.
  @Test(arguments: [
    "episodes=5", "randomSlots=5", "firstNoise=0.4", "lastNoise=0.1", "noiseShare=1", "hiddenUnits=9", "actorLearningRate=0.01",
    "criticLearningRate=0.01", "discount=0.5", "polyak=0.5", "batch=5", "replay=7", "updatesPerSlot=2", "logitPenalty=1", "jointReward=system",
    "rewardScale=none", "penaltyCap=0.01",
  ])
  func settingsOfLearningMatter(setting: String) throws {
    func rewards(_ settings: [String]) throws -> [Double] {
      let table = try table("madrl", ["updatesPerSlot=3"].filter { _ in !setting.hasPrefix("updates") } + settings)
      return table.curves(EdgeMetric.episodeReward, of: "madrl")[0].values + table.values(EdgeMetric.systemReward, of: "madrl").values
    }
    #expect(try rewards([setting]) != rewards([]))
  }
}
