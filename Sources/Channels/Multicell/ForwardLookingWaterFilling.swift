import CKernels

/// How users look ahead in water-filling games.
public enum InterferenceDerivative: Hashable, Sendable {
  /// φ = −√(c / (2c + p))   (Wong et al. 2021, eq. (16)), between −1/√2 and 0.
  case forwardLooking
  /// A constant. Zero is iterative water-filling; less than zero looks ahead.
  case constant(Float)
}

/// When iterations end.
public struct GameConvergence: Hashable, Sendable {
  /// Ends where no power of a network moved by more than this part of the greatest budget of its users.
  public var tolerance: Double
  /// Ends after this many iterations in any case.
  public var iterations: Int

  public init(tolerance: Double = 1e-3, iterations: Int = 100) {
    self.tolerance = tolerance
    self.iterations = iterations
  }
}

/// Forward-looking water-filling: a game of all users at once, whose moves are water-fillings over levels of an anticipated interference.
///
/// From powers p of all users a move is, for every user at the same time (Wong et al. 2021, eqs. (7), (15), (16); after Ren and Wong 2019),
///
///     c  by eq. (7),  φ = −√(c / (2c + p)),  N = (c² + φ p²) / (c − φ p),  p' = (w − N)⁺  with  Σ_f p' = P_b / U_b
///
/// It is the fixed-point map of the stationarity of eq. (13), not its maximisation: where p' = p, all channels in use have the same derivative of the
/// predicted rate, and that is all that a fixed point promises (it is a local minimum of eq. (13) along the budget). The sum of rates need not rise from move
/// to move. c − φ p = c + |φ| p ≥ c > 0, so nothing is divided by zero, and N may be far below zero, which the water-filling takes as it is.
///
/// Eight networks are computed at once in single precision; a batch of any size gives a network the bits that it has alone. After the making nothing
/// is allocated.
public struct ForwardLookingWaterFilling: Sendable {
  public let derivative: InterferenceDerivative
  private let levels: InterferenceLevels
  private var filling: LaneWaterFilling
  /// c, then N. `[N_f, U, 8]`
  private var scratch: [Float]
  private var moved: [Float]
  private let frequencies: Int
  private let users: Int
  private let pairs: Int

  /// Memory for the networks of some gains.
  ///
  /// - Precondition: A constant derivative is not above zero, where c − φ p could vanish.
  public init(_ gains: MulticellGains, derivative: InterferenceDerivative = .forwardLooking) {
    if case .constant(let phi) = derivative { precondition(phi <= 0, "ForwardLookingWaterFilling: a derivative of \(phi) is above zero") }
    self.derivative = derivative
    (frequencies, users, pairs) = (gains.network.frequencies, gains.network.totalUsers, gains.pairs)
    levels = InterferenceLevels(gains)
    filling = LaneWaterFilling(frequencies: frequencies, users: users)
    scratch = Array(repeating: 0, count: frequencies * users * NetworkLanes.width)
    moved = scratch
  }

  /// Moves all networks some times.
  ///
  /// - Complexity: O(networks · iterations · N_f · (Σ_b U_b (U − U_b) + U log² N_f)).
  public mutating func iterate(_ powers: inout MulticellPowers, in gains: MulticellGains, iterations: Int) {
    check(powers, gains)
    let (derivative, levels) = (derivative, levels)
    // Group after group through all iterations, so that its gains stay in the cache, forwards and backwards in turns, so that a part stays of what is larger.
    unsafe withGroups(&powers, gains) { _, group, filling, scratch, _ in
      for iteration in 0..<iterations {
        unsafe levels.form(group.inverseOwn, group.cross, group.powers, backwards: iteration % 2 == 1, into: scratch)
        unsafe ForwardLookingWaterFilling.anticipate(derivative, group.powers, scratch, count: group.count)
        unsafe filling.fill(scratch, group.budgets, into: group.powers)
      }
    }
  }

  /// Moves every network until its powers settle or the iterations are used up. A network that has settled stays.
  ///
  /// - Parameters:
  ///   - powers: p, from where moves begin; receives where they end.
  ///   - gains: Those of the networks of `powers`.
  ///   - convergence: When a network has settled, and the most moves.
  ///   - iterations: Receives how many moves each network made. `[networks]`
  public mutating func settle(
    _ powers: inout MulticellPowers, in gains: MulticellGains, until convergence: GameConvergence = GameConvergence(), iterations: inout [Int]
  ) {
    check(powers, gains)
    let networks = powers.lanes
    precondition(iterations.count == networks.count, "ForwardLookingWaterFilling.settle: \(iterations.count) counts for \(networks.count) networks")
    let (derivative, levels, users) = (derivative, levels, users)
    var counts = Array(repeating: Lanes(repeating: 0), count: networks.groups)
    unsafe withGroups(&powers, gains) { index, group, filling, scratch, moved in
      var limit = Lanes(repeating: 0)
      for user in 0..<users {
        let budget = unsafe lanes(group.budgets, user)
        limit.replace(with: budget, where: budget .> limit)
      }
      limit *= Float(convergence.tolerance)
      var isMoving = SIMDMask<Lanes.MaskStorage>(repeating: true)
      for iteration in 0..<convergence.iterations {
        unsafe levels.form(group.inverseOwn, group.cross, group.powers, backwards: iteration % 2 == 1, into: scratch)
        unsafe ForwardLookingWaterFilling.anticipate(derivative, group.powers, scratch, count: group.count)
        unsafe filling.fill(scratch, group.budgets, into: moved)
        var step = Lanes(repeating: 0)
        for place in 0..<(unsafe group.count) / NetworkLanes.width {
          let (old, new) = unsafe (lanes(group.powers, place), lanes(moved, place))
          let (up, down) = (new - old, old - new)
          step.replace(with: up, where: up .> step)
          step.replace(with: down, where: down .> step)
          unsafe store(old.replacing(with: new, where: isMoving), group.powers, place)
        }
        counts[index].replace(with: counts[index] + 1, where: isMoving)
        isMoving .&= step .> limit
        if isMoving == SIMDMask(repeating: false) { break }
      }
    }
    for network in 0..<networks.count {
      let (group, lane) = networks.place(of: network)
      iterations[network] = Int(counts[group][lane])
    }
  }

  /// One move with all that it is made of, for whoever looks into it: c, φ, N and w of the last move from some powers. Allocates.
  ///
  /// - Returns: c, φ and N `[networks, U, N_f]`, and w `[networks, U]`.
  public mutating func move(
    _ powers: inout MulticellPowers, in gains: MulticellGains
  ) -> (interference: [Float], derivatives: [Float], levels: [Float], water: [Float]) {
    check(powers, gains)
    let (networks, frequencies, users) = (powers.lanes, frequencies, users)
    var interference = [Float](repeating: 0, count: networks.count * users * frequencies)
    var (derivatives, found) = (interference, interference)
    var water = [Float](repeating: 0, count: networks.count * users)
    let (derivative, levels) = (derivative, levels)
    func places(_ group: Int) -> [(network: Int, lane: Int)] {
      (0..<networks.count).compactMap { network in
        let place = networks.place(of: network)
        return place.group == group ? (network, place.lane) : nil
      }
    }
    unsafe withGroups(&powers, gains) { index, group, filling, scratch, _ in
      func each(_ body: (_ target: Int, _ source: Int) -> Void) {
        for (network, lane) in places(index) {
          for user in 0..<users {
            for f in 0..<frequencies { body((network * users + user) * frequencies + f, (f * users + user) * NetworkLanes.width + lane) }
          }
        }
      }
      unsafe levels.form(group.inverseOwn, group.cross, group.powers, into: scratch)
      each { target, source in
        unsafe interference[target] = scratch[source]
        unsafe derivatives[target] = -ForwardLookingWaterFilling.steepness(derivative, scratch[source], group.powers[source])
      }
      unsafe ForwardLookingWaterFilling.anticipate(derivative, group.powers, scratch, count: group.count)
      each { target, source in unsafe found[target] = scratch[source] }
      unsafe filling.fill(scratch, group.budgets, into: group.powers)
      for (network, lane) in places(index) {
        for user in 0..<users { water[network * users + user] = filling.water[user * NetworkLanes.width + lane] }
      }
    }
    return (interference, derivatives, found, water)
  }

  /// −φ
  @inline(__always)
  private static func steepness(_ derivative: InterferenceDerivative, _ c: Float, _ p: Float) -> Float {
    switch derivative {
    case .forwardLooking: (c / (2 * c + p)).squareRoot()
    case .constant(let phi): -phi
    }
  }

  /// N from c, in place. `[N_f, U, 8]` each
  private static func anticipate(
    _ derivative: InterferenceDerivative, _ powers: UnsafePointer<Float>, _ levels: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch derivative {
    case .forwardLooking: unsafe ck_anticipated_levels(count, powers, 1, 0, levels)
    case .constant(let phi): unsafe ck_anticipated_levels(count, powers, 0, -phi, levels)
    }
  }

  /// A group of networks in memory.
  @unsafe private struct Group {
    let inverseOwn: UnsafePointer<Float>
    let cross: UnsafePointer<Float>
    let powers: UnsafeMutablePointer<Float>
    let budgets: UnsafePointer<Float>
    let count: Int
  }

  private mutating func withGroups(
    _ powers: inout MulticellPowers, _ gains: MulticellGains,
    _ body: (
      _ index: Int, _ group: Group, _ filling: inout LaneWaterFilling, _ scratch: UnsafeMutablePointer<Float>, _ moved: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let (width, networks) = (NetworkLanes.width, powers.lanes)
    let (size, row, budgetRow) = (frequencies * users * width, frequencies * pairs * width, users * width)
    unsafe ForwardLookingWaterFilling.withPointers(&scratch, &moved) { scratch, moved in
      unsafe gains.inverseOwn.withUnsafeBufferPointer { inverses in
        unsafe gains.cross.withUnsafeBufferPointer { crosses in
          unsafe powers.withPowersAndBudgets { p, budgets in
            for index in 0..<networks.groups {
              let source = networks.gainGroup(of: index)
              let group = unsafe Group(
                inverseOwn: inverses.baseAddress! + source * size, cross: crosses.baseAddress! + source * row,
                powers: p.baseAddress! + index * size, budgets: budgets.baseAddress! + index * budgetRow, count: size)
              unsafe body(index, group, &filling, scratch, moved)
            }
          }
        }
      }
    }
  }

  private static func withPointers(
    _ first: inout [Float], _ second: inout [Float], _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    unsafe first.withUnsafeMutableBufferPointer { first in
      unsafe second.withUnsafeMutableBufferPointer { second in unsafe body(first.baseAddress!, second.baseAddress!) }
    }
  }

  private func check(_ powers: MulticellPowers, _ gains: MulticellGains) {
    precondition(
      powers.lanes == gains.lanes && powers.users == users && powers.frequencies == frequencies && gains.pairs == pairs,
      "ForwardLookingWaterFilling: powers of \(powers.lanes.count) networks, [\(powers.frequencies), \(powers.users)], and gains of "
        + "\(gains.lanes.count), [\(gains.network.frequencies), \(gains.network.totalUsers)], in memory for [\(frequencies), \(users)]")
  }
}
