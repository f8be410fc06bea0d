/// What the data of a batch are for.
public enum BatchPurpose: Int, Sendable, CaseIterable {
  /// D: an inner step.
  case support
  /// D′: the loss behind the inner steps.
  case query
  /// D″: second derivatives, where they have data of their own.
  case curvature
}

/// Names one batch among those of an iteration: what for, and in which of several steps.
public struct BatchSlot: Hashable, Sendable {
  public var purpose: BatchPurpose
  public var step: Int

  public init(_ purpose: BatchPurpose, step: Int = 0) {
    self.purpose = purpose
    self.step = step
  }
}

/// First and second derivatives of the losses of tasks, each on batches that have names: all that a meta-algorithm asks of a task.
///
/// One vector holds the parameters of a task, or of several tasks one beside the other whose losses are added up; then derivatives of one task
/// do not depend on another's parameters, and the algorithms need not know. ``TapeTasks`` makes them from a loss on a tape, in `Float`; a closed
/// form may give them in `Double`.
///
/// The batch of a slot is drawn where it is first asked for, at that place (a policy acts with these parameters), and stays for the rest of an
/// iteration.
public protocol TaskGradients<Scalar> {
  associatedtype Scalar: BinaryFloatingPoint & Sendable

  /// The number of parameters.
  var count: Int { get }

  /// ∇L(place) on a batch.
  ///
  /// - Returns: The loss, of several tasks their sum.
  @discardableResult
  mutating func gradient(on slot: BatchSlot, at place: [Scalar], into gradient: inout [Scalar]) -> Scalar

  /// ∇²L(place) v on a batch.
  mutating func hessianProduct(on slot: BatchSlot, at place: [Scalar], along direction: [Scalar], into product: inout [Scalar])
}
