import Tensor

/// The positions of one cell and the received powers that follow from them.
///
/// The base station stands at the origin; cellular users and D2D transmitters are uniform in the cell outside the least
/// distance from it; the receiver of a pair is uniform in a ring round its transmitter and may leave the cell. A drop with
/// more pairs begins with the pairs of the smaller one of the same seed.
public struct UnderlayDrop: Hashable, Sendable {
  /// Cellular user m, who owns block m. `[K]`
  public internal(set) var cellularUsers: [Position]
  /// `[N]`
  public internal(set) var transmitters: [Position]
  /// `[N]`
  public internal(set) var receivers: [Position]
  /// Received powers without fading in watts: transmit power times large-scale gain, in the order of ``UnderlayLayout``.
  public internal(set) var powers: [Float]

  /// The shadowing of each link, a loss. `[links]`
  let shadows: [Decibels]

  /// - Parameters:
  ///   - cell: The cell whose users and pairs are placed.
  ///   - seed: Names the drop; streams of purpose `drop` and `shadowing` belong to it.
  ///   - episode: Which of the drops of that seed.
  public init(_ cell: UnderlayCell, seed: UInt64, episode: Int = 0) {
    var generator = RandomStream(seed: seed, purpose: .drop).generator(step: episode)
    let users = (0..<cell.resourceBlocks).map { _ in cell.area.uniform(using: &generator) }
    var transmitters: [Position] = []
    var receivers: [Position] = []
    for _ in 0..<cell.pairs {
      let transmitter = cell.area.uniform(using: &generator)
      let surroundings = Ring(
        center: transmitter, inner: Meters(cell.minimumPairDistanceMeters),
        outer: Meters(cell.maximumPairDistanceMeters))
      transmitters.append(transmitter)
      receivers.append(surroundings.uniform(using: &generator))
    }
    self.init(
      cell, cellularUsers: users, transmitters: transmitters, receivers: receivers,
      shadowing: RandomStream(seed: seed, purpose: .shadowing), episode: episode)
  }

  /// A drop with given positions.
  public init(
    _ cell: UnderlayCell, cellularUsers: [Position], transmitters: [Position], receivers: [Position],
    shadowing: RandomStream = RandomStream(seed: 0, purpose: .shadowing), episode: Int = 0
  ) {
    precondition(
      cellularUsers.count == cell.resourceBlocks && transmitters.count == cell.pairs
        && receivers.count == cell.pairs,
      "UnderlayDrop: \(cell.resourceBlocks) users and \(cell.pairs) pairs need a position each, got "
        + "\(cellularUsers.count), \(transmitters.count), \(receivers.count)")
    self.cellularUsers = cellularUsers
    self.transmitters = transmitters
    self.receivers = receivers

    let base = cell.basePathLoss
    let pair = cell.pairPathLoss
    let layout = UnderlayLayout(cell)
    var losses: [Decibels] = []
    losses.reserveCapacity(layout.count)
    for end in cellularUsers + receivers + transmitters { losses.append(base.loss(at: end.distance(to: .origin))) }
    for transmitter in transmitters {
      for user in cellularUsers { losses.append(pair.loss(at: transmitter.distance(to: user))) }
    }
    for transmitter in transmitters {
      for receiver in receivers { losses.append(pair.loss(at: transmitter.distance(to: receiver))) }
    }
    var shadows = LogNormalShadowing(deviation: Decibels(cell.shadowingDeviationDB))
      .losses(count: layout.ownOnBlocks, stream: shadowing, step: episode)
    for link in layout.ownOnBlocks..<layout.count {
      let pair = (link - layout.ownOnBlocks) / cell.resourceBlocks
      losses.append(losses[layout.transmitter(pair, toReceiver: pair)])
      shadows.append(shadows[layout.transmitter(pair, toReceiver: pair)])
    }
    self.shadows = shadows
    let sent = cell.transmittedPowers
    if let trace = cell.trace {
      powers = (0..<layout.count).map { Float(sent[$0] * Double(trace.means[$0])) }
    } else {
      powers = (0..<layout.count).map { Float(sent[$0] * (-(losses[$0] + shadows[$0])).linear) }
    }
  }

  /// All pairs in order of what their transmitters are to the receiver of pair `pair`: itself first, then from the greatest mean power, ties by index.
  ///
  /// What stands for ``neighbourOrder(of:)`` where gains come from a trace and positions say nothing.
  public func interfererOrder(of pair: Int, _ layout: UnderlayLayout) -> [Int] {
    let heard = transmitters.indices.map { powers[layout.transmitter($0, toReceiver: pair)] }
    return transmitters.indices.sorted { a, b in
      if a == pair || b == pair { return a == pair && b != pair }
      return heard[a] == heard[b] ? a < b : heard[a] > heard[b]
    }
  }

  /// All pairs in order of their distance from pair `pair`, transmitter to transmitter: itself first, ties by index.
  ///
  /// The λ neighbours of NAAC are the entries 1...λ.
  public func neighbourOrder(of pair: Int) -> [Int] {
    let distances = transmitters.map { $0.distance(to: transmitters[pair]) }
    return transmitters.indices.sorted { a, b in
      if a == pair || b == pair { return a == pair && b != pair }
      return distances[a] == distances[b] ? a < b : distances[a] < distances[b]
    }
  }
}
