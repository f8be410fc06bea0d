import Tensor

/// The probability of line of sight as a function of horizontal distance (3GPP TR 38.901, Table 7.4.2-1), for users outdoors or in the office.
public struct LineOfSightLaw: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case street(decay: Double, heightFactor: Double)
    case steps(certain: Double, first: Double, edge: Double, firstOwnsEdge: Bool, weight: Double, second: Double)
  }

  let form: Form

  /// Along streets: 1 up to 18 m, then [18/d + e^(−d/decay) (1 − 18/d)] [1 + C' 5/4 (d/100)³ e^(−d/150)], at most 1.
  public static func street(decay: Meters, heightFactor: Double = 0) -> LineOfSightLaw {
    precondition(decay.value > 0 && heightFactor >= 0, "LineOfSightLaw.street: decay \(decay.value) m, height factor \(heightFactor)")
    return LineOfSightLaw(form: .street(decay: decay.value, heightFactor: heightFactor))
  }

  /// By steps: 1 up to `certain`, e^(−(d − certain)/first) up to `edge`, then weight · e^(−(d − edge)/second).
  ///
  /// - Parameters:
  ///   - certain: Up to this horizontal distance d line of sight is certain.
  ///   - first: The distance over which the first exponential falls to 1/e.
  ///   - edge: Where the second exponential begins, not below `certain`.
  ///   - firstOwnsEdge: Whether the distance `edge` itself belongs to the first exponential.
  ///   - weight: The probability with which it begins, in 0...1.
  ///   - second: The distance over which it falls to 1/e.
  public static func steps(
    certain: Meters, first: Meters, edge: Meters = Meters(1e30), firstOwnsEdge: Bool = true, weight: Double = 0, second: Meters = Meters(1)
  ) -> LineOfSightLaw {
    precondition(
      certain.value >= 0 && first.value > 0 && edge >= certain && second.value > 0 && weight >= 0 && weight <= 1,
      "LineOfSightLaw.steps: \(certain.value) m, \(first.value) m, \(edge.value) m, \(weight), \(second.value) m")
    return LineOfSightLaw(
      form: .steps(
        certain: certain.value, first: first.value, edge: edge.value, firstOwnsEdge: firstOwnsEdge, weight: weight, second: second.value))
  }

  /// The probability at a horizontal distance.
  ///
  /// The product for high users exceeds one just above 18 m (by 0.6 % at 23 m); it counts as one.
  /// - Precondition: The distance is finite and not negative.
  public func probability(at horizontalDistance: Meters) -> Double {
    let d = horizontalDistance.value
    precondition(d >= 0 && d.isFinite, "LineOfSightLaw: the horizontal distance must be finite and not negative, got \(d) m")
    switch form {
    case .street(let decay, let heightFactor):
      if d <= 18 { return 1 }
      let street = 18 / d + Math.exp(-d / decay) * (1 - 18 / d)
      let hundreds = d / 100
      return min(street * (1 + heightFactor * 1.25 * hundreds * hundreds * hundreds * Math.exp(-d / 150)), 1)
    case .steps(let certain, let first, let edge, let firstOwnsEdge, let weight, let second):
      if d <= certain { return 1 }
      return d < edge || firstOwnsEdge && d == edge ? Math.exp(-(d - certain) / first) : weight * Math.exp(-(d - edge) / second)
    }
  }

  /// The probabilities at many horizontal distances in single precision, within 2 · 10⁻⁶ of ``probability(at:)``. Allocates nothing.
  ///
  /// - Parameters:
  ///   - horizontalDistances: In metres. `[links]`
  ///   - probabilities: `[links]`
  /// - Precondition: Equal counts; every distance finite and not negative.
  /// - Complexity: O(links)
  public func probabilities(horizontalDistances: Span<Float>, into probabilities: inout MutableSpan<Float>) {
    switch form {
    case .street(let decay, let heightFactor):
      street(horizontalDistances, decay: Float(decay), heightFactor: Float(heightFactor), into: &probabilities)
    case .steps(let certain, let first, let edge, let firstOwnsEdge, let weight, let second):
      let last = SingleLines.atMost(edge)
      steps(
        horizontalDistances, certain: Float(certain), first: Float(first), edge: Float(edge), last: firstOwnsEdge ? last : last.nextDown,
        weight: Float(weight), second: Float(second), into: &probabilities)
    }
  }

  /// The same for users of different heights: `heightFactors` are C'(h_UT), see ``UrbanMacro/heightFactor(userHeight:)``. `[links]`
  ///
  /// - Precondition: The law is that of ``UrbanMacro``; equal counts; every distance finite and not negative.
  public func probabilities(
    horizontalDistances: Span<Float>, heightFactors: Span<Float>, into probabilities: inout MutableSpan<Float>
  ) {
    guard case .street(let decay, _) = form else {
      preconditionFailure("LineOfSightLaw.probabilities: this law does not depend on the user's height")
    }
    precondition(
      heightFactors.count == probabilities.count,
      "LineOfSightLaw.probabilities: \(heightFactors.count) height factors, \(probabilities.count) probabilities")
    street(horizontalDistances, decay: Float(decay), heightFactor: 0, into: &probabilities)
    raise(horizontalDistances, into: &probabilities) { heightFactors[$0] }
  }

  private func street(_ distances: Span<Float>, decay: Float, heightFactor: Float, into probabilities: inout MutableSpan<Float>) {
    require(distances, probabilities.count)
    for i in 0..<probabilities.count { probabilities[i] = -distances[i] / decay }
    VectorMath.apply(.exp, to: &probabilities)
    for i in 0..<probabilities.count {
      let d = distances[i]
      let share = 18 / d
      let value = share + probabilities[i] * (1 - share)
      probabilities[i] = d <= 18 ? 1 : value
    }
    if heightFactor != 0 { raise(distances, into: &probabilities) { _ in heightFactor } }
  }

  /// p ← min(p (1 + C' 5/4 (d/100)³ e^(−d/150)), 1), a block of links at a time.
  @inline(__always)
  private func raise(_ distances: Span<Float>, into probabilities: inout MutableSpan<Float>, factor: (Int) -> Float) {
    var block = InlineArray<64, Float>(repeating: 0)
    let count = probabilities.count
    var start = 0
    while start < count {
      let length = min(64, count - start)
      for j in 0..<length { block[j] = -distances[start + j] / 150 }
      var exponentials = block.mutableSpan
      VectorMath.apply(.exp, to: &exponentials)
      for j in 0..<length {
        let hundreds = distances[start + j] / 100
        let raised = probabilities[start + j] * (1 + factor(start + j) * 1.25 * hundreds * hundreds * hundreds * exponentials[j])
        probabilities[start + j] = raised < 1 ? raised : 1
      }
      start += 64
    }
  }

  private func steps(
    _ distances: Span<Float>, certain: Float, first: Float, edge: Float, last: Float, weight: Float, second: Float,
    into probabilities: inout MutableSpan<Float>
  ) {
    require(distances, probabilities.count)
    for i in 0..<probabilities.count {
      let d = distances[i]
      probabilities[i] = d <= last ? -(d - certain) / first : -(d - edge) / second
    }
    VectorMath.apply(.exp, to: &probabilities)
    for i in 0..<probabilities.count {
      let d = distances[i]
      let value = d <= last ? probabilities[i] : weight * probabilities[i]
      probabilities[i] = d <= certain ? 1 : value
    }
  }

  private func require(_ distances: Span<Float>, _ count: Int) {
    precondition(distances.count == count, "LineOfSightLaw.probabilities: \(distances.count) distances, \(count) probabilities")
    var refused: Int32 = 0
    for i in 0..<count { refused &+= distances[i] >= 0 && distances[i] < .infinity ? 0 : 1 }
    precondition(refused == 0, "LineOfSightLaw.probabilities: \(refused) distances are negative or not finite")
  }
}

extension LineOfSight {
  /// A state for each link: with line of sight where the uniform number is below the probability. Allocates nothing.
  ///
  /// - Parameters:
  ///   - probabilities: Of line of sight. `[links]`
  ///   - uniforms: Independent and uniform on (0, 1). `[links]`
  ///   - states: `[links]`
  public static func choose(
    probabilities: Span<Float>, uniforms: Span<Float>, into states: inout MutableSpan<LineOfSight>
  ) {
    let count = states.count
    precondition(
      probabilities.count == count && uniforms.count == count,
      "LineOfSight.choose: \(probabilities.count) probabilities, \(uniforms.count) uniform numbers, \(count) states")
    for i in 0..<count { states[i] = uniforms[i] < probabilities[i] ? .los : .nlos }
  }

  /// Draws the states of a drop. To be kept as long as the positions are: drawn again at every step, the loss of a standing user would flicker.
  ///
  /// Link i takes number i of the stream's step, so that a copy's states depend on its own stream alone. Allocates nothing.
  ///
  /// - Parameters:
  ///   - probabilities: Of line of sight. `[links]`
  ///   - stream: Of the purpose `RandomPurpose.lineOfSight`; its index is the copy.
  ///   - step: Which drop.
  ///   - scratch: Receives the uniform numbers. `[links]`
  ///   - states: `[links]`
  public static func draw(
    probabilities: Span<Float>, stream: RandomStream, step: Int = 0, scratch: inout MutableSpan<Float>,
    into states: inout MutableSpan<LineOfSight>
  ) {
    precondition(stream.purpose == .lineOfSight, "LineOfSight.draw: the stream is of purpose \(stream.purpose.rawValue), not lineOfSight")
    precondition(
      scratch.count == states.count, "LineOfSight.draw: \(scratch.count) numbers of scratch, \(states.count) states")
    stream.fill(&scratch, with: .uniform, step: step)
    choose(probabilities: probabilities, uniforms: scratch.span, into: &states)
  }
}
