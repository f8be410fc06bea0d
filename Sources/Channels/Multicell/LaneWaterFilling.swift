/// Water-filling of many users of eight networks at once, exact by sorting.
///
/// With levels n_(1) ≤ … ≤ n_(K) in order, the water of budget P is w = min_k (P + Σ_{i≤k} n_(i)) / k: for the number of channels below water it is
/// the level that spends P, and for no other k it is less, since what any k channels can hold is at most P. Levels may be negative and are never cut.
/// The order is found by a network of comparators (Batcher 1968), so that no lane branches.
struct LaneWaterFilling: Sendable {
  let frequencies: Int
  /// Users times eight.
  let run: Int
  private let comparators: [(Int, Int)]
  private var sorted: [Float]
  private var sums: [Float]
  /// The water levels of the last call. `[U, 8]`
  private(set) var water: [Float]

  init(frequencies: Int, users: Int) {
    self.frequencies = frequencies
    run = users * NetworkLanes.width
    comparators = LaneWaterFilling.comparators(frequencies)
    sorted = Array(repeating: 0, count: frequencies * run)
    sums = Array(repeating: 0, count: run)
    water = sums
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
    let (frequencies, run, comparators) = (frequencies, run, comparators)
    unsafe sorted.withUnsafeMutableBufferPointer { sorted in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe water.withUnsafeMutableBufferPointer { water in
          let (sorted, sums, water) = (sorted.baseAddress!, sums.baseAddress!, water.baseAddress!)
          for i in 0..<frequencies &* run { unsafe sorted[i] = levels[i] }
          for (lower, upper) in comparators {
            let (x, y) = unsafe (sorted + lower &* run, sorted + upper &* run)
            for i in 0..<run {
              let (a, b) = unsafe (x[i], y[i])
              unsafe x[i] = a < b ? a : b
              unsafe y[i] = a < b ? b : a
            }
          }
          for i in 0..<run {
            unsafe sums[i] = budgets[i] + sorted[i]
            unsafe water[i] = sums[i]
          }
          for k in 1..<max(frequencies, 1) {
            let (next, share) = unsafe (sorted + k &* run, 1 / Float(k + 1))
            for i in 0..<run {
              unsafe sums[i] += next[i]
              let level = unsafe sums[i] * share
              unsafe water[i] = level < water[i] ? level : water[i]
            }
          }
          for f in 0..<frequencies {
            let (from, to) = unsafe (levels + f &* run, powers + f &* run)
            for i in 0..<run {
              let power = unsafe water[i] - from[i]
              unsafe to[i] = power > 0 ? power : 0
            }
          }
        }
      }
    }
  }
}
