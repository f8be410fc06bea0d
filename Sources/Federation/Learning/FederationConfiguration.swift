/// Everything that federated learning leaves open. The defaults are federated averaging with a server and all clients.
public struct FederationConfiguration: Sendable {
  /// Steps of all copies from one round to the next.
  public var roundSteps = 250
  /// What is averaged.
  public var part = ExchangedPart.everything
  /// Whether the optimisers' moments are averaged too.
  public var moments = MomentExchange.local
  /// Who averages over whom.
  public var groups = AveragingGroups.server
  public var weight = AveragingWeight.uniform
  public var participation = Participation()
  /// Whether all clients begin with the networks of the first.
  public var commonStart = true

  public init() {}

  /// Why it does not fit so many clients with these networks, in one sentence; nil if it does.
  public func objection(clients: Int, networks: [ExchangeableNetwork]) -> String? {
    if roundSteps < 1 { return "a round needs at least one step, got \(roundSteps)" }
    return participation.objection ?? groups.objection(clients: clients) ?? part.objection(to: networks)
  }
}
