import Tensor

/// Moving nodes: N in each of E copies, with state as arrays.
///
/// The random numbers of an event of a node (a turn, a leg) are named by seed, copy, step, node and the number of the event: no node and no copy changes the
/// draws of another, and E copies are E single runs bit for bit. With the same `step` from one start to the next, a way does not depend on how
/// time is cut into calls, but for rounding.
///
/// ```swift
/// var users = Mobility(.randomWalk(MetersPerSecond(0)...MetersPerSecond(1), turnEvery: Seconds(2)), in: cell, at: drop, stream: stream)
/// users.advance(seconds: Seconds(0.1), stream: stream, step: 0)
/// ```
public struct Mobility: Archivable, Sendable {
  public let model: MobilityModel
  /// What no node ever leaves.
  public let region: Region
  /// Where the nodes are. `[E, N]`
  public private(set) var positions: NodePositions

  /// Metres per second. `[E, N]`
  private var velocityX: [Double]
  private var velocityY: [Double]
  /// Seconds until the next turn, arrival or departure. `[E, N]`
  private var remaining: [Double]
  /// Where legs end. `[E, N]`
  private var targetX: [Double]
  private var targetY: [Double]
  /// Whether a node is on a leg. `[E, N]`
  private var onLeg: [Bool]
  /// Events so far. `[E, N]`
  private var events: [Int32]

  /// Nodes that begin to move.
  ///
  /// - Parameters:
  ///   - model: How nodes move.
  ///   - region: What no node ever leaves.
  ///   - positions: Where they are. A stationary random waypoint model draws positions of its own instead.
  ///   - stream: Purpose mobility; copy e takes the stream whose index is greater by e.
  ///   - step: Names the ways, with the stream: an episode.
  /// - Precondition: All positions lie in the region, speeds and pauses are not negative, and what ``MobilityModel`` asks for.
  public init(_ model: MobilityModel, in region: Region, at positions: NodePositions, stream: RandomStream, step: Int = 0) {
    Mobility.check(model, region)
    self.model = model
    self.region = region
    self.positions = positions
    velocityX = Array(repeating: 0, count: positions.x.count)
    velocityY = velocityX
    remaining = velocityX
    targetX = velocityX
    targetY = velocityX
    onLeg = Array(repeating: false, count: velocityX.count)
    events = Array(repeating: 0, count: velocityX.count)
    start(at: positions, stream: stream, step: step)
  }

  private static func check(_ model: MobilityModel, _ region: Region) {
    func check(_ speed: ClosedRange<MetersPerSecond>) {
      precondition(
        speed.lowerBound.value >= 0 && speed.upperBound.value.isFinite,
        "Mobility: speeds of \(speed.lowerBound.value)...\(speed.upperBound.value) m/s")
    }
    switch model {
    case .still: break
    case .constantVelocity(let speed): check(speed)
    case .randomWalk(let speed, let turnEvery):
      check(speed)
      precondition(
        turnEvery.value > 0 && turnEvery.value.isFinite, "Mobility: a random walk that turns every \(turnEvery.value) s")
    case .randomWaypoint(let speed, let pause, _):
      check(speed)
      precondition(
        speed.lowerBound.value > 0,
        "Mobility: a random waypoint model whose least speed is 0 m/s slows down for ever; needs a positive one")
      precondition(
        pause.lowerBound.value >= 0 && pause.upperBound.value.isFinite,
        "Mobility: pauses of \(pause.lowerBound.value)...\(pause.upperBound.value) s")
      precondition(region.isConvex, "Mobility: the random waypoint model needs a convex region")
    }
  }

  /// Begins again at given positions. Allocates nothing unless somebody else holds the old ones.
  ///
  /// - Precondition: As many positions as before, all in the region.
  public mutating func start(at positions: NodePositions, stream: RandomStream, step: Int) {
    precondition(
      positions.copies == self.positions.copies && positions.nodes == self.positions.nodes,
      "Mobility.start: \(positions.copies) x \(positions.nodes) positions for \(self.positions.copies) x \(self.positions.nodes) nodes")
    self.positions.copy(from: positions)
    let nodes = positions.nodes
    for i in events.indices {
      let place = Position(x: positions.x[i], y: positions.y[i])
      precondition(
        region.contains(place), "Mobility.start: node \(i % nodes) of copy \(i / nodes) at (\(place.x), \(place.y)) is outside")
      events[i] = 0
      onLeg[i] = false
      remaining[i] = 0
      let name = EventName(stream, copy: i / nodes, node: i % nodes, step: step)
      switch model {
      case .still: break
      case .constantVelocity(let speed): turn(i, speed, name)
      case .randomWalk(let speed, let turnEvery):
        turn(i, speed, name)
        remaining[i] = turnEvery.value
      case .randomWaypoint(let speed, let pause, let start):
        if start == .stationary { settle(i, speed, pause, name) } else { depart(i, speed, name) }
      }
    }
  }

  /// Moves all nodes on.
  ///
  /// - Parameters:
  ///   - seconds: How long.
  ///   - stream: Purpose mobility, as at the start.
  ///   - step: Names the random numbers of this call's events, together with each event's number. The step of the start keeps to one way however time
  ///     is cut; a step of its own for each call is as right in law.
  /// - Complexity: O(E N) and the events. Allocates nothing unless somebody else holds the positions.
  public mutating func advance(seconds: Seconds, stream: RandomStream, step: Int) {
    precondition(
      seconds.value >= 0 && seconds.value.isFinite, "Mobility.advance: the time must be finite and not negative, got \(seconds.value) s")
    let nodes = positions.nodes
    switch model {
    case .still: break
    case .constantVelocity: for i in events.indices { glide(i, seconds.value) }
    case .randomWalk(let speed, let turnEvery):
      for i in events.indices {
        var left = seconds.value
        while left >= remaining[i] {
          glide(i, remaining[i])
          left -= remaining[i]
          events[i] += 1
          turn(i, speed, EventName(stream, copy: i / nodes, node: i % nodes, step: step))
          remaining[i] = turnEvery.value
        }
        glide(i, left)
        remaining[i] -= left
      }
    case .randomWaypoint(let speed, let pause, _):
      for i in events.indices {
        var left = seconds.value
        while left >= remaining[i] {
          left -= remaining[i]
          let name = EventName(stream, copy: i / nodes, node: i % nodes, step: step)
          if onLeg[i] { arrive(i, pause, name) } else { depart(i, speed, name) }
        }
        if onLeg[i] {
          let next = Position(x: positions.x[i] + velocityX[i] * left, y: positions.y[i] + velocityY[i] * left)
          positions.place(i, at: region.clamped(next))
        }
        remaining[i] -= left
      }
    }
  }

  /// The velocity of a node, for a Doppler shift.
  public func velocity(copy: Int, node: Int) -> Velocity {
    precondition(
      copy >= 0 && copy < positions.copies && node >= 0 && node < positions.nodes,
      "Mobility.velocity: node \(node) of copy \(copy) of \(positions.copies) x \(positions.nodes)")
    let i = copy * positions.nodes + node
    return Velocity(x: velocityX[i], y: velocityY[i])
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("positions") { () throws(FileError) in try positions.archive(in: archive) }
    try archive.array("velocityX", &velocityX)
    try archive.array("velocityY", &velocityY)
    try archive.array("remaining", &remaining)
    try archive.array("targetX", &targetX)
    try archive.array("targetY", &targetY)
    try archive.array("onLeg", &onLeg)
    try archive.array("events", &events)
    if archive.isReading { try validate(archive) }
  }

  private func validate(_ archive: Archive) throws(FileError) {
    for i in events.indices {
      guard region.contains(Position(x: positions.x[i], y: positions.y[i])) else { throw archive.failure("node \(i) is outside the region") }
      guard !onLeg[i] || region.contains(Position(x: targetX[i], y: targetY[i])) else {
        throw archive.failure("node \(i) is on its way out of the region")
      }
      guard velocityX[i].isFinite && velocityY[i].isFinite && remaining[i].isFinite && remaining[i] >= 0 && events[i] >= 0 else {
        throw archive.failure("the motion of node \(i) is no number or negative")
      }
    }
  }

  // MARK: Events

  /// Straight on, reflected by the border.
  @inline(__always)
  private mutating func glide(_ i: Int, _ time: Double) {
    var position = Position(x: positions.x[i], y: positions.y[i])
    var velocity = Velocity(x: velocityX[i], y: velocityY[i])
    region.reflect(&position, &velocity, for: Seconds(time))
    positions.place(i, at: position)
    velocityX[i] = velocity.x
    velocityY[i] = velocity.y
  }

  private mutating func turn(_ i: Int, _ speed: ClosedRange<MetersPerSecond>, _ name: EventName) {
    var generator = name.generator(event: events[i])
    let heading = 2 * Double.pi * generator.uniform()
    set(i, Velocity(Mobility.uniform(speed, &generator), heading: heading))
  }

  /// Takes the leg of the present event.
  private mutating func depart(_ i: Int, _ speed: ClosedRange<MetersPerSecond>, _ name: EventName) {
    var generator = name.generator(event: events[i])
    let target = region.uniform(using: &generator)
    head(i, for: target, at: Mobility.uniform(speed, &generator))
  }

  /// Ends the leg of the present event with a rest, whose length is the event's fourth number.
  private mutating func arrive(_ i: Int, _ pause: ClosedRange<Seconds>, _ name: EventName) {
    var generator = name.generator(event: events[i])
    for _ in 0..<3 { _ = generator.uniform() }
    positions.place(i, at: Position(x: targetX[i], y: targetY[i]))
    set(i, .zero)
    onLeg[i] = false
    remaining[i] = generator.uniform(pause.lowerBound.value, pause.upperBound.value)
    events[i] += 1
  }

  /// Draws position, leg and speed from the stationary law (Navidi and Camp 2004; Le Boudec and Vojnović 2005).
  ///
  /// A cycle of a rest P and a leg from A to B at speed V is met with a probability in proportion to its length P + |AB| / V. So a resting node has
  /// a share E[P], a pause density in proportion to p and a uniform place; a moving one a share E|AB| E[1 / V], a speed density in proportion to 1 / v, ends
  /// in proportion to |AB| and a uniform place between them. |AB| is reached by rejection from the diameter, the choice between the two
  /// included, so that E|AB| need not be known.
  private mutating func settle(
    _ i: Int, _ speed: ClosedRange<MetersPerSecond>, _ pause: ClosedRange<Seconds>, _ name: EventName
  ) {
    let (slow, fast) = (speed.lowerBound.value, speed.upperBound.value)
    let (short, long) = (pause.lowerBound.value, pause.upperBound.value)
    let diameter = region.diameter.value
    // ln(fast / slow) / (fast − slow) has no digits left when the two are close.
    let spread = fast - slow
    let meanInverse = spread > 1e-6 * slow ? Math.log(fast / slow) / spread : 2 / (slow + fast)
    let resting = (short + long) / 2
    let moving = diameter * meanInverse
    var generator = name.startGenerator
    while true {
      if generator.uniform() * (resting + moving) < resting {
        let length = (short * short + generator.uniform() * (long * long - short * short)).squareRoot()
        positions.place(i, at: region.uniform(using: &generator))
        set(i, .zero)
        onLeg[i] = false
        remaining[i] = length * generator.uniform()
        return
      }
      let (from, target) = (region.uniform(using: &generator), region.uniform(using: &generator))
      let distance = from.distance(to: target).value
      if generator.uniform() * diameter < distance {
        let part = generator.uniform()
        let place = Position(x: from.x + part * (target.x - from.x), y: from.y + part * (target.y - from.y))
        let velocity = slow * Math.exp(generator.uniform() * Math.log(fast / slow))
        positions.place(i, at: region.clamped(place))
        head(i, for: target, at: MetersPerSecond(max(slow, min(velocity, fast))))
        return
      }
    }
  }

  private mutating func head(_ i: Int, for target: Position, at speed: MetersPerSecond) {
    let (dx, dy) = (target.x - positions.x[i], target.y - positions.y[i])
    let distance = (dx * dx + dy * dy).squareRoot()
    let scale = distance > 0 ? speed.value / distance : 0
    set(i, Velocity(x: dx * scale, y: dy * scale))
    (targetX[i], targetY[i]) = (target.x, target.y)
    remaining[i] = distance / speed.value
    onLeg[i] = true
  }

  @inline(__always)
  private mutating func set(_ i: Int, _ velocity: Velocity) {
    velocityX[i] = velocity.x
    velocityY[i] = velocity.y
  }

  private static func uniform(_ speed: ClosedRange<MetersPerSecond>, _ generator: inout Philox) -> MetersPerSecond {
    MetersPerSecond(generator.uniform(speed.lowerBound.value, speed.upperBound.value))
  }
}
