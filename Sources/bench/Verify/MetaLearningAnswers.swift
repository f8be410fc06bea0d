import Federation
import Synchronization
import Tensor

/// Meta-learning on sine waves: how much is lost on waves that nobody has seen, before and behind inner steps on ten points.
enum MetaLearningAnswers {
  static var all: [KnownAnswer] {
    [
      KnownAnswer(
        "maml-sinusoid", task: "MAML, 15,000 iterations: \(measure) behind one inner step",
        source: "another program (JAX): 0.368, 0.368, 0.376, with a standard error of 0.027; about 0.4 in figure 3 of Finn et al. 2017",
        criterion: .mean(-.infinity...0.42), trials: (3, 0)
      ) { curve(.maml, seed: $0)[1] },
      KnownAnswer(
        "maml-sinusoid-ten", task: "the same behind ten inner steps", source: "the same program: 0.114, 0.109, 0.111",
        criterion: .mean(-.infinity...0.14), trials: (3, 0)
      ) { curve(.maml, seed: $0)[10] },
      KnownAnswer(
        "maml-sinusoid-before", task: "the same before any inner step",
        source: "closed form: without adaptation at best 3.0057; less would mean that the waves had been seen", criterion: .mean(2.8...3.4),
        trials: (3, 0)
      ) { curve(.maml, seed: $0)[0] },
      KnownAnswer(
        "maml-sinusoid-short", task: "MAML, 5000 iterations: \(measure) behind one inner step", source: "the same program: 0.510, 0.517, 0.516",
        criterion: .mean(-.infinity...0.6), trials: (3, 1)
      ) { curve(.maml, iterations: 5000, seed: $0)[1] },
      KnownAnswer(
        "joint-sinusoid", task: "joint training, 15,000 iterations: \(measure) behind one inner step", source: "the same program: 1.994",
        criterion: .mean(1.8 ... .infinity), trials: (3, 1)
      ) { curve(.joint, seed: $0)[1] },
    ]
  }

  private static let measure = "mean squared error on 1000 unseen waves"

  private struct Run: Hashable {
    let configuration: MetaConfiguration
    let iterations: Int
    let seed: Int
  }

  /// What answers share: three of them look at one run.
  private static let curves = Mutex<[Run: [Double]]>([:])

  /// The losses behind 0 … 10 inner steps of 0.01, of a network of 40 and 40 units that was trained on 25 waves an iteration.
  private static func curve(_ configuration: MetaConfiguration, iterations: Int = 15_000, seed: Int) -> [Double] {
    var configuration = configuration
    configuration.tasksTogether = 25
    let run = Run(configuration: configuration, iterations: iterations, seed: seed)
    if let known = curves.withLock({ $0[run] }) { return known }
    let tasks = SinusoidTasks(seed: UInt64(seed))
    let start = tasks.network.initialized(.glorotUniform, from: RandomStream(seed: UInt64(seed), purpose: .initialization))
    var learner = MetaLearner(tasks, start, configuration, Adam(count: start.count, learningRate: 1e-3), seed: UInt64(seed))
    for _ in 0..<iterations { learner.advance() }
    let unseen = SinusoidTasks(queryPoints: 100, seed: UInt64(seed) + 1_000_000)
    let losses = TaskAdaptation(unseen, configuration).meanLosses(from: learner.parameters, tasks: 0..<1000, steps: 10)
    curves.withLock { $0[run] = losses }
    return losses
  }
}
