import CKernels

/// Interference and noise over own gain of all users of a group of eight networks.
///
/// c_{b,u}[f] = (Σ_{b̃≠b} Σ_ũ p_{b̃,ũ}[f] |w†_{b̃,ũ} h_{b̃,(b,u)}|² + σ²) / |w†_{b,u} h_{b,(b,u)}|²   (Wong et al. 2021, eq. (7)), summed from the noise on in order of
/// the senders.
struct InterferenceLevels: Sendable {
  private let frequencies: Int
  private let users: Int
  private let pairs: Int
  private let noise: Float
  private let usersOfCells: [Int]

  init(_ gains: MulticellGains) {
    let network = gains.network
    (frequencies, users, pairs, noise) = (network.frequencies, network.totalUsers, gains.pairs, Float(network.noise))
    usersOfCells = network.users
  }

  /// - Parameters:
  ///   - inverseOwn: `[N_f, U, 8]` of a group.
  ///   - cross: `[N_f, pairs, 8]` of a group.
  ///   - powers: `[N_f, U, 8]`
  ///   - backwards: Begins with the last frequency, whose gains a pass before left in the cache. The bits are the same.
  ///   - levels: Receives c. `[N_f, U, 8]`
  func form(
    _ inverseOwn: UnsafePointer<Float>, _ cross: UnsafePointer<Float>, _ powers: UnsafePointer<Float>, backwards: Bool = false,
    into levels: UnsafeMutablePointer<Float>
  ) {
    unsafe usersOfCells.withUnsafeBufferPointer { counts in
      var cells = unsafe ck_cells_t(
        frequencies: frequencies, users: users, pairs: pairs, cells: counts.count, users_of_cells: counts.baseAddress, noise: noise)
      unsafe ck_interference_levels(&cells, inverseOwn, cross, powers, backwards ? 1 : 0, levels)
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
