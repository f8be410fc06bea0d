import Tensor

/// Gains and tasks of the present slot in E copies of a network of offloading cells.
///
/// They depend on the seeds, the copy's index and the slot alone, never on what anybody decided: schemes that share them meet the same, and copies
/// together have the bits of each apart. A user fades by itself on every channel at its own SBS. At another SBS only the gain on the channel
/// that it uses ever counts, so that one draw for each slot, user and SBS has the same law as one for each channel. A slot allocates nothing.
public struct OffloadingChannel: Archivable, Sendable {
  public let cells: OffloadingCells
  /// The seed of each copy's positions. `[E]`
  public let dropSeeds: [UInt64]
  /// The seed of fading and tasks.
  public let fadingSeed: UInt64
  /// The index of the first copy's random streams.
  public let firstCopy: Int
  /// The present slot.
  public private(set) var slot = 0
  /// The present episode, for what is drawn once an episode.
  public private(set) var episode = 0
  /// The positions of each copy. `[E]`
  public private(set) var drops: [OffloadingDrop]
  /// Gains: of each copy `[M, N, K]` at the own SBS, then `[M N, M]` at the others on the channel in use, zero at the own one. `[E, links]`
  public private(set) var gains: [Float]
  /// Sizes of the tasks in bits; zero where there is no user. `[E, M, N]`
  public private(set) var bits: [Double]
  /// Their work in cycles. `[E, M, N]`
  public private(set) var cycles: [Double]
  /// Links of a copy: M N (K + M).
  public let links: Int
  /// Gains without fading. `[E, links]`
  private var scale: [Float]
  private let exists: [Bool]
  private var uniforms: [Double]

  /// Begins at slot 0 of episode 0.
  ///
  /// - Parameters:
  ///   - cells: The network that each copy is of.
  ///   - dropSeeds: One seed for each copy; equal seeds give equal positions.
  ///   - fadingSeed: Seed of fading and tasks.
  ///   - firstCopy: Index of the first copy's streams, so that some copies can be run apart from the others.
  /// - Throws: ``DropError`` if the least separation of SBSs cannot be kept.
  /// - Precondition: The cells have no ``OffloadingCells/contradiction``.
  public init(_ cells: OffloadingCells, dropSeeds: [UInt64], fadingSeed: UInt64, firstCopy: Int = 0) throws(DropError) {
    precondition(!dropSeeds.isEmpty, "OffloadingChannel: needs at least one drop seed")
    precondition(cells.contradiction == nil, "OffloadingChannel: \(cells.contradiction ?? "")")
    self.cells = cells
    self.dropSeeds = dropSeeds
    self.fadingSeed = fadingSeed
    self.firstCopy = firstCopy
    exists = cells.exists
    links = exists.count * (cells.channels + cells.cells)
    drops = []
    for seed in dropSeeds { drops.append(try OffloadingDrop(cells, seed: seed)) }
    scale = drops.flatMap { $0.links(channels: cells.channels) }
    gains = scale
    bits = Array(repeating: 0, count: dropSeeds.count * exists.count)
    cycles = bits
    uniforms = Array(repeating: 0, count: 2 * exists.count)
    for copy in drops.indices {
      fade(copy)
      assign(copy)
    }
  }

  /// Where a user's gains at its own SBS begin within `gains`. `[K]`
  public func own(_ copy: Int, user: Int) -> Int { copy * links + user * cells.channels }

  /// The places of a copy's gains at the own SBSs. `[M, N, K]`
  public func ownRange(_ copy: Int) -> Range<Int> { copy * links..<copy * links + exists.count * cells.channels }

  /// Moves on by one slot.
  public mutating func advance() {
    beginSlot()
    for copy in drops.indices { receive(copy) }
  }

  /// The first part of ``advance()``: the clock.
  public mutating func beginSlot() { slot += 1 }

  /// The second part, one copy at a time, so that its user finds the gains in the cache: fading and tasks of the slot that has begun.
  public mutating func receive(_ copy: Int) {
    fade(copy)
    if cells.tasks == .everySlot { assign(copy) }
  }

  /// Begins an episode within the present slot: tasks that last an episode, and positions if they are redrawn. Allocates if they are.
  public mutating func beginEpisode(_ episode: Int, redrawingPositions: Bool) {
    self.episode = episode
    for copy in drops.indices {
      if redrawingPositions { redraw(copy) }
      if cells.tasks == .everyEpisode { assign(copy) }
    }
  }

  private mutating func redraw(_ copy: Int) {
    // The first drop was found in a thousand layouts, so that a million are more than enough.
    guard let drop = try? OffloadingDrop(cells, seed: dropSeeds[copy], episode: episode, layouts: 1_000_000) else {
      preconditionFailure("OffloadingChannel: no drop keeps the least separation of SBSs in episode \(episode)")
    }
    drops[copy] = drop
    let fresh = drop.links(channels: cells.channels)
    for i in fresh.indices { scale[copy * links + i] = fresh[i] }
    fade(copy)
  }

  private func stream(_ purpose: RandomPurpose, copy: Int) -> RandomStream {
    RandomStream(seed: fadingSeed, purpose: purpose, index: firstCopy + copy)
  }

  private mutating func fade(_ copy: Int) {
    let range = copy * links..<(copy + 1) * links
    switch cells.fading {
    case .rayleigh: FadingDraws.fillExponential(&gains, in: range, stream: stream(.fading, copy: copy), step: slot)
    case .none: for i in range { gains[i] = 1 }
    }
    OffloadingChannel.multiply(&gains, by: scale, range)
  }

  private static func multiply(_ values: inout [Float], by factors: [Float], _ range: Range<Int>) {
    var values = values.mutableSpan
    var part = values._mutatingExtracting(range)
    VectorMath.multiply(&part, by: factors.span.extracting(range))
  }

  /// Draws tasks: d and ω / d are independent and uniform.
  private mutating func assign(_ copy: Int) {
    let step = cells.tasks == .everySlot ? slot : episode
    stream(.environment, copy: copy).fill(&uniforms, with: .uniform, step: step)
    let count = exists.count
    let (least, size) = (cells.taskBits.lowerBound, cells.taskBits.upperBound - cells.taskBits.lowerBound)
    let (lightest, weight) = (cells.leastCyclesPerBit, cells.greatestCyclesPerBit - cells.leastCyclesPerBit)
    for user in 0..<count {
      let task = exists[user] ? least + size * uniforms[user] : 0
      bits[copy * count + user] = task
      cycles[copy * count + user] = task * (lightest + weight * uniforms[count + user])
    }
  }

  /// Visits slot and episode. Who redraws positions calls ``beginEpisode(_:redrawingPositions:)`` after reading.
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("slot", &slot)
    try archive.value("episode", &episode)
    guard archive.isReading else { return }
    guard slot >= 0 && episode >= 0 else { throw archive.failure("a slot or an episode has a negative number") }
    for copy in drops.indices {
      fade(copy)
      assign(copy)
    }
  }
}
