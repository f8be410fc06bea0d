@testable import Scenarios

/// A made-up run: numbers that nobody measured, so that a claim is known to hold or to fail.
struct MadeRun {
  private let log = MetricLog()

  /// One number a seed, from seed zero on.
  func add(_ metric: String, _ scheme: String, at point: SweepPoint, _ values: [Double], step: Int = 400) {
    for (seed, value) in values.enumerated() {
      log.begin(Job(scheme: scheme, seed: seed, point: point, estimatedSeconds: 1))
      do { try log.record(metric, value, step: step) } catch { preconditionFailure("\(error)") }
    }
  }

  /// The numbers of one seed in slots 1, 2, ...
  func addCurve(_ metric: String, _ scheme: String, at point: SweepPoint, seed: Int, _ values: [Double]) {
    log.begin(Job(scheme: scheme, seed: seed, point: point, estimatedSeconds: 1))
    for (index, value) in values.enumerated() {
      do { try log.record(metric, value, step: index + 1) } catch { preconditionFailure("\(error)") }
    }
  }

  func table() throws -> MetricTable { try log.table() }

  /// Its readings over a sweep of `users`; scheme `near` has a coordinate of its own.
  func readings() throws -> Readings {
    Readings(try table(), over: "users", symbol: "U") {
      $0.uppercased()
    } point: {
      MadeRun.point($0, $1)
    }
  }

  static func point(_ scheme: String, _ users: Int) -> SweepPoint {
    scheme == "near" ? ["users": Double(users), "reach": 3] : ["users": Double(users)]
  }
}
