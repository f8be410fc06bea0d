import Tensor

/// A policy for ``SimpleSpread`` that is written down: agents share out the landmarks and go there.
///
/// In every step agents take the assignment of landmarks with the least sum of distances. Each then makes the one of its five moves that leads
/// nearest to its landmark in the next step: a baseline, not an optimum. It is centralised, since all know who goes where. Its return with
/// three agents, in the default unit, is −128.1 with mpe2's physics and −111.9 with openai's.
public struct ScriptedSpread: Policy {
  private let agents: Int
  private let copies: Int
  /// All orders of the landmarks. `[N!][N]`
  private let orders: [[Int]]
  /// Distances from agents to landmarks of one copy. `[N, N]`
  private var distances: [Float]

  /// - Precondition: At most 7 agents, since all N! assignments are tried; discrete actions.
  public init(for specification: EnvironmentSpecification) {
    agents = specification.agents
    copies = specification.copies
    precondition(
      agents <= 7 && specification.observationSize == 6 * agents && specification.actions == .discrete(5),
      "ScriptedSpread: \(agents) agents with \(specification.observationSize) observations and \(specification.actions)")
    distances = Array(repeating: 0, count: agents * agents)
    orders = Self.orders(of: Array(0..<agents))
  }

  private static func orders(of items: [Int]) -> [[Int]] {
    if items.isEmpty { return [[]] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) {
    let size = 6 * agents
    for copy in 0..<copies {
      for agent in 0..<agents {
        for landmark in 0..<agents {
          let place = (copy * agents + agent) * size + 4 + 2 * landmark
          let (x, y) = (observations[place], observations[place + 1])
          distances[agent * agents + landmark] = (x * x + y * y).squareRoot()
        }
      }
      var (best, least) = (0, Float.infinity)
      for (index, order) in orders.enumerated() {
        var sum: Float = 0
        for agent in 0..<agents { sum += distances[agent * agents + order[agent]] }
        if sum < least { (best, least) = (index, sum) }
      }
      for agent in 0..<agents {
        let row = copy * agents + agent
        let place = row * size + 4 + 2 * orders[best][agent]
        actions.choices[row] = ParticlePhysics.nearestMove(
          x: observations[place], y: observations[place + 1], vx: observations[row * size], vy: observations[row * size + 1])
      }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}
