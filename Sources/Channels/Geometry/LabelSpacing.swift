/// How far apart those nodes stand that carry the same label, against all: whether who is close together was given different channels,
/// blocks or pilots.
///
/// Both ratios are about one where labels were given regardless of places.
public struct LabelSpacing: Sendable {
  /// Node to node in metres. `[U, U]`
  private let betweenNodes: [[Double]]
  /// Node to owner in metres. `[U, K]`
  private let toOwners: [[Double]]

  /// - Parameters:
  ///   - nodes: Those that carry labels. `[U]`
  ///   - owners: The one that owns each label, for ``ownerRatio(_:)``. `[K]`
  public init(_ nodes: [Position], owners: [Position] = []) {
    betweenNodes = nodes.map { from in nodes.map { from.distance(to: $0).value } }
    toOwners = nodes.map { from in owners.map { from.distance(to: $0).value } }
  }

  /// The mean distance of two nodes with the same label over that of any two nodes. NaN where no two share a label. O(U²).
  ///
  /// - Parameter labels: The label of each node. `[U]`
  public func nodeRatio(_ labels: [Int32]) -> Double {
    precondition(labels.count == betweenNodes.count, "LabelSpacing.nodeRatio: \(labels.count) labels of \(betweenNodes.count) nodes")
    var (shared, sharedCount, all, count) = (0.0, 0, 0.0, 0)
    for first in labels.indices {
      for second in 0..<first {
        all += betweenNodes[first][second]
        count += 1
        guard labels[first] == labels[second] else { continue }
        shared += betweenNodes[first][second]
        sharedCount += 1
      }
    }
    return (shared / Double(sharedCount)) / (all / Double(count))
  }

  /// The mean distance of a node to the owner of its label over that to any owner. O(U K).
  ///
  /// - Parameter labels: The label of each node, a number of an owner. `[U]`
  /// - Precondition: There is an owner for each label.
  public func ownerRatio(_ labels: [Int32]) -> Double {
    precondition(labels.count == toOwners.count, "LabelSpacing.ownerRatio: \(labels.count) labels of \(toOwners.count) nodes")
    let own = labels.indices.map { toOwners[$0][Int(labels[$0])] }
    return mean(own) / mean(toOwners.flatMap { $0 })
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
