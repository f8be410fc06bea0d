import Agents
import Channels

/// Acts in a test: by what agents observe, or by what the channel is.
protocol AllocationChooser {
  /// Writes the actions of all users of all copies for the present millisecond.
  ///
  /// - Parameters:
  ///   - step: Milliseconds since the beginning of the test.
  ///   - isFirst: Whether an episode begins.
  mutating func choose(in environment: AllocationEnvironment, _ observations: [Float], step: Int, isFirst: Bool, into actions: inout ActionBatch)

  /// What no allocation of the present millisecond exceeds, in Mbit/J; nil where that is not known.
  func bound(of copy: Int) -> Double?
}

extension AllocationChooser {
  func bound(of copy: Int) -> Double? { nil }
}

/// A policy.
struct PolicyChooser<Base: Policy>: AllocationChooser {
  var policy: Base

  mutating func choose(in environment: AllocationEnvironment, _ observations: [Float], step: Int, isFirst: Bool, into actions: inout ActionBatch) {
    policy.act(observations, step: step, into: &actions)
  }
}

/// The base station knows all gains and allocates best: exactly, by assignment. Its knowledge may be some milliseconds old.
///
/// Within the first milliseconds of an episode it knows the oldest gains of that episode. Where a power is just enough by old gains it may be too
/// little by the present ones.
struct HungarianChooser: AllocationChooser {
  private var allocator: UplinkAllocator
  private let delay: Int
  private let subchannels: Int
  /// Gains of the last milliseconds, the present one among them. `[delay + 1, E, I, N]`
  private var history: [Float]
  private var elapsed = 0
  private var sums: [Double]

  /// - Parameter delay: Age of what it knows in milliseconds.
  init(_ parameters: AllocationParameters, copies: Int, delay: Int = 0) {
    allocator = UplinkAllocator(parameters.equations, levels: parameters.levels)
    self.delay = delay
    subchannels = parameters.cell.subchannels
    history = Array(repeating: 0, count: (delay + 1) * copies * parameters.cell.users * parameters.cell.subchannels)
    sums = Array(repeating: 0, count: copies)
  }

  mutating func choose(in environment: AllocationEnvironment, _ observations: [Float], step: Int, isFirst: Bool, into actions: inout ActionBatch) {
    if isFirst { elapsed = 0 }
    let (copies, users) = (environment.specification.copies, environment.specification.agents)
    let size = users * subchannels
    let present = elapsed % (delay + 1) * copies * size
    for copy in 0..<copies {
      for user in 0..<users {
        let from = environment.channel.first(copy, user: user, millisecond: environment.millisecond)
        let to = present + copy * size + user * subchannels
        for n in 0..<subchannels { history[to + n] = environment.channel.gains[from + n] }
      }
    }
    let known = max(0, elapsed - delay) % (delay + 1) * copies * size
    for copy in 0..<copies {
      let first = known + copy * size
      sums[copy] = allocator.allocate { user, n in Double(history[first + user * subchannels + n]) }
      write(allocator, environment, copy, into: &actions)
    }
    elapsed += 1
  }

  func bound(of copy: Int) -> Double? { delay == 0 ? sums[copy] : nil }
}

/// User i has the i-th widest subchannel for ever, and takes the best power there by its own present gain.
struct OrthogonalChooser: AllocationChooser {
  private var allocator: UplinkAllocator

  init(_ parameters: AllocationParameters) { allocator = UplinkAllocator(parameters.equations, levels: parameters.levels) }

  mutating func choose(in environment: AllocationEnvironment, _ observations: [Float], step: Int, isFirst: Bool, into actions: inout ActionBatch) {
    for copy in 0..<environment.specification.copies {
      _ = allocator.allocateInOrder { user, n in environment.gain(copy, user, n) }
      write(allocator, environment, copy, into: &actions)
    }
  }
}

/// Writes what an allocator found as actions of a copy.
private func write(_ allocator: UplinkAllocator, _ environment: AllocationEnvironment, _ copy: Int, into actions: inout ActionBatch) {
  let users = environment.specification.agents
  for user in 0..<users {
    actions.choices[copy * users + user] = allocator.choices[user]
    actions.values[copy * users + user] = environment.number(of: allocator.powers[user])
  }
}
