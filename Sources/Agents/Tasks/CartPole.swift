import Tensor

/// A pole balances on a cart that is pushed to the left or to the right: CartPole-v1 of Gymnasium.
///
/// With M = 1.1 kg the mass of both, m = 0.1 kg that of the pole, l = 0.5 m half its length, g = 9.8 m/s², F = ±10 N and τ = 0.02 s
/// (Barto, Sutton, Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983; the form without friction of
/// Florian, "Correct equations for the dynamics of the cart-pole system", 2007):
///
///     h = (F + m l ω² sin θ) / M
///     dω/dt = (g sin θ − h cos θ) / (l (4/3 − m cos² θ / M))
///     dv/dt = h − m l (dω/dt) cos θ / M
///
/// and one step of Euler's explicit method, which takes x and θ from the old speeds.
///
/// - Observation, D = 4: x (m), v (m/s), θ (rad, 0 is upright), ω (rad/s). Every episode begins uniformly within ±0.05 in all four.
/// - Choices: 0 pushes to the left, 1 to the right.
/// - Reward: 1 a step, also the last one. It terminates when |x| > 2.4 or |θ| > 12°, and is cut off after 500 steps.
/// - Return: the length of the episode. Solved from 475, the most is 500; random choices reach about 22.
public struct CartPole: CopiedTask {
  /// 12° in radians.
  static let largestAngle = 12 * 2 * Double.pi / 360
  static let largestPosition = 2.4

  var copies: TaskCopies<Rule>

  /// - Parameters:
  ///   - copies: E
  ///   - seed: Of the starts.
  ///   - firstCopy: The number of the first copy, which names its random numbers.
  ///   - limit: Steps after which an episode is cut off.
  public init(copies: Int = 1, seed: UInt64, firstCopy: Int = 0, limit: Int? = 500) {
    self.copies = TaskCopies(Rule(), copies: copies, seed: seed, firstCopy: firstCopy, limit: limit)
  }

  struct Rule: TaskRule {
    var observationSize: Int { 4 }
    var actions: ActionSpace { .discrete(2) }

    func start(_ generator: inout Philox) -> State {
      let (x, v) = (generator.uniform(-0.05, 0.05), generator.uniform(-0.05, 0.05))
      return State(x, v, generator.uniform(-0.05, 0.05), generator.uniform(-0.05, 0.05))
    }

    func advance(
      _ state: inout State, _ choices: Span<Int32>, _ values: Span<Float>, _ generator: inout Philox
    ) -> (reward: Float, terminated: Bool) {
      precondition(choices[0] >> 1 == 0, "CartPole.step: the choice \(choices[0])")
      let force = choices[0] == 1 ? 10.0 : -10.0
      let (sine, cosine) = CartPole.smallSinCos(state.z)
      let h = (force + 0.05 * (state.w * state.w) * sine) / 1.1
      let turn = (9.8 * sine - cosine * h) / (0.5 * (4.0 / 3.0 - 0.1 * (cosine * cosine) / 1.1))
      let push = h - 0.05 * turn * cosine / 1.1
      state += 0.02 * State(state.y, push, state.w, turn)
      return (1, abs(state.x) > CartPole.largestPosition || abs(state.z) > CartPole.largestAngle)
    }

    func observe(_ state: State, into observation: inout MutableSpan<Float>) {
      for i in 0..<4 { observation[i] = Float(state[i]) }
    }

    func isPossible(_ state: State) -> Bool {
      abs(state.x) <= CartPole.largestPosition && abs(state.z) <= CartPole.largestAngle && state.y.isFinite && state.w.isFinite
    }
  }

  /// Sine and cosine of a small angle, |x| ≤ 0.21, by their Taylor polynomials, whose remainders are below 10⁻¹⁸ and 10⁻²⁰ of the value.
  static func smallSinCos(_ x: Double) -> (sine: Double, cosine: Double) {
    let z = x * x
    var s = -1.0 / 39_916_800
    s = s * z + 1.0 / 362_880
    s = s * z - 1.0 / 5040
    s = s * z + 1.0 / 120
    s = s * z - 1.0 / 6
    var c = 1.0 / 479_001_600
    c = c * z - 1.0 / 3_628_800
    c = c * z + 1.0 / 40320
    c = c * z - 1.0 / 720
    c = c * z + 1.0 / 24
    return (x + x * z * s, 1 - (0.5 * z - z * z * c))
  }
}
