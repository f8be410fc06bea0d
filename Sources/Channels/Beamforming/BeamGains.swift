import Tensor

/// What users receive from beams: power gains, interference within and between cells, and ratios of signal to both and noise.
///
/// U users of a cell, J beams of that cell or of another one, E realisations. Realisations never meet.
public enum BeamGains {
  /// Power gains from beams to users: G_uj = |h_u w_j|².
  ///
  /// With a cell's own channels and beams the diagonal holds the effective gains and the rest the interference within the cell; with the
  /// channels from another cell's antennas and that cell's beams, all of it is interference between cells.
  ///
  /// - Parameters:
  ///   - channels: H, from the antennas of the beams. `[E, U, M]`
  ///   - beams: W. `[E, M, J]`
  ///   - gains: Receives `[E, U, J]`, NaN where beams are.
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E U M J). Allocates nothing once the workspace has grown.
  public static func form(
    _ channels: ComplexMatrices, _ beams: ComplexMatrices, into gains: inout MutableSpan<Double>, workspace: inout BeamWorkspace
  ) {
    let (count, users, width) = (channels.count, channels.rows, beams.columns)
    precondition(
      beams.count == count && beams.rows == channels.columns && gains.count == count * users * width,
      "BeamGains.form: channels [\(count), \(users), \(channels.columns)], beams [\(beams.count), \(beams.rows), \(width)] into \(gains.count) gains")
    workspace.reserveProducts(count: count, rows: users, columns: width)
    channels.multiplied(by: beams, into: &workspace.products, workspace: &workspace.complex)
    let (elements, stride) = (users * width, workspace.products.stride)
    let (real, imaginary) = (workspace.products.real, workspace.products.imaginary)
    for e in 0..<count {
      for i in 0..<elements {
        let (x, y) = unsafe (real[unchecked: i &* stride &+ e], imaginary[unchecked: i &* stride &+ e])
        unsafe gains[unchecked: e &* elements &+ i] = x * x + y * y
      }
    }
  }

  /// Adds what users receive from all beams of another cell: I_u ← I_u + Σ_j G_uj p_j, in order of j.
  ///
  /// - Parameters:
  ///   - gains: From the other cell's beams. `[E, U, J]`
  ///   - powers: Of these beams, in watts. `[E, J]`
  ///   - realizations: E
  ///   - interference: In watts. `[E, U]`
  /// - Complexity: O(E U J). Allocates nothing.
  public static func addInterference(gains: Span<Double>, powers: Span<Double>, realizations: Int, to interference: inout MutableSpan<Double>) {
    precondition(
      realizations > 0 && powers.count % realizations == 0 && interference.count % realizations == 0
        && gains.count * realizations == powers.count * interference.count,
      "BeamGains.addInterference: \(gains.count) gains, \(powers.count) powers, \(interference.count) users in \(realizations) realisations")
    let (users, width) = (interference.count / realizations, powers.count / realizations)
    for e in 0..<realizations {
      for u in e * users..<(e + 1) * users {
        var sum = interference[u]
        for j in 0..<width { sum += gains[u * width + j] * powers[e * width + j] }
        interference[u] = sum
      }
    }
  }

  /// Signal over interference and noise of every user: γ_u = G_uu p_u / (Σ_{j≠u} G_uj p_j + I_u + N).
  ///
  /// - Parameters:
  ///   - gains: From the cell's own beams, beam u for user u. `[E, U, U]`
  ///   - powers: Of the beams, in watts. `[E, U]`
  ///   - outside: I_u from other cells, in watts; nil for none. `[E, U]`
  ///   - noise: N in watts.
  ///   - users: U
  ///   - ratios: Receives γ_u, linear. `[E, U]`
  /// - Complexity: O(E U²). Allocates nothing.
  public static func sinr(
    gains: Span<Double>, powers: Span<Double>, outside: Span<Double>? = nil, noise: Double, users: Int,
    into ratios: inout MutableSpan<Double>
  ) {
    precondition(
      users > 0 && powers.count % users == 0 && gains.count == powers.count * users && ratios.count == powers.count
        && (outside?.count ?? powers.count) == powers.count,
      "BeamGains.sinr: \(gains.count) gains, \(powers.count) powers, \(outside?.count ?? powers.count) interferences of \(users) users into "
        + "\(ratios.count) ratios")
    for e in 0..<powers.count / users {
      let origin = e * users
      for u in 0..<users {
        let row = (origin + u) * users
        var disturbance = 0.0
        for j in 0..<u { disturbance += gains[row + j] * powers[origin + j] }
        for j in u + 1..<max(users, u + 1) { disturbance += gains[row + j] * powers[origin + j] }
        ratios[origin + u] = gains[row + u] * powers[origin + u] / (disturbance + (outside?[origin + u] ?? 0) + noise)
      }
    }
  }

  /// The level of every beam for ``WaterFilling``: n_u = (I_u + N) / G_uu; +∞ where the gain is 0.
  ///
  /// - Parameters:
  ///   - gains: From the cell's own beams. `[E, U, U]`
  ///   - disturbance: I_u, everything but noise that user u receives besides its beam, in watts. `[E, U]`
  ///   - noise: N in watts.
  ///   - users: U
  ///   - levels: Receives n_u in watts. `[E, U]`
  /// - Complexity: O(E U). Allocates nothing.
  public static func levels(
    gains: Span<Double>, disturbance: Span<Double>, noise: Double, users: Int, into levels: inout MutableSpan<Double>
  ) {
    precondition(
      users > 0 && levels.count % users == 0 && gains.count == levels.count * users && disturbance.count == levels.count,
      "BeamGains.levels: \(gains.count) gains, \(disturbance.count) interferences of \(users) users into \(levels.count) levels")
    for place in levels.indices {
      let own = gains[place * users + place % users]
      levels[place] = own == 0 ? .infinity : (disturbance[place] + noise) / own
    }
  }
}
