import Tensor

/// Runs an environment with random actions and lists everything in which it breaks the contract of ``Environment``.
///
/// It checks the sizes of all arrays, that every number is written and finite, that observations change hands correctly at the end of an
/// episode, that the same start gives the same steps, and that a saved state goes on exactly as the original.
/// - Parameters:
///   - steps: How long to run.
///   - seed: Names the random actions.
///   - archivePath: Where the environment is saved halfway, to be restored from there; what is there is replaced.
///   - make: Makes the environment afresh; called several times.
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

  /// Finds arrays of another size and numbers that are not finite. What the environment did not write is NaN.
  func check(_ batch: StepBatch, _ moment: String) {
    let parts = [
      ("observations", batch.observations, empty.observations), ("finalObservations", batch.finalObservations, empty.finalObservations),
      ("rewards", batch.rewards, empty.rewards), ("metrics", batch.metrics, empty.metrics),
    ]
    for (name, numbers, expected) in parts {
      if numbers.count != expected.count { found.append("\(moment): \(name) has \(numbers.count) numbers, expected \(expected.count)") }
      if !numbers.allSatisfy(\.isFinite) { found.append("\(moment): a number of \(name) is not finite or was not written") }
    }
    for (name, flags) in [("terminated", batch.terminated), ("truncated", batch.truncated)] where flags.count != specification.copies {
      found.append("\(moment): \(name) has \(flags.count) elements, expected \(specification.copies)")
    }
  }

  for i in batch.observations.indices { batch.observations[i] = .nan }
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
    spoil(&batch, flags: false)
    first.step(actions, into: &batch)
    check(batch, "step \(step)")
    if !found.isEmpty { break }
    let width = specification.agents * specification.observationSize
    for copy in 0..<specification.copies where !batch.terminated[copy] && !batch.truncated[copy] {
      for i in (copy * width)..<((copy + 1) * width) where batch.observations[i] != batch.finalObservations[i] {
        found.append("step \(step): the episode goes on, yet observations and finalObservations differ in copy \(copy)")
        break
      }
    }
    record.append(batch)
    if saved {
      spoil(&ignored, flags: false)
      restored.step(actions, into: &ignored)
      if !same(ignored, batch) { found.append("step \(step): a restored copy does not go on as the original does") }
    }
  }

  var second = make()
  var again = empty
  second.reset(into: &again)
  for step in record.indices where found.isEmpty {
    random.act(again.observations, step: step, into: &actions)
    // With the other flags as before: one that is not written shows as a difference.
    spoil(&again, flags: true)
    second.step(actions, into: &again)
    if !same(again, record[step]) { found.append("step \(step): the same start and actions gave another result") }
  }
  return found
}

/// Overwrites everything that a step has to write.
private func spoil(_ batch: inout StepBatch, flags: Bool) {
  for i in batch.observations.indices { (batch.observations[i], batch.finalObservations[i]) = (.nan, .nan) }
  for i in batch.rewards.indices { batch.rewards[i] = .nan }
  for i in batch.metrics.indices { batch.metrics[i] = .nan }
  for i in batch.terminated.indices { (batch.terminated[i], batch.truncated[i]) = (flags, flags) }
}

private func same(_ a: StepBatch, _ b: StepBatch) -> Bool {
  a.observations == b.observations && a.finalObservations == b.finalObservations && a.rewards == b.rewards && a.terminated == b.terminated
    && a.truncated == b.truncated && a.metrics == b.metrics
}
