import Tensor

/// The noise on the continuous actions of all agents of all copies, in units of half their range.
struct BehaviourNoise: Sendable {
  let kind: ContinuousExploration
  let agents: Int
  let numbers: Int
  private var normal: [Float]
  /// The present value of the process of Ornstein and Uhlenbeck. `[E, A, V]`
  private var process: [Float]

  init(_ kind: ContinuousExploration, copies: Int, agents: Int, numbers: Int) {
    (self.kind, self.agents, self.numbers) = (kind, agents, numbers)
    normal = Array(repeating: 0, count: copies * numbers)
    if case .ornsteinUhlenbeck = kind { process = Array(repeating: 0, count: copies * agents * numbers) } else { process = [] }
  }

  /// Draws the noise of one agent in all copies.
  mutating func draw(_ stream: RandomStream, step: Int, agent: Int) {
    stream.fill(&normal, with: .normal, step: step)
    switch kind {
    case .gaussian(let deviation):
      for i in 0..<normal.count { normal[i] *= deviation }
    case .ornsteinUhlenbeck(let rate, let deviation):
      for i in 0..<normal.count {
        let place = (i / numbers * agents + agent) * numbers + i % numbers
        process[place] = (1 - rate) * process[place] + deviation * normal[i]
        normal[i] = process[place]
      }
    }
  }

  /// What was drawn for one number of one copy.
  subscript(copy: Int, number: Int) -> Float { normal[copy * numbers + number] }

  /// Starts anew where an episode ended.
  mutating func follow(_ batch: StepBatch) {
    guard !process.isEmpty else { return }
    let width = agents * numbers
    for copy in 0..<batch.terminated.count where batch.terminated[copy] || batch.truncated[copy] {
      for i in (copy * width)..<((copy + 1) * width) { process[i] = 0 }
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("noise", &process)
    guard process.allSatisfy(\.isFinite) else { throw archive.failure("the noise of continuous actions is not finite") }
  }
}
