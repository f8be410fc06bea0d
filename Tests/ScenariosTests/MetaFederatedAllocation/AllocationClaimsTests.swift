import Testing

@testable import Scenarios

@Suite struct AllocationClaimsTests {
  /// A run of five seeds in which every measured claim of the paper holds; one number changed spoils it.
  struct Made {
    /// Mbit/J at the end of the tests, before adaptation, and behind one more averaging.
    var efficiency: [String: Double] = ["mfrl": 30_000, "mrl": 25_000, "frl": 20_000, "marl": 15_000, "mfrl-early": 28_000]
    var bound: [String: Double] = ["hungarian": 45_000]
    /// Share of milliseconds free of collisions, and that behind an averaging.
    var free: [String: Double] = ["mfrl": 0.9, "mrl": 0.5, "frl": 0.8, "marl": 0.4]
    var averagedFree: [String: Double] = ["mfrl": 0.15, "frl": 0.14, "mfrl-early": 0.1]
    /// Rewards: where a curve ends, and the episode at which it rises.
    var ending: [String: Double] = ["mfrl": 40, "mrl": 38, "frl": 30, "marl": 28]
    var rise: [String: Double] = ["mfrl": 100, "mrl": 200, "frl": 300, "marl": 400]
    var beginning: [String: Double] = ["mfrl": 1, "mrl": 1, "frl": -0.5, "marl": -0.5]
    var entropy: [String: Double] = ["mfrl": 1, "frl": 2]
    /// Of meta-training: its level in the first, second and last third, and the reward of its model before adaptation.
    var meta: [String: Double] = ["first": 2, "second": 9, "last": 9.5]
    var first: [String: Double] = ["mrl": 3]
    var adapted: [String: Double] = ["mrl": 25]
    var trend: [String: Double] = ["mfrl": 1]
    /// Mbit/J by the number of users, and without the fingerprint.
    var users: [String: Double] = ["2": 10_000, "4": 22_000, "8": 35_000, "10": 38_000]
    var unmarked: [String: Double] = ["mfrl": 29_000, "marl": 14_000]

    // Seeds differ, alike for all schemes.
    private static let seeds = [0.0, 0.01, -0.02, 0.015, -0.005]

    private func values(_ value: Double) -> [Double] { Self.seeds.map { value * (1 + 0.1 * $0) } }

    func table() throws -> MetricTable {
      let run = MadeRun()
      for scenario in [1.0, 3, 4] {
        let point: SweepPoint = ["scenario": scenario]
        for (scheme, value) in efficiency { run.add(AllocationMetric.testEfficiency, scheme, at: point, values(value)) }
        for (scheme, value) in efficiency {
          for (seed, number) in values(value).enumerated() {
            run.addCurve(AllocationMetric.dropEfficiency, scheme, at: point, seed: seed, (0..<10).map { number + Double($0) - 4.5 })
          }
        }
        for (scheme, value) in bound {
          run.add(AllocationMetric.testBound, scheme, at: point, values(value))
          run.add(AllocationMetric.testReward, scheme, at: point, values(value / 1000))
        }
        for (scheme, value) in free { run.add(AllocationMetric.testFree, scheme, at: point, values(value)) }
        for (scheme, value) in averagedFree {
          run.add(AllocationMetric.averagedFree, scheme, at: point, values(value))
          run.add(AllocationMetric.averagedFreeError, scheme, at: point, values(0.001))
        }
        for (seed, offset) in Self.seeds.enumerated() {
          for (scheme, end) in ending {
            let curve = (1...200).map { update -> Double in
              if update <= 2 { return beginning[scheme]! }
              return Double(5 * update) < rise[scheme]! + 100 * offset ? 2 : end + offset
            }
            run.addCurve(AllocationMetric.reward, scheme, at: point, seed: seed, curve)
          }
          for (scheme, level) in entropy {
            run.addCurve(AllocationMetric.choiceEntropy, scheme, at: point, seed: seed, Array(repeating: level + offset, count: 20))
          }
          let rounds = (1...9).map { Double($0) * trend["mfrl"]! + 100 + offset }
          run.addCurve(AllocationMetric.afterRound, "mfrl", at: point, seed: seed, rounds)
          let meta = (0..<300).map { episode in self.meta[episode < 100 ? "first" : episode < 200 ? "second" : "last"]! + offset }
          run.addCurve(AllocationMetric.metaReward, "mfrl", at: point, seed: seed, meta)
        }
      }
      for (number, value) in users { run.add(AllocationMetric.testEfficiency, "mfrl", at: ["scenario": 1, "users": Double(number)!], values(value)) }
      for number in [2.0, 4, 8] {
        run.add(AllocationMetric.firstReward, "mrl", at: ["scenario": 1, "users": number], values(first["mrl"]!))
        run.add(AllocationMetric.testReward, "mrl", at: ["scenario": 1, "users": number], values(adapted["mrl"]!))
      }
      for (scheme, value) in unmarked { run.add(AllocationMetric.testEfficiency, scheme, at: ["scenario": 1, "variant": 1], values(value)) }
      return try run.table()
    }

    func judged(_ settings: [String] = []) throws -> [Int: Judgement] {
      let request = try RunRequest(.reproduce, of: AllocationPack(), scale: .standard, settings: settings)
      let results = AllocationClaims(table: try table(), request: request).results
      return Dictionary(uniqueKeysWithValues: results.map { (Int($0.claim.id.dropFirst(5))!, $0.judgement) })
    }
  }

  @Test func everyClaimCanHold() throws {
    let judged = try Made().judged()
    for claim in [1] + Array(3...18) + Array(21...25) {
      #expect(judged[claim]?.verdict == .holds, "claim \(claim): \(judged[claim]?.verdict.rawValue ?? "none") \(judged[claim]?.note ?? "")")
    }
    #expect(judged[2]?.verdict == .tie)
    // Computed, whatever was measured: 70 kB/s against 40, and a polynomial.
    #expect(judged[19]?.verdict == .fails && judged[20]?.verdict == .fails)
    #expect(abs((judged[19]?.statistic?.value ?? 0) - 1.74093) < 1e-5)
  }

  /// One number of the run changed.
  struct Spoiled: Sendable, CustomTestStringConvertible {
    let claims: [Int]
    let path: WritableKeyPath<Made, [String: Double]> & Sendable
    let key: String
    let value: Double
    var testDescription: String { "\(claims): \(key) \(value)" }

    init(_ claims: [Int], _ path: WritableKeyPath<Made, [String: Double]> & Sendable, _ key: String, _ value: Double) {
      (self.claims, self.path, self.key, self.value) = (claims, path, key, value)
    }
  }

  @Test(arguments: [
    Spoiled([1], \.meta, "first", 12), Spoiled([2], \.meta, "last", 14), Spoiled([3], \.first, "mrl", 26), Spoiled([4], \.beginning, "marl", 8),
    Spoiled([5, 7], \.rise, "mfrl", 350), Spoiled([5], \.ending, "mrl", 27), Spoiled([6, 18], \.rise, "marl", 50),
    Spoiled([7], \.rise, "mrl", 450), Spoiled([8, 9, 13, 14], \.efficiency, "mrl", 31_000), Spoiled([8, 13], \.efficiency, "mfrl-early", 31_000),
    Spoiled([9], \.efficiency, "frl", 31_000), Spoiled([10], \.efficiency, "marl", 29_000), Spoiled([11, 12], \.entropy, "frl", 0.5),
    Spoiled([14], \.free, "mrl", 0.95), Spoiled([15], \.trend, "mfrl", -1), Spoiled([16], \.users, "10", 34_000),
    Spoiled([17], \.users, "10", 45_000), Spoiled([22], \.averagedFree, "frl", 0.155), Spoiled([23], \.efficiency, "mfrl-early", 46_000),
    Spoiled([24], \.unmarked, "mfrl", 31_000),
  ])
  func oneNumberSpoilsAClaim(spoiled: Spoiled) throws {
    var made = Made()
    made[keyPath: spoiled.path][spoiled.key] = spoiled.value
    let judged = try made.judged()
    for claim in spoiled.claims {
      #expect(judged[claim]?.verdict == .fails, "claim \(claim): \(judged[claim]?.verdict.rawValue ?? "none") \(judged[claim]?.note ?? "")")
    }
  }

  /// What the settings decide.
  @Test func settingsSpoilClaimsToo() throws {
    #expect(try Made().judged(["firstHidden=256"])[21]?.verdict == .fails)
    #expect(try Made().judged(["roundEpisodes=200"])[19]?.verdict == .holds)
    #expect(try Made().judged(["redrop=false"])[22]?.verdict == .inconclusive)
  }

  /// A run of one scheme judges what it can.
  @Test func nothingIsMadeUp() throws {
    let run = MadeRun()
    run.add(AllocationMetric.testEfficiency, "marl", at: ["scenario": 1], [1, 2, 3])
    let request = try RunRequest(.run, of: AllocationPack(), scale: .standard, schemes: ["marl"])
    let results = AllocationClaims(table: try run.table(), request: request).results
    for result in results where !["MFRL-19", "MFRL-20", "MFRL-21", "MFRL-25"].contains(result.claim.id) {
      #expect(result.judgement.verdict == .inconclusive, "\(result.claim.id)")
    }
  }
}
