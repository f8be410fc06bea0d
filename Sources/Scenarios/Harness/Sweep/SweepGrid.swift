/// The parameters that a sweep varies, each with its values: their combinations are runs side by side in one folder.
public struct SweepGrid: Sendable, Hashable {
  /// One parameter and its values as a user types them.
  public struct Axis: Sendable, Hashable {
    public let name: String
    public let values: [String]
    /// Where each value stands in points: numbers as they are, choices by their places in the parameter's list, flags as 0 and 1.
    public let places: [Double]
  }

  public let axes: [Axis]
  /// The most combinations of a grid.
  static let mostCombinations = 100_000

  /// - Parameters:
  ///   - texts: `name=v1,v2,...`
  ///   - descriptions: The parameters of the pack.
  /// - Throws: `UsageError` for an unknown parameter, a value that it does not take, a value or a parameter that is named twice.
  public init(_ texts: [String], of descriptions: [ParameterDescription]) throws(UsageError) {
    var axes: [Axis] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else { throw UsageError("--grid needs name=v1,v2,..., got '\(text)'") }
      let name = parts[0]
      guard !axes.contains(where: { $0.name == name }) else { throw UsageError("--grid names '\(name)' twice") }
      if descriptions.contains(where: { $0.name == name && $0.isFile }) {
        throw UsageError("--grid cannot vary '\(name)', which is a file: make a run for each, and compare them")
      }
      var values: [String] = []
      var places: [Double] = []
      for value in parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
        var set = ParameterSet(descriptions)
        try set.set(name, to: value)
        let place = SweepGrid.place(of: set[name], in: descriptions.first { $0.name == name }!)
        guard !places.contains(place) else { throw UsageError("--grid names the value \(value) of '\(name)' twice") }
        values.append(set[name].description)
        places.append(place)
      }
      axes.append(Axis(name: name, values: values, places: places))
    }
    let (combinations, isTooMany) = axes.reduce((1, false)) { product, axis in
      let (result, overflow) = product.0.multipliedReportingOverflow(by: axis.values.count)
      return (result, product.1 || overflow)
    }
    guard !isTooMany, combinations <= SweepGrid.mostCombinations else {
      throw UsageError("--grid makes more than \(SweepGrid.mostCombinations) combinations; sweep fewer values")
    }
    self.axes = axes
  }

  private static func place(of value: ParameterValue, in description: ParameterDescription) -> Double {
    switch value {
    case .number(let number): number
    case .integer(let integer): Double(integer)
    case .choice(let choice): Double(description.choices.firstIndex(of: choice)!)
    case .flag(let flag): flag ? 1 : 0
    }
  }

  /// As a user types it.
  var texts: [String] { axes.map { "\($0.name)=\($0.values.joined(separator: ","))" } }

  /// One combination of values.
  struct Combination {
    let settings: [String]
    let point: SweepPoint
  }

  /// All combinations, the last parameter varying first.
  var combinations: [Combination] {
    var result = [Combination(settings: [], point: [:])]
    for axis in axes {
      result = result.flatMap { before in
        axis.values.indices.map { index in
          Combination(
            settings: before.settings + ["\(axis.name)=\(axis.values[index])"],
            point: SweepPoint(before.point.coordinates.map { ($0.name, $0.value) } + [(axis.name, axis.places[index])]))
        }
      }
    }
    return result
  }
}

extension RunRequest {
  /// The jobs of a request: those of the pack, for a sweep once for each combination.
  ///
  /// Jobs keep the order of combinations. A coordinate that the pack itself gives its jobs stands in their points already and is not added.
  func plan(of pack: any Pack) throws -> Plan {
    guard let grid else { return try pack.plan(self) }
    var jobs: [Job] = []
    var first: Plan?
    for combination in grid.combinations {
      var request = self
      (request.kind, request.grid) = (.run, nil)
      for setting in combination.settings { try request.parameters.set(setting) }
      let plan = try pack.plan(request)
      first = first ?? plan
      jobs += plan.jobs.map { job in
        var job = job
        job.changes = combination.settings
        job.sweep = SweepPoint(combination.point.coordinates.filter { job.point[$0.name] == nil }.map { ($0.name, $0.value) })
        return job
      }
    }
    let summary = "\(grid.combinations.count) combinations of \(grid.axes.map(\.name).joined(separator: ", ")), each: \(first?.summary ?? "")"
    return Plan(summary: summary, jobs: jobs, parallelShare: first?.parallelShare ?? 0)
  }
}
