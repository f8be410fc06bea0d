import Tensor

/// Makes one choice of several: for learners that know a single discrete choice.
///
/// A joint choice is the number whose digits are the choices, the first the most significant: with K₁, K₂ alternatives, k = k₁ K₂ + k₂. Continuous
/// components stay as they are.
public struct JointChoices<Base: Environment>: Environment {
  public var base: Base
  public let specification: EnvironmentSpecification
  private let counts: [Int]
  private var actions: ActionBatch

  /// - Precondition: There is a choice, and there are fewer than 2³¹ joint ones.
  public init(_ base: Base) {
    counts = base.specification.actions.choices
    precondition(!counts.isEmpty, "JointChoices: there is no choice to join in \(base.specification.actions)")
    var product = 1
    for count in counts {
      precondition(product <= Int(Int32.max) / count, "JointChoices: too many joint choices of \(counts)")
      product *= count
    }
    var specification = base.specification
    specification.actions.choices = [product]
    self.specification = specification
    actions = ActionBatch(for: base.specification)
    self.base = base
  }

  public mutating func reset(into batch: inout StepBatch) { base.reset(into: &batch) }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for row in 0..<(specification.copies * specification.agents) {
      var rest = Int(actions.choices[row])
      var component = counts.count - 1
      while component >= 0 {
        self.actions.choices[row * counts.count + component] = Int32(rest % counts[component])
        rest /= counts[component]
        component -= 1
      }
      precondition(rest == 0, "JointChoices: choice \(actions.choices[row]) of \(specification.actions.choices[0])")
    }
    for i in self.actions.values.indices { self.actions.values[i] = actions.values[i] }
    base.step(self.actions, into: &batch)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("base") { () throws(FileError) in try base.archive(in: archive) }
  }
}
