import CKernels

/// How a row of a network's output names a ``HybridDistribution``: the logits of each choice, then all means, then all logarithms of deviations.
///
/// `[K_1 | … | K_P | D means | D log-deviations]`, with K_1 · D means and as many log-deviations, choice by choice, if they depend on the first
/// choice.
public struct HybridLayout: Sendable, Equatable {
  /// K_i, the number of choices of each categorical part.
  public let choices: [Int]
  /// D, the number of components of the continuous part; zero if there is none.
  public let dimensions: Int
  /// Whether means and deviations depend on the first choice.
  public let isPerChoice: Bool
  /// Where ln σ is cut.
  public let logDeviations: ClosedRange<Float>

  public init(
    choices: [Int], dimensions: Int = 0, isPerChoice: Bool = false, logDeviations: ClosedRange<Float> = DiagonalGaussian.usualLogDeviations
  ) {
    precondition(
      choices.allSatisfy { $0 > 0 } && dimensions >= 0 && choices.count < RandomStream.parts
        && (!choices.isEmpty || (dimensions > 0 && !isPerChoice)),
      "HybridLayout: choices \(choices) and \(dimensions) components")
    self.choices = choices
    self.dimensions = dimensions
    self.isPerChoice = isPerChoice && dimensions > 0
    self.logDeviations = logDeviations
  }

  /// The numbers in a row.
  public var width: Int { logitCount + 2 * blocks * dimensions }

  private var logitCount: Int { choices.reduce(0, +) }
  private var blocks: Int { isPerChoice ? choices[0] : 1 }

  /// The distribution that an output names.
  ///
  /// - Parameter output: `[rows, width]`
  public func distribution(of output: Variable) -> HybridDistribution {
    precondition(output.shape.rank == 2 && output.shape[1] == width, "HybridLayout.distribution: an output of \(output.shape) for rows of \(width)")
    let rows = output.shape[0]
    var from = 0
    func next(_ count: Int) -> Variable {
      defer { from += count }
      return output.columns(from..<from + count)
    }
    let discrete = choices.map { Categorical(logits: next($0)) }
    if dimensions == 0 { return HybridDistribution(discrete: discrete) }
    let mean = next(blocks * dimensions)
    let logDeviation = next(blocks * dimensions).clamped(to: logDeviations)
    if !isPerChoice { return HybridDistribution(discrete: discrete, continuous: .shared(DiagonalGaussian(mean: mean, logDeviation: logDeviation))) }
    let shape: Shape = [rows, blocks, dimensions]
    let gaussian = DiagonalGaussian(mean: mean.reshaped(shape), logDeviation: logDeviation.reshaped(shape))
    return HybridDistribution(discrete: discrete, continuous: .perChoice(gaussian))
  }

  /// The action to take without noise: the most probable choices, the first of equals, and the means of their numbers.
  ///
  /// - Parameters:
  ///   - output: `[rows, width]`
  ///   - actions: Receives one index for each row and categorical part. `[rows, parts]`
  ///   - values: Receives μ. `[rows, D]`
  public func mode(output: Span<Float>, choices actions: inout MutableSpan<Int32>, values: inout MutableSpan<Float>) {
    let (rows, width, parts) = (output.count / width, width, choices.count)
    precondition(
      output.count == rows * width && actions.count == rows * parts && values.count == rows * dimensions,
      "HybridLayout.mode: \(output.count) outputs, \(actions.count) choices and \(values.count) numbers for rows of \(width)")
    for row in 0..<rows {
      var from = row * width
      for part in 0..<parts {
        var best = 0
        for k in 1..<max(choices[part], 1) where output[from + k] > output[from + best] { best = k }
        actions[row * parts + part] = Int32(best)
        from += choices[part]
      }
      if isPerChoice { from += Int(actions[row * parts]) * dimensions }
      for d in 0..<dimensions { values[row * dimensions + d] = output[from + d] }
    }
  }

  /// Draws one action for each row of outputs without a tape: the bits of ``HybridDistribution/sample(from:step:)``.
  ///
  /// - Parameters:
  ///   - output: `[rows, width]`
  ///   - stream: Names the random numbers that are drawn: those of part i of a step for choice i, of the part behind for x.
  ///   - step: Which numbers of the stream.
  ///   - actions: Receives one index for each row and categorical part. `[rows, parts]`
  ///   - values: Receives x. `[rows, D]`
  ///   - logProbabilities: Receives the log-probability of each row. `[rows]`
  /// - Complexity: O(rows · width), no memory is allocated.
  public func sample(
    output: Span<Float>, from stream: RandomStream, step: Int, choices actions: inout MutableSpan<Int32>, values: inout MutableSpan<Float>,
    logProbabilities: inout MutableSpan<Float>
  ) {
    let (rows, width, parts) = (logProbabilities.count, width, choices.count)
    precondition(
      output.count == rows * width && actions.count == rows * parts && values.count == rows * dimensions,
      "HybridLayout.sample: \(output.count) outputs, \(actions.count) choices and \(values.count) numbers for \(rows) rows of \(width)")
    guard rows > 0 else { return }
    unsafe output.withUnsafeBufferPointer { output in
      unsafe logProbabilities.withUnsafeMutableBufferPointer { logProbabilities in
        unsafe actions.withUnsafeMutableBufferPointer { actions in
          var from = 0
          for part in 0..<parts {
            let (logits, place) = unsafe (output.baseAddress! + from, actions.baseAddress! + part)
            unsafe Categorical.draw(
              logits, rows: rows, columns: choices[part], rowStep: width, stream, step: step, part: part, into: place, indexStep: parts)
            unsafe ck_log_softmax_at(rows, choices[part], logits, width, place, parts, logProbabilities.baseAddress!, part > 0 ? 1 : 0)
            from += choices[part]
          }
          guard dimensions > 0 else { return }
          unsafe values.withUnsafeMutableBufferPointer { values in
            let x = values.baseAddress!
            unsafe stream.draw(.normal, step: step, part: parts, count: rows * dimensions, into: x)
            let constant = Float(-Double(dimensions) * DiagonalGaussian.halfLogTurn)
            let deviations = blocks * dimensions
            func shift(_ rows: Range<Int>, block: Int) {
              let mean = unsafe output.baseAddress! + (rows.lowerBound * width + from + block * dimensions)
              unsafe ck_gaussian_rows(
                rows.count, dimensions, mean, width, mean + deviations, width, logDeviations.lowerBound, logDeviations.upperBound, constant,
                x + rows.lowerBound * dimensions, logProbabilities.baseAddress! + rows.lowerBound, parts > 0 ? 1 : 0)
            }
            if isPerChoice {
              for row in 0..<rows { unsafe shift(row..<row + 1, block: Int(actions[row * parts])) }
            } else {
              shift(0..<rows, block: 0)
            }
          }
        }
      }
    }
  }
}
