import Tensor

/// The power gains of all links between sites and users, for many copies of a drop at once, slot by slot.
///
/// g_{e,u,s} = 10^(−(L + S) / 10) |h|² with the path loss L of a scenario in the link's state of line of sight, correlated shadowing S and small-scale
/// fading h (TR 38.901, 7.4, with fading of one's choice). What changes when is a ``Schedule``: mobility, line of sight, path loss, shadowing, fading.
///
/// Every part has a random stream of its own, named by the seed, the copy's index and the number of the update; a part that the schedule leaves out
/// (or a mode that is off) changes no other. A batch of copies has the bits of single ones. A slot allocates nothing.
///
/// ```swift
/// var channel = try CellularChannel(configuration, seed: 1)
/// for slot in 1..<1000 { channel.advance(); use(channel.gains) }
/// ```
public struct CellularChannel: Archivable, Sendable {
  /// What a channel is made of.
  public struct Configuration: Sendable {
    /// Path loss, line of sight and shadowing.
    public var scenario: any ScenarioModel
    public var heights: LinkHeights
    public var carrier: Hertz
    /// One layout for all copies. `[1, S]`
    public var sites: NodePositions
    public var usersPerCopy: Int
    public var copies = 1
    /// Where users are dropped, and how far from sites.
    public var drop: UniformDrop
    public var mobility = MobilityModel.still
    public var fadingLaw = FadingLaw.rayleigh
    public var fadingMode = FadingMode.block()
    /// Resource blocks of each link that fade apart.
    public var blocks = 1
    public var schedule = Schedule(
      slot: Milliseconds(1), [.mobility: .every(100), .lineOfSight: .once, .pathLoss: .every(100), .shadowing: .every(100), .fading: .everySlot])

    /// - Precondition: At least one site, user and copy.
    public init(
      scenario: any ScenarioModel, heights: LinkHeights, carrier: Hertz, sites: NodePositions, usersPerCopy: Int, drop: UniformDrop
    ) {
      self.scenario = scenario
      self.heights = heights
      self.carrier = carrier
      self.sites = sites
      self.usersPerCopy = usersPerCopy
      self.drop = drop
    }
  }

  public let configuration: Configuration
  public let seed: UInt64
  /// The index of the first copy's streams.
  public let firstCopy: Int
  /// The slot of the gains.
  public private(set) var slot = -1
  /// Linear power gains. `[E, U, S, blocks]`
  public private(set) var gains: [Float]
  /// Path loss and shadowing together in decibels. `[E, U, S]`
  public private(set) var losses: [Float]
  /// `[E, U, S]`
  public private(set) var states: [LineOfSight]
  /// Horizontal distances in metres. `[E, U, S]`
  public private(set) var distances: [Float]
  private var mobility: Mobility
  private var shadowing: CorrelatedShadowing
  private var fading: SmallScaleFading

  private let lines: LossLines
  private let law: LineOfSightLaw
  private let links: Int
  private var pathLosses: [Float]
  private var largeScale: [Float]
  private var conditions: [Int32]
  private var ways: [Float]
  private var scratch: [Float]
  private var chances: [Float]
  /// Where users were at the last update of shadowing.
  private var beforeX: [Double]
  private var beforeY: [Double]

  /// Drops the users and draws the first slot.
  ///
  /// - Throws: ``DropError`` where users find no place.
  public init(_ configuration: Configuration, seed: UInt64, firstCopy: Int = 0) throws(DropError) {
    let (copies, users, sites) = (configuration.copies, configuration.usersPerCopy, configuration.sites.nodes)
    precondition(copies > 0 && users > 0 && sites > 0, "CellularChannel: \(copies) copies, \(users) users, \(sites) sites")
    precondition(configuration.sites.copies == 1, "CellularChannel: \(configuration.sites.copies) layouts of sites; all copies share one")
    self.configuration = configuration
    self.seed = seed
    self.firstCopy = firstCopy
    lines = configuration.scenario.lines(heights: configuration.heights, carrier: configuration.carrier)
    law = configuration.scenario.lineOfSightLaw(userHeight: configuration.heights.user)
    links = users * sites
    let count = copies * links
    gains = Array(repeating: 0, count: count * configuration.blocks)
    losses = Array(repeating: 0, count: count)
    pathLosses = losses
    largeScale = losses
    distances = losses
    ways = losses
    scratch = losses
    chances = losses
    states = Array(repeating: .nlos, count: count)
    conditions = Array(repeating: 0, count: count)
    // The conditions of shadowing: no line of sight, near with it, and beyond the breakpoint with it.
    let scenario = configuration.scenario
    func condition(_ deviation: Decibels, _ state: LineOfSight) -> CorrelatedShadowing.Condition {
      .init(deviation: deviation, correlationDistance: scenario.shadowingCorrelationDistance(state))
    }
    shadowing = CorrelatedShadowing(
      conditions: [condition(lines.blocked.deviation, .nlos), condition(lines.near.deviation, .los), condition(lines.far.deviation, .los)],
      copies: copies, links: links)
    fading = SmallScaleFading(
      law: configuration.fadingLaw, mode: configuration.fadingMode, copies: copies, links: links, blocks: configuration.blocks)
    var positions = NodePositions(copies: copies, nodes: users, height: configuration.heights.user)
    let stream = RandomStream(seed: seed, purpose: .drop, index: firstCopy)
    try configuration.drop.draw(into: &positions, awayFrom: configuration.sites, stream: stream)
    mobility = Mobility(
      configuration.mobility, in: configuration.drop.region, at: positions, stream: RandomStream(seed: seed, purpose: .mobility, index: firstCopy))
    beforeX = positions.x
    beforeY = positions.y
    advance()
  }

  /// The positions of the users. `[E, U]`
  public var users: NodePositions { mobility.positions }

  /// Moves on by one slot and updates what the schedule names for it.
  public mutating func advance() {
    slot += 1
    for update in configuration.schedule.updates(in: slot) {
      switch update.component {
      case .mobility: move(update.step)
      case .lineOfSight: look(update.step)
      case .pathLoss: attenuate()
      case .shadowing: shadow(update.step)
      case .fading: fade(update.step)
      default: break
      }
    }
    combine()
  }

  private func stream(_ purpose: RandomPurpose) -> RandomStream { RandomStream(seed: seed, purpose: purpose, index: firstCopy) }

  private mutating func move(_ step: Int) {
    guard step > 0, configuration.mobility != .still, let seconds = configuration.schedule.interval(of: .mobility) else { return }
    mobility.advance(seconds: seconds, stream: stream(.mobility), step: step)
  }

  private mutating func measure() { CellularChannel.measure(mobility.positions, configuration.sites, &distances) }

  private static func measure(_ users: NodePositions, _ sites: NodePositions, _ distances: inout [Float]) {
    var target = distances.mutableSpan
    users.writeDistances(to: sites, .horizontal, into: &target)
  }

  // Stored properties go as arguments to static functions: see Docs/Workarounds.md.

  private mutating func look(_ step: Int) {
    measure()
    CellularChannel.look(
      law, distances, &chances, &scratch, &states, links: links, stream: stream(.lineOfSight), step: step)
  }

  private static func look(
    _ law: LineOfSightLaw, _ distances: [Float], _ chances: inout [Float], _ scratch: inout [Float], _ states: inout [LineOfSight], links: Int,
    stream: RandomStream, step: Int
  ) {
    var probabilities = chances.mutableSpan
    law.probabilities(horizontalDistances: distances.span, into: &probabilities)
    var uniforms = scratch.mutableSpan
    for copy in 0..<distances.count / links {
      var mine = uniforms._mutatingExtracting(copy * links..<(copy + 1) * links)
      RandomStream(seed: stream.seed, purpose: stream.purpose, index: Int(stream.index) + copy).fill(&mine, with: .uniform, step: step)
    }
    var target = states.mutableSpan
    LineOfSight.choose(probabilities: probabilities.span, uniforms: uniforms.span, into: &target)
  }

  private mutating func attenuate() {
    measure()
    CellularChannel.attenuate(lines, distances, states, &pathLosses)
  }

  private static func attenuate(_ lines: LossLines, _ distances: [Float], _ states: [LineOfSight], _ losses: inout [Float]) {
    var target = losses.mutableSpan
    lines.losses(horizontalDistances: distances.span, states: states.span, into: &target)
  }

  private mutating func shadow(_ step: Int) {
    let limit = Float(lines.breakpoint.value)
    for i in conditions.indices { conditions[i] = states[i] == .nlos ? 0 : distances[i] <= limit ? 1 : 2 }
    if step == 0 {
      shadowing.start(states: conditions, stream: stream(.shadowing), step: 0)
    } else {
      measureWays()
      shadowing.advance(meters: ways, states: conditions, stream: stream(.shadowing), step: step)
    }
    for user in beforeX.indices {
      beforeX[user] = mobility.positions.x[user]
      beforeY[user] = mobility.positions.y[user]
    }
  }

  /// How far each user went since the last update of shadowing, once for each of its links.
  private mutating func measureWays() {
    let sites = configuration.sites.nodes
    for user in beforeX.indices {
      let (dx, dy) = (mobility.positions.x[user] - beforeX[user], mobility.positions.y[user] - beforeY[user])
      let way = Float((dx * dx + dy * dy).squareRoot())
      for site in 0..<sites { ways[user * sites + site] = way }
    }
  }

  private mutating func fade(_ step: Int) {
    if step == 0 {
      fading.start(stream: stream(.fading))
    } else {
      fading.advance(stream: stream(.fading), slot: step)
    }
  }

  /// The gains of the present slot from what its parts are now.
  private mutating func combine() {
    for i in losses.indices {
      losses[i] = pathLosses[i] + shadowing.values[i]
      // 10^(−x / 10) = e^(−x ln 10 / 10)
      largeScale[i] = losses[i] * -0.230_258_509_3
    }
    var span = largeScale.mutableSpan
    VectorMath.apply(.exp, to: &span)
    let blocks = configuration.blocks
    if configuration.schedule.period(of: .fading) == nil {
      for i in gains.indices { gains[i] = largeScale[i / blocks] }
      return
    }
    fading.powers(into: &gains)
    CellularChannel.scale(&gains, by: largeScale, blocks)
  }

  private static func scale(_ gains: inout [Float], by factors: [Float], _ blocks: Int) {
    var target = gains.mutableSpan
    if blocks == 1 {
      VectorMath.multiply(&target, by: factors.span)
    } else {
      for i in target.indices { target[i] *= factors[i / blocks] }
    }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("slot", &slot)
    try archive.group("mobility") { () throws(FileError) in try mobility.archive(in: archive) }
    try archive.array("beforeX", &beforeX)
    try archive.array("beforeY", &beforeY)
    try archive.group("shadowing") { () throws(FileError) in try shadowing.archive(in: archive) }
    try archive.group("fading") { () throws(FileError) in try fading.archive(in: archive) }
    var blocked = states.map { $0 == .nlos }
    try archive.array("blocked", &blocked)
    try archive.array("distances", &distances)
    try archive.array("pathLosses", &pathLosses)
    if archive.isReading {
      for i in states.indices { states[i] = blocked[i] ? .nlos : .los }
      combine()
    }
  }
}
