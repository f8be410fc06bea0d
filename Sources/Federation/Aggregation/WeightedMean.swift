import Tensor

/// The shares of clients in a mean: w_k / Σ w_j, nil if all weights are zero.
///
/// Weights are divided by the largest first, so that their sum does not overflow: two of 10³⁰⁸ have one half each.
///
/// - Parameter weights: Finite, not negative; in the order of clients, in which they are added up. `[K]`
/// - Returns: `[K]`
public func averagingShares(_ weights: [Double]) -> [Double]? {
  precondition(weights.allSatisfy { $0.isFinite && $0 >= 0 }, "averagingShares: a weight is negative or not finite: \(weights)")
  guard let largest = weights.max(), largest > 0 else { return nil }
  let scaled = weights.map { $0 / largest }
  let total = scaled.reduce(0, +)
  return scaled.map { $0 / total }
}

/// The weighted mean of vectors: w = Σ_k w_k x_k / Σ_k w_k, nil if all weights are zero.
///
/// H. B. McMahan et al., "Communication-efficient learning of deep networks from decentralized data", AISTATS 2017, algorithm 1, with the sums
/// over those who took part. Every number is added up in `Double`, in the order of the vectors, and rounded once: neither the threads nor the
/// order in which messages arrived changes a bit, if the vectors are in the order of clients.
///
/// - Parameters:
///   - rows: One vector for each client. `[K, N]`
///   - weights: Finite, not negative. `[K]`
///   - threads: How many threads share it.
/// - Returns: `[N]`
/// - Complexity: O(K N)
@specialized(where Element == Float)
@specialized(where Element == Double)
public func weightedMean<Element: BinaryFloatingPoint & Sendable>(_ rows: [[Element]], weights: [Double], threads: Int = 1) -> [Element]? {
  precondition(rows.count == weights.count, "weightedMean: \(rows.count) vectors and \(weights.count) weights")
  guard let shares = averagingShares(weights) else { return nil }
  let count = rows[0].count
  precondition(rows.allSatisfy { $0.count == count }, "weightedMean: vectors of \(rows.map(\.count)) numbers")
  let length = meanPieceLength
  var pieces = (0..<((count + length - 1) / length)).map { piece in
    [Element](repeating: 0, count: min(length, count - piece * length))
  }
  Parallel.forEach(&pieces, threads: threads) { piece, index, _ in
    var sums = [Double](repeating: 0, count: piece.count)
    let start = index * length
    for (row, share) in zip(rows, shares) {
      let numbers = row.span
      for i in 0..<sums.count { sums[i] += share * Double(numbers[start + i]) }
    }
    for i in 0..<sums.count { piece[i] = Element(sums[i]) }
  }
  return pieces.count == 1 ? pieces[0] : Array(pieces.joined())
}

/// The unweighted mean of vectors. `[K, N]` to `[N]`
public func uniformMean<Element: BinaryFloatingPoint & Sendable>(_ rows: [[Element]]) -> [Element]? {
  weightedMean(rows, weights: Array(repeating: 1, count: rows.count))
}

/// Numbers that one thread adds up at a time: their sums stay in the fastest cache.
private let meanPieceLength = 2048
