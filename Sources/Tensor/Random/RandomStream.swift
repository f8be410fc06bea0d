/// What a random stream is used for. Streams of different purposes never share a number.
///
/// A paper pack may add purposes of its own above 1000.
public struct RandomPurpose: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Weights of networks.
  public static let initialization = RandomPurpose(rawValue: 1)
  /// Behaviour noise of agents.
  public static let exploration = RandomPurpose(rawValue: 2)
  /// Minibatches drawn from a replay buffer.
  public static let replay = RandomPurpose(rawValue: 3)
  /// Noise inside an update (a relaxed action, a smoothed target).
  public static let update = RandomPurpose(rawValue: 4)
  /// Positions of sites and users.
  public static let drop = RandomPurpose(rawValue: 10)
  /// Line-of-sight states.
  public static let lineOfSight = RandomPurpose(rawValue: 11)
  /// Shadowing.
  public static let shadowing = RandomPurpose(rawValue: 12)
  /// Small-scale fading.
  public static let fading = RandomPurpose(rawValue: 13)
  /// Movement of users.
  public static let mobility = RandomPurpose(rawValue: 14)
  /// Everything an environment draws besides its physics (a first state, a task).
  public static let environment = RandomPurpose(rawValue: 15)
  /// Effective environment heights of urban macro links.
  public static let environmentHeight = RandomPurpose(rawValue: 16)
  /// Resampling in statistics.
  public static let bootstrap = RandomPurpose(rawValue: 20)
  /// Which clients take part in a round of federation.
  public static let participation = RandomPurpose(rawValue: 30)
}

/// A family of independent random generators, one for each step, that is a plain value.
///
/// Philox4x32-10 (Salmon et al. 2011) turns a 128-bit counter and a 64-bit key into 128 random bits. Here the key is the
/// seed and the counter is (block, step, index, purpose): a number depends on its name alone, never on what was drawn
/// before it or by whom. Nothing has to be saved to resume a stream but the step.
public struct RandomStream: Hashable, Sendable {
  public let seed: UInt64
  public let purpose: RandomPurpose
  public let index: UInt32

  /// - Parameters:
  ///   - seed: The run's seed: the key of the generator.
  ///   - purpose: What the numbers are for.
  ///   - index: Which of several alike users of that purpose (an agent, a copy of an environment).
  public init(seed: UInt64, purpose: RandomPurpose, index: Int = 0) {
    self.seed = seed
    self.purpose = purpose
    self.index = UInt32(index)
  }

  /// The generator of one step.
  public func generator(step: Int = 0) -> Philox {
    Philox(seed: seed, counter: (0, UInt32(truncatingIfNeeded: step), index, purpose.rawValue))
  }
}
