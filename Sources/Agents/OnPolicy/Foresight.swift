import Tensor

/// An actor's outputs for observations of steps to come.
struct Foresight: Sendable {
  let steps: Int
  /// `[T, E, A, width]`
  private(set) var outputs: ActorOutputs
  /// `[T, E, A, D]`
  private var observations: [Float] = []
  private let width: Int
  /// Steps that have been acted on.
  private var used: Int

  init(_ networks: ActorCriticNetworks, copies: Int, steps: Int) {
    outputs = ActorOutputs(networks, copies: steps * copies)
    width = copies * networks.agents * networks.head.layout.width
    self.steps = steps
    used = steps
  }

  mutating func evaluate(_ observations: [Float], _ networks: ActorCriticNetworks, _ parameters: Parameters) {
    outputs.evaluate(observations, networks, parameters)
    self.observations = observations
    used = 0
  }

  /// Where the outputs of the next step begin; nil if it was not foreseen.
  ///
  /// - Precondition: What was foreseen is what is acted on. `[E, A, D]`
  mutating func next(_ acted: [Float]) -> Int? {
    guard used < steps else { return nil }
    precondition(
      Foresight.agrees(observations, from: used * acted.count, of: steps * acted.count, with: acted),
      "act: step \(used) of \(steps) that were foreseen has other observations")
    used += 1
    return (used - 1) * width
  }

  private static func agrees(_ foreseen: [Float], from first: Int, of count: Int, with acted: [Float]) -> Bool {
    guard foreseen.count == count else { return false }
    let (foreseen, acted) = (foreseen.span, acted.span)
    for i in acted.indices where acted[i] != foreseen[first + i] { return false }
    return true
  }

  mutating func forget() { used = steps }
}
