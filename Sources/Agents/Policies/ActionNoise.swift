import Tensor

/// Noise that a deterministic policy adds to its actions, in units of half the width of each component's range.
public enum ActionNoise: Hashable, Sendable {
  case none
  /// Independent normal numbers: σ ε.
  case gaussian(deviation: Float)
  /// Independent normal numbers whose deviation σ(t) moves with the steps: σ(t) ε.
  case annealedGaussian(deviation: LinearSchedule)
  /// The process of Ornstein and Uhlenbeck (1930): x ← x − θ x Δ + σ √Δ ε, from x = 0 at the start of an episode.
  ///
  /// In the long run its variance is σ² / (θ (2 − θ Δ)), and after k steps it still has the share (1 − θ Δ)ᵏ of its value.
  case ornsteinUhlenbeck(reversion: Float = 0.15, deviation: Float = 0.2, interval: Float = 1)
}

/// The noise of all copies, each from a stream of its own.
struct BehaviourNoise: Sendable, Archivable {
  let noise: ActionNoise
  private let copies: Int
  private let size: Int
  private let seed: UInt64
  private let firstStream: Int
  /// x of a process. `[E, D]`
  private(set) var state: [Float]
  private var normal: [Float]

  /// - Parameters:
  ///   - size: D, the continuous components of a copy.
  ///   - firstStream: Copy i draws from the stream of exploration with index firstStream + i.
  init(_ noise: ActionNoise, copies: Int, size: Int, seed: UInt64, firstStream: Int = 0) {
    switch noise {
    case .none: break
    case .gaussian(let deviation): precondition(deviation >= 0, "ActionNoise.gaussian: the deviation \(deviation)")
    case .annealedGaussian(let deviation):
      precondition(deviation.from >= 0 && deviation.to >= 0, "ActionNoise.annealedGaussian: from \(deviation.from) to \(deviation.to)")
    case .ornsteinUhlenbeck(let reversion, let deviation, let interval):
      precondition(
        reversion >= 0 && deviation >= 0 && interval > 0 && reversion * interval <= 1,
        "ActionNoise.ornsteinUhlenbeck: reversion \(reversion), deviation \(deviation), interval \(interval)")
    }
    (self.noise, self.copies, self.size, self.seed, self.firstStream) = (noise, copies, size, seed, firstStream)
    state = Array(repeating: 0, count: copies * size)
    normal = state
  }

  /// Draws the noise of one step and adds it to outputs in [−1, 1]. `[E, D]`
  mutating func add(to outputs: inout [Float], step: Int) {
    if noise == .none { return }
    draw(step: step)
    switch noise {
    case .none: break
    case .gaussian(let deviation):
      for i in 0..<normal.count { outputs[i] += deviation * normal[i] }
    case .annealedGaussian(let schedule):
      let deviation = Float(schedule.value(at: step))
      for i in 0..<normal.count { outputs[i] += deviation * normal[i] }
    case .ornsteinUhlenbeck(let reversion, let deviation, let interval):
      let (pull, scale) = (reversion * interval, deviation * interval.squareRoot())
      for i in 0..<normal.count {
        state[i] = state[i] - pull * state[i] + scale * normal[i]
        outputs[i] += state[i]
      }
    }
  }

  private mutating func draw(step: Int) {
    let (copies, size, seed, firstStream) = (copies, size, seed, firstStream)
    var all = normal.mutableSpan
    for copy in 0..<copies {
      var mine = all._mutatingExtracting(copy * size..<(copy + 1) * size)
      RandomStream(seed: seed, purpose: .exploration, index: firstStream + copy).fill(&mine, with: .normal, step: step)
    }
  }

  /// The process of a copy whose episode ended starts again.
  mutating func follow(_ batch: StepBatch) {
    guard case .ornsteinUhlenbeck = noise else { return }
    for copy in 0..<copies where batch.terminated[copy] || batch.truncated[copy] {
      for i in (copy * size)..<((copy + 1) * size) { state[i] = 0 }
    }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    guard case .ornsteinUhlenbeck = noise else { return }
    try archive.array("state", &state)
    for value in state where !value.isFinite { throw archive.failure("the state of the behaviour noise is \(value)") }
  }
}
