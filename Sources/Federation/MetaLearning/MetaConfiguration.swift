import Tensor

/// How second derivatives of the inner loss enter a meta-gradient.
public enum Curvature: Hashable, Sendable {
  /// H v exactly: MAML.
  case exact
  /// H v ≈ 0: FOMAML.
  case dropped
  /// H v ≈ (g(w + δ v) − g(w − δ v)) / 2δ: Hessian-free (Fallah et al. 2020, equation (9)).
  /// Biased where a policy makes the data; see ``PolicySurrogate``.
  case difference(Double)
}

/// What a meta-learner follows downhill.
public enum MetaAlgorithm: Hashable, Sendable {
  /// ∇L(θ): one gradient step on the pooled losses of all tasks, with no inner step (joint pre-training).
  case joint
  /// ∇_θ L(φ(θ)) with φ from gradient steps on the task (Finn et al. 2017).
  case maml(Curvature)
  /// θ − φ (Nichol et al. 2018); with SGD of rate ε it is θ ← θ + ε (φ − θ).
  case reptile
}

/// Which parameters the inner steps move.
public enum AdaptedPart: Hashable, Sendable {
  case everything
  /// Slices whose name is one of these, or begins with one of them and a point: "layer2" for a layer, "layer2.bias" for an array.
  case only([String])

  /// Why it does not fit a layout, in one sentence; nil if it does.
  public func objection(to layout: Layout) -> String? {
    guard case .only(let paths) = self else { return nil }
    for path in paths where !layout.slices.contains(where: { AdaptedPart.path(path, means: $0) }) {
      return "no slice is meant by '\(path)'; there are \(layout.slices.map(\.name).joined(separator: ", "))"
    }
    return paths.isEmpty ? "no slice is to be adapted" : nil
  }

  /// The places in the flat vector of a layout; nil for all.
  func ranges(in layout: Layout) -> [Range<Int>]? {
    guard case .only(let paths) = self else { return nil }
    return layout.slices.filter { slice in paths.contains { AdaptedPart.path($0, means: slice) } }.map { $0.offset..<($0.offset + $0.shape.count) }
  }

  private static func path(_ path: String, means slice: Layout.Slice) -> Bool { slice.name == path || slice.name.hasPrefix(path + ".") }
}

/// Whether all inner steps of an iteration share one batch.
public enum SupportBatches: Hashable, Sendable {
  case same
  /// Every step draws its own at the parameters that it starts from: needed where the data depend on them, as those of a policy do.
  case fresh
}

/// Everything that meta-learning leaves open. The defaults are those of MAML on sinusoids.
public struct MetaConfiguration: Hashable, Sendable {
  public var algorithm = MetaAlgorithm.maml(.exact)
  /// k
  public var innerSteps = 1
  /// α
  public var innerRate = 0.01
  public var adapted = AdaptedPart.everything
  public var support = SupportBatches.same
  /// Whether the loss behind the inner steps has a batch of its own. Without it is taken on the batch of the last inner step.
  public var hasQuery = true
  /// Whether second derivatives have a batch of their own.
  public var hasCurvatureBatch = false
  /// The tasks of an iteration.
  public var tasks = TaskChoice.fresh(25)
  /// How many tasks are one stacked model. With 1 a family sees parameters without a leading axis.
  public var tasksTogether = 1
  /// The largest norm of the meta-gradient, if it is clipped.
  public var maximumNorm: Float?

  public init() {}

  /// Finn, Abbeel and Levine, "Model-agnostic meta-learning for fast adaptation of deep networks", ICML 2017.
  public static var maml: MetaConfiguration { MetaConfiguration() }

  /// MAML without second derivatives (the same paper, section 5.2).
  public static var firstOrder: MetaConfiguration { with { $0.algorithm = .maml(.dropped) } }

  /// A. Nichol, J. Achiam and J. Schulman, "On first-order meta-learning algorithms", arXiv 1803.02999: five steps of 0.02 on fresh batches.
  public static var reptile: MetaConfiguration {
    with {
      ($0.algorithm, $0.innerSteps, $0.innerRate) = (.reptile, 5, 0.02)
      ($0.support, $0.hasQuery) = (.fresh, false)
    }
  }

  /// A. Raghu et al., "Rapid learning or feature reuse?", ICLR 2020: MAML whose inner steps move the head alone.
  ///
  /// - Parameter head: The slices that are adapted, for example `["layer2"]`.
  public static func anil(head: [String]) -> MetaConfiguration { with { $0.adapted = .only(head) } }

  /// One gradient step on the pooled losses of all tasks: algorithm 1 of Ji, Qin and Tao (arXiv 2307.02900).
  public static var joint: MetaConfiguration { with { $0.algorithm = .joint } }

  private static func with(_ change: (inout MetaConfiguration) -> Void) -> MetaConfiguration {
    var configuration = MetaConfiguration()
    change(&configuration)
    return configuration
  }

  /// Why it does not fit a model, in one sentence; nil if it does.
  public func objection(to layout: Layout) -> String? {
    if innerSteps < 0 || (innerSteps == 0 && algorithm != .joint) { return "an adaptation needs at least one inner step, got \(innerSteps)" }
    if !(innerRate.isFinite && innerRate > 0) { return "the inner rate must be positive, got \(innerRate)" }
    if case .maml(.difference(let width)) = algorithm, !(width > 0 && width.isFinite) { return "the difference δ must be positive, got \(width)" }
    if tasksTogether < 1 { return "at least one task makes a model, got \(tasksTogether)" }
    if let maximumNorm, !(maximumNorm > 0) { return "the largest norm must be positive, got \(maximumNorm)" }
    return tasks.objection ?? adapted.objection(to: layout)
  }
}
