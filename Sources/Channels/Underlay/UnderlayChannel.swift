import Tensor

/// What everybody receives at full power in the present slot, in E copies of a cell: drops, movement and fading.
///
/// Fading and ways depend on the fading seed, the copy's index and the slot alone: copies together have the bits of each apart. Every link fades
/// independently, at its place in the order of ``UnderlayLayout`` and flat over the blocks. A slot allocates nothing.
///
/// ```swift
/// let cell = UnderlayCell()
/// var channel = UnderlayChannel(cell, dropSeeds: [1], fadingSeed: 2)
/// let links = UnderlayLinks(cell)
/// var outcome = links.outcome()
/// for _ in 0..<1000 {
///   links.evaluate(channel.powers, allocation: blocks, into: &outcome)
///   channel.advance()
/// }
/// ```
public struct UnderlayChannel: Archivable, Sendable {
  public let cell: UnderlayCell
  public let layout: UnderlayLayout
  /// The seed of each copy's positions. `[E]`
  public let dropSeeds: [UInt64]
  /// The seed of fading and movement.
  public let fadingSeed: UInt64
  /// The index of the first copy's random streams.
  public let firstCopy: Int
  /// The present slot.
  public private(set) var slot = 0
  /// The positions of each copy, and its powers without fading. `[E]`
  public private(set) var drops: [UnderlayDrop]
  /// Received powers in watts: full transmit power times gain. `[E, links]`
  public private(set) var powers: [Float]
  private var gaussMarkov: [GaussMarkovFading] = []
  private var jakes: [SmallScaleFading] = []
  private var motion: UnderlayMotion?
  /// Of a trace: the slot of it that is each copy's first `[E]`, and full powers `[links]`.
  private var offsets: [Int] = []
  private var transmitted: [Float] = []

  /// Begins at slot 0.
  ///
  /// - Parameters:
  ///   - cell: The cell that each copy is of.
  ///   - dropSeeds: One seed for each copy; equal seeds give equal positions.
  ///   - fadingSeed: Seed of fading and movement.
  ///   - firstCopy: Index of the first copy's streams, so that some copies can be run apart from the others.
  public init(_ cell: UnderlayCell, dropSeeds: [UInt64], fadingSeed: UInt64, firstCopy: Int = 0) {
    precondition(
      !dropSeeds.isEmpty && cell.pairs > 0 && cell.resourceBlocks > 0,
      "UnderlayChannel: \(dropSeeds.count) copies of \(cell.pairs) pairs on \(cell.resourceBlocks) blocks")
    if let trace = cell.trace {
      precondition(
        trace.pairs == cell.pairs && trace.blocks == cell.resourceBlocks && cell.ownFading == .flat && cell.movement == .still,
        "UnderlayChannel: a trace of \(trace.pairs) pairs on \(trace.blocks) blocks for a still cell of \(cell.pairs) on \(cell.resourceBlocks)")
    }
    self.cell = cell
    self.dropSeeds = dropSeeds
    self.fadingSeed = fadingSeed
    self.firstCopy = firstCopy
    layout = UnderlayLayout(cell)
    drops = dropSeeds.map { UnderlayDrop(cell, seed: $0) }
    powers = Array(repeating: 0, count: dropSeeds.count * layout.count)
    let carrier = Hertz(Gigahertz(cell.carrierGigahertz))
    for copy in dropSeeds.indices {
      if let trace = cell.trace {
        offsets.append(trace.offset(stream(.fading, copy: copy)))
        continue
      }
      switch cell.fading {
      case .none, .rayleigh: break
      case .gaussMarkov:
        let correlation = GaussMarkovFading.correlation(
          speedMetersPerSecond: cell.speedMetersPerSecond, carrier: carrier, slotSeconds: cell.slotSeconds)
        var process = GaussMarkovFading(count: layout.count, correlation: correlation)
        process.start(stream: stream(.fading, copy: copy), step: 0)
        gaussMarkov.append(process)
      case .jakes:
        let mode = FadingMode.clarke(
          speedMetersPerSecond: cell.speedMetersPerSecond, carrier: carrier, slotSeconds: cell.slotSeconds)
        var process = SmallScaleFading(law: .rayleigh, mode: mode, links: layout.count)
        process.start(stream: stream(.fading, copy: copy), slot: 0)
        jakes.append(process)
      }
    }
    if cell.trace != nil { transmitted = cell.transmittedPowers.map { Float($0) } }
    if cell.movement == .randomWalk {
      motion = UnderlayMotion(cell, drops: drops, stream: stream(.mobility, copy: 0))
      place()
    }
    for copy in drops.indices { fade(copy) }
  }

  /// Moves on by one slot.
  public mutating func advance() {
    beginSlot()
    for copy in drops.indices { receive(copy) }
  }

  /// The first part of ``advance()``: whoever moves, moves.
  public mutating func beginSlot() {
    slot += 1
    guard motion != nil else { return }
    let ways = stream(.mobility, copy: 0)
    motion?.walk(seconds: cell.slotSeconds, stream: ways)
    place()
  }

  /// The second part, one copy at a time, so that its user finds the powers in the cache: fading and powers of the slot that has begun.
  public mutating func receive(_ copy: Int) {
    guard cell.trace == nil else { return fade(copy) }
    switch cell.fading {
    case .none, .rayleigh: break
    case .gaussMarkov: gaussMarkov[copy].advance(stream: stream(.fading, copy: copy), step: slot)
    case .jakes: jakes[copy].advance(stream: stream(.fading, copy: copy), slot: slot)
    }
    fade(copy)
  }

  /// Puts everybody where the drop of an episode puts them. Allocates.
  public mutating func redraw(episode: Int) {
    for copy in drops.indices {
      drops[copy] = UnderlayDrop(cell, seed: dropSeeds[copy], episode: episode)
      fade(copy)
    }
  }

  private mutating func place() { for copy in drops.indices { motion?.place(copy, in: &drops[copy]) } }

  private func stream(_ purpose: RandomPurpose, copy: Int) -> RandomStream {
    RandomStream(seed: fadingSeed, purpose: purpose, index: firstCopy + copy)
  }

  /// Received powers of the present slot: large-scale powers times fading.
  private mutating func fade(_ copy: Int) {
    let range = copy * layout.count..<(copy + 1) * layout.count
    if let trace = cell.trace {
      return UnderlayChannel.read(trace, slot: slot + offsets[copy], into: &powers, range, transmitted)
    }
    switch cell.fading {
    case .rayleigh: FadingDraws.fillExponential(&powers, in: range, stream: stream(.fading, copy: copy), step: slot)
    case .gaussMarkov: gaussMarkov[copy].powers(into: &powers, in: range)
    case .jakes: UnderlayChannel.write(jakes[copy], to: &powers, range)
    case .none: for i in range { powers[i] = 1 }
    }
    UnderlayChannel.scale(&powers, from: range.lowerBound, by: drops[copy].powers)
  }

  private static func write(_ fading: SmallScaleFading, to powers: inout [Float], _ range: Range<Int>) {
    var values = powers.mutableSpan
    var part = values._mutatingExtracting(range)
    fading.powers(into: &part)
  }

  private static func read(_ trace: UnderlayTrace, slot: Int, into powers: inout [Float], _ range: Range<Int>, _ transmitted: [Float]) {
    var values = powers.mutableSpan
    var part = values._mutatingExtracting(range)
    trace.fill(&part, slot: slot, transmitted: transmitted.span)
  }

  private static func scale(_ values: inout [Float], from start: Int, by factors: [Float]) {
    var values = values.mutableSpan
    var part = values._mutatingExtracting(start..<start + factors.count)
    VectorMath.multiply(&part, by: factors.span)
  }

  /// Visits slot, fading and movement. Who redraws positions calls ``redraw(episode:)`` after reading.
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("slot", &slot)
    if let trace = cell.trace {
      let own = Int(truncatingIfNeeded: trace.fingerprint)
      var fingerprint = own
      try archive.value("trace", &fingerprint)
      guard fingerprint == own else { throw archive.failure("it belongs to a channel with other gains") }
    }
    for copy in gaussMarkov.indices {
      try archive.group("fading\(copy)") { () throws(FileError) in try gaussMarkov[copy].archive(in: archive) }
    }
    for copy in jakes.indices {
      try archive.group("fading\(copy)") { () throws(FileError) in try jakes[copy].archive(in: archive) }
    }
    if motion != nil {
      try archive.group("mobility") { () throws(FileError) in try motion?.archive(in: archive) }
    }
    if archive.isReading {
      place()
      for copy in drops.indices { fade(copy) }
    }
  }
}
