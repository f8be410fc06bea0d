import Tensor

/// Gains of E copies of an ``UplinkCell``, a whole block of milliseconds at a time.
///
///     h = m · 10^((G_BS + G_UE − PL(d) − ψ) / 10)            (2)
///
/// with m exponential of mean one, new for every user, subchannel and millisecond, and path loss and shadowing ψ new for every block. The
/// channel does not depend on what anybody does, so that a block can be drawn at its beginning. A number depends on the seed, the copy, the user
/// and the number of its drop, block and millisecond alone: schemes that share a seed meet the same, copies together have the bits of each
/// apart, and a cell of more users begins with the users of the smaller one.
public struct UplinkChannel: Archivable, Sendable {
  public let cell: UplinkCell
  public let seed: UInt64
  /// Copies: E.
  public let copies: Int
  /// The index of the first copy's random streams.
  public let firstCopy: Int
  /// Milliseconds that are drawn: those of a block, and one more that succeeds the last.
  public let milliseconds: Int
  /// The present block, counted from the beginning; −1 before the first.
  public private(set) var block = -1
  /// The present drop.
  public private(set) var drop = 0
  /// h of all links, antennas included. `[E, I, milliseconds, N]`
  public private(set) var gains: [Float]
  /// Where users are, and metres a second. `[E, I]`
  public private(set) var positions: [Position]
  public private(set) var velocities: [Velocity]
  /// Gains without fading. `[E, I]`
  public private(set) var pathGains: [Double]

  /// - Parameters:
  ///   - cell: The cell that each copy is of.
  ///   - copies: E
  ///   - seed: Of positions, movement, shadowing and fading.
  ///   - firstCopy: Index of the first copy's streams, so that some copies can be run apart from the others.
  /// - Precondition: The cell has no ``UplinkCell/contradiction``.
  public init(_ cell: UplinkCell, copies: Int, seed: UInt64, firstCopy: Int = 0) {
    precondition(cell.contradiction == nil, "UplinkChannel: \(cell.contradiction ?? "")")
    precondition(copies > 0 && firstCopy >= 0 && firstCopy + copies <= 1 << 24, "UplinkChannel: \(copies) copies from \(firstCopy)")
    self.cell = cell
    self.seed = seed
    self.copies = copies
    self.firstCopy = firstCopy
    milliseconds = cell.blockMilliseconds + 1
    gains = Array(repeating: 0, count: copies * cell.users * (cell.blockMilliseconds + 1) * cell.subchannels)
    pathGains = Array(repeating: 0, count: copies * cell.users)
    positions = Array(repeating: .origin, count: copies * cell.users)
    velocities = Array(repeating: .zero, count: copies * cell.users)
    for user in positions.indices { place(user) }
  }

  /// Where the gains of a user in a millisecond of the block begin. `[N]`
  @inline(__always)
  public func first(_ copy: Int, user: Int, millisecond: Int) -> Int {
    ((copy * cell.users + user) * milliseconds + millisecond) * cell.subchannels
  }

  /// Draws everybody's position, speed and direction anew: drop `number`.
  public mutating func beginDrop(_ number: Int) {
    drop = number
    for user in positions.indices { place(user) }
  }

  /// Begins the next block.
  ///
  /// - Parameter moving: Whether users first move as far as they do in a block.
  /// - Complexity: O(E I N T). Allocates nothing.
  public mutating func beginBlock(moving: Bool) {
    if moving {
      let region = region
      let time = Seconds(1e-3 * Double(cell.blockMilliseconds))
      for user in positions.indices { region.reflect(&positions[user], &velocities[user], for: time) }
    }
    block += 1
    draw()
  }

  /// The square, its border included.
  private var region: Region { .rectangle(.square(side: Meters(cell.side))) }

  private func stream(_ purpose: RandomPurpose, _ place: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, index: (firstCopy + place / cell.users) << 8 | place % cell.users)
  }

  private mutating func place(_ user: Int) {
    var generator = stream(.drop, user).generator(step: drop)
    positions[user] = Rectangle.square(side: Meters(cell.side)).uniform(using: &generator)
    generator = stream(.mobility, user).generator(step: drop)
    let speed = cell.leastSpeed + (cell.greatestSpeed - cell.leastSpeed) * generator.uniform()
    velocities[user] = Velocity(MetersPerSecond(speed), heading: 2 * Double.pi * generator.uniform())
  }

  /// The present block's path loss, shadowing and fading.
  private mutating func draw() {
    let (heights, carrier) = (cell.heights, Hertz(Gigahertz(cell.carrierGigahertz)))
    let deviation = cell.isShadowed ? cell.scenario.shadowingDB(cell.loss) : 0
    let size = milliseconds * cell.subchannels
    for user in positions.indices {
      let distance = max(positions[user].distance(to: .origin).value, cell.minimumDistanceMeters)
      let loss = cell.scenario.loss(at: distance, cell.loss, heights: heights, carrier: carrier)
      var generator = stream(.shadowing, user).generator(step: block)
      let shadowing = deviation == 0 ? 0 : deviation * generator.normal()
      pathGains[user] = Decibels(cell.baseGainDB + cell.userGainDB - loss.value - shadowing).linear
      let range = user * size..<(user + 1) * size
      FadingDraws.fillExponential(&gains, in: range, stream: stream(.fading, user), step: block)
      UplinkChannel.scale(&gains, range, by: Float(pathGains[user]))
    }
  }

  private static func scale(_ values: inout [Float], _ range: Range<Int>, by factor: Float) {
    var values = values.mutableSpan
    for i in range { values[i] *= factor }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("block", &block)
    try archive.value("drop", &drop)
    var places = positions.flatMap { [$0.x, $0.y] }
    var ways = velocities.flatMap { [$0.x, $0.y] }
    try archive.array("positions", &places)
    try archive.array("velocities", &ways)
    guard archive.isReading else { return }
    let half = cell.side / 2
    guard block >= -1 && drop >= 0 else { throw archive.failure("a block or a drop has a number that none has") }
    guard places.allSatisfy({ abs($0) <= half }), ways.allSatisfy({ abs($0) <= cell.greatestSpeed * (1 + 1e-9) }) else {
      throw archive.failure("a user is outside the square or faster than users are")
    }
    for user in positions.indices {
      positions[user] = Position(x: places[2 * user], y: places[2 * user + 1])
      velocities[user] = Velocity(x: ways[2 * user], y: ways[2 * user + 1])
    }
    if block >= 0 { draw() }
  }
}
