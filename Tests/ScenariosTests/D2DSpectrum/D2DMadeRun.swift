@testable import Scenarios

/// A made-up run of this pack.
struct D2DMadeRun {
  private let run = MadeRun()
  static let learners = ["maac", "naac", "ac", "dqn", "qlearning", "sla"]

  static func point(_ scheme: String, _ pairs: Int, _ last: (String, Double)? = nil, neighbours: Int = 3) -> SweepPoint {
    var coordinates: [(name: String, value: Double)] = [("pairs", Double(pairs))]
    if scheme == "naac" { coordinates.append(("neighbours", Double(neighbours))) }
    if let last { coordinates.append((last.0, last.1)) }
    return SweepPoint(coordinates)
  }

  /// One number a seed, from seed zero on.
  func add(_ metric: String, _ scheme: String, at point: SweepPoint, _ values: [Double], step: Int = 400) {
    run.add(metric, scheme, at: point, values, step: step)
  }

  func add(_ metric: String, _ scheme: String, _ pairs: Int, _ values: [Double]) {
    add(metric, scheme, at: D2DMadeRun.point(scheme, pairs), values)
  }

  /// The training reward of one seed, slot by slot.
  func addCurve(_ scheme: String, at point: SweepPoint, seed: Int, _ values: [Double]) {
    run.addCurve("trainingReward", scheme, at: point, seed: seed, values)
  }

  func table() throws -> MetricTable { try run.table() }

  /// The judgements by the number of their claim.
  func judged(_ settings: [String] = []) throws -> [Int: Judgement] {
    let request = try RunRequest(.reproduce, of: D2DPack(), scale: .quick, settings: settings)
    let results = D2DClaims(table: try table(), request: request).results
    return Dictionary(uniqueKeysWithValues: results.map { (Int($0.claim.id.dropFirst(4))!, $0.judgement) })
  }

  func verdict(_ claim: Int) throws -> Verdict? { try judged()[claim]?.verdict }
}
