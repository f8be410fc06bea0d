import CKernels

/// Distributions that whole vectors can be drawn from.
public enum Distribution: Int32, Sendable, CaseIterable {
  /// Uniform on (0, 1): cell centres of a grid of 2²³, never 0 or 1.
  case uniform = 0
  /// Exponential with mean 1: −ln u.
  case exponential = 1
  /// Standard Gumbel: −ln(−ln u).
  case gumbel = 2
  /// Standard normal (Box and Muller 1958), in single precision.
  case normal = 3
}

extension RandomStream {
  /// Fills a vector with independent numbers of one step of this stream; the same bits on every CPU.
  ///
  /// - Complexity: O(n)
  public func fill(_ values: inout MutableSpan<Float>, with distribution: Distribution, step: Int = 0) {
    let count = values.count
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe ck_random(
        distribution.rawValue, count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, 0, start)
    }
  }

  /// Fills an array with independent numbers of one step of this stream.
  public func fill(_ values: inout [Float], with distribution: Distribution, step: Int = 0) {
    var span = values.mutableSpan
    fill(&span, with: distribution, step: step)
  }
}
