import CKernels

/// A distribution over the choices 0 ..< K with given weights.
///
/// P(k) = w_k / Σ w, drawn by the inverse of its distribution function: the first k with u Σ w < w_0 + ... + w_k. The sums run in order in double
/// precision and u has 52 bits, so that a probability is exact up to K · 2⁻⁵².
public struct WeightedChoice: Sendable, Hashable {
  /// The sums of the weights up to each choice. `[K]`
  let sums: [Double]
  /// The first choice with the greatest sum: none behind it has a weight.
  let last: Int

  /// - Parameter weights: How likely the choices are, up to a common factor. `[K]`
  /// - Precondition: No weight is negative or NaN, and their sum is positive and finite.
  public init(weights: [Double]) {
    var sum = 0.0
    var sums: [Double] = []
    sums.reserveCapacity(weights.count)
    for (choice, weight) in weights.enumerated() {
      precondition(weight >= 0, "WeightedChoice: the weight \(weight) of choice \(choice)")
      sum += weight
      sums.append(sum)
    }
    precondition(sum > 0 && sum.isFinite, "WeightedChoice: \(weights.count) weights with the sum \(sum)")
    self.sums = sums
    last = sums.firstIndex(of: sum)!
  }

  /// The choice for a uniform number of (0, 1).
  ///
  /// - Complexity: O(log K)
  public func choice(_ uniform: Double) -> Int {
    let place = uniform * sums[last]
    var low = 0
    var high = last
    while low < high {
      let middle = (low + high) / 2
      if place < sums[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension RandomStream {
  /// Fills a vector with independent choices of a categorical distribution, without allocation.
  ///
  /// - Complexity: O(n log K)
  public func fill(_ values: inout MutableSpan<Int32>, with choices: WeightedChoice, step: Int = 0) {
    let size = 64
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { numbers in
      for begin in stride(from: 0, to: values.count, by: size) {
        let count = min(size, values.count - begin)
        unsafe ck_random64(
          Distribution.uniform.rawValue, count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue, UInt64(begin / 2),
          numbers.baseAddress)
        for i in 0..<count { values[begin + i] = Int32(choices.choice(unsafe numbers[i])) }
      }
    }
  }

  /// Fills an array with independent choices of a categorical distribution.
  public func fill(_ values: inout [Int32], with choices: WeightedChoice, step: Int = 0) {
    var span = values.mutableSpan
    fill(&span, with: choices, step: step)
  }
}
