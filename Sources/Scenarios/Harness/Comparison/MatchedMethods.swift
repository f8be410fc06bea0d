/// Schemes of several runs of a pack as methods that have the same tasks.
///
/// A method is a scheme of one of the runs, a task a point of their sweep. Only tasks that every method has count.
struct MatchedMethods {
  typealias Member = (run: RunScores.Run, scheme: String)

  let members: [Member]
  /// Of the methods: their schemes where these tell them apart.
  let names: [String]
  let tasks: [SweepPoint]
  /// Where a method has a task in its own run. `[methods][tasks]`
  let points: [[SweepPoint]]
  /// By which coordinates points were matched, nil for all.
  let coordinates: [String]?
  /// The number of points of the method that has the most.
  let most: Int

  /// The schemes that the runs have measured.
  ///
  /// - Parameter schemes: Nil for all.
  /// - Throws: `UsageError` where there is none.
  static func members(of runs: [RunScores.Run], schemes: [String]?) throws(UsageError) -> [Member] {
    let measured = Set(runs.flatMap(\.table.schemes))
    if let missing = schemes?.first(where: { !measured.contains($0) }) {
      throw UsageError.unknown("scheme", missing, known: measured.sorted(), of: "runs")
    }
    let members = runs.flatMap { run in run.table.schemes.filter { schemes?.contains($0) ?? true }.map { (run: run, scheme: $0) } }
    guard !members.isEmpty else { throw UsageError("the runs have measured nothing yet") }
    return members
  }

  /// - Parameter metrics: What every method must have measured in a task.
  /// - Throws: `UsageError` where the methods have no task in common.
  init(_ members: [Member], having metrics: [String]) throws(UsageError) {
    let places = members.map { member in
      member.run.table.points(of: member.scheme).filter { point in
        metrics.allSatisfy { !member.run.table.values($0, of: member.scheme, at: point).isEmpty }
      }
    }
    names = MatchedMethods.names(members.map { ($0.run.name, $0.scheme) })
    guard let (tasks, points, coordinates) = MatchedMethods.match(places) else {
      let together = MatchedMethods.largestGroup(places)
      let example = together.count > 1 ? ", as --scheme \(together.map { members[$0].scheme }.joined(separator: ","))" : ""
      let wanted = metrics.isEmpty ? "results" : metrics.map { "'\($0)'" }.joined(separator: " and ")
      throw UsageError("no point of the sweep has \(wanted) of all of \(names.joined(separator: ", ")); name fewer with --scheme\(example)")
    }
    (self.members, self.tasks, self.points, self.coordinates) = (members, tasks, points, coordinates)
    most = places.map(\.count).max()!
  }

  /// The tasks that all methods have, with the point of each method for each of them.
  ///
  /// Points that are equal are the same task. Where there are none, only coordinates count that all methods have, and then only those of them that take
  /// several values within a method: what is constant there belongs to the method.
  ///
  /// - Parameter places: The points of each method.
  /// - Returns: Also the names of the coordinates that count, nil for all; nil where there is no common task.
  static func match(_ places: [[SweepPoint]]) -> (tasks: [SweepPoint], points: [[SweepPoint]], names: [String]?)? {
    func names(_ points: [SweepPoint]) -> [String] { points.first?.coordinates.map(\.name) ?? [] }
    let shared = names(places[0]).filter { name in places.allSatisfy { $0.allSatisfy { $0[name] != nil } } }
    let varying = shared.filter { name in places.contains { points in Set(points.map { $0[name]! }).count > 1 } }
    for counted in [nil, shared, varying] {
      let keys = places.map { points in
        points.map { point in
          counted.map { names in SweepPoint(names.map { ($0, point[$0]!) }) } ?? point
        }
      }
      guard keys.allSatisfy({ Set($0).count == $0.count }) else { continue }
      let tasks = keys[0].filter { key in keys.allSatisfy { $0.contains(key) } }
      guard !tasks.isEmpty else { continue }
      let points = zip(places, keys).map { points, keys in tasks.map { points[keys.firstIndex(of: $0)!] } }
      return (tasks, points, counted)
    }
    return nil
  }

  /// Of the methods that have common tasks with each first one, taken in their order, the most.
  private static func largestGroup(_ places: [[SweepPoint]]) -> [Int] {
    var largest: [Int] = []
    for first in places.indices {
      let group = places.indices.reduce(into: [first]) { chosen, next in
        if next != first && match((chosen + [next]).map { places[$0] }) != nil { chosen.append(next) }
      }
      if group.count > largest.count { largest = group }
    }
    return largest.sorted()
  }

  /// Schemes by their own names where these tell them apart, else behind the names of their runs, with a number where these are the same.
  private static func names(_ members: [(run: String, scheme: String)]) -> [String] {
    let schemes = members.map(\.scheme)
    if Set(schemes).count == schemes.count { return schemes }
    var seen: [String: Int] = [:]
    return members.map { run, scheme in
      let name = "\(run)/\(scheme)"
      seen[name, default: 0] += 1
      return seen[name]! == 1 ? name : "\(name) (\(seen[name]!))"
    }
  }
}
