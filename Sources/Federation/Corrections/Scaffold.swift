import Tensor

/// SCAFFOLD: control variates that take the drift of clients out of federated averaging.
///
/// S. P. Karimireddy et al., "SCAFFOLD: stochastic controlled averaging for federated learning", ICML 2020, algorithm 1 with option II:
///
///     on client i, K times:   y ← y − η (g_i(y) − c_i + c)                from y = x
///     then                    c_i⁺ = c_i − c + (x − y) / (K η)
///     on the server:          x ← x + η_g / |S| Σ_{i ∈ S} (y_i − x),  c ← c + 1 / N Σ_{i ∈ S} (c_i⁺ − c_i)
///
/// S are the clients that took part, N are all. A client that did not keeps its c_i, so that c stays the mean of all c_i.
public struct Scaffold: Archivable, Sendable {
  /// c. `[parameters]`
  public private(set) var server: [Double]
  /// c_i. `[N, parameters]`
  public private(set) var clients: [[Double]]

  /// What a client sends when its steps are done.
  public struct Update: Hashable, Sendable {
    public var client: Int
    /// y − x. `[parameters]`
    public var model: [Double]
    /// c_i⁺ − c_i. `[parameters]`
    public var control: [Double]
  }

  /// All control variates are zero.
  public init(clients: Int, parameters: Int) {
    precondition(clients > 0, "Scaffold: \(clients) clients")
    server = Array(repeating: 0, count: parameters)
    self.clients = Array(repeating: server, count: clients)
  }

  /// Corrects a client's gradient in place: g ← g − c_i + c.
  public func correct(_ gradient: inout [Double], of client: Int) {
    precondition(gradient.count == server.count, "Scaffold.correct: \(gradient.count) derivatives for \(server.count) parameters")
    for i in gradient.indices { gradient[i] += server[i] - clients[client][i] }
  }

  /// What a client sends that went from x to y.
  ///
  /// - Parameters:
  ///   - client: i
  ///   - x: The server's model, where the client began. `[parameters]`
  ///   - y: Where its steps ended. `[parameters]`
  ///   - steps: K
  ///   - rate: η
  public func update(of client: Int, from x: [Double], to y: [Double], steps: Int, rate: Double) -> Update {
    precondition(
      x.count == server.count && y.count == server.count && steps > 0,
      "Scaffold.update: from \(x.count) to \(y.count) numbers in \(steps) steps, for \(server.count) parameters")
    let model = x.indices.map { y[$0] - x[$0] }
    let control = x.indices.map { (x[$0] - y[$0]) / (Double(steps) * rate) - server[$0] }
    return Update(client: client, model: model, control: control)
  }

  /// Ends a round: moves the model and the control variates by what the clients sent. Without updates nothing moves.
  ///
  /// - Parameters:
  ///   - updates: At most one of each client, in any order.
  ///   - model: x, the server's. `[parameters]`
  ///   - serverRate: η_g
  public mutating func finishRound(_ updates: [Update], moving model: inout [Double], serverRate: Double = 1) {
    let ordered = updates.sorted { $0.client < $1.client }
    precondition(
      zip(ordered, ordered.dropFirst()).allSatisfy { $0.client < $1.client }, "Scaffold.finishRound: a client has sent two updates")
    precondition(
      model.count == server.count && ordered.allSatisfy { $0.model.count == model.count && $0.control.count == model.count },
      "Scaffold.finishRound: updates or a model of another length than \(server.count)")
    if ordered.isEmpty { return }
    for i in model.indices {
      var (step, change) = (0.0, 0.0)
      for update in ordered {
        step += update.model[i]
        change += update.control[i]
        clients[update.client][i] += update.control[i]
      }
      model[i] += serverRate * step / Double(ordered.count)
      server[i] += change / Double(clients.count)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("server", &server)
    for client in clients.indices { try archive.array("client\(client)", &clients[client]) }
    guard server.allSatisfy(\.isFinite), clients.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw archive.failure("a control variate is not finite")
    }
  }
}
