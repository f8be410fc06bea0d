import Foundation
import Tensor

/// One number for each seed, in the order of the seeds.
public struct SeedValues: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public let seeds: [Int]
  public let values: [Double]

  /// - Precondition: as many values as seeds, seeds rising.
  public init(seeds: [Int], values: [Double]) {
    precondition(seeds.count == values.count, "SeedValues: \(seeds.count) seeds but \(values.count) values")
    precondition(zip(seeds, seeds.dropFirst()).allSatisfy(<), "SeedValues: the seeds must rise")
    self.seeds = seeds
    self.values = values
  }

  public init(dictionaryLiteral elements: (Int, Double)...) {
    let sorted = elements.sorted { $0.0 < $1.0 }
    self.init(seeds: sorted.map(\.0), values: sorted.map(\.1))
  }

  public var count: Int { seeds.count }
  public var isEmpty: Bool { seeds.isEmpty }

  /// The value of a seed.
  public subscript(seed: Int) -> Double? { seeds.firstIndex(of: seed).map { values[$0] } }

  /// Each value changed by itself.
  public func map(_ transform: (Double) -> Double) -> SeedValues { SeedValues(seeds: seeds, values: values.map(transform)) }

  /// The values of some seeds alone.
  public func restricted(to seeds: [Int]) -> SeedValues {
    let kept = self.seeds.filter { seeds.contains($0) }
    return SeedValues(seeds: kept, values: kept.map { self[$0]! })
  }

  /// The values of two quantities joined seed by seed; seeds that only one of them has are left out.
  public func paired(with other: SeedValues, _ join: (Double, Double) -> Double) -> SeedValues {
    let common = seeds.filter { other[$0] != nil }
    return SeedValues(seeds: common, values: common.map { join(self[$0]!, other[$0]!) })
  }

  /// The seeds that all of several quantities have, rising.
  public static func commonSeeds(of values: [SeedValues]) -> [Int] {
    guard let first = values.first else { return [] }
    return first.seeds.filter { seed in values.allSatisfy { $0[seed] != nil } }
  }

  public static func - (first: SeedValues, second: SeedValues) -> SeedValues { first.paired(with: second) { $0 - $1 } }
}

/// What one seed measured over the steps of a job.
public struct MetricCurve: Sendable, Hashable {
  public let seed: Int
  /// Rising.
  public let steps: [Int]
  public let values: [Double]

  public init(seed: Int, steps: [Int], values: [Double]) {
    self.seed = seed
    self.steps = steps
    self.values = values
  }
}

/// The metrics of a run, for figures and claims. Of several lines that differ in their value alone the last counts.
public struct MetricTable: Sendable {
  private struct Key: Hashable {
    let scheme: String
    let point: SweepPoint
    let metric: String
  }

  /// Scheme names in the order of their first line.
  public private(set) var schemes: [String] = []
  /// All seeds, rising.
  public private(set) var seeds: [Int] = []
  /// The number of lines.
  public private(set) var count = 0
  private var pointsOfScheme: [String: [SweepPoint]] = [:]
  private var series: [Key: [Int: [(step: Int, value: Double)]]] = [:]

  /// An empty table.
  public init() {}

  /// Reads the file `metrics.jsonl` of a run.
  ///
  /// - Throws: `FileError` with the number of the first line that is not exactly what a log writes.
  public init(path: String) throws(FileError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "cannot be read")
    }
    try self.init(parsing: [UInt8](data), path: path)
  }

  init(parsing bytes: [UInt8], path: String) throws(FileError) {
    var begin = 0
    var number = 0
    while begin < bytes.count {
      number += 1
      guard let end = bytes[begin...].firstIndex(of: 0x0A) else { throw FileError(path: path, reason: "line \(number) is cut off") }
      do {
        try add(line: bytes[begin..<end])
      } catch let error as JSONError {
        throw FileError(path: path, reason: "line \(number) is no JSON: \(error)")
      } catch {
        throw FileError(path: path, reason: "line \(number) \(error)")
      }
      begin = end + 1
    }
    sort()
  }

  private mutating func add(line: ArraySlice<UInt8>) throws {
    let members = try JSON(parsing: line).members ?? []
    guard members.map(\.name) == ["scheme", "seed", "point", "step", "metric", "value"] else {
      throw RunError("does not hold scheme, seed, point, step, metric and value in this order")
    }
    guard let scheme = members[0].value.stringValue, let seed = members[1].value.intValue, let step = members[3].value.intValue,
      let metric = members[4].value.stringValue, let value = members[5].value.doubleValue, value.isFinite
    else { throw RunError("holds a value of a wrong kind") }
    var coordinates: [(name: String, value: Double)] = []
    for member in members[2].value.members ?? [] {
      guard let value = member.value.doubleValue else { throw RunError("holds a point whose '\(member.name)' is no number") }
      coordinates.append((member.name, value))
    }
    guard case .object = members[2].value else { throw RunError("holds a point that is no object") }
    let point = SweepPoint(coordinates)
    count += 1
    if pointsOfScheme[scheme] == nil { schemes.append(scheme) }
    if pointsOfScheme[scheme]?.contains(point) != true { pointsOfScheme[scheme, default: []].append(point) }
    series[Key(scheme: scheme, point: point, metric: metric), default: [:]][seed, default: []].append((step, value))
  }

  private mutating func sort() {
    var all: Set<Int> = []
    for key in series.keys {
      for seed in series[key]!.keys {
        all.insert(seed)
        let lines = series[key]![seed]!
        guard !zip(lines, lines.dropFirst()).allSatisfy({ $0.step < $1.step }) else { continue }
        let sorted = lines.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element)
        // Of several lines for the same step the last counts.
        series[key]![seed] = sorted.indices.filter { $0 + 1 == sorted.count || sorted[$0].step < sorted[$0 + 1].step }.map { sorted[$0] }
      }
    }
    seeds = all.sorted()
  }

  /// The points of a sweep at which a scheme measured anything, in the order of their coordinates.
  public func points(of scheme: String) -> [SweepPoint] {
    (pointsOfScheme[scheme] ?? []).sorted { first, second in
      for (a, b) in zip(first.coordinates, second.coordinates) where a != b { return (a.name, a.value) < (b.name, b.value) }
      return first.coordinates.count < second.coordinates.count
    }
  }

  /// The metrics that a scheme has anywhere, in the order of their names. O(all series of the table).
  public func metrics(of scheme: String) -> [String] { Set(series.keys.filter { $0.scheme == scheme }.map(\.metric)).sorted() }

  /// The number that each seed measured last (at the highest step) for a metric.
  public func values(_ metric: String, of scheme: String, at point: SweepPoint = [:]) -> SeedValues {
    let bySeed = series[Key(scheme: scheme, point: point, metric: metric)] ?? [:]
    let seeds = bySeed.keys.sorted()
    return SeedValues(seeds: seeds, values: seeds.map { bySeed[$0]!.last!.value })
  }

  /// What each seed measured over the steps, in the order of the seeds.
  public func curves(_ metric: String, of scheme: String, at point: SweepPoint = [:]) -> [MetricCurve] {
    let bySeed = series[Key(scheme: scheme, point: point, metric: metric)] ?? [:]
    return bySeed.keys.sorted().map { seed in
      MetricCurve(seed: seed, steps: bySeed[seed]!.map(\.step), values: bySeed[seed]!.map(\.value))
    }
  }
}
