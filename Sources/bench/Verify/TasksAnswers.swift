import Agents
import Tensor

/// Returns of policies that are written down, in the tasks for several agents: whether the tasks are those that others train on.
///
/// Answers are returns of the Python package mpe2 1.1.1 with the same policies, of 2000 to 8000 episodes (`Tests/Scripts/particle-reference.py`), in openai's unit of
/// reward. The ranges are 5.5 standard errors of both sides wide: 4000 episodes here, and there as many as the answer names.
enum TasksAnswers {
  static let episodes = 4000

  static var all: [KnownAnswer] {
    [
      answer("spread-random", "simple_spread, 3 agents: a uniformly random policy", spread { RandomPolicy(for: $0, seed: $1) }, -234.5, within: 7.3),
      answer(
        "spread-scripted", "simple_spread, 3 agents: ScriptedSpread", spread { specification, _ in ScriptedSpread(for: specification) }, -129.3,
        within: 3.3),
      answer(
        "spread-scripted-openai", "the same with openai's order of integration",
        spread(.openAI) { specification, _ in ScriptedSpread(for: specification) }, -113.0, within: 2.7),
      answer(
        "speaker-random", "simple_speaker_listener: a uniformly random policy", listener { RandomPolicy(for: $0, seed: $1) }, -83.3, within: 10.2),
      answer(
        "speaker-centroid", "simple_speaker_listener: the listener goes to the centre of the landmarks",
        listener { specification, _ in ScriptedListener(for: specification, .centroid) }, -31.6, within: 3.3),
      answer(
        "speaker-oracle", "simple_speaker_listener: the listener goes to the goal",
        listener { specification, _ in ScriptedListener(for: specification, .oracle) }, -15.0, within: 1.7),
    ]
  }

  private static func answer(
    _ name: String, _ policy: String, _ trial: @escaping @Sendable (Int) -> Double, _ value: Double, within: Double
  ) -> KnownAnswer {
    KnownAnswer(
      "tasks-\(name)", task: "\(policy): mean return of \(episodes) episodes, in openai's shared unit", source: "mpe2 1.1.1 with the same policy",
      criterion: .equals(value, within: within), trial: trial)
  }

  private static func spread<Acting: Policy>(
    _ physics: ParticlePhysics = .mpe2, _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> Acting
  ) -> @Sendable (Int) -> Double {
    { trial in
      var task = SimpleSpread(copies: 50, seed: UInt64(trial), physics: physics)
      var policy = make(task.specification, UInt64(trial))
      return mean(episodeReturns(&policy, in: &task, episodes: episodes))
    }
  }

  private static func listener<Acting: Policy>(
    _ make: @escaping @Sendable (EnvironmentSpecification, UInt64) -> Acting
  ) -> @Sendable (Int) -> Double {
    { trial in
      var task = SimpleSpeakerListener(copies: 50, seed: UInt64(trial))
      var policy = make(task.specification, UInt64(trial))
      return mean(episodeReturns(&policy, in: &task, episodes: episodes))
    }
  }

  private static func mean(_ returns: [Double]) -> Double { returns.reduce(0, +) / Double(returns.count) }
}
