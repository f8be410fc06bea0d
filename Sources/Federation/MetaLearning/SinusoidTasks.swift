import Tensor

/// Regression of sine waves from few points, the reference task of meta-learning.
///
/// Finn, Abbeel and Levine (ICML 2017), section 5.1: y = A sin(x − φ) with A ~ U[0.1, 5] and φ ~ U[0, π], inputs ~ U[−5, 5], mean squared error.
/// Predicting 0 loses 4.251667 in the mean; the best predictor that does not adapt, −2.55 (2/π) cos x, loses 3.005669. A model that loses much less
/// before it has adapted has seen what it should not.
public struct SinusoidTasks: TaskFamily {
  /// Points of the inner steps, K.
  public let points: Int
  /// Points of the loss behind them.
  public let queryPoints: Int
  public let network: Network
  private let seed: UInt64

  /// - Parameters:
  ///   - points: Points of the inner steps, K.
  ///   - queryPoints: Points of the loss behind them.
  ///   - network: From one input to one output; two hidden layers of 40 rectified units where nothing is said.
  ///   - seed: Names all tasks and points.
  public init(points: Int = 10, queryPoints: Int = 10, network: Network = Network(widths: [1, 40, 40, 1]), seed: UInt64) {
    precondition(network.inputs == 1 && network.outputs == 1, "SinusoidTasks: a network of \(network.inputs) inputs and \(network.outputs) outputs")
    (self.points, self.queryPoints, self.network, self.seed) = (points, queryPoints, network, seed)
  }

  /// Points of waves. `[tasks, points]`
  public struct Batch: Sendable {
    public var inputs: [Float] = []
    public var targets: [Float] = []
    /// `[points, 1]`, or `[tasks, points, 1]` where tasks are stacked.
    public var shape = Shape.matrix(0, 1)
  }

  public func makeBatch() -> Batch { Batch() }

  public func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Batch) {
    let count = request.slot.purpose == .query ? queryPoints : points
    let total = request.tasks.count * count
    if batch.inputs.count != total {
      batch.inputs = Array(repeating: 0, count: total)
      batch.targets = batch.inputs
      batch.shape = parameters.layout.copies.map { .matrices($0, count, 1) } ?? .matrix(count, 1)
    }
    for (place, task) in request.tasks.enumerated() {
      let stream = RandomStream(seed: seed, purpose: .environment, index: task)
      var wave = stream.generator(step: 0)
      let (amplitude, phase) = (wave.uniform(0.1, 5), wave.uniform(0, .pi))
      var generator = stream.generator(step: 1 + request.number)
      for point in 0..<count {
        let x = generator.uniform(-5, 5)
        batch.inputs[place * count + point] = Float(x)
        batch.targets[place * count + point] = Float(amplitude * Math.sin(x - phase))
      }
    }
  }

  public func losses(of batch: Batch, _ parameters: PlacedParameters, on tape: Tape) -> Variable {
    let error = network(tape.constant(batch.inputs, shape: batch.shape), parameters) - tape.constant(batch.targets, shape: batch.shape)
    return parameters.copies == nil ? error.squared().mean() : error.squared().mean(along: 1)
  }
}
