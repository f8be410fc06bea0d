import Tensor

/// Learns parameters from which a few gradient steps solve a task: joint pre-training, MAML, FOMAML, Reptile, ANIL.
///
/// In every iteration θ ← θ − optimizer(d) with d the mean over the iteration's tasks of ``MetaGradient``'s directions.
///
/// ```swift
/// var configuration = MetaConfiguration.maml
/// configuration.tasksTogether = 25
/// var learner = MetaLearner(tasks, network.initialized(from: stream), configuration, Adam(count: network.layout.count, learningRate: 1e-3), seed: 1)
/// for _ in 0..<15_000 { learner.advance() }
/// ```
///
/// Implementation details:
/// 1. Sums over tasks are in `Double`, in the order of tasks. The number of threads changes no bit.
/// 2. Reptile's d is θ − φ: with `SGD` of rate ε it is the published rule, and with Adam a step along its sign, as in most programs.
/// 3. The optimiser may be any; what is saved is θ, the optimiser's state and the number of iterations.
/// 4. After the first iteration no memory is taken but by the family.
public struct MetaLearner<Family: TaskFamily, Outer: Optimizer>: Archivable, Sendable {
  public let configuration: MetaConfiguration
  public let family: Family
  /// θ
  public private(set) var parameters: Parameters
  /// Its rate may be changed between iterations.
  public var optimizer: Outer
  /// Iterations so far.
  public private(set) var iterations = 0
  private let seed: UInt64
  private let threads: Int
  private let groups: [MetaGroup<Family>]
  private var chosen: [Int]
  private var numbers: [Int32]
  private var sums: [Double]
  private var gradient: Tensor

  /// - Parameters:
  ///   - family: Where the data of tasks come from, and what is lost on them.
  ///   - parameters: Where it begins: one model.
  ///   - configuration: The algorithm, its inner steps and the tasks of an iteration.
  ///   - optimizer: Made for as many parameters.
  ///   - seed: Names the random numbers of the choice of tasks.
  ///   - threads: Groups of tasks at a time; changes time only.
  /// - Precondition: The configuration fits the model (`MetaConfiguration.objection`).
  public init(
    _ family: Family, _ parameters: Parameters, _ configuration: MetaConfiguration, _ optimizer: Outer, seed: UInt64, threads: Int = 1
  ) {
    if let objection = configuration.objection(to: parameters.layout) { preconditionFailure("MetaLearner: \(objection)") }
    (self.family, self.parameters, self.configuration, self.optimizer) = (family, parameters, configuration, optimizer)
    (self.seed, self.threads) = (seed, threads)
    groups = MetaGroup.groups(family, parameters.layout, configuration, tasks: configuration.tasks.count)
    chosen = Array(repeating: 0, count: configuration.tasks.count)
    numbers = Array(repeating: 0, count: chosen.count)
    sums = Array(repeating: 0, count: parameters.count)
    gradient = Tensor(zeros: [parameters.count])
  }

  /// One iteration.
  ///
  /// - Returns: The mean losses of its tasks, at the parameters before the step.
  @discardableResult
  public mutating func advance() -> MetaLosses {
    let losses = evaluate()
    let scale = configuration.maximumNorm.map { clippingScale(gradient, maximumNorm: $0).scale } ?? 1
    optimizer.update(&parameters, along: gradient, scale: scale)
    iterations += 1
    return losses
  }

  /// The meta-gradient of the next iteration, without its step.
  public mutating func nextGradient() -> Tensor {
    _ = evaluate()
    return gradient
  }

  private mutating func evaluate() -> MetaLosses {
    configuration.tasks.fill(&chosen, iteration: iterations, seed: seed, numbers: &numbers)
    let (groups, chosen, iteration, model) = (groups, chosen, iterations, parameters.values)
    Parallel.forEach(groups.count, threads: threads) { index, _ in groups[index].evaluate(chosen, iteration: iteration, at: model) }
    MetaGroup.mean(of: groups, { $0.direction }, tasks: chosen.count, sums: &sums, into: &gradient)
    return MetaLosses(groups, tasks: chosen.count)
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("iterations", &iterations)
    try archive.tensor("parameters", &parameters.values)
    try archive.group("optimizer") { () throws(FileError) in try optimizer.archive(in: archive) }
    guard iterations >= 0, iterations < 1 << 48 else { throw archive.failure("the number of iterations is \(iterations)") }
  }
}
