import Tensor

/// A pendulum is to be swung up and held upright by a torque that is too weak to do it at once: Pendulum-v1 of Gymnasium.
///
/// With g = 10 m/s², m = 1 kg, l = 1 m, τ = 0.05 s, a torque u in N m and the angle θ, 0 upright:
///
///     r = −(θ² + 0.1 ω² + 0.001 u²)    θ brought into −π…π
///     ω ← ω + (3 g / (2 l) sin θ + 3 u / (m l²)) τ    limited to ±8 rad/s
///     θ ← θ + ω τ
///
/// - Observation, D = 3: cos θ, sin θ, ω. Every episode begins with θ uniform in ±π and ω in ±1.
/// - Values: one, u in −2…2.
/// - It never terminates and is cut off after 200 steps.
/// - Return: the sum of 200 rewards, at least about −3,255. Good policies reach −150 in the mean (from one start to the next it varies by about 90);
///   uniform random torques reach about −1,200.
public struct Pendulum: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off, at most 100,000: the angle counts full turns.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int = 200) {
    precondition(limit <= 100_000, "Pendulum: a limit of \(limit) steps")
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is θ, ω, and sine and cosine of θ, which the observation and the next step need both.
  struct Rule: TaskRule {
    var observationSize: Int { 3 }
    var actions: ActionSpace { .continuous(-2...2) }

    func state(angle: Double, speed: Double) -> State {
      let (sine, cosine) = Math.sinCos(angle)
      return State(angle, speed, sine, cosine)
    }

    func start(_ generator: inout Philox) -> State {
      let angle = generator.uniform(-Double.pi, Double.pi)
      return state(angle: angle, speed: generator.uniform(-1, 1))
    }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      let torque = Double(values[0].limited(to: 2))
      let (angle, speed) = (state.x, state.y)
      let turned = angle + Double.pi
      let lean = turned - 2 * Double.pi * (turned / (2 * Double.pi)).rounded(.down) - Double.pi
      let cost = lean * lean + 0.1 * (speed * speed) + 0.001 * (torque * torque)
      let faster = (speed + (15 * state.z + 3 * torque) * 0.05).limited(to: 8)
      state = self.state(angle: angle + faster * 0.05, speed: faster)
      return (Float(-cost), false)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      (observation[0], observation[1], observation[2]) = (Float(state.w), Float(state.z), Float(state.y))
    }

    func isPossible(_ state: State) -> Bool {
      abs(state.x) <= 50_000 && abs(state.y) <= 8 && state == self.state(angle: state.x, speed: state.y)
    }
  }
}

extension BinaryFloatingPoint {
  /// The number, or the nearest one within ±`bound`; NaN stays what it is, so that a policy that diverged is seen.
  func limited(to bound: Self) -> Self { self < -bound ? -bound : self > bound ? bound : self }
}
