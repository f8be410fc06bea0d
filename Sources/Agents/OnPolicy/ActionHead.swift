import Tensor

/// How a row of a policy's outputs becomes a random action of any action space.
///
/// A row holds the logits of each choice, one after the other, and the means of the continuous components; behind them their ln σ if these depend on
/// the state. Otherwise ln σ is a vector of parameters beside the network. With means for each choice of the first component only those of the
/// drawn choice count: π(k, u) = π(k) N(u; μ_k, σ_k²).
///
/// The distribution is that of unbounded numbers u. What the environment gets is u brought into its ranges (``ActionBounding``). Learning needs u and ln π(u) alone:
/// clipping belongs to the environment, and the volume of a squash is the same for the old and the new policy.
struct ActionHead: Hashable, Sendable {
  let actions: ActionSpace
  let bounding: ActionBounding
  /// Whether ln σ comes from the network.
  let isStateDependent: Bool
  /// The whole row, ln σ included.
  let layout: HybridLayout

  init(_ actions: ActionSpace, bounding: ActionBounding, isStateDependent: Bool, isPerChoice: Bool, logDeviations: ClosedRange<Float>) {
    self.actions = actions
    self.bounding = bounding
    self.isStateDependent = isStateDependent
    layout = HybridLayout(
      choices: actions.choices, dimensions: actions.bounds.count, isPerChoice: isPerChoice && !actions.choices.isEmpty, logDeviations: logDeviations)
  }

  static func == (a: ActionHead, b: ActionHead) -> Bool {
    a.actions == b.actions && a.bounding == b.bounding && a.isStateDependent == b.isStateDependent && a.layout == b.layout
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(actions)
    hasher.combine(bounding)
    hasher.combine(isStateDependent)
    hasher.combine(layout.width)
  }

  /// P, the number of choices that are drawn.
  var parts: Int { actions.choices.count }
  /// Numbers of u in one action.
  var dimensions: Int { actions.bounds.count }
  /// Numbers of ln σ in a row: one for each mean.
  var deviations: Int { layout.isPerChoice ? layout.choices[0] * dimensions : dimensions }
  /// Numbers of a row that the network gives.
  var outputs: Int { isStateDependent ? layout.width : layout.width - deviations }
  /// Numbers of ln σ that are parameters.
  var freeDeviations: Int { isStateDependent ? 0 : deviations }

  /// Brings unbounded numbers, those from a place on, into the ranges of the actions. `[rows, D]`
  func bound(_ values: [Float], from first: Int = 0, into target: inout [Float]) {
    let width = dimensions
    guard width > 0 else { return }
    let source = values.span
    var target = target.mutableSpan
    for row in 0..<(target.count / width) {
      for d in 0..<width { target[row * width + d] = bounding.value(source[first + row * width + d], in: actions.bounds[d]) }
    }
  }

  /// ln N(u; μ, σ²) of each row, summed over components.
  ///
  /// - Parameters:
  ///   - rows: Whole rows. `[rows, width]`
  ///   - choices: `[rows, P]`
  ///   - values: u. `[rows, D]`
  ///   - result: Receives one number for each row. `[rows]`
  func continuousLogProbability(_ rows: Span<Float>, _ choices: Span<Int32>, _ values: Span<Float>, into result: inout MutableSpan<Float>) {
    let (width, dimensions) = (layout.width, dimensions)
    let means = width - 2 * deviations
    for row in 0..<result.count {
      let block = layout.isPerChoice ? Int(choices[row * parts]) * dimensions : 0
      var sum = 0.0
      for d in 0..<dimensions {
        let mean = Double(rows[row * width + means + block + d])
        let free = rows[row * width + means + deviations + block + d]
        let logDeviation = Double(min(max(free, layout.logDeviations.lowerBound), layout.logDeviations.upperBound))
        let distance = (Double(values[row * dimensions + d]) - mean) * Math.exp(-logDeviation)
        sum -= 0.5 * distance * distance + logDeviation + 0.918938533204672741780
      }
      result[row] = Float(sum)
    }
  }

  /// What a loss needs to know of a policy's outputs. One number for each row, `[B, 1]`.
  struct Terms {
    /// Σ_i ln π_i(k_i), if there are choices.
    var discrete: Variable?
    /// ln N(u; μ, σ²), if there are numbers.
    var continuous: Variable?
    /// H in nats.
    var entropy: Variable

    /// ln π of the whole action.
    var logProbability: Variable {
      if let discrete, let continuous { return discrete + continuous }
      return discrete ?? continuous ?? entropy
    }
  }

  /// Log-probabilities of a batch of actions and entropies of their distributions, on a tape.
  ///
  /// - Parameters:
  ///   - output: `[B, outputs]`
  ///   - logDeviation: Parameters ln σ, a row for all, or one for each row; nil if they depend on the state.
  ///   - choices: Part by part. `[P, B]`
  ///   - blocks: The row of each action's means among all, B · K of them, if there are means for each choice. `[B]`
  ///   - values: u. `[B, D]`
  func terms(
    _ output: Variable, logDeviation: Variable?, choices: Span<Int32>, blocks: Span<Int32>, values: Variable?
  ) -> Terms {
    let rows = output.shape[0]
    if parts == 1 && dimensions == 0 {
      let choice = Categorical(logits: output)
      return Terms(discrete: choice.logProbability(of: choices), continuous: nil, entropy: choice.entropy())
    }
    var from = 0
    var discrete: Variable?
    var entropy: Variable?
    var first: Categorical?
    for part in 0..<parts {
      let count = layout.choices[part]
      let choice = Categorical(logits: output.columns(from..<(from + count)))
      from += count
      let term = choice.logProbability(of: choices.extracting(part * rows..<(part + 1) * rows))
      discrete = discrete.map { $0 + term } ?? term
      entropy = entropy.map { $0 + choice.entropy() } ?? choice.entropy()
      if part == 0 { first = choice }
    }
    guard dimensions > 0, let values else { return Terms(discrete: discrete, continuous: nil, entropy: entropy!) }
    let mean = from == 0 && output.shape[1] == deviations ? output : output.columns(from..<(from + deviations))
    let free = logDeviation ?? output.columns((from + deviations)..<(from + 2 * deviations))
    let limited = free.clamped(to: layout.logDeviations)
    guard layout.isPerChoice, let first else {
      let gaussian = DiagonalGaussian(mean: mean, logDeviation: limited)
      let spread = gaussian.entropy()
      return Terms(discrete: discrete, continuous: gaussian.logProbability(of: values), entropy: entropy.map { $0 + spread } ?? spread)
    }
    // One normal distribution for each row and choice; that of the drawn choice gives the density, all of them the entropy.
    let count = layout.choices[0]
    let table = Shape.matrix(rows * count, dimensions)
    let means = mean.reshaped(table)
    let spreads = (limited.shape.count == mean.shape.count ? limited : limited.broadcast(to: mean.shape)).reshaped(table)
    let drawn = DiagonalGaussian(mean: means.gathering(blocks), logDeviation: spreads.gathering(blocks))
    let all = DiagonalGaussian(mean: means, logDeviation: spreads).entropy().reshaped(.matrix(rows, count))
    return Terms(
      discrete: discrete, continuous: drawn.logProbability(of: values), entropy: entropy.map { $0 + first.expectation(of: all) } ?? all)
  }
}
