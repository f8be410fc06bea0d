import Channels

/// How far apart those are who share a block, for claim 17 (Fig. 5): "users who are closer together are allocated different RBs".
///
/// Distances start at D2D transmitters, which disturb the others on their block.
struct D2DSpacing {
  /// Transmitter to transmitter in metres. `[N, N]`
  private let betweenPairs: [[Double]]
  /// Transmitter to cellular user in metres. `[N, K]`
  private let toCellular: [[Double]]

  init(_ drop: D2DDrop) {
    betweenPairs = drop.transmitters.map { from in drop.transmitters.map { from.distance(to: $0).value } }
    toCellular = drop.transmitters.map { from in drop.cellularUsers.map { from.distance(to: $0).value } }
  }

  /// The mean distance of two pairs on the same block over that of any two pairs. NaN where no two share a block. O(N²).
  ///
  /// - Parameter blocks: The block of each pair. `[N]`
  func pairRatio(_ blocks: [Int32]) -> Double {
    var (shared, sharedCount, all, count) = (0.0, 0, 0.0, 0)
    for first in blocks.indices {
      for second in 0..<first {
        all += betweenPairs[first][second]
        count += 1
        guard blocks[first] == blocks[second] else { continue }
        shared += betweenPairs[first][second]
        sharedCount += 1
      }
    }
    return (shared / Double(sharedCount)) / (all / Double(count))
  }

  /// The mean distance of a pair to the cellular user who owns its block over that to any cellular user. O(N·K).
  ///
  /// - Parameter blocks: The block of each pair. `[N]`
  func cellularRatio(_ blocks: [Int32]) -> Double {
    let own = blocks.indices.map { toCellular[$0][Int(blocks[$0])] }
    return Statistics.mean(own) / Statistics.mean(toCellular.flatMap { $0 })
  }
}
