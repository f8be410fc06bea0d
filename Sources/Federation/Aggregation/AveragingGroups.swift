/// Who averages over whom, and so which messages are sent.
public enum AveragingGroups: Hashable, Sendable {
  /// A server averages over all and sends the mean back.
  case server
  /// Every client sends to every other, and each computes the same mean itself.
  case serverless
  /// Each client averages over a group of its own, itself among them, whose members send to it. `[A][group]`
  case clustered([[Int]])

  /// Why these groups do not fit so many clients, in one sentence; nil if they do.
  public func objection(clients: Int) -> String? {
    guard case .clustered(let groups) = self else { return nil }
    if groups.count != clients { return "there are \(groups.count) groups for \(clients) clients; each needs one" }
    for (client, group) in groups.enumerated() {
      let isValid = group.contains(client) && Set(group).count == group.count && group.allSatisfy { (0..<clients).contains($0) }
      if !isValid { return "the group \(group) of client \(client) must name different clients below \(clients), itself among them" }
    }
    return nil
  }

  /// The messages of one round.
  ///
  /// - Parameters:
  ///   - sends: Whether a client sends, also what will be late or refused. `[A]`
  ///   - receives: Whether a client can be reached. `[A]`
  ///   - gotMean: Whether there is a mean for a client. `[A]`
  /// - Returns: How many messages clients send, and how many they receive. Among clients alone these are the same messages.
  public func messages(sends: [Bool], receives: [Bool], gotMean: [Bool]) -> (up: Int, down: Int) {
    switch self {
    case .server:
      let up = sends.count { $0 }
      return (up, receives.indices.count { receives[$0] && gotMean[$0] })
    case .serverless:
      var sum = 0
      for receiver in receives.indices where receives[receiver] { sum += sends.indices.count { sends[$0] && $0 != receiver } }
      return (sum, sum)
    case .clustered(let groups):
      var sum = 0
      for receiver in receives.indices where receives[receiver] { sum += groups[receiver].count { sends[$0] && $0 != receiver } }
      return (sum, sum)
    }
  }

  /// The clients over which one of them averages; nil for all.
  func group(of client: Int) -> [Int]? {
    if case .clustered(let groups) = self { groups[client] } else { nil }
  }

  /// Whether one mean serves all.
  var isGlobal: Bool {
    if case .clustered = self { false } else { true }
  }
}
