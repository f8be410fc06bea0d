import Testing

@testable import Scenarios

@Suite struct D2DTablesTests {
  private func tables(_ table: MetricTable = MetricTable(), _ settings: [String] = []) throws -> [String: ReportTable] {
    let request = try RunRequest(.reproduce, of: D2DPack(), scale: .standard, settings: settings)
    return Dictionary(uniqueKeysWithValues: try D2DPack().tables(from: table, request: request).map { ($0.name, $0) })
  }

  private func row(_ table: ReportTable?, _ pairs: Double, _ scheme: String) -> [ReportTable.Cell]? {
    table?.rows.first { $0[0] == .number(pairs) && $0[1] == .text(scheme) }
  }

  /// The parameters that an independent program counted for the paper's networks: actor 74,122; critic of MAAC 841,729 at N = 10 and 1,579,009 at
  /// N = 50, of NAAC 731,137. An actor multiplies 13 by 512, 512 by 128 and 128 by 10 numbers.
  @Test func complexityIsThatOfTheNetworks() throws {
    let cost = try tables()["complexity"]
    let products: Int = 13 * 512 + 512 * 128 + 128 * 10
    let decision = Double(2 * products)
    func number(_ pairs: Double, _ scheme: String, _ column: Int) throws -> Double {
      guard case .number(let value) = try #require(row(cost, pairs, scheme))[column] else { return .nan }
      return value
    }
    #expect(try number(10, "MAAC", 2) == 74_122 && number(10, "MAAC", 3) == 841_729 && number(10, "MAAC", 4) == decision)
    #expect(try number(50, "MAAC", 3) == 1_579_009)
    for pairs in [10.0, 20, 30, 40, 50] {
      #expect(try number(pairs, "NAAC", 2) == 74_122 && number(pairs, "NAAC", 3) == 731_137 && number(pairs, "NAAC", 4) == decision)
    }
    // Each of 32 rows passes all layers four times, but the first only three times.
    let rows = 32 * (4 * decision - Double(2 * 13 * 512))
    #expect(try number(10, "DQN", 5) == rows && number(10, "Q-learning", 2) == 270)
    #expect(cost?.rows.count == 30)
    // NAAC's update does not grow with the number of pairs, MAAC's does.
    #expect(try number(10, "NAAC", 5) == number(50, "NAAC", 5) && number(10, "MAAC", 5) < number(50, "MAAC", 5))
  }

  @Test func signallingIsCountedInBytes() throws {
    let overhead = try #require(try tables(MetricTable(), ["pairs=7"])["overhead"])
    let expected: [ReportTable.Cell] = [7, 112, 784, 296.488, .number(4 * 74_122 * 7 / 1000), 0]
    #expect(overhead.rows == [expected])
  }

  /// Drops differ more than schemes do: means are over the seeds that all schemes have.
  @Test func resultsAreOfCommonSeeds() throws {
    let run = D2DMadeRun()
    run.add("totalReward", "maac", 10, [80, 90, 200])
    run.add("totalReward", "sla", 10, [70, 80])
    run.add("cellularOutage", "sla", 10, [0.25, 0.75])
    let results = try #require(try tables(run.table())["results"])
    #expect(results.rows.count == 2)
    let (maac, sla): ([ReportTable.Cell], [ReportTable.Cell]) = ([10, "MAAC", 2, 85, .empty], [10, "SLA", 2, 75, 0.5])
    #expect(try Array(#require(row(results, 10, "MAAC")).prefix(5)) == maac)
    #expect(try Array(#require(row(results, 10, "SLA")).prefix(5)) == sla)
  }

  @Test func variantsStandBesideTheDefaults() throws {
    #expect(try tables()["variants"] == nil)
    let run = D2DMadeRun()
    run.add("totalReward", "maac", 10, [80, 90])
    run.add("totalReward", "sla", 10, [82, 96])
    #expect(try tables(run.table())["variants"] == nil)
    run.add("totalReward", "maac", at: D2DMadeRun.point("maac", 10, ("variant", 1)), [84, 95])
    let variants = try #require(try tables(run.table())["variants"])
    #expect(variants.rows.map { $0[0] } == [0, 1] && variants.rows[1][2] == "estimator=relaxed")
    #expect(variants.rows.map { $0[5] } == [85, 89.5])
    // A variant of the learner alone has the automaton of the defaults: differences 2 and -1.
    #expect(variants.rows[1][7] == 89)
    guard case .text(let difference) = variants.rows[1][9] else {
      Issue.record("the difference from SLA is no text")
      return
    }
    #expect(difference.hasPrefix("0.5 ["))
  }
}
