/// Why a contribution was not taken into a round.
///
/// A refused contribution leaves no trace in the mean: neither the round nor the model suffers from it.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of refusal, in the order in which records count them.
  public enum Reason: String, CaseIterable, Sendable {
    /// Bytes that are no message.
    case malformed
    /// From nobody who belongs to the federation.
    case unknownClient
    /// Of an earlier round: late or replayed.
    case stale
    /// Of a round that has not begun.
    case early
    /// The client has contributed to this round before.
    case duplicate
    /// Numbers of other networks, or of other slices of them.
    case otherLayout
    /// Too few or too many numbers.
    case wrongCount
    /// A weight that is infinite or no number.
    case weightNotFinite
    /// A weight below zero.
    case negativeWeight
    /// An infinite number, or one that is none.
    case notFinite
    /// A mean square of an optimiser that is below zero.
    case negativeMeanSquare

    /// The place in lists of counts.
    public var index: Int { Self.places[self]! }

    private static let places = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
  }

  public let reason: Reason
  /// Whom the contribution was from, if it said so.
  public let client: Int?
  /// One sentence.
  public let description: String

  init(_ reason: Reason, client: Int?, _ description: String) {
    (self.reason, self.client, self.description) = (reason, client, description)
  }
}

/// How many contributions were refused for each reason.
public struct RefusalCounts: Hashable, Sendable {
  /// In the order of the reasons.
  private(set) var counts = [Int](repeating: 0, count: Refusal.Reason.allCases.count)

  public init() {}

  init(_ counts: [Int]) { self.counts = counts }

  public subscript(reason: Refusal.Reason) -> Int { counts[reason.index] }

  /// All together.
  public var total: Int { counts.reduce(0, +) }

  mutating func add(_ reason: Refusal.Reason) { counts[reason.index] += 1 }
}
