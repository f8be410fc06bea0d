/// Takes in the contributions of one round and refuses bad ones.
///
/// Everything about a contribution is checked before anything of it is kept. Accepted ones lie in the order of clients whatever the order in which
/// they arrived, so that means over them have the same bits.
///
/// ```swift
/// var intake = RoundIntake(round: 3, clients: 6, plan)
/// for contribution in arrived { if let refusal = intake.offer(contribution) { print(refusal) } }
/// let mean = intake.mean()
/// ```
public struct RoundIntake: Sendable {
  public let round: Int
  /// The number of numbers of a contribution: N.
  public let count: Int
  /// What contributions have to be of.
  public let layout: UInt64
  /// Numbers that cannot be negative.
  public let meanSquares: Range<Int>
  /// By client. `[A]`
  public private(set) var accepted: [Contribution?]
  public private(set) var refusals = RefusalCounts()

  /// - Parameters:
  ///   - round: The number of the round, from 0.
  ///   - clients: A
  ///   - count: N
  ///   - layout: What contributions have to be of: `ExchangePlan.fingerprint`.
  ///   - meanSquares: Which of the numbers are mean squares.
  public init(round: Int, clients: Int, count: Int, layout: UInt64, meanSquares: Range<Int> = 0..<0) {
    precondition(meanSquares.lowerBound >= 0 && meanSquares.upperBound <= count, "RoundIntake: mean squares \(meanSquares) of \(count) numbers")
    (self.round, self.count, self.layout, self.meanSquares) = (round, count, layout, meanSquares)
    accepted = Array(repeating: nil, count: clients)
  }

  /// For what a plan says that travels.
  public init(round: Int, clients: Int, _ plan: ExchangePlan) {
    self.init(round: round, clients: clients, count: plan.messageCount, layout: plan.fingerprint, meanSquares: plan.meanSquares)
  }

  /// Takes a contribution, or leaves everything as it was but for the count of refusals.
  ///
  /// - Returns: Why it was refused; nil if it was taken.
  /// - Complexity: O(N)
  @discardableResult
  public mutating func offer(_ contribution: Contribution) -> Refusal? {
    if let refusal = objection(to: contribution) {
      refusals.add(refusal.reason)
      return refusal
    }
    accepted[contribution.client] = contribution
    return nil
  }

  /// Takes what arrived as bytes.
  @discardableResult
  public mutating func offer(bytes: [UInt8]) -> Refusal? {
    do {
      return offer(try Contribution(decoding: bytes))
    } catch {
      refusals.add(error.reason)
      return error
    }
  }

  private func objection(to contribution: Contribution) -> Refusal? {
    let client = contribution.client
    func refusal(_ reason: Refusal.Reason, _ why: String) -> Refusal { Refusal(reason, client: client, "client \(client): \(why)") }
    guard accepted.indices.contains(client) else {
      return refusal(.unknownClient, "the federation has \(accepted.count) clients, numbered from 0")
    }
    if contribution.round < round { return refusal(.stale, "the contribution is of round \(contribution.round), and round \(round) is under way") }
    if contribution.round > round { return refusal(.early, "the contribution is of round \(contribution.round), and round \(round) is under way") }
    if accepted[client] != nil { return refusal(.duplicate, "it has contributed to round \(round) before") }
    if contribution.layout != layout { return refusal(.otherLayout, "its numbers are those of other slices or networks") }
    if contribution.values.count != count {
      return refusal(.wrongCount, "it sent \(contribution.values.count) numbers where \(count) are expected")
    }
    if !contribution.weight.isFinite { return refusal(.weightNotFinite, "its weight is \(contribution.weight)") }
    if contribution.weight < 0 { return refusal(.negativeWeight, "its weight is \(contribution.weight)") }
    for (place, value) in contribution.values.enumerated() where !value.isFinite {
      return refusal(.notFinite, "number \(place) is \(value)")
    }
    for place in meanSquares where contribution.values[place] < 0 {
      return refusal(.negativeMeanSquare, "number \(place), a mean square, is \(contribution.values[place])")
    }
    return nil
  }

  /// The weighted mean over the accepted contributions.
  ///
  /// - Parameters:
  ///   - group: The clients over which it goes, in any order; nil for all.
  ///   - threads: How many threads share it; no bit depends on them.
  public func mean(over group: [Int]? = nil, threads: Int = 1) -> RoundMean {
    var isMember = [Bool](repeating: group == nil, count: accepted.count)
    for client in group ?? [] { isMember[client] = true }
    var (rows, weights): ([[Float]], [Double]) = ([], [])
    for (client, contribution) in accepted.enumerated() {
      guard let contribution, isMember[client] else { continue }
      rows.append(contribution.values)
      weights.append(contribution.weight)
    }
    if rows.isEmpty { return .noReplies }
    guard let mean = weightedMean(rows, weights: weights, threads: threads) else { return .zeroWeight }
    return .mean(mean)
  }
}

/// What a round gives to those who wait for it.
public enum RoundMean: Hashable, Sendable {
  /// `[N]`
  case mean([Float])
  /// All weights were zero: everybody keeps what he has.
  case zeroWeight
  /// Nobody contributed: everybody keeps what he has.
  case noReplies
}
