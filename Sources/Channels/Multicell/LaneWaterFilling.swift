import CKernels

/// Water-filling of many users of eight networks at once, exact by sorting.
///
/// With levels n_(1) ≤ … ≤ n_(K) in order, the water of budget P is w = min_k (P + Σ_{i≤k} n_(i)) / k: for the number of channels below water it is
/// the level that spends P, and for no other k it is less, since what any k channels can hold is at most P. Levels may be negative and are never cut.
/// The order is found by a network of comparators (Batcher 1968), so that no lane branches.
struct LaneWaterFilling: Sendable {
  let frequencies: Int
  let users: Int
  /// The network, (lower, upper) after (lower, upper).
  private let comparators: [Int32]
  private var scratch: [Float]
  /// The water levels of the last call. `[U, 8]`
  private(set) var water: [Float]

  init(frequencies: Int, users: Int) {
    (self.frequencies, self.users) = (frequencies, users)
    comparators = LaneWaterFilling.comparators(frequencies).flatMap { [Int32($0.0), Int32($0.1)] }
    scratch = Array(repeating: 0, count: frequencies * 2 * NetworkLanes.width)
    water = Array(repeating: 0, count: users * NetworkLanes.width)
  }

  /// Batcher's odd-even merge sort of the next power of two, without what only meets +∞ at the upper end.
  static func comparators(_ count: Int) -> [(Int, Int)] {
    var result: [(Int, Int)] = []
    var p = 1
    while p < count {
      var k = p
      while k >= 1 {
        var j = k % p
        while j + k < count {
          for i in 0..<min(k, count - j - k) where (i + j) / (2 * p) == (i + j + k) / (2 * p) { result.append((i + j, i + j + k)) }
          j += 2 * k
        }
        k /= 2
      }
      p *= 2
    }
    return result
  }

  /// Fills all users of a group.
  ///
  /// - Parameters:
  ///   - levels: `[N_f, U, 8]`
  ///   - budgets: `[U, 8]`
  ///   - powers: Receives max(0, w − n). `[N_f, U, 8]`
  mutating func fill(_ levels: UnsafePointer<Float>, _ budgets: UnsafePointer<Float>, into powers: UnsafeMutablePointer<Float>) {
    unsafe comparators.withUnsafeBufferPointer { pairs in
      unsafe scratch.withUnsafeMutableBufferPointer { scratch in
        unsafe water.withUnsafeMutableBufferPointer { water in
          unsafe ck_water_filling(
            frequencies, users, pairs.count / 2, pairs.baseAddress, levels, budgets, scratch.baseAddress, powers, water.baseAddress)
        }
      }
    }
  }
}
