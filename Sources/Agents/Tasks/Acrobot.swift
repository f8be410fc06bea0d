import Tensor

/// Two links hang from a joint, and a torque between them is to swing the tip above a line: Acrobot-v1 of Gymnasium.
///
/// Two rods of 1 kg and 1 m with their centres of mass in the middle (l = ½) and, as there, moments of inertia of 1 kg m²; g = 9.8 m/s². With θ₁ from
/// straight down, θ₂ relative to the first link and the torque u (Sutton and Barto, "Reinforcement Learning", 2018, section 11.3 of the first edition):
///
///     d₁ = l² + (1 + l² + 2 l cos θ₂) + 2        d₂ = l² + l cos θ₂ + 1
///     φ₂ = l g cos(θ₁ + θ₂ − π/2)
///     φ₁ = −l ω₂² sin θ₂ − 2 l ω₂ ω₁ sin θ₂ + (l + 1) g cos(θ₁ − π/2) + φ₂
///     dω₂/dt = (u + d₂ / d₁ φ₁ − l ω₁² sin θ₂ − φ₂) / (l² + 1 − d₂² / d₁)
///     dω₁/dt = −(d₂ dω₂/dt + φ₁) / d₁
///
/// and one step of Runge and Kutta's classic method over 0.2 s, after which the angles are brought into ±π and the speeds limited to 4π and 9π rad/s.
///
/// - Observation, D = 6: cos θ₁, sin θ₁, cos θ₂, sin θ₂, ω₁, ω₂. Every episode begins uniformly within ±0.1 in all four.
/// - Choices: 0, 1, 2 for the torques −1, 0, 1 N m.
/// - Reward: −1 a step, 0 at the last. It terminates when −cos θ₁ − cos(θ₁ + θ₂) > 1, and is cut off after 500 steps.
/// - Return: minus the steps before the goal. Solved from −100; random choices nearly always reach −500.
public struct Acrobot: CopiedTask {
  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = 500) {
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  /// The state is θ₁, θ₂, ω₁, ω₂.
  struct Rule: TaskRule {
    private static let largestSpeeds = (4 * Double.pi, 9 * Double.pi)

    var observationSize: Int { 6 }
    var actions: ActionSpace { .discrete(3) }

    func start(_ generator: inout Philox) -> State {
      // Single precision, as Gymnasium's starts have it.
      var state = State.zero
      for i in 0..<4 { state[i] = Double(Float(generator.uniform(-0.1, 0.1))) }
      return state
    }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      precondition(choices[0] >= 0 && choices[0] < 3, "Acrobot.step: the choice \(choices[0])")
      let torque = Double(choices[0] - 1)
      let k1 = slope(state, torque)
      let k2 = slope(state + 0.1 * k1, torque)
      let k3 = slope(state + 0.1 * k2, torque)
      let k4 = slope(state + 0.2 * k3, torque)
      let sum: State = k1 + 2 * k2 + (2 * k3 + k4)
      let next = state + 0.2 / 6.0 * sum
      state = State(
        wrapped(next.x), wrapped(next.y), next.z.limited(to: Self.largestSpeeds.0), next.w.limited(to: Self.largestSpeeds.1))
      let isAbove = -Math.cos(state.x) - Math.cos(state.y + state.x) > 1
      return (isAbove ? 0 : -1, isAbove)
    }

    /// dθ₁/dt, dθ₂/dt, dω₁/dt, dω₂/dt
    private func slope(_ state: State, _ torque: Double) -> State {
      let (sine, cosine) = Math.sinCos(state.y)
      let (speed1, speed2) = (state.z, state.w)
      let d1 = 0.25 + (1.25 + cosine) + 1 + 1
      let d2 = 0.25 + 0.5 * cosine + 1
      let phi2 = 0.5 * 9.8 * Math.cos(state.x + state.y - Double.pi / 2)
      let weight = 1.5 * 9.8 * Math.cos(state.x - Double.pi / 2)
      let phi1 = weight + phi2 - (0.5 * speed2 + speed1) * speed2 * sine
      let inertia = 1.25 - d2 * d2 / d1
      let turn2 = (torque + d2 / d1 * phi1 - 0.5 * (speed1 * speed1) * sine - phi2) / inertia
      return State(speed1, speed2, -(d2 * turn2 + phi1) / d1, turn2)
    }

    /// The angle in −π…π.
    private func wrapped(_ angle: Double) -> Double {
      var angle = angle
      while angle > Double.pi { angle -= 2 * Double.pi }
      while angle < -Double.pi { angle += 2 * Double.pi }
      return angle
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      let (sine1, cosine1) = Math.sinCos(state.x)
      let (sine2, cosine2) = Math.sinCos(state.y)
      (observation[0], observation[1], observation[2], observation[3]) = (Float(cosine1), Float(sine1), Float(cosine2), Float(sine2))
      (observation[4], observation[5]) = (Float(state.z), Float(state.w))
    }

    func isPossible(_ state: State) -> Bool {
      abs(state.x) <= Double.pi && abs(state.y) <= Double.pi && abs(state.z) <= Self.largestSpeeds.0 && abs(state.w) <= Self.largestSpeeds.1
    }
  }
}
