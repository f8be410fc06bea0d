import Testing

@testable import Scenarios

@Suite struct EdgeClaimsTests {
  /// A run of five layouts in which every measured claim of the paper holds; `change` spoils it.
  struct Made {
    var episodes: [String: Double] = ["madrl": 30, "fdrl": 20, "ildrl": 10]
    var fluctuation: [String: Double] = ["madrl": 0.5, "fdrl": 2, "ildrl": 3]
    var spread: [String: Double] = ["madrl": 1, "fdrl": 3, "ildrl": 4]
    var joules: [String: Double] = ["madrl": 1.6, "fdrl": 1.7, "ildrl": 2.5, "full": 3, "local": 1.5]
    var localJoules: [String: Double] = ["madrl": 0, "fdrl": 0.3, "ildrl": 0.4]
    var inTime: [String: Double] = ["madrl": 0.9, "fdrl": 0.76, "ildrl": 0.4, "full": 0.5, "local": 0]
    var restricted: [String: Double] = ["madrl": 0.5, "fdrl": 0.4, "ildrl": 0.01, "full": 0.02]

    func judged() throws -> [Int: Judgement] {
      let run = MadeRun()
      // Layouts differ, alike for all schemes.
      let layouts = [0.0, 0.01, -0.02, 0.015, -0.005]
      for (scheme, reward) in episodes {
        for (seed, layout) in layouts.enumerated() {
          func curve(_ level: Double) -> [Double] { (0..<40).map { level + 100 * layout + ($0 % 2 == 0 ? 1 : -1) * fluctuation[scheme]! } }
          run.addCurve(EdgeMetric.episodeReward, scheme, at: [:], seed: seed, curve(reward))
          for cell in 0..<6 {
            let level = reward / 6 + (cell % 2 == 0 ? 1 : -1) * spread[scheme]! / 10
            run.addCurve(EdgeMetric.localReward(cell), scheme, at: [:], seed: seed, curve(level))
          }
        }
      }
      for (metric, values) in [(EdgeMetric.joules, joules), (EdgeMetric.localJoules, localJoules), (EdgeMetric.withinDeadline, inTime)] {
        for (scheme, value) in values { run.add(metric, scheme, at: [:], layouts.map { value == 0 ? 0 : value * (1 + 0.1 * $0) }) }
      }
      for index in 1...2 {
        for (scheme, value) in restricted {
          run.add(EdgeMetric.withinDeadline, scheme, at: ["restricted": Double(index)], layouts.map { value * (1 + $0) })
        }
      }
      let request = try RunRequest(.reproduce, of: EdgePack(), scale: .standard)
      let results = EdgeClaims(table: try run.table(), request: request).results
      return Dictionary(uniqueKeysWithValues: results.map { (Int($0.claim.id.dropFirst(4))!, $0.judgement) })
    }
  }

  @Test func everyClaimCanHold() throws {
    let judged = try Made().judged()
    // Energies below IL-DRL and full offloading but above local computing: the abstract's claim then fails, and the signalling of 250 slots is as it is.
    for claim in 1...17 { #expect(judged[claim]?.verdict == .holds, "claim \(claim): \(judged[claim]?.note ?? "none")") }
    #expect(judged[18]?.verdict == .fails && judged[19]?.verdict == .fails)
  }

  /// One number of the run changed.
  struct Spoiled: Sendable, CustomTestStringConvertible {
    let claim: Int
    let path: WritableKeyPath<Made, [String: Double]> & Sendable
    let scheme: String
    let value: Double
    var testDescription: String { "\(claim): \(scheme) \(value)" }

    init(_ claim: Int, _ path: WritableKeyPath<Made, [String: Double]> & Sendable, _ scheme: String, _ value: Double) {
      (self.claim, self.path, self.scheme, self.value) = (claim, path, scheme, value)
    }
  }

  @Test(arguments: [
    Spoiled(1, \.episodes, "ildrl", 40), Spoiled(2, \.fluctuation, "madrl", 4), Spoiled(3, \.episodes, "fdrl", 5), Spoiled(4, \.spread, "madrl", 9),
    Spoiled(5, \.episodes, "fdrl", 60), Spoiled(6, \.joules, "ildrl", 1), Spoiled(7, \.joules, "full", 1), Spoiled(8, \.joules, "local", 5),
    Spoiled(9, \.localJoules, "madrl", 0.1), Spoiled(10, \.localJoules, "ildrl", 0.001), Spoiled(11, \.joules, "fdrl", 1.2),
    Spoiled(12, \.inTime, "local", 0.001), Spoiled(13, \.inTime, "full", 0.8), Spoiled(14, \.inTime, "fdrl", 0.95),
    Spoiled(15, \.inTime, "fdrl", 0.89), Spoiled(16, \.restricted, "full", 0.3), Spoiled(16, \.restricted, "fdrl", 0.01),
  ])
  func everyClaimCanFail(spoiled: Spoiled) throws {
    var made = Made()
    made[keyPath: spoiled.path][spoiled.scheme] = spoiled.value
    #expect(try made.judged()[spoiled.claim]?.verdict == .fails)
  }

  @Test func theAbstractsClaimNeedsLocalComputingToBeDear() throws {
    var made = Made()
    made.joules["local"] = 4
    #expect(try made.judged()[18]?.verdict == .holds)
  }

  @Test func nothingMeasuredIsNothingJudged() throws {
    let request = try RunRequest(.reproduce, of: EdgePack(), scale: .standard)
    let results = EdgeClaims(table: MetricTable(), request: request).results
    // Computed ones alone.
    #expect(results.map(\.claim.id) == ["MEC-17", "MEC-19"])
  }

  /// A round of 250 slots costs F-DRL 2 · 126 884 bytes and MA-DRL 246 000: it is cheaper by half from 516 slots on.
  @Test func longRoundsMakeFederationCheap() throws {
    func verdict(_ episodes: Int) throws -> Verdict? {
      let request = try RunRequest(.reproduce, of: EdgePack(), scale: .standard, settings: ["roundEpisodes=\(episodes)"])
      return EdgeClaims(table: MetricTable(), request: request).results.last?.judgement.verdict
    }
    #expect(try verdict(5) == .fails && verdict(10) == .fails && verdict(11) == .holds)
  }
}
