import Tensor

/// Runs an environment with random actions and lists everything in which it breaks the contract of ``Environment``.
///
/// It checks the sizes of all arrays, that every number is finite, that observations change hands correctly at the end of an
/// episode, that the same start gives the same steps, and that a saved state goes on exactly as the original.
/// - Parameters:
///   - make: Makes the environment afresh; called several times.
///   - steps: How long to run.
/// - Returns: One sentence a defect; empty when none was found.
public func defects<Task: Environment>(steps: Int = 50, seed: UInt64 = 0, archivePath: String, _ make: () -> Task) -> [String] {
  var first = make()
  let specification = first.specification
  var found: [String] = []
  let empty = StepBatch(for: specification)
  var batch = empty
  var actions = ActionBatch(for: specification)
  var random = RandomPolicy(for: specification, seed: seed)
  var record: [StepBatch] = []
  var saved = false

  func check(_ batch: StepBatch, _ moment: String) {
    if batch.observations.count != empty.observations.count {
      found.append("\(moment): observations has \(batch.observations.count) numbers, expected \(empty.observations.count)")
    }
    if batch.rewards.count != empty.rewards.count {
      found.append("\(moment): rewards has \(batch.rewards.count) numbers, expected \(empty.rewards.count)")
    }
    if batch.metrics.count != empty.metrics.count {
      found.append("\(moment): metrics has \(batch.metrics.count) numbers, expected \(empty.metrics.count)")
    }
    if !batch.observations.allSatisfy(\.isFinite) { found.append("\(moment): an observation is not finite") }
    if !batch.finalObservations.allSatisfy(\.isFinite) { found.append("\(moment): a final observation is not finite") }
    if !batch.rewards.allSatisfy(\.isFinite) { found.append("\(moment): a reward is not finite") }
    if !batch.metrics.allSatisfy(\.isFinite) { found.append("\(moment): a metric is not finite") }
  }

  first.reset(into: &batch)
  check(batch, "reset")
  var restored = make()
  var ignored = empty
  restored.reset(into: &ignored)
  for step in 0..<steps where found.isEmpty {
    if step == steps / 2 {
      do {
        try Archive.save(&first, to: archivePath)
        try Archive.restore(&restored, from: archivePath)
        saved = true
      } catch {
        found.append("saving and restoring: \(error)")
      }
    }
    random.act(batch.observations, step: step, into: &actions)
    first.step(actions, into: &batch)
    check(batch, "step \(step)")
    let width = specification.agents * specification.observationSize
    for copy in 0..<specification.copies where !batch.terminated[copy] && !batch.truncated[copy] {
      for i in (copy * width)..<((copy + 1) * width) where batch.observations[i] != batch.finalObservations[i] {
        found.append("step \(step): the episode goes on, yet observations and finalObservations differ in copy \(copy)")
        break
      }
    }
    record.append(batch)
    if saved {
      restored.step(actions, into: &ignored)
      if !same(ignored, batch) { found.append("step \(step): a restored copy does not go on as the original does") }
    }
  }

  var second = make()
  var again = empty
  second.reset(into: &again)
  for step in record.indices where found.isEmpty {
    random.act(again.observations, step: step, into: &actions)
    second.step(actions, into: &again)
    if !same(again, record[step]) { found.append("step \(step): the same start and actions gave another result") }
  }
  return found
}

private func same(_ a: StepBatch, _ b: StepBatch) -> Bool {
  a.observations == b.observations && a.finalObservations == b.finalObservations && a.rewards == b.rewards && a.terminated == b.terminated
    && a.truncated == b.truncated && a.metrics == b.metrics
}
