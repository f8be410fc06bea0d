import Tensor

/// Acts as a function says: for baselines and oracles that are written down rather than learned.
public struct ScriptedPolicy: Policy {
  /// Writes the actions of all agents of all copies, given `[E, A, D]` observations and the number of the step.
  public typealias Script = @Sendable (_ observations: [Float], _ step: Int, _ actions: inout ActionBatch) -> Void

  let script: Script

  /// - Parameter script: Writes every element of the actions.
  public init(_ script: @escaping Script) { self.script = script }

  /// One discrete choice for each agent, from what it observes.
  ///
  /// - Parameters:
  ///   - specification: The sizes of what it acts in; its action space is one choice.
  ///   - choice: The choice, given the observation and the agent.
  public init(for specification: EnvironmentSpecification, _ choice: @escaping @Sendable (_ observation: ArraySlice<Float>, _ agent: Int) -> Int) {
    precondition(specification.actions.isOneChoice, "ScriptedPolicy: the action space must be one choice, it is \(specification.actions)")
    let (rows, agents, size) = (specification.copies * specification.agents, specification.agents, specification.observationSize)
    script = { observations, _, actions in
      for row in 0..<rows {
        actions.choices[row] = Int32(choice(observations[(row * size)..<((row + 1) * size)], row % agents))
      }
    }
  }

  public mutating func act(_ observations: [Float], step: Int, into actions: inout ActionBatch) { script(observations, step, &actions) }

  public mutating func archive(in archive: Archive) throws(FileError) {}
}
