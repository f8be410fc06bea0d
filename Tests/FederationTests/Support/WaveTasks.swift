import Federation
import Tensor

/// A small smooth network on sine waves: for comparisons with other programs in the tests.
enum WaveTasks {
  static let network = Network(widths: [1, 6, 5, 1], activation: .tanh)

  static func family(points: Int = 4, queryPoints: Int = 3) -> SinusoidTasks {
    SinusoidTasks(points: points, queryPoints: queryPoints, network: network, seed: 3)
  }

  static var start: Parameters { network.initialized(.glorotUniform, from: RandomStream(seed: 4, purpose: .initialization)) }

  static func learner(
    _ configuration: MetaConfiguration, threads: Int = 1, rate: Float = 0.01
  ) -> MetaLearner<SinusoidTasks, Adam> {
    MetaLearner(family(), start, configuration, Adam(count: network.layout.count, learningRate: rate), seed: 5, threads: threads)
  }
}
