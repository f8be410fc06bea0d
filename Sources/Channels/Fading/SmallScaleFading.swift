import Tensor

/// Small-scale fading of many links on many resource blocks: complex amplitudes h with E|h|² = 1, for every law in every mode.
///
/// All elements are independent, those of one link on several blocks too (a block is taken to be wider than the coherence bandwidth). What element j
/// of copy e receives depends on (seed, purpose, index + e), the slot and j alone, never on how many elements or copies there are or,
/// in the modes without memory, on earlier slots. Copies are the stream's indices: a batch has the bits of single runs.
///
/// - Rayleigh fading is the process w of the mode itself.
/// - Rician fading is √(K / (K + 1)) e^(jψ) + √(1 / (K + 1)) w. ψ is uniform for every element: redrawn with each block; turning as a
///   path that arrives from a random angle in Clarke's mode (its ensemble's autocorrelation is J₀ then too); constant in the Gauss-Markov mode.
/// - Nakagami fading has the phase of w, and a power that is a monotone function of |w|² (see `NakagamiMap`).
///
/// A step allocates nothing.
public struct SmallScaleFading: Archivable, Sendable {
  public let law: FadingLaw
  public let mode: FadingMode
  public let copies: Int
  public let links: Int
  public let blocks: Int
  /// The real parts of the amplitudes of the present slot. `[E, links, blocks]`
  public private(set) var real: [Float]
  /// The imaginary parts. `[E, links, blocks]`
  public private(set) var imaginary: [Float]
  /// The slot of the amplitudes.
  public private(set) var slot = 0

  private var stateReal: [Float] = []
  private var stateImaginary: [Float] = []
  private var directReal: [Float] = []
  private var directImaginary: [Float] = []
  private var gain: [Float] = []
  private var sinusoids: SinusoidSum?
  private var map: NakagamiMap?
  private let scattered: Float
  private let direct: Float
  /// Which numbers the last start drew, so that an archive need not hold them.
  private var start = Start()

  private struct Start: Sendable {
    var seed = 0
    var purpose = 0
    var index = 0
    var slot = -1
  }

  /// One past the largest slot: the bits above tell kinds of numbers apart.
  static let slotLimit = 1 << 30
  private static let directPart = 1 << 30
  private static let anglePart = 2 << 30

  /// Fading of mean power one, all zero before ``start(stream:slot:)``.
  ///
  /// - Parameters:
  ///   - law: The law of amplitudes at one instant.
  ///   - mode: How amplitudes change from slot to slot.
  ///   - copies: Copies of an environment, E.
  ///   - links: Links of each copy.
  ///   - blocks: Resource blocks of each link.
  public init(law: FadingLaw, mode: FadingMode, copies: Int = 1, links: Int, blocks: Int = 1) {
    precondition(copies >= 0 && links >= 0 && blocks >= 0, "SmallScaleFading: [\(copies), \(links), \(blocks)]")
    law.check()
    mode.check()
    self.law = law
    self.mode = mode
    self.copies = copies
    self.links = links
    self.blocks = blocks
    let count = copies * links * blocks
    real = Array(repeating: 0, count: count)
    imaginary = real
    var hasDirectPath = false
    var factor = 0.0
    switch law {
    case .rayleigh: break
    case .rician(let ratio):
      factor = ratio
      hasDirectPath = true
      directReal = real
      directImaginary = real
    case .nakagami(let shape):
      map = NakagamiMap(shape: shape)
      gain = real
    }
    scattered = Float(Math.sqrt(1 / (factor + 1)))
    direct = Float(Math.sqrt(factor / (factor + 1)))
    switch mode {
    case .block: break
    case .clarke(let doppler, let number):
      sinusoids = SinusoidSum(elements: count, sinusoids: number, doppler: doppler, hasDirectPath: hasDirectPath)
    case .gaussMarkov:
      stateReal = real
      stateImaginary = real
    }
  }

  /// Begins a run, or a new drop: draws the amplitudes of a slot from their law, independent of all before.
  ///
  /// - Parameters:
  ///   - stream: Purpose fading; copy e takes its index plus e.
  ///   - slot: The present slot, 0 ≤ slot < 2³⁰. In Clarke's mode it also names angles and phases.
  public mutating func start(stream: RandomStream, slot: Int = 0) {
    check(slot, "start")
    start = Start(seed: Int(bitPattern: UInt(stream.seed)), purpose: Int(stream.purpose.rawValue), index: Int(stream.index), slot: slot)
    draw(stream)
    switch mode {
    case .block, .clarke: advance(stream: stream, slot: slot)
    case .gaussMarkov:
      SmallScaleFading.fill(&stateReal, &stateImaginary, copies, stream, step: slot)
      self.slot = slot
      finish(slot)
    }
  }

  /// Moves to a slot: any slot in the modes `block` and `clarke`, the next one, with the innovations of that name, in `gaussMarkov`.
  ///
  /// - Parameters:
  ///   - stream: As for ``start(stream:slot:)``; Clarke's mode draws nothing from it.
  ///   - slot: 0 ≤ slot < 2³⁰.
  /// - Complexity: O(E · links · blocks), times the sinusoids in Clarke's mode.
  public mutating func advance(stream: RandomStream, slot: Int) {
    check(slot, "advance")
    precondition(start.slot >= 0, "SmallScaleFading.advance: start comes before slot \(slot)")
    self.slot = slot
    switch mode {
    case .block(let slots):
      SmallScaleFading.fill(&real, &imaginary, copies, stream, step: slot / slots)
      if !directReal.isEmpty { drawDirectPath(stream, step: slot / slots) }
    case .clarke: break
    case .gaussMarkov(let correlation):
      SmallScaleFading.fill(&real, &imaginary, copies, stream, step: slot)
      let rho = Float(correlation)
      // From the rounded ρ: the process keeps its power however close to one that is.
      let innovation = Float(Math.sqrt(1 - Double(rho) * Double(rho)))
      SmallScaleFading.mix(&stateReal, rho, real, innovation)
      SmallScaleFading.mix(&stateImaginary, rho, imaginary, innovation)
    }
    finish(slot)
  }

  /// Writes the powers |h|² of the present slot. `[E, links, blocks]`
  public func powers(into values: inout MutableSpan<Float>) {
    precondition(values.count == real.count, "SmallScaleFading.powers: [\(copies), \(links), \(blocks)] into \(values.count)")
    SmallScaleFading.square(real, imaginary, into: &values)
  }

  /// Writes the powers |h|² of the present slot. `[E, links, blocks]`
  public func powers(into values: inout [Float]) {
    var span = values.mutableSpan
    powers(into: &span)
  }

  /// Visits the slot, the name of the last start and the memory of the Gauss-Markov mode; the rest is drawn again.
  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("slot", &slot)
    try archive.value("startSeed", &start.seed)
    try archive.value("startPurpose", &start.purpose)
    try archive.value("startIndex", &start.index)
    try archive.value("startSlot", &start.slot)
    try archive.array("real", &real)
    try archive.array("imaginary", &imaginary)
    try archive.array("stateReal", &stateReal)
    try archive.array("stateImaginary", &stateImaginary)
    guard archive.isReading, start.slot >= 0 else { return }
    let limit = Int(UInt32.max)
    guard 0..<SmallScaleFading.slotLimit ~= slot, start.slot < SmallScaleFading.slotLimit, 0...limit ~= start.purpose,
      0...(limit - copies) ~= start.index
    else {
      throw archive.failure("the fading is at slot \(slot), from slot \(start.slot) of purpose \(start.purpose) and index \(start.index)")
    }
    draw(RandomStream(seed: UInt64(UInt(bitPattern: start.seed)), purpose: RandomPurpose(rawValue: UInt32(start.purpose)), index: start.index))
  }

  private func check(_ slot: Int, _ function: StaticString) {
    precondition(slot >= 0 && slot < SmallScaleFading.slotLimit, "SmallScaleFading.\(function): the slot must lie in 0..<2³⁰, got \(slot)")
  }

  /// What stays from a start on: the angles and phases of Clarke's mode, the direct path of the Gauss-Markov mode.
  private mutating func draw(_ stream: RandomStream) {
    switch mode {
    case .block: break
    case .clarke:
      let size = links * blocks
      for copy in 0..<copies {
        sinusoids?.draw(copy * size..<(copy + 1) * size, stream: stream.copy(copy), step: start.slot + SmallScaleFading.anglePart)
      }
    case .gaussMarkov: if !directReal.isEmpty { drawDirectPath(stream, step: start.slot) }
    }
  }

  private mutating func drawDirectPath(_ stream: RandomStream, step: Int) {
    SmallScaleFading.fillPhasors(&directReal, &directImaginary, copies, stream, step: step + SmallScaleFading.directPart)
  }

  private static func fillPhasors(_ real: inout [Float], _ imaginary: inout [Float], _ copies: Int, _ stream: RandomStream, step: Int) {
    if copies == 0 { return }
    let size = real.count / copies
    var angle = imaginary.mutableSpan
    for copy in 0..<copies {
      var part = angle._mutatingExtracting(copy * size..<(copy + 1) * size)
      stream.copy(copy).fill(&part, with: .uniform, step: step)
    }
    for i in angle.indices { angle[i] = (angle[i] - 0.5) * (2 * Float.pi) }
    var cosine = real.mutableSpan
    VectorMath.apply(.cos, to: angle.span, into: &cosine)
    VectorMath.apply(.sin, to: &angle)
  }

  private static func fill(_ real: inout [Float], _ imaginary: inout [Float], _ copies: Int, _ stream: RandomStream, step: Int) {
    if copies == 0 { return }
    let size = real.count / copies
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    for copy in 0..<copies {
      let range = copy * size..<(copy + 1) * size
      var a = x._mutatingExtracting(range)
      var b = y._mutatingExtracting(range)
      stream.copy(copy).fillComplexNormal(real: &a, imaginary: &b, step: step)
    }
  }

  /// s ← ρ s + q w
  private static func mix(_ state: inout [Float], _ rho: Float, _ innovations: [Float], _ q: Float) {
    var s = state.mutableSpan
    let w = innovations.span
    for i in s.indices { s[i] = rho * s[i] + q * w[i] }
  }

  private static func copy(_ source: [Float], to target: inout [Float]) {
    let s = source.span
    var t = target.mutableSpan
    for i in t.indices { t[i] = s[i] }
  }

  private static func square(_ real: [Float], _ imaginary: [Float], into values: inout MutableSpan<Float>) {
    let (x, y) = (real.span, imaginary.span)
    for i in values.indices { values[i] = x[i] * x[i] + y[i] * y[i] }
  }

  /// From the process of the mode to the amplitudes of the law.
  private mutating func finish(_ slot: Int) {
    switch mode {
    case .block: break
    case .clarke:
      sinusoids?.evaluate(slot: slot, real: &real, imaginary: &imaginary)
      if !directReal.isEmpty { sinusoids?.evaluateDirectPath(slot: slot, real: &directReal, imaginary: &directImaginary) }
    case .gaussMarkov:
      SmallScaleFading.copy(stateReal, to: &real)
      SmallScaleFading.copy(stateImaginary, to: &imaginary)
    }
    if !directReal.isEmpty {
      SmallScaleFading.mix(&real, scattered, directReal, direct)
      SmallScaleFading.mix(&imaginary, scattered, directImaginary, direct)
    }
    if let map { SmallScaleFading.apply(map, &real, &imaginary, &gain) }
  }

  private static func apply(_ map: NakagamiMap, _ real: inout [Float], _ imaginary: inout [Float], _ gain: inout [Float]) {
    var factor = gain.mutableSpan
    square(real, imaginary, into: &factor)
    VectorMath.apply(.log, to: &factor)
    map.apply(to: &factor)
    VectorMath.apply(.exp, to: &factor)
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    for i in x.indices {
      x[i] *= factor[i]
      y[i] *= factor[i]
    }
  }
}

extension RandomStream {
  /// The stream of a copy: the same seed and purpose, the index moved on.
  func copy(_ number: Int) -> RandomStream { RandomStream(seed: seed, purpose: purpose, index: Int(index) + number) }
}
