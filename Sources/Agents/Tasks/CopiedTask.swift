import Tensor

/// A public task that is nothing but ``TaskCopies`` of a rule.
protocol CopiedTask: Environment {
  associatedtype Rule: TaskRule
  var copies: TaskCopies<Rule> { get set }
}

extension CopiedTask {
  public var specification: EnvironmentSpecification { copies.frame.specification }
  public mutating func reset(into batch: inout StepBatch) { copies.reset(into: &batch) }
  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) { copies.step(actions, into: &batch) }
  public mutating func archive(in archive: Archive) throws(FileError) { try copies.archive(in: archive) }
}
