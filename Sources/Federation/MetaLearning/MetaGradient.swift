/// The direction that a meta-algorithm takes for its tasks, from their first and second derivatives.
///
/// With φ₀ = θ, inner steps φ_j = φ_{j−1} − α M ∇L(φ_{j−1}; D_j) for j = 1…k (M keeps the adapted parameters and clears the others), and H_j the
/// Hessian of L(·; D_j) at φ_{j−1}:
///
///     joint     d = ∇L(θ; D′)
///     MAML      d = v₀ with v_k = ∇L(φ_k; D′), v_{j−1} = v_j − α H_j M v_j
///     FOMAML    the same with H = 0:  d = v_k
///     Reptile   d = θ − φ_k
///
/// C. Finn, P. Abbeel and S. Levine, "Model-agnostic meta-learning for fast adaptation of deep networks", ICML 2017; A. Nichol, J. Achiam and
/// J. Schulman, arXiv 1803.02999. v₀ is ∂L(φ_k; D′)/∂θ by the chain rule, one product with a Hessian for each inner step: nothing is approximated,
/// the cost grows with k and not with its square, and no tape has to hold more than one inner step.
///
/// The same code runs on closed forms in `Double` and on tapes in `Float`. After the first call no memory is taken.
public struct MetaGradient<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  public let configuration: MetaConfiguration
  /// Where the inner steps move; nil for everywhere.
  private let ranges: [Range<Int>]?
  private let rate: Scalar
  /// φ₀ … φ_k
  private var path: [[Scalar]] = []
  private var slope: [Scalar] = []
  private var moved: [Scalar] = []
  private var product: [Scalar] = []

  /// - Parameters:
  ///   - configuration: The algorithm, k, α and which batches are apart.
  ///   - ranges: The places that the inner steps move, nil for all.
  public init(_ configuration: MetaConfiguration, adapting ranges: [Range<Int>]? = nil) {
    self.configuration = configuration
    self.ranges = ranges
    rate = Scalar(configuration.innerRate)
  }

  /// φ_j of the last call, j not above its number of steps.
  public func adapted(after step: Int) -> [Scalar] { path[step] }

  /// φ_k after so many inner steps from θ.
  ///
  /// - Parameters:
  ///   - tasks: The tasks whose losses the steps lower.
  ///   - start: θ
  ///   - steps: k
  ///   - first: The number of the first step, by which its batch is named.
  /// - Returns: The loss that the first step saw, at θ; nil without a step.
  @discardableResult
  public mutating func adapt(_ tasks: inout some TaskGradients<Scalar>, from start: [Scalar], steps: Int, first: Int = 0) -> Scalar? {
    prepare(tasks.count, start.count, steps)
    VectorSteps.copy(start, into: &path[0])
    var before: Scalar?
    for step in 0..<steps {
      let loss = tasks.gradient(on: support(first, step), at: path[step], into: &slope)
      if step == 0 { before = loss }
      VectorSteps.copy(path[step], into: &moved)
      VectorSteps.add(-rate, slope, to: &moved, in: ranges)
      swap(&path[step + 1], &moved)
    }
    return before
  }

  /// The direction d, uphill, and the losses before and behind the inner steps.
  ///
  /// - Parameters:
  ///   - tasks: The tasks whose losses give d.
  ///   - start: θ
  ///   - direction: Receives d.
  ///   - first: The number of the first inner step, by which batches are named.
  /// - Returns: The losses of the first and the last batch that were looked at.
  @discardableResult
  public mutating func evaluate(
    _ tasks: inout some TaskGradients<Scalar>, at start: [Scalar], into direction: inout [Scalar], first: Int = 0
  ) -> (before: Scalar, after: Scalar) {
    let steps = configuration.algorithm == .joint ? 0 : configuration.innerSteps
    let before = adapt(&tasks, from: start, steps: steps, first: first)
    let query = configuration.hasQuery || steps == 0 ? BatchSlot(.query, step: first) : support(first, steps - 1)
    let after = tasks.gradient(on: query, at: path[steps], into: &direction)
    switch configuration.algorithm {
    case .joint, .maml(.dropped): break
    case .maml(let curvature):
      for step in stride(from: steps - 1, through: 0, by: -1) {
        let slot = configuration.hasCurvatureBatch ? BatchSlot(.curvature, step: first + step) : support(first, step)
        pullBack(&tasks, slot, at: path[step], curvature, &direction)
      }
    case .reptile:
      VectorSteps.difference(path[0], path[steps], scale: 1, into: &direction)
    }
    return (before ?? after, after)
  }

  /// τ local steps of a user of Per-FedAvg: w ← w − β d(w).
  ///
  /// - Parameters:
  ///   - tasks: The user's task, or those of several users.
  ///   - place: w
  ///   - steps: τ
  ///   - rate: β
  ///   - direction: Room for d; holds that of the last step afterwards.
  /// - Returns: The losses of the first local step, as ``evaluate(_:at:into:first:)`` gives them.
  @discardableResult
  public mutating func descend(
    _ tasks: inout some TaskGradients<Scalar>, from place: inout [Scalar], steps: Int, rate: Scalar, direction: inout [Scalar]
  ) -> (before: Scalar, after: Scalar) {
    var losses: (before: Scalar, after: Scalar) = (0, 0)
    for step in 0..<steps {
      let seen = evaluate(&tasks, at: place, into: &direction, first: step * max(configuration.innerSteps, 1))
      if step == 0 { losses = seen }
      VectorSteps.add(-rate, direction, to: &place)
    }
    return losses
  }

  /// v ← v − α H M v
  private mutating func pullBack(
    _ tasks: inout some TaskGradients<Scalar>, _ slot: BatchSlot, at place: [Scalar], _ curvature: Curvature, _ v: inout [Scalar]
  ) {
    VectorSteps.mask(v, to: ranges, into: &moved)
    if case .difference(let width) = curvature {
      let width = Scalar(width)
      VectorSteps.sum(place, width, moved, into: &product)
      tasks.gradient(on: slot, at: product, into: &slope)
      VectorSteps.sum(place, -width, moved, into: &product)
      tasks.gradient(on: slot, at: product, into: &moved)
      VectorSteps.difference(slope, moved, scale: 1 / (2 * width), into: &product)
    } else {
      tasks.hessianProduct(on: slot, at: place, along: moved, into: &product)
    }
    VectorSteps.add(-rate, product, to: &v)
  }

  private func support(_ first: Int, _ step: Int) -> BatchSlot {
    BatchSlot(.support, step: configuration.support == .same ? first : first + step)
  }

  private mutating func prepare(_ count: Int, _ given: Int, _ steps: Int) {
    precondition(count == given, "MetaGradient: \(given) parameters for tasks of \(count)")
    if slope.count != count {
      slope = Array(repeating: 0, count: count)
      (moved, product, path) = (slope, slope, [])
    }
    while path.count <= steps { path.append(Array(repeating: 0, count: count)) }
  }
}
