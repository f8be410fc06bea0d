import Tensor

/// Offers K levels of each continuous component instead of its range [a, b]: level j is a + j (b − a) / (K − 1).
///
/// The levels of n components are n choices of K, or one joint choice of Kⁿ whose digits they are, the first component the most significant.
public struct DiscretizedActions<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  /// K
  public let levels: Int
  private let isJoint: Bool
  private let bounds: [ClosedRange<Float>]
  private var actions: ActionBatch

  /// - Parameters:
  ///   - base: The environment that gets the numbers.
  ///   - levels: K ≥ 2.
  ///   - isJoint: Whether there is one joint choice rather than one a component.
  /// - Precondition: All components are continuous; there are fewer than 2³¹ joint choices.
  public init(_ base: Base, levels: Int, isJoint: Bool = true) {
    let below = base.specification
    precondition(below.actions.isContinuous, "DiscretizedActions: the actions must be numbers only, they are \(below.actions)")
    precondition(levels >= 2, "DiscretizedActions: \(levels) levels")
    bounds = below.actions.bounds
    var choices = Array(repeating: levels, count: bounds.count)
    if isJoint {
      var product = 1
      for _ in bounds {
        precondition(product <= Int(Int32.max) / levels, "DiscretizedActions: too many joint choices of \(levels) levels of \(bounds.count) numbers")
        product *= levels
      }
      choices = [product]
    }
    var specification = below
    specification.actions = ActionSpace(choices: choices)
    self.specification = specification
    self.levels = levels
    self.isJoint = isJoint
    actions = ActionBatch(for: below)
    self.base = base
  }

  /// The number that a level of a component means.
  public func value(level: Int, component: Int) -> Float {
    let (low, high) = (bounds[component].lowerBound, bounds[component].upperBound)
    // The last level is the bound itself, which the sum could miss by a rounding.
    return level == levels - 1 ? high : low + (high - low) * (Float(level) / Float(levels - 1))
  }

  public mutating func reset(into batch: inout StepBatch) { base.reset(into: &batch) }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let width = bounds.count
    for row in 0..<(specification.copies * specification.agents) {
      var rest = isJoint ? Int(actions.choices[row]) : 0
      var component = width - 1
      while component >= 0 {
        let level = isJoint ? rest % levels : Int(actions.choices[row * width + component])
        rest /= levels
        self.actions.values[row * width + component] = value(level: level, component: component)
        component -= 1
      }
      precondition(rest == 0, "DiscretizedActions: choice \(actions.choices[row]) of \(specification.actions.choices[0])")
    }
    base.step(self.actions, into: &batch)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
