import Tensor
import Testing

@testable import Scenarios

@Suite struct MulticellClaimsTests {
  /// A run of five seeds in which every claim of the paper holds; `change` spoils it.
  struct Made {
    /// Capacities over that of random allocation.
    var ratio = ["td3mix": 1.02, "sswf": 1.03, "random": 1, "flwf": 2.2, "flwf-carry": 2.3]
    var small = 2.7
    /// In the largest network by the number of channels.
    var large = [4: 4.2, 6: 4.0, 8: 3.6, 10: 3.3, 12: 3.0]
    /// Growth of a capacity with the SIR, a dB.
    var slope = ["td3mix": 0.05, "sswf": 0.05, "random": 0.05, "flwf": 0.05, "flwf-carry": 0.05, "td3mix+flwf": -0.01]
    var overlap = [0: 1.1, 3: 1.3]
    /// What the first slot lacks.
    var lack = [8: 0.5, 16: 0.3, 32: 0.2]
    var referenceLack = 0.0
    /// Iterations of the game's exponential.
    var pace = [0: 6.0, 3: 15]
    var ranks = (top: 95.0, small: 50.0)
    var deviation = 0.05
    var best = 1.02
    var drift = 0.0
    var influence = 0.0
    var bias = (twin: 0.1, single: 0.5)

    private func capacity(_ scheme: String, _ place: MulticellPlace) -> Double {
      let size = [8: 18.0, 16: 36, 32: 81][place.antennas]! * Double(place.frequencies) / 6
      let own = place.antennas == 32 ? large[place.frequencies]! : small
      return size * (ratio[scheme] ?? own * 1.02) * (1 + slope[scheme]! * place.sir)
    }

    func judged() throws -> [Int: Judgement] {
      let run = MadeRun()
      var places: [MulticellPlace] = []
      for figure in 5...9 { for place in MulticellPlan.places(of: figure, at: .standard) where !places.contains(place) { places.append(place) } }
      let seeds = [1.0, 1.01, 0.98, 1.015, 0.995]
      for place in places {
        for scheme in slope.keys.sorted() {
          let capacity = capacity(scheme, place)
          run.add(MulticellMetric.capacity, scheme, at: place.point, seeds.map { $0 * capacity })
          let lacks = scheme == "td3mix+flwf" ? lack[place.antennas]! : referenceLack
          for (seed, factor) in seeds.enumerated() {
            run.addCurve(MulticellMetric.slot, scheme, at: place.point, seed: seed, (1...20).map { factor * capacity * (1 - lacks / Double($0)) })
          }
        }
        run.add(MulticellMetric.overlap, "td3mix+flwf", at: place.point, seeds.map { $0 * (overlap[Int(place.sir)] ?? 1.3) })
        run.add(MulticellMetric.foreignInfluence, "td3mix+flwf", at: place.point, seeds.map { _ in influence })
      }
      for place in MulticellPlan.places(of: 9, at: .standard) {
        for scheme in ["td3mix+flwf", "flwf"] {
          for (seed, factor) in seeds.enumerated() {
            let pace = pace[Int(place.sir)]!
            run.addCurve(
              MulticellMetric.iteration, scheme, at: place.point, seed: seed, (1...100).map { factor * (1 - Math.exp(-Double($0) / pace)) })
          }
        }
        for step in [10, 100] { run.add(MulticellMetric.iterationDeviation, "flwf", at: place.point, seeds.map { deviation * $0 }, step: step) }
        for step in [20, 100] {
          let rank = place.antennas == 8 && place.sir == 3 ? ranks.small : ranks.top
          run.add(MulticellMetric.percentile, "td3mix+flwf", at: place.point, seeds.map { _ in rank }, step: step)
        }
        for scheme in ["td3mix", "sswf", "random"] {
          for step in [0, 100] {
            run.add(MulticellMetric.iteration, scheme, at: place.point, seeds.map { $0 + drift * Double(step) }, step: step)
          }
        }
        run.add(MulticellMetric.iterationBest, "random", at: place.point, seeds.map { best * $0 }, step: 0)
      }
      let usual = MulticellPlan.places(of: 8, at: .standard)[0].point
      run.add(MulticellMetric.valueBias, "td3mix+flwf", at: usual, seeds.map { $0 * bias.twin })
      run.add(MulticellMetric.valueBias, "td3mix+flwf", at: ["variant": 1], seeds.map { $0 * bias.single })
      run.add(MulticellMetric.capacity, "td3mix+flwf", at: ["variant": 1], seeds.map { 40 * $0 })
      let request = try RunRequest(.reproduce, of: MulticellPack(), scale: .standard)
      let results = MulticellClaims(table: try run.table(), request: request).results
      return Dictionary(uniqueKeysWithValues: results.map { (Int($0.claim.id.dropFirst(5))!, $0.judgement) })
    }
  }

  @Test func everyClaimCanHold() throws {
    let judged = try Made().judged()
    for claim in 1...25 {
      let judgement = judged[claim]
      #expect(judgement?.verdict == .holds, "claim \(claim): \(judgement?.statistic.map { "\($0)" } ?? "none") \(judgement?.note ?? "")")
    }
  }

  /// One number of the run changed.
  struct Spoiled: Sendable, CustomTestStringConvertible {
    let claim: Int
    let change: @Sendable (inout Made) -> Void
    var testDescription: String { "claim \(claim)" }

    init(_ claim: Int, _ change: @escaping @Sendable (inout Made) -> Void) { (self.claim, self.change) = (claim, change) }
  }

  @Test(arguments: [
    Spoiled(1) { $0.ratio["td3mix"] = 1.2 }, Spoiled(2) { $0.ratio["sswf"] = 1.1 }, Spoiled(2) { $0.ratio["td3mix"] = 0.9 },
    Spoiled(3) { $0.ratio["flwf"] = 1.5 }, Spoiled(4) { $0.ratio["flwf"] = 3.5 }, Spoiled(5) { $0.small = 2 }, Spoiled(6) { $0.large[6] = 6 },
    Spoiled(7) { $0.large[12] = 6 }, Spoiled(7) { $0.large[6] = 2.9 }, Spoiled(8) { $0.small = 1.5 }, Spoiled(9) { $0.small = 5 },
    Spoiled(10) { $0.deviation = 0.01 }, Spoiled(11) { $0.slope["td3mix+flwf"] = 0.01 }, Spoiled(11) { $0.slope["flwf"] = -0.01 },
    Spoiled(12) { $0.slope["td3mix+flwf"] = 0.1 }, Spoiled(13) { $0.overlap[3] = 1.1 }, Spoiled(14) { $0.referenceLack = 0.1 },
    Spoiled(15) { $0.lack[32] = -0.1 }, Spoiled(16) { $0.lack[32] = 0.7 }, Spoiled(17) { $0.pace[0] = 12 }, Spoiled(18) { $0.pace[3] = 5 },
    Spoiled(19) { $0.ranks.top = 80 }, Spoiled(20) { $0.ranks.small = 90 }, Spoiled(21) { $0.best = 1.2 }, Spoiled(22) { $0.drift = 1e-3 },
    Spoiled(23) { $0.ratio["flwf"] = 3.9 }, Spoiled(24) { $0.influence = 1 }, Spoiled(25) { $0.bias.single = 0.05 },
  ])
  func everyClaimCanFail(spoiled: Spoiled) throws {
    var made = Made()
    spoiled.change(&made)
    #expect(try made.judged()[spoiled.claim]?.verdict == .fails)
  }

  @Test func nothingMeasuredIsNothingJudged() throws {
    let request = try RunRequest(.reproduce, of: MulticellPack(), scale: .standard)
    #expect(MulticellClaims(table: MetricTable(), request: request).results.isEmpty)
  }
}
