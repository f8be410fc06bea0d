import Tensor

/// Personalised federated averaging: MAML whose outer steps are taken by the users themselves.
///
/// A. Fallah, A. Mokhtari and A. Ozdaglar, "Personalized federated learning with theoretical guarantees: a model-agnostic meta-learning approach",
/// NeurIPS 2020, algorithm 1. In every round each chosen user takes τ steps from the server's w, each on three independent batches, and the server
/// takes the plain mean:
///
///     w̃ = w − α ∇f(w; D),   w ← w − β (I − α ∇²f(w; D″)) ∇f(w̃; D′)          on the user, τ times
///     w ← (1 / r) Σ_i w_i                                                   on the server
///
/// `configuration.algorithm` is the variant: `.maml(.exact)`, `.maml(.dropped)` for Per-FedAvg (FO) and `.maml(.difference(δ))` for Per-FedAvg (HF).
/// With τ = 1 it is MAML with SGD of rate β.
///
/// Implementation details:
/// 1. Users are averaged alike, whatever data they have, as in the paper; the sum is in `Double` in the order of the chosen users.
/// 2. Two of a user's batches are never the same: step t has slots of its own for D, D′ and D″.
/// 3. In `Float` δ must not be small: the difference of two gradients keeps about 2⁻²⁴ ‖g‖ / δ of error. 10⁻² is a good beginning.
public struct PerFedAvg<Family: TaskFamily>: Archivable, Sendable {
  public let configuration: MetaConfiguration
  public let family: Family
  /// τ
  public let localSteps: Int
  /// β
  public var localRate: Double
  /// w
  public private(set) var parameters: Parameters
  /// Rounds so far.
  public private(set) var rounds = 0
  private let seed: UInt64
  private let threads: Int
  private let groups: [MetaGroup<Family>]
  private var chosen: [Int]
  private var numbers: [Int32]
  private var sums: [Double]

  /// - Parameters:
  ///   - family: Where the data of users come from, and what is lost on them.
  ///   - parameters: Where the server begins: one model.
  ///   - configuration: α is its inner rate; its tasks are the users of a round. A batch for second derivatives is always drawn.
  ///   - localSteps: τ
  ///   - localRate: β
  ///   - seed: Names the random numbers of the choice of users.
  ///   - threads: Groups of users at a time; changes time only.
  /// - Precondition: The configuration fits the model, and its algorithm is a variant of MAML with a query.
  public init(
    _ family: Family, _ parameters: Parameters, _ configuration: MetaConfiguration, localSteps: Int, localRate: Double, seed: UInt64, threads: Int = 1
  ) {
    var configuration = configuration
    configuration.hasCurvatureBatch = true
    if let objection = PerFedAvg.objection(configuration, localSteps: localSteps, to: parameters.layout) {
      preconditionFailure("PerFedAvg: \(objection)")
    }
    (self.family, self.parameters, self.configuration) = (family, parameters, configuration)
    (self.localSteps, self.localRate, self.seed, self.threads) = (localSteps, localRate, seed, threads)
    groups = MetaGroup.groups(family, parameters.layout, configuration, tasks: configuration.tasks.count, localSteps: localSteps)
    chosen = Array(repeating: 0, count: configuration.tasks.count)
    numbers = Array(repeating: 0, count: chosen.count)
    sums = Array(repeating: 0, count: parameters.count)
  }

  /// Why a configuration does not fit, in one sentence; nil if it does.
  public static func objection(_ configuration: MetaConfiguration, localSteps: Int, to layout: Layout) -> String? {
    guard case .maml = configuration.algorithm, configuration.hasQuery else { return "users follow a variant of MAML with a query" }
    if localSteps < 1 { return "a user takes at least one local step, got \(localSteps)" }
    return configuration.objection(to: layout)
  }

  /// One round.
  ///
  /// - Returns: The mean losses of the users in their first local step.
  @discardableResult
  public mutating func makeRound() -> MetaLosses {
    configuration.tasks.fill(&chosen, iteration: rounds, seed: seed, numbers: &numbers)
    descend()
    MetaGroup.mean(of: groups, { $0.place }, tasks: chosen.count, sums: &sums, into: &parameters.values)
    rounds += 1
    return MetaLosses(groups, tasks: chosen.count)
  }

  /// The local steps of all users, who share w as it is; a copy that lived on would make the mean take memory of its own.
  private func descend() {
    let (groups, chosen, round, model, steps, rate) = (groups, chosen, rounds, parameters.values, localSteps, Float(localRate))
    Parallel.forEach(groups.count, threads: threads) { index, _ in
      groups[index].descend(chosen, iteration: round, from: model, steps: steps, rate: rate)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("rounds", &rounds)
    try archive.tensor("parameters", &parameters.values)
    guard rounds >= 0, rounds < 1 << 48 else { throw archive.failure("the number of rounds is \(rounds)") }
  }
}
