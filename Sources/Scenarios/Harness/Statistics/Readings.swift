/// What a claim compares: one number for each seed, and the words for it.
public struct Reading: Sendable, Hashable {
  /// Of what it is, in words; mostly a scheme.
  public let name: String
  /// Where in the sweep it was measured, in words: `N = 10`.
  public let place: String
  public let values: SeedValues

  public init(name: String, place: String, values: SeedValues) {
    self.name = name
    self.place = place
    self.values = values
  }
}

/// What the claims of a paper read out of a run's metrics where its schemes are swept over a whole number.
///
/// A pack says once what is swept, what its schemes are called and at which point each scheme has its job of the sweep; jobs at other points
/// (variants, other parameters) are then no part of it. What was not measured reads as no seed.
public struct Readings: Sendable {
  public let table: MetricTable
  /// The coordinate that is swept, a word in the plural: `pairs`.
  public let coordinate: String
  /// Its symbol in the words of places and statistics: `N`.
  public let symbol: String
  private let schemeName: @Sendable (String) -> String
  private let schemePoint: @Sendable (String, Int) -> SweepPoint

  /// - Parameters:
  ///   - table: The metrics of a run.
  ///   - coordinate: What is swept, a word in the plural: `pairs`.
  ///   - symbol: Its symbol in the words of places and statistics: `N`.
  ///   - name: A scheme in words.
  ///   - point: Where a scheme's job stands at a number of the sweep.
  public init(
    _ table: MetricTable, over coordinate: String, symbol: String, name: @escaping @Sendable (String) -> String,
    point: @escaping @Sendable (String, Int) -> SweepPoint
  ) {
    self.table = table
    self.coordinate = coordinate
    self.symbol = symbol
    schemeName = name
    schemePoint = point
  }

  /// A scheme in words.
  public func name(_ scheme: String) -> String { schemeName(scheme) }

  /// The place of a scheme's job at a number of the sweep.
  ///
  /// - Parameters:
  ///   - scheme: By its name in the table.
  ///   - number: A value of the coordinate that is swept.
  ///   - more: Coordinates behind those of the sweep, which tell special jobs apart.
  public func point(_ scheme: String, at number: Int, and more: SweepPoint = [:]) -> SweepPoint {
    SweepPoint((schemePoint(scheme, number).coordinates + more.coordinates).map { ($0.name, $0.value) })
  }

  /// Numbers of the sweep in words: `N = 10, 20`.
  public func place(_ numbers: [Int]) -> String { "\(symbol) = " + numbers.map { "\($0)" }.joined(separator: ", ") }

  /// The same for a mean over them, which of one number is none: `mean over N = 10, 20`.
  public func meanPlace(_ numbers: [Int]) -> String { (numbers.count == 1 ? "" : "mean over ") + place(numbers) }

  // MARK: What is there

  /// The numbers of the sweep at which all of `schemes` measured a metric, rising.
  public func numbers(_ metric: String, of schemes: [String]) -> [Int] {
    guard let first = schemes.first else { return [] }
    let candidates = table.points(of: first).compactMap { $0[coordinate].flatMap { Int(exactly: $0) } }
    return Set(candidates).sorted().filter { number in
      schemes.allSatisfy { !table.values(metric, of: $0, at: point($0, at: number)).isEmpty }
    }
  }

  /// Those of `schemes` that measured a metric at `count` numbers of the sweep or more.
  public func present(_ metric: String, of schemes: [String], atLeast count: Int = 1) -> [String] {
    schemes.filter { numbers(metric, of: [$0]).count >= count }
  }

  // MARK: Numbers

  /// What a scheme measured last at a number of the sweep.
  public func reading(_ metric: String, of scheme: String, at number: Int, and more: SweepPoint = [:]) -> Reading {
    Reading(name: name(scheme), place: place([number]), values: table.values(metric, of: scheme, at: point(scheme, at: number, and: more)))
  }

  /// What a scheme measured first: at the lowest step.
  public func firstReading(_ metric: String, of scheme: String, at number: Int, and more: SweepPoint = [:]) -> Reading {
    let curves = table.curves(metric, of: scheme, at: point(scheme, at: number, and: more)).filter { !$0.values.isEmpty }
    return Reading(name: name(scheme), place: place([number]), values: SeedValues(seeds: curves.map(\.seed), values: curves.map { $0.values[0] }))
  }

  /// One number made of those at all of `numbers`, for each seed that has all of them.
  ///
  /// - Parameters:
  ///   - metric: By its name in the table.
  ///   - scheme: By its name in the table.
  ///   - numbers: Values of the coordinate that is swept.
  ///   - join: Of one value for each of `numbers`, in their order.
  public func reading(_ metric: String, of scheme: String, over numbers: [Int], _ join: ([Double]) -> Double) -> Reading {
    let parts = numbers.map { reading(metric, of: scheme, at: $0).values }
    return Reading(name: name(scheme), place: place(numbers), values: parts.isEmpty ? [:] : SeedValues.joined(parts, join))
  }

  /// The mean over `numbers`, for each seed that has all of them.
  public func mean(_ metric: String, of scheme: String, over numbers: [Int]) -> Reading {
    let mean = reading(metric, of: scheme, over: numbers, Statistics.mean)
    return Reading(name: mean.name, place: meanPlace(numbers), values: mean.values)
  }

  /// The mean over the sweep for each of `schemes`, at the numbers that all of those measured who measured any.
  public func means(_ metric: String, of schemes: [String]) -> (numbers: [Int], means: [Reading]) {
    let numbers = numbers(metric, of: present(metric, of: schemes))
    return (numbers, schemes.map { mean(metric, of: $0, over: numbers) })
  }

  // MARK: Learning curves

  /// What a scheme's agents gain over `reference` in the same slots at a number of the sweep.
  public func gains(
    _ metric: String, of scheme: String, over reference: String, at number: Int, and more: SweepPoint = [:]
  ) -> [LearningCurve] {
    LearningCurve.gains(
      of: table.curves(metric, of: scheme, at: point(scheme, at: number, and: more)),
      over: table.curves(metric, of: reference, at: point(reference, at: number)))
  }
}
