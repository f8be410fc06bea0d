import Tensor

/// The two-step game: agent 0 chooses which matrix game both agents play next.
///
/// T. Rashid et al., "QMIX: monotonic value function factorisation for deep multi-agent reinforcement learning", ICML 2018, section 5. In state 1
/// the choice of agent 0 leads to state 2A (choice 0), which pays 7 for every joint choice, or to state 2B (choice 1), which pays
///
///     [[0, 1], [1, 8]]
///
/// The first step pays nothing, the second terminates the episode; both agents share the payoff. The best return is 8. Values that are a
/// sum over agents (VDN), learned from uniformly random choices, prefer the safe 7; monotone ones (QMIX) find the 8.
///
/// All agents observe the state, in the order 1, 2A, 2B: one-hot, or its number.
public struct TwoStepGame: Environment {
  public let specification: EnvironmentSpecification
  /// 0: state 1, 1: state 2A, 2: state 2B. `[E]`
  private var places: [Int32]

  /// - Parameters:
  ///   - copies: E
  ///   - numbered: Whether the observation is the number of the state, as tables need it, rather than one-hot.
  public init(copies: Int = 1, numbered: Bool = false) {
    specification = EnvironmentSpecification(
      copies: copies, agents: 2, observationSize: numbered ? 1 : 3, states: numbered ? 3 : nil, actions: .discrete(2), metrics: ["payoff"])
    places = Array(repeating: 0, count: copies)
  }

  /// Writes what both agents of a copy see of a state.
  private func write(_ place: Int32, _ copy: Int, into observations: inout [Float]) {
    let size = specification.observationSize
    for row in (2 * copy)..<(2 * copy + 2) {
      if specification.states != nil {
        observations[row] = Float(place)
      } else {
        for i in 0..<size { observations[row * size + i] = Int(place) == i ? 1 : 0 }
      }
    }
  }

  public mutating func reset(into batch: inout StepBatch) {
    for copy in places.indices {
      places[copy] = 0
      write(0, copy, into: &batch.observations)
    }
  }

  public mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    for copy in places.indices {
      let (first, second) = (actions.choices[2 * copy], actions.choices[2 * copy + 1])
      precondition(first >= 0 && first < 2 && second >= 0 && second < 2, "TwoStepGame: choices \(first) and \(second) of 2")
      let place = places[copy]
      let payoff: Float =
        switch place {
        case 0: 0
        case 1: 7
        default: first + second == 2 ? 8 : Float(first + second)
        }
      (batch.rewards[2 * copy], batch.rewards[2 * copy + 1], batch.metrics[copy]) = (payoff, payoff, payoff)
      (batch.terminated[copy], batch.truncated[copy]) = (place != 0, false)
      // Nothing follows the second step: its state stands in for the successor.
      write(place == 0 ? 1 + first : place, copy, into: &batch.finalObservations)
      places[copy] = place == 0 ? 1 + first : 0
      write(places[copy], copy, into: &batch.observations)
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("places", &places)
    guard places.allSatisfy({ 0...2 ~= $0 }) else { throw archive.failure("a state of the two-step game is none of 0, 1, 2") }
  }
}
