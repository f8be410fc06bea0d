import Tensor

/// What the environment below a wrapper writes, where its observations have another size than the wrapper's.
///
/// Rewards, ends and metrics are the same in both: the caller's arrays change places with the ones here for the time of the call, so that
/// they are written where they belong without a copy.
struct WrappedBatch: Sendable {
  private var batch: StepBatch

  var observations: [Float] { batch.observations }
  var finalObservations: [Float] { batch.finalObservations }

  init(for specification: EnvironmentSpecification) { batch = StepBatch(for: specification) }

  private mutating func exchange(_ outer: inout StepBatch) {
    swap(&batch.rewards, &outer.rewards)
    swap(&batch.terminated, &outer.terminated)
    swap(&batch.truncated, &outer.truncated)
    swap(&batch.metrics, &outer.metrics)
  }

  mutating func reset(_ base: inout some Environment, into outer: inout StepBatch) {
    exchange(&outer)
    base.reset(into: &batch)
    exchange(&outer)
  }

  mutating func step(_ base: inout some Environment, _ actions: ActionBatch, into outer: inout StepBatch) {
    exchange(&outer)
    base.step(actions, into: &batch)
    exchange(&outer)
  }
}
