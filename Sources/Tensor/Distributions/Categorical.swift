import CKernels

/// Distributions over K choices, one for each row of logits.
///
/// p_k = e^{x_k} / Σ_j e^{x_j}. A logit of −∞ forbids a choice: its probability is exactly 0, it is never drawn, and 0 · ln 0 counts as 0 in
/// every sum and derivative. Each row must allow one choice at least. (To ``Tape/reportNonFinite(_:)`` such a logit is a number that is not
/// finite; −10³⁰ does the same and is none.)
///
/// Results are one number for each distribution, of the logits' shape with the last axis of extent one: `[…, K]` to `[…, 1]`.
public struct Categorical {
  /// Unnormalised log-probabilities x. `[…, K]`
  public let logits: Variable
  /// ln p_k. `[…, K]`
  public let logProbabilities: Variable

  /// The number of choices, K.
  public var choices: Int { logits.shape.columns }

  /// - Parameter logits: `[…, K]`
  public init(logits: Variable) {
    precondition(logits.shape.rank > 0 && logits.shape.columns > 0, "Categorical: logits of the shape \(logits.shape)")
    self.logits = logits
    logProbabilities = logits.logSoftmax()
  }

  /// Distributions over the allowed choices only.
  ///
  /// - Parameters:
  ///   - logits: `[…, K]`
  ///   - allowed: 1 where a choice is allowed, 0 where it is forbidden; of a shape that can be repeated to that of `logits`.
  public init(logits: Variable, allowed: Variable) {
    self.init(logits: allowed.choosing(logits, otherwise: -.infinity))
  }

  /// p_k. `[…, K]`
  public var probabilities: Variable { logits.softmax() }

  /// ln p of a choice in each row; −∞ for a forbidden one.
  ///
  /// - Parameter choices: One index for each row, in row-major order.
  /// - Returns: `[…, 1]`
  public func logProbability(of choices: Span<Int32>) -> Variable { logProbabilities.selecting(choices) }

  /// ln p of the choices `first`, `first + step` … of a list.
  func logProbability(of choices: Span<Int32>, from first: Int, every step: Int) -> Variable {
    let shape = logits.shape
    let places = unsafe logits.tape.arena.integers(shape.rows)
    for row in 0..<shape.rows {
      let choice = choices[first + row * step]
      precondition(choice >= 0 && choice < shape.columns, "Categorical.logProbability: choice \(choice) of \(shape.columns)")
      unsafe places[row] = choice
    }
    let view = AxisView(shape, shape.rank - 1)
    return logits.record(unsafe .select(logProbabilities.node, view, indices: UnsafePointer(places)), shape.replacing(-1, by: 1))
  }

  /// Σ_k p_k v_k, where what cannot happen counts as zero, whatever its value.
  ///
  /// - Parameter values: v, one number for each choice. `[…, K]`
  /// - Returns: `[…, 1]`
  public func expectation(of values: Variable) -> Variable {
    precondition(values.shape == logits.shape, "Categorical.expectation: values of \(values.shape) for logits of \(logits.shape)")
    let p = probabilities
    // Only what can happen passes: 0 · ∞ would be no number.
    let possible = values.record(.binary(.reluSlope, values.node, p.node), values.shape)
    return (p * possible).sum(along: -1, keepingAxis: true)
  }

  /// H = −Σ_k p_k ln p_k in nats. `[…, 1]`
  public func entropy() -> Variable { -expectation(of: logProbabilities) }

  /// KL(self ‖ other) = Σ_k p_k (ln p_k − ln q_k) in nats; infinite where `other` forbids what this distribution can draw. `[…, 1]`
  public func divergence(from other: Categorical) -> Variable {
    precondition(logits.shape == other.logits.shape, "Categorical.divergence: \(logits.shape) from \(other.logits.shape)")
    return expectation(of: logProbabilities - other.logProbabilities)
  }

  /// The most probable choice of each row, the first of equals.
  public func mode() -> [Int32] { logits.argmax(along: -1) }

  /// One choice for each row: argmax_k (x_k + g_k) with independent standard Gumbel numbers g (Gumbel 1954; Maddison et al. 2014).
  ///
  /// Logit i in row-major order is met by number i of the part, so that the choices are the same on every CPU.
  /// - Parameters:
  ///   - stream: Names the Gumbel numbers that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  public func sample(from stream: RandomStream, step: Int, part: Int = 0) -> [Int32] {
    let rows = logits.shape.rows
    guard rows > 0 else { return [] }
    return unsafe [Int32](unsafeUninitializedCapacity: rows) { buffer, count in
      unsafe Categorical.draw(
        logits.tape.value(logits.node), rows: rows, columns: choices, rowStep: choices, stream, step: step, part: part, into: buffer.baseAddress!,
        indexStep: 1)
      count = rows
    }
  }
}

/// Choosing without a tape, from a network's outputs.
extension Categorical {
  /// Draws one choice for each row of logits, and its log-probability: the bits of ``sample(from:step:part:)`` and ``logProbability(of:)``.
  ///
  /// - Parameters:
  ///   - logits: `[rows, K]`
  ///   - count: K, the number of choices.
  ///   - stream: Names the Gumbel numbers that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  ///   - choices: Receives one index for each row. `[rows]`
  ///   - logProbabilities: Receives ln p of each. `[rows]`
  /// - Complexity: O(rows · K), no memory is allocated.
  public static func sample(
    logits: Span<Float>, choices count: Int, from stream: RandomStream, step: Int, part: Int = 0, into choices: inout MutableSpan<Int32>,
    logProbabilities: inout MutableSpan<Float>
  ) {
    let rows = choices.count
    precondition(
      count > 0 && logits.count == rows * count && logProbabilities.count == rows,
      "Categorical.sample: \(logits.count) logits for [\(rows), \(count)] and \(logProbabilities.count) log-probabilities")
    guard rows > 0 else { return }
    unsafe logits.withUnsafeBufferPointer { logits in
      unsafe choices.withUnsafeMutableBufferPointer { choices in
        unsafe logProbabilities.withUnsafeMutableBufferPointer { logProbabilities in
          unsafe draw(
            logits.baseAddress!, rows: rows, columns: count, rowStep: count, stream, step: step, part: part, into: choices.baseAddress!, indexStep: 1)
          unsafe ck_log_softmax_at(rows, count, logits.baseAddress!, count, choices.baseAddress!, 1, logProbabilities.baseAddress!, 0)
        }
      }
    }
  }

  /// The most probable choice of each row of logits, the first of equals. `[rows, K]` to `[rows]`
  public static func mode(logits: Span<Float>, choices count: Int, into choices: inout MutableSpan<Int32>) {
    let rows = choices.count
    precondition(count > 0 && logits.count == rows * count, "Categorical.mode: \(logits.count) logits for [\(rows), \(count)]")
    guard rows > 0 else { return }
    unsafe logits.withUnsafeBufferPointer { logits in
      unsafe choices.withUnsafeMutableBufferPointer { choices in
        unsafe ck_extreme_axis(rows, count, 1, 1, logits.baseAddress!, choices.baseAddress!)
      }
    }
  }

  /// Writes argmax_k (x_k + g_k) of each row, the first of equals.
  static func draw(
    _ logits: UnsafePointer<Float>, rows: Int, columns: Int, rowStep: Int, _ stream: RandomStream, step: Int, part: Int,
    into choices: UnsafeMutablePointer<Int32>, indexStep: Int
  ) {
    var noise = InlineArray<256, Float>(repeating: 0)
    var (row, column, place) = (0, 0, 0)
    var best = -Float.infinity
    var first = 0
    while first < rows * columns {
      let count = min(256, rows * columns - first)
      var span = noise.mutableSpan
      unsafe span.withUnsafeMutableBufferPointer {
        unsafe stream.draw(.gumbel, step: step, part: part, first: first, count: count, into: $0.baseAddress!)
      }
      for i in 0..<count {
        let value = unsafe logits[row * rowStep + column] + noise[i]
        if value > best { (best, place) = (value, column) }
        column += 1
        if column == columns {
          precondition(best > -.infinity, "Categorical.sample: row \(row) of [\(rows), \(columns)] allows no choice")
          unsafe choices[row * indexStep] = Int32(place)
          (row, column, place, best) = (row + 1, 0, 0, -.infinity)
        }
      }
      first += count
    }
  }
}
