import CKernels

/// Whole numbers, orders and choices.
///
/// Every number below a bound is equally likely, without bias: a word whose product with the bound falls into the excess is rejected (Lemire,
/// "Fast random integer generation in an interval", ACM TOMACS 29, 2019) and drawn again from what Philox makes of its own block, so
/// that no other number moves. Redrawn words come from counters that are themselves random among 2¹²⁸: that two purposes meet is
/// possible, but less likely than 2⁻⁶⁰ for as many draws as a year of one computer makes.
extension RandomStream {
  /// Fills a vector with independent whole numbers 0 ≤ x < bound, all equally likely; the same on every CPU.
  ///
  /// - Precondition: 1 ≤ bound ≤ 2³¹.
  /// - Complexity: O(n)
  public func fillIntegers(_ values: inout MutableSpan<Int32>, below bound: Int, step: Int = 0) {
    precondition(bound > 0 && bound <= 1 << 31, "RandomStream.fillIntegers: the bound must lie in 1...2³¹, got \(bound)")
    let count = values.count
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe ck_random_integers(count, UInt32(bound), seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, 0, start)
    }
  }

  /// Fills an array with independent whole numbers 0 ≤ x < bound, all equally likely.
  public func fillIntegers(_ values: inout [Int32], below bound: Int, step: Int = 0) {
    var span = values.mutableSpan
    fillIntegers(&span, below: bound, step: step)
  }

  /// Brings the values into a random order, in place and without allocation.
  ///
  /// For i = 0, 1, ...: the value at i changes with one at j, uniform on i ..< n (Fisher and Yates 1938; Durstenfeld 1964). All n! orders are
  /// equally likely, without bias, as far as a generator with a key of 64 bits and a counter of 128 can reach them.
  ///
  /// - Precondition: At most 2³¹ values.
  /// - Complexity: O(n)
  public func shuffle(_ values: inout MutableSpan<Int32>, step: Int = 0) {
    let count = values.count
    precondition(count <= 1 << 31, "RandomStream.shuffle: at most 2³¹ values, got \(count)")
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe ck_random_shuffle(count, count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, start)
    }
  }

  /// Brings an array into a random order.
  public func shuffle(_ values: inout [Int32], step: Int = 0) {
    var span = values.mutableSpan
    shuffle(&span, step: step)
  }

  /// The numbers 0 ..< count in a random order, all orders equally likely.
  ///
  /// - Precondition: 0 ≤ count ≤ 2³¹.
  /// - Complexity: O(n)
  public func permutation(of count: Int, step: Int = 0) -> [Int32] {
    precondition(count >= 0 && count <= 1 << 31, "RandomStream.permutation: the count must lie in 0...2³¹, got \(count)")
    var values = (0..<count).map { Int32($0) }
    shuffle(&values, step: step)
    return values
  }

  /// Fills a vector with k different numbers of 0 ..< count, drawn without replacement: all ordered choices are equally likely.
  ///
  /// They are the first k numbers of ``permutation(of:step:)``. Up to 1024 numbers, or 1/64 of the count, need no memory of their own.
  ///
  /// - Precondition: k ≤ count ≤ 2³¹.
  /// - Complexity: O(k²) comparisons of which 64 are made at once, or O(count) beyond 1024 numbers and 1/64 of the count.
  public func fillDistinct(_ values: inout MutableSpan<Int32>, below count: Int, step: Int = 0) {
    let k = values.count
    precondition(k <= count && count <= 1 << 31, "RandomStream.fillDistinct: \(k) different numbers of \(count)")
    if k == 0 { return }
    let step = UInt32(truncatingIfNeeded: step)
    if k <= 1024 || k <= count / 64 {
      unsafe values.withUnsafeMutableBufferPointer {
        unsafe ck_random_sample(count, k, seed, step, index, purpose.rawValue, $0.baseAddress)
      }
      return
    }
    var all = (0..<count).map { Int32($0) }
    unsafe all.withUnsafeMutableBufferPointer { unsafe ck_random_shuffle(count, k, seed, step, index, purpose.rawValue, $0.baseAddress) }
    for i in 0..<k { values[i] = all[i] }
  }

  /// Fills an array with different numbers of 0 ..< count, drawn without replacement.
  public func fillDistinct(_ values: inout [Int32], below count: Int, step: Int = 0) {
    var span = values.mutableSpan
    fillDistinct(&span, below: count, step: step)
  }
}
