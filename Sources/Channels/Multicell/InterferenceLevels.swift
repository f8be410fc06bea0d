/// Interference and noise over own gain of all users of a group of eight networks.
///
/// c_{b,u}[f] = (Σ_{b̃≠b} Σ_ũ p_{b̃,ũ}[f] |w†_{b̃,ũ} h_{b̃,(b,u)}|² + σ²) / |w†_{b,u} h_{b,(b,u)}|²   (Wong et al. 2021, eq. (7)), summed from the noise on in order of
/// the senders.
struct InterferenceLevels: Sendable {
  private let frequencies: Int
  private let users: Int
  private let pairs: Int
  private let noise: Float
  /// First user, end, and where the rows of each cell's first user begin.
  private let cells: [(first: Int, end: Int, rows: Int)]

  init(_ gains: MulticellGains) {
    let network = gains.network
    (frequencies, users, pairs, noise) = (network.frequencies, network.totalUsers, gains.pairs, Float(network.noise))
    cells = (0..<network.cells).map { (network.firstUser(of: $0), network.range(of: $0).upperBound, gains.rows[network.firstUser(of: $0)]) }
  }

  /// - Parameters:
  ///   - inverseOwn: `[N_f, U, 8]` of a group.
  ///   - cross: `[N_f, pairs, 8]` of a group.
  ///   - powers: `[N_f, U, 8]`
  ///   - levels: Receives c. `[N_f, U, 8]`
  func form(
    _ inverseOwn: UnsafePointer<Float>, _ cross: UnsafePointer<Float>, _ powers: UnsafePointer<Float>, into levels: UnsafeMutablePointer<Float>
  ) {
    let noise = Lanes(repeating: noise)
    for f in 0..<frequencies {
      let p = unsafe powers + f &* users &* NetworkLanes.width
      for (first, end, rows) in cells {
        let senders = users &- (end &- first)
        var user = first
        while user < end {
          let count = min(4, end &- user)
          let row = f &* pairs &+ rows &+ (user &- first) &* senders
          // Rows of four receivers, so that a power is read once for all of them. A row that is not there repeats the last one.
          let (r1, r2, r3) = (row &+ min(1, count &- 1) &* senders, row &+ min(2, count &- 1) &* senders, row &+ (count &- 1) &* senders)
          var (a, b, c, d) = (noise, noise, noise, noise)
          for v in 0..<first {
            let power = unsafe lanes(p, v)
            unsafe a += power * lanes(cross, row &+ v)
            unsafe b += power * lanes(cross, r1 &+ v)
            unsafe c += power * lanes(cross, r2 &+ v)
            unsafe d += power * lanes(cross, r3 &+ v)
          }
          for v in first..<senders {
            let power = unsafe lanes(p, v &+ end &- first)
            unsafe a += power * lanes(cross, row &+ v)
            unsafe b += power * lanes(cross, r1 &+ v)
            unsafe c += power * lanes(cross, r2 &+ v)
            unsafe d += power * lanes(cross, r3 &+ v)
          }
          let place = f &* users &+ user
          unsafe store(a * lanes(inverseOwn, place), levels, place)
          if count > 1 { unsafe store(b * lanes(inverseOwn, place &+ 1), levels, place &+ 1) }
          if count > 2 { unsafe store(c * lanes(inverseOwn, place &+ 2), levels, place &+ 2) }
          if count > 3 { unsafe store(d * lanes(inverseOwn, place &+ 3), levels, place &+ 3) }
          user &+= count
        }
      }
    }
  }

  /// c of all networks, for observation. `[groups, N_f, U, 8]`
  func form(_ gains: MulticellGains, _ powers: MulticellPowers, into levels: inout [Float]) {
    let (own, cross) = (frequencies * users * NetworkLanes.width, frequencies * pairs * NetworkLanes.width)
    precondition(
      powers.lanes == gains.lanes && levels.count == powers.powers.count, "InterferenceLevels: gains, powers and levels of different networks")
    unsafe gains.inverseOwn.withUnsafeBufferPointer { inverses in
      unsafe gains.cross.withUnsafeBufferPointer { crosses in
        unsafe powers.powers.withUnsafeBufferPointer { p in
          unsafe levels.withUnsafeMutableBufferPointer { c in
            for group in 0..<powers.lanes.groups {
              let source = powers.lanes.gainGroup(of: group)
              unsafe form(
                inverses.baseAddress! + source * own, crosses.baseAddress! + source * cross, p.baseAddress! + group * own,
                into: c.baseAddress! + group * own)
            }
          }
        }
      }
    }
  }
}
