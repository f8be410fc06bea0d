import Tensor

/// Log-normal shadowing of moving links: correlated along the way, independent between links.
///
/// S' = R S + √(1 − R²) σ w with R = exp(−Δ / d_corr) and w ~ N(0, 1) (Gudmundson, "Correlation model for shadow fading in mobile radio systems",
/// Electronics Letters 27, 1991; the autocorrelation of 3GPP TR 38.901, 7.4.4). The law does not depend on how a way is cut into steps: its
/// deviation stays σ, and after the way x the correlation is exp(−x / d_corr). Over Δ = 0 a link keeps its value to the bit. A link that
/// changes its condition (line of sight or not) gets a new value, independent of the old one, by the deviation of the new condition.
///
/// What link j of copy e receives depends on (seed, purpose, index + e), the step and j alone. A step allocates nothing.
public struct CorrelatedShadowing: Archivable, Sendable {
  /// The law under one propagation condition.
  public struct Condition: Hashable, Sendable {
    /// The standard deviation σ.
    public var deviation: Decibels
    /// The way d_corr over which the correlation falls to 1/e.
    public var correlationDistance: Meters

    public init(deviation: Decibels, correlationDistance: Meters) {
      precondition(
        deviation.value >= 0 && deviation.value.isFinite && correlationDistance.value > 0,
        "CorrelatedShadowing.Condition: a deviation of \(deviation.value) dB over \(correlationDistance.value) m")
      self.deviation = deviation
      self.correlationDistance = correlationDistance
    }
  }

  /// The conditions that links may be in; a link names its own by its place here.
  public let conditions: [Condition]
  public let copies: Int
  public let links: Int
  /// The present shadowing in decibels, positive or negative, of mean zero. `[E, links]`
  public private(set) var values: [Float]
  private var states: [Int32]
  private var deviations: [Float]
  private var rates: [Float]
  private var exponents: [Float]
  private var noise: [Float]

  /// - Parameters:
  ///   - conditions: For instance line of sight, no line of sight.
  ///   - copies: Copies of an environment, E.
  ///   - links: Links of each copy.
  public init(conditions: [Condition], copies: Int = 1, links: Int) {
    precondition(!conditions.isEmpty && copies >= 0 && links >= 0, "CorrelatedShadowing: \(conditions.count) conditions, [\(copies), \(links)]")
    self.conditions = conditions
    self.copies = copies
    self.links = links
    values = Array(repeating: 0, count: copies * links)
    states = Array(repeating: -1, count: values.count)
    deviations = values
    rates = values
    exponents = values
    noise = values
  }

  /// Draws all values anew: a new drop.
  ///
  /// - Parameters:
  ///   - states: The condition of each link, a place in ``conditions``. `[E, links]`
  ///   - stream: Purpose shadowing; copy e takes its index plus e.
  ///   - step: Which numbers of the stream.
  public mutating func start(states: [Int32], stream: RandomStream, step: Int = 0) {
    for i in self.states.indices { self.states[i] = -1 }
    check(states.count, states.count, "start")
    for i in exponents.indices { exponents[i] = 0 }
    move(states, stream, step)
  }

  /// Moves every link on.
  ///
  /// - Parameters:
  ///   - meters: The way Δ ≥ 0 of each link since the last step; of a link whose ends both move, the sum of both ways. `[E, links]`
  ///   - states: The condition of each link now. `[E, links]`
  ///   - stream: As for ``start(states:stream:step:)``.
  ///   - step: Another one at every call.
  /// - Complexity: O(E · links)
  public mutating func advance(meters: [Float], states: [Int32], stream: RandomStream, step: Int) {
    check(meters.count, states.count, "advance")
    for i in exponents.indices {
      precondition(meters[i] >= 0, "CorrelatedShadowing.advance: link \(i) moved by \(meters[i]) m")
      exponents[i] = -meters[i] * rates[i]
    }
    move(states, stream, step)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("values", &values)
    try archive.array("states", &states)
    guard archive.isReading else { return }
    for i in states.indices {
      guard -1..<conditions.count ~= Int(states[i]) else {
        throw archive.failure("link \(i) is in condition \(states[i]) of \(conditions.count)")
      }
      if states[i] >= 0 { enter(i, states[i]) }
    }
  }

  private func check(_ meters: Int, _ states: Int, _ function: StaticString) {
    precondition(
      meters == values.count && states == values.count,
      "CorrelatedShadowing.\(function): \(meters) ways and \(states) conditions for [\(copies), \(links)]")
  }

  private mutating func enter(_ link: Int, _ state: Int32) {
    let condition = conditions[Int(state)]
    deviations[link] = Float(condition.deviation.value)
    rates[link] = Float(1 / condition.correlationDistance.value)
  }

  private mutating func move(_ states: [Int32], _ stream: RandomStream, _ step: Int) {
    for i in states.indices where states[i] != self.states[i] {
      let state = states[i]
      precondition(0..<conditions.count ~= Int(state), "CorrelatedShadowing: link \(i) in condition \(state) of \(conditions.count)")
      self.states[i] = state
      enter(i, state)
      // As after an endless way from zero: nothing of the old value stays.
      exponents[i] = -.infinity
      values[i] = 0
    }
    CorrelatedShadowing.step(&values, &exponents, deviations, &noise, copies, stream, step)
  }

  private static func step(
    _ values: inout [Float], _ exponents: inout [Float], _ deviations: [Float], _ noise: inout [Float], _ copies: Int, _ stream: RandomStream,
    _ step: Int
  ) {
    if copies == 0 { return }
    let links = values.count / copies
    var w = noise.mutableSpan
    for copy in 0..<copies {
      var part = w._mutatingExtracting(copy * links..<(copy + 1) * links)
      stream.copy(copy).fill(&part, with: .normal, step: step)
    }
    // With e = R − 1 neither S' − S = e S + … nor 1 − R² = −e (2 + e) loses digits where a step is short.
    var e = exponents.mutableSpan
    VectorMath.apply(.expMinusOne, to: &e)
    var s = values.mutableSpan
    let sigma = deviations.span
    for i in s.indices { s[i] = s[i] + (e[i] * s[i] + (-e[i] * (2 + e[i])).squareRoot() * sigma[i] * w[i]) }
  }
}
