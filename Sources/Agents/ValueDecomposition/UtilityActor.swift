import Tensor

/// What agents with value networks carry from step to step, and how they look at their values: the memory of each agent of each copy, and its last
/// choice.
struct UtilityActor: Sendable {
  let form: TeamRows
  let network: UtilityNetwork
  let copies: Int
  /// The memories, in the order of the network's rows. `[E, A, width]`, or `[A, E, width]` for a network an agent.
  private var memories: [Float]
  /// The last choice, −1 for none. `[E, A]`
  private var last: [Int32]
  /// The values of the last step, in the order of the network's rows.
  private(set) var values: [Float]
  private var worker: UtilityWorker

  init(_ network: UtilityNetwork, _ form: TeamRows, copies: Int) {
    self.network = network
    self.form = form
    self.copies = copies
    let rows = copies * form.agents
    memories = Array(repeating: 0, count: rows * (network.memoryWidth ?? 0))
    last = Array(repeating: -1, count: rows)
    values = Array(repeating: 0, count: rows * network.head.outputs)
    worker = UtilityWorker(network, form, copies: copies)
  }

  /// Writes the choice of the largest value of every agent, and moves the memories on.
  ///
  /// - Parameters:
  ///   - observations: `[E, A, D]`
  ///   - parameters: Those of the network come first.
  mutating func act(_ observations: [Float], _ parameters: Parameters, into actions: inout ActionBatch) {
    let choices = network.head.outputs
    // A copy gets memory of its own, so that copies may act at the same time.
    if !isKnownUniquelyReferenced(&worker) { worker = UtilityWorker(network, form, copies: copies) }
    worker.evaluate(observations, last, &memories, &values, parameters)
    for copy in 0..<copies {
      for agent in 0..<form.agents {
        let place = copy * form.agents + agent
        actions.choices[place] = largest(values, form.row(copy, agent, of: copies) * choices, choices)
      }
    }
  }

  /// Takes note of what was done in the end.
  mutating func follow(_ choices: [Int32]) {
    for place in last.indices { last[place] = choices[place] }
  }

  /// Forgets what belongs to episodes that ended.
  mutating func follow(_ batch: StepBatch) {
    let width = network.memoryWidth ?? 0
    for copy in 0..<copies where batch.terminated[copy] || batch.truncated[copy] {
      for agent in 0..<form.agents {
        last[copy * form.agents + agent] = -1
        let from = form.row(copy, agent, of: copies) * width
        for i in from..<(from + width) { memories[i] = 0 }
      }
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("memories", &memories)
    try archive.array("lastChoices", &last)
    guard last.allSatisfy({ $0 >= -1 && $0 < network.head.outputs }) else { throw archive.failure("a last choice is out of range") }
  }
}

/// The memory with which the values of one step are computed.
///
/// Unchecked because a tape is no `Sendable`: a worker belongs to one value, which replaces it when a copy of it shares the worker, so that no two
/// threads use it.
private final class UtilityWorker: @unchecked Sendable {
  private let network: UtilityNetwork
  private let form: TeamRows
  private let copies: Int
  private let tape = Tape()
  private var inputs: [Float]
  private var memory: Tensor
  private var output: Tensor
  private let inputShape: Shape
  private let memoryShape: Shape

  init(_ network: UtilityNetwork, _ form: TeamRows, copies: Int) {
    self.network = network
    self.form = form
    self.copies = copies
    let rows = copies * form.agents
    let width = network.memoryWidth ?? 0
    inputs = Array(repeating: 0, count: rows * form.size)
    inputShape = form.byAgent ? [form.agents, copies, form.size] : [rows, form.size]
    memoryShape = inputShape.replacing(-1, by: width)
    memory = Tensor(zeros: memoryShape)
    output = Tensor(zeros: inputShape.replacing(-1, by: network.head.outputs))
  }

  func evaluate(_ observations: [Float], _ last: [Int32], _ memories: inout [Float], _ values: inout [Float], _ parameters: Parameters) {
    form.write(observations.span, last: last.span, copies: copies, into: &inputs)
    tape.scope {
      let placed = tape.place(parameters, differentiable: false)
      let state = network.memoryWidth == nil ? nil : tape.constant(memories, shape: memoryShape)
      let features = network.features(tape.constant(inputs, shape: inputShape), state, placed)
      if network.memoryWidth != nil { features.copy(into: &memory) }
      network.values(features, placed).copy(into: &output)
    }
    copy(memory, &memories)
    copy(output, &values)
  }

  private func copy(_ source: Tensor, _ target: inout [Float]) {
    let from = source.span
    var span = target.mutableSpan
    for i in span.indices { span[i] = from[i] }
  }
}
