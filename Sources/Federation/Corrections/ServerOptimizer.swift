import Tensor

/// The server's step in federated optimisation: the mean change of the clients serves as a gradient that points uphill.
///
/// S. Reddi et al., "Adaptive federated optimization", ICLR 2021, algorithms 1 and 2, with Δ = Σ_k p_k (w_k − w) / Σ_k p_k:
///
///     m ← β₁ m + (1 − β₁) Δ
///     v ← v + Δ² (Adagrad),  v − (1 − β₂) Δ² sign(v − Δ²) (Yogi),  β₂ v + (1 − β₂) Δ² (Adam)
///     w ← w + η m / (√v + τ)
///
/// Implementation details:
/// 1. There is no correction of the bias, as in the paper; some programs have one.
/// 2. v begins as τ², the least that the paper allows.
/// 3. `momentum` is m ← β₁ m + Δ and w ← w + η m, FedAvgM of Hsu et al. (2019); with β₁ = 0 and η = 1 it is federated averaging.
public struct ServerOptimizer: Archivable, Sendable {
  public enum Rule: String, Sendable, CaseIterable { case momentum, adagrad, adam, yogi }

  public let rule: Rule
  /// η
  public var rate: Double
  /// β₁
  public var firstDecay: Double
  /// β₂
  public var secondDecay: Double
  /// τ, how adaptive it is.
  public var adaptivity: Double
  private var mean: [Double]
  private var meanSquare: [Double]

  /// - Parameters:
  ///   - rule: How v moves; `.momentum` goes without it.
  ///   - parameters: How many there are.
  ///   - rate: η
  ///   - firstDecay: β₁
  ///   - secondDecay: β₂
  ///   - adaptivity: τ > 0, how adaptive it is.
  public init(
    _ rule: Rule, parameters: Int, rate: Double = 1, firstDecay: Double = 0.9, secondDecay: Double = 0.99, adaptivity: Double = 1e-3
  ) {
    precondition(adaptivity > 0, "ServerOptimizer: an adaptivity of \(adaptivity)")
    (self.rule, self.rate, self.firstDecay, self.secondDecay, self.adaptivity) = (rule, rate, firstDecay, secondDecay, adaptivity)
    mean = Array(repeating: 0, count: parameters)
    meanSquare = Array(repeating: adaptivity * adaptivity, count: parameters)
  }

  /// One step of the model along the mean change of the clients. `[parameters]`
  public mutating func update(_ model: inout [Double], along change: [Double]) {
    precondition(
      model.count == mean.count && change.count == mean.count,
      "ServerOptimizer.update: \(model.count) parameters and changes of \(change.count) for \(mean.count)")
    for i in model.indices {
      let square = change[i] * change[i]
      switch rule {
      case .momentum:
        mean[i] = firstDecay * mean[i] + change[i]
        model[i] += rate * mean[i]
        continue
      case .adagrad: meanSquare[i] += square
      case .adam: meanSquare[i] = secondDecay * meanSquare[i] + (1 - secondDecay) * square
      case .yogi:
        let difference = meanSquare[i] - square
        let sign = difference > 0 ? 1.0 : difference < 0 ? -1 : 0
        meanSquare[i] -= (1 - secondDecay) * square * sign
      }
      mean[i] = firstDecay * mean[i] + (1 - firstDecay) * change[i]
      model[i] += rate * mean[i] / (Math.sqrt(meanSquare[i]) + adaptivity)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("mean", &mean)
    try archive.array("meanSquare", &meanSquare)
    guard mean.allSatisfy(\.isFinite), meanSquare.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw archive.failure("a moment of the server's optimiser is negative or not finite")
    }
  }
}
