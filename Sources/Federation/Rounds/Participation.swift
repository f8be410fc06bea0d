import Tensor

/// What becomes of a contribution that arrives when its round is over.
public enum LateContributions: String, Sendable, CaseIterable {
  /// It is never seen.
  case discarded
  /// It arrives in the next round, where it is refused as stale and counted.
  case refused
}

/// How a client takes part in a round.
public enum Attendance: UInt8, Sendable, CaseIterable {
  /// It sends in time.
  case present
  /// It was not chosen.
  case notChosen
  /// It was chosen and has failed: it neither sends nor receives.
  case dropped
  /// It is a straggler: what it sends comes when the round is over. It receives the mean.
  case late
}

/// Who takes part in which round: a schedule that the seed fixes.
///
/// A number of clients is chosen without replacement; each of them drops out, or else is late, independently. Whether a client does depends on
/// the seed, the client and the round alone, and a change of one of the rates does not change what the others draw.
public struct Participation: Hashable, Sendable {
  /// The share of clients that are chosen in a round, at least one of them.
  public var fraction = 1.0
  /// The probability that a chosen client drops out of a round.
  public var dropout = 0.0
  /// The probability that a chosen client that has not dropped out is late.
  public var lateness = 0.0
  public var late = LateContributions.discarded
  /// Whether clients that were not chosen, or dropped out, get the mean too.
  public var reachesAbsent = false

  public init() {}

  /// Why these numbers make no schedule, in one sentence; nil if they do.
  public var objection: String? {
    if !(fraction > 0 && fraction <= 1) { return "the share of chosen clients must lie in (0, 1], got \(fraction)" }
    for (name, rate) in [("dropout", dropout), ("lateness", lateness)] where !(rate >= 0 && rate <= 1) {
      return "the probability of \(name) must lie in [0, 1], got \(rate)"
    }
    return nil
  }

  /// How many of so many clients are chosen: the nearest number, at least one.
  public func chosenCount(of clients: Int) -> Int { min(max(Int((fraction * Double(clients)).rounded()), 1), clients) }

  /// How every client takes part in a round. `[A]`
  public func attendance(clients: Int, round: Int, seed: UInt64) -> [Attendance] {
    var chosen = [Int32](repeating: 0, count: chosenCount(of: clients))
    RandomStream(seed: seed, purpose: .participation).fillDistinct(&chosen, below: clients, step: round)
    var result = [Attendance](repeating: .notChosen, count: clients)
    for client in chosen {
      var generator = RandomStream(seed: seed, purpose: .participation, index: 1 + Int(client)).generator(step: round)
      let (first, second) = (generator.uniform(), generator.uniform())
      result[Int(client)] = first < dropout ? .dropped : second < lateness ? .late : .present
    }
    return result
  }
}
