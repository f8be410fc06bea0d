/// How much of the paper's effort a run spends. Never other physics.
public enum Scale: String, Sendable, CaseIterable {
  /// Under 20 seconds; makes no claim.
  case smoke
  /// Minutes on two cores; shows every figure.
  case quick
  /// Within an hour.
  case standard
  /// The paper's own sizes.
  case paper
}

/// What a user asked for, with everything left out filled in from the pack's defaults.
public struct RunRequest: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case run, reproduce, sweep
  }

  public var kind: Kind
  public var scale: Scale
  /// In the order of the pack's list.
  public var schemes: [String]
  /// Rising, without repeats.
  public var seeds: [Int]
  /// The figures to reproduce; empty for `run`.
  public var figures: [Int]
  public var parameters: ParameterSet
  /// What a sweep varies; nil for everything else.
  public var grid: SweepGrid?
  /// Algorithms in the place of the pack's schemes; empty for its schemes.
  public var algorithms: [String] = []

  public init(kind: Kind, scale: Scale, schemes: [String], seeds: [Int], figures: [Int], parameters: ParameterSet) {
    self.kind = kind
    self.scale = scale
    self.schemes = schemes
    self.seeds = seeds
    self.figures = figures
    self.parameters = parameters
  }

  /// A request for a pack, checked, with the pack's defaults for everything that is left out.
  ///
  /// - Parameters:
  ///   - kind: Whether it is `run`, `reproduce` or `sweep`.
  ///   - pack: Whose schemes, figures and parameters are asked for.
  ///   - scale: The effort, on which defaults depend.
  ///   - schemes: In any order; nil for the pack's defaults.
  ///   - seeds: In any order; nil for those of the scale.
  ///   - figures: In any order; nil for all if figures are reproduced, none otherwise.
  ///   - settings: `name=value` pairs as a user types them.
  ///   - grid: `name=v1,v2` of a sweep.
  /// - Throws: `UsageError` for an unknown scheme, figure or parameter, and for a value out of its range.
  public init(
    _ kind: Kind, of pack: some Pack, scale: Scale = .quick, schemes: [String]? = nil, seeds: [Int]? = nil, figures: [Int]? = nil,
    settings: [String] = [], grid: [String] = []
  ) throws(UsageError) {
    self.kind = kind
    self.scale = scale
    let knownFigures = pack.figures.map(\.number)
    for figure in figures ?? [] where !knownFigures.contains(figure) {
      throw .unknown("figure", "\(figure)", known: knownFigures.map { "\($0)" }, of: "pack '\(pack.name)'")
    }
    if let figures {
      self.figures = knownFigures.filter { figures.contains($0) }
    } else {
      self.figures = kind == .reproduce ? knownFigures : []
    }
    let known = pack.schemes.map(\.name)
    let wanted = schemes ?? pack.defaultSchemes(for: kind, figures: self.figures)
    for scheme in wanted where !known.contains(scheme) {
      throw .unknown("scheme", scheme, known: known, of: "pack '\(pack.name)'")
    }
    self.schemes = known.filter { wanted.contains($0) }
    self.seeds = Set(seeds ?? pack.defaultSeeds(at: scale)).sorted()
    parameters = ParameterSet(pack.parameters, scaleDefaults: pack.defaults(at: scale))
    for setting in settings { try parameters.set(setting) }
    guard kind == .sweep else { return }
    guard !grid.isEmpty else { throw UsageError("'sweep' needs --grid name=v1,v2,...") }
    self.grid = try SweepGrid(grid, of: pack.parameters)
    for axis in self.grid!.axes where parameters.origin(of: axis.name) == .user {
      throw UsageError("'\(axis.name)' is both swept and set; leave one of --grid and --set out")
    }
  }
}
