import Tensor

/// The returns of whole episodes that a policy plays without learning.
///
/// The return of an episode is Σ_t (1/A) Σ_a r_{t,a}, undiscounted: the mean over agents. Where all agents share one reward it is the sum of that. Every
/// copy plays the same number of episodes, so that short ones do not count for more.
/// - Parameters:
///   - policy: Made for as many copies as the environment has.
///   - environment: Reset first. For numbers that training never sees give it a seed of its own.
///   - episodes: How many in all; rounded up to a multiple of the number of copies.
/// - Returns: One return an episode: those of the first copy, then those of the next.
public func episodeReturns<Task: Environment>(_ policy: inout some Policy, in environment: inout Task, episodes: Int) -> [Double] {
  let specification = environment.specification
  let (copies, agents) = (specification.copies, specification.agents)
  let wanted = (episodes + copies - 1) / copies
  var batch = StepBatch(for: specification)
  var actions = ActionBatch(for: specification)
  var returns = [[Double]](repeating: [], count: copies)
  var sums = [Double](repeating: 0, count: copies)
  environment.reset(into: &batch)
  var observations = batch.observations
  var step = 0
  while returns.contains(where: { $0.count < wanted }) {
    swap(&observations, &batch.observations)
    policy.act(observations, step: step, into: &actions)
    environment.step(actions, into: &batch)
    policy.follow(batch)
    for copy in 0..<copies {
      for agent in 0..<agents { sums[copy] += Double(batch.rewards[copy * agents + agent]) / Double(agents) }
      if batch.terminated[copy] || batch.truncated[copy] {
        if returns[copy].count < wanted { returns[copy].append(sums[copy]) }
        sums[copy] = 0
      }
    }
    step += 1
  }
  return returns.flatMap { $0 }
}
