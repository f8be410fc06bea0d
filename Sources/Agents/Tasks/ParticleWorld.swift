import Tensor

/// How agents of a particle world are moved.
public enum ParticleActions: String, Sendable, CaseIterable {
  /// One of 5: 0 nothing, 1 left (−x), 2 right (+x), 3 down (−y), 4 up (+y).
  case discrete
  /// Five numbers a of [0, 1], as the continuous actions of mpe2 and PettingZoo: the push is (a₂ − a₁, a₄ − a₃), and a₀ does nothing.
  case fiveNumbers
  /// The push itself, two numbers of [−1, 1].
  case push

  var space: ActionSpace {
    switch self {
    case .discrete: .discrete(5)
    case .fiveNumbers: ActionSpace(bounds: Array(repeating: 0...1, count: 5))
    case .push: ActionSpace(bounds: Array(repeating: -1...1, count: 2))
    }
  }

  /// The push that the action of one row (an agent of a copy) means, each part in [−1, 1].
  ///
  /// - Parameter width: The numbers or choices of a row.
  @inline(__always)
  func push(_ choices: Span<Int32>, _ values: Span<Float>, row: Int, width: Int) -> (x: Double, y: Double) {
    switch self {
    case .discrete:
      switch choices[row] {
      case 1: return (-1, 0)
      case 2: return (1, 0)
      case 3: return (0, -1)
      case 4: return (0, 1)
      default: return (0, 0)
      }
    case .fiveNumbers:
      let at = row * width
      return (Double(values[at + 2]) - Double(values[at + 1]), Double(values[at + 4]) - Double(values[at + 3]))
    case .push: return (Double(values[row * width]), Double(values[row * width + 1]))
    }
  }
}

/// The physics of the multi-agent particle environments: unit masses in the plane, a push, friction and soft contacts.
///
/// R. Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments", NIPS 2017; the program is
/// openai/multiagent-particle-envs (`core.py`). With the time step Δ = 0.1, friction f = 0.25 and the force F:
///
///     v ← (1 − f) v + F Δ
///     x ← x + v Δ
///
/// F is 5 times the push of the action, plus the contacts: two bodies at distance d whose radii sum to d₀ push each other apart by
///
///     100 k ln(1 + e^((d₀ − d) / k)),   k = 10⁻³
///
/// Positions, velocities and forces are in double precision, as there.
public enum ParticlePhysics: String, Sendable, CaseIterable {
  /// The new velocity moves the body: the equations above, openai's program. Published returns come from it.
  case openAI
  /// The old velocity moves the body, then the velocity changes: mpe2 and late versions of PettingZoo. A push shows one step later.
  case mpe2

  static let timeStep = 0.1
  static let friction = 0.25
  static let pushForce = 5.0

  /// Moves a body along one axis.
  @inline(__always)
  func move(_ position: inout Double, _ velocity: inout Double, force: Double) {
    if self == .mpe2 { position += velocity * Self.timeStep }
    velocity = velocity * (1 - Self.friction) + force * Self.timeStep
    if self == .openAI { position += velocity * Self.timeStep }
  }

  /// The size of the contact force divided by the distance; times (Δx, Δy) it is the force.
  ///
  /// - Parameters:
  ///   - distance: d, between the centres.
  ///   - reach: d₀, the sum of the radii.
  static func contact(distance: Double, reach: Double) -> Double {
    let margin = 1e-3
    let depth = (reach - distance) / margin
    // Beyond 40 margins the force is below 10⁻¹⁸; bodies in one place push in no direction.
    if depth < -40 || distance == 0 { return 0 }
    let softened = max(depth, 0) + Math.log(1 + Math.exp(-abs(depth)))
    return 100 / distance * (softened * margin)
  }

  /// Of the five discrete moves the one that leads nearest to a goal in one step: the present velocity glides on for Δ, a push adds 5 Δ².
  ///
  /// - Parameters:
  ///   - x: The goal relative to the body, as `y`.
  ///   - vx: The body's velocity, as `vy`.
  static func nearestMove(x: Float, y: Float, vx: Float, vy: Float) -> Int32 {
    let (right, up) = (x - 0.1 * vx, y - 0.1 * vy)
    // A push p along an axis changes the squared distance by p² − 2 p |rest|: it pays where the rest is larger, if it is larger than p / 2.
    if max(abs(right), abs(up)) <= 0.025 { return 0 }
    if abs(right) >= abs(up) { return right < 0 ? 1 : 2 }
    return up < 0 ? 3 : 4
  }
}
