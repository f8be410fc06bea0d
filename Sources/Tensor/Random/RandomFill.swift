import CKernels

/// Distributions that whole vectors can be drawn from.
public enum Distribution: Int32, Sendable, CaseIterable {
  /// Uniform on (0, 1): cell centres of a grid of 2²³ (in double precision 2⁵²), never 0 or 1.
  case uniform = 0
  /// Exponential with mean 1: −ln u.
  case exponential = 1
  /// Standard Gumbel: −ln(−ln u).
  case gumbel = 2
  /// Standard normal (Box and Muller 1958).
  case normal = 3
}

/// Whole vectors of random numbers.
///
/// A name (seed, purpose, index, step) stands for one sequence of random words, from which all of these are made: two fills that have to be
/// independent need two names. What a place receives depends on the name and the place alone, so that a longer fill begins with a shorter one.
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

  /// Fills a vector with independent numbers in double precision; the same bits on every CPU.
  ///
  /// A number takes 52 random bits. The relative error of −ln u and of normal numbers is at most 2 · 10⁻¹⁵.
  /// - Complexity: O(n)
  public func fill(_ values: inout MutableSpan<Double>, with distribution: Distribution, step: Int = 0) {
    let count = values.count
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe ck_random64(distribution.rawValue, count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, 0, start)
    }
  }

  /// Fills an array with independent numbers in double precision.
  public func fill(_ values: inout [Double], with distribution: Distribution, step: Int = 0) {
    var span = values.mutableSpan
    fill(&span, with: distribution, step: step)
  }

  /// Fills two planes with circular complex normal numbers CN(0, 1): E|h|² = 1, both parts N(0, ½).
  ///
  /// h = √(−ln u) e^(2πjv)   (Box and Muller 1958)
  ///
  /// - Parameters:
  ///   - real: The real parts. `[n]`
  ///   - imaginary: The imaginary parts. `[n]`
  ///   - step: Which numbers of the stream.
  /// - Precondition: The planes have equal counts.
  /// - Complexity: O(n)
  public func fillComplexNormal(real: inout MutableSpan<Float>, imaginary: inout MutableSpan<Float>, step: Int = 0) {
    let count = real.count
    precondition(imaginary.count == count, "RandomStream.fillComplexNormal: \(count) real and \(imaginary.count) imaginary parts")
    unsafe real.withUnsafeMutableBufferPointer { real in
      unsafe imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let x = real.baseAddress, let y = imaginary.baseAddress else { return }
        unsafe ck_random_complex(count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, 0, x, y)
      }
    }
  }

  /// Fills two arrays with the parts of circular complex normal numbers CN(0, 1).
  public func fillComplexNormal(real: inout [Float], imaginary: inout [Float], step: Int = 0) {
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    fillComplexNormal(real: &x, imaginary: &y, step: step)
  }
}
