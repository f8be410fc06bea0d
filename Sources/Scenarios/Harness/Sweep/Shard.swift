/// A part of a run's jobs, to be run by itself, on another machine perhaps: part `index` of `count`.
///
/// Parts are stretches of the plan of about the same estimated time, so that their metrics, one behind the other, are those of the whole.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
  /// From 1 on.
  public let index: Int
  public let count: Int

  /// Reads `i/n`; nil for anything else and for i outside 1...n.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0, (1...count).contains(index) else { return nil }
    (self.index, self.count) = (index, count)
  }

  public var description: String { "\(index)/\(count)" }

  /// The jobs of this part. A job belongs to the part into which the middle of its estimated time falls.
  func part(of plan: Plan) -> Plan {
    let total = plan.jobs.reduce(0) { $0 + $1.estimatedSeconds }
    var part = plan
    part.jobs = []
    var before = 0.0
    for (place, job) in plan.jobs.enumerated() {
      // Jobs of no estimate count alike.
      let middle = total > 0 ? (before + job.estimatedSeconds / 2) / total : (Double(place) + 0.5) / Double(plan.jobs.count)
      before += job.estimatedSeconds
      if min(count, Int(middle * Double(count)) + 1) == index { part.jobs.append(job) }
    }
    part.summary = "Part \(self) of: \(plan.summary)"
    return part
  }
}
