import Tensor

/// Powers of all users of a network that a central optimiser finds which knows every gain.
///
/// Weighted minimum mean-square error (Shi, Razaviyayn, Luo and He, IEEE Transactions on Signal Processing 59, 2011) for given beams. With amplitudes v = √p,
/// own gains g, cross gains X and T = σ² + g v² + Σ X v²:
///
///     r = √g v / T,  w = 1 / (1 − √g r v),  v' = w √g r / (Σ_receivers w r² X + w r² g + λ)
///
/// where λ ≥ 0 is the least that keeps a budget. The sum of rates never falls, and a fixed point is stationary for it; which one is found depends on the
/// start. A power of zero stays zero.
public struct WeightedMMSE: Sendable {
  /// Over whom a budget is shared.
  public enum Budget: String, Sendable, CaseIterable {
    /// The users of a cell, eq. (6b).
    case cell
    /// Every user has its own, eq. (14).
    case user
  }

  public var budget: Budget
  /// Ends where a step adds less than this part of the sum of rates.
  public var tolerance: Double
  public var iterations: Int

  private let network: MulticellNetwork
  private let cells: [Int]
  private let rows: [Int]
  private let pairs: Int
  // `[N_f, U]`; the cross gains `[N_f, pairs]`.
  private var own: [Double]
  private var cross: [Double]
  private var amplitudes: [Double]
  private var numerators: [Double]
  private var denominators: [Double]

  public init(_ gains: MulticellGains, budget: Budget = .cell, tolerance: Double = 1e-6, iterations: Int = 500) {
    (self.budget, self.tolerance, self.iterations) = (budget, tolerance, iterations)
    (network, cells, rows, pairs) = (gains.network, gains.network.cellsOfUsers, gains.rows, gains.pairs)
    own = Array(repeating: 0, count: network.frequencies * cells.count)
    (amplitudes, numerators, denominators) = (own, own, own)
    cross = Array(repeating: 0, count: network.frequencies * pairs)
  }

  /// Improves the powers of one network from where they are.
  ///
  /// - Returns: The sum of all rates in bit/s/Hz before each step and after the last one, which rises.
  /// - Complexity: O(steps · N_f · Σ_b U_b (U − U_b)).
  @discardableResult
  public mutating func improve(_ powers: inout MulticellPowers, in gains: MulticellGains, network index: Int) -> [Double] {
    load(powers, gains, index)
    var course: [Double] = []
    for _ in 0..<max(iterations, 1) {
      let rate = receive()
      let last = course.last ?? 0
      course.append(rate)
      if course.count > 1 && rate - last <= tolerance * rate { break }
      send(powers, index)
    }
    for f in 0..<network.frequencies {
      for user in cells.indices {
        let amplitude = amplitudes[f * cells.count + user]
        powers[network: index, frequency: f, user: user] = Float(amplitude * amplitude)
      }
    }
    return course
  }

  private mutating func load(_ powers: MulticellPowers, _ gains: MulticellGains, _ index: Int) {
    let (group, lane) = gains.lanes.place(of: index)
    let (source, width) = (gains.lanes.gainGroup(of: group), NetworkLanes.width)
    for place in own.indices { own[place] = 1 / Double(gains.inverseOwn[(source * own.count + place) * width + lane]) }
    for place in cross.indices { cross[place] = Double(gains.cross[(source * cross.count + place) * width + lane]) }
    for f in 0..<network.frequencies {
      for user in cells.indices {
        amplitudes[f * cells.count + user] = Double(powers[network: index, frequency: f, user: user]).squareRoot()
      }
    }
  }

  /// The numerators and denominators of v', without λ; returns the sum of rates of the present v.
  private mutating func receive() -> Double {
    var sum = 0.0
    for i in denominators.indices { denominators[i] = 0 }
    for f in 0..<network.frequencies {
      let first = f * cells.count
      for cell in 0..<network.cells {
        let range = network.range(of: cell)
        for user in range {
          let row = f * pairs + rows[user]
          var noise = network.noise
          for s in 0..<range.lowerBound { noise += cross[row + s] * amplitudes[first + s] * amplitudes[first + s] }
          for s in range.upperBound..<cells.count {
            noise += cross[row + s - range.count] * amplitudes[first + s] * amplitudes[first + s]
          }
          let (gain, v) = (own[first + user], amplitudes[first + user])
          let total = noise + gain * v * v
          sum += Math.log2(total / noise)
          // w = T / (T − g v²)
          let (receiver, weight) = (gain.squareRoot() * v / total, total / noise)
          numerators[first + user] = weight * gain.squareRoot() * receiver
          let price = weight * receiver * receiver
          denominators[first + user] += price * gain
          for s in 0..<range.lowerBound { denominators[first + s] += price * cross[row + s] }
          for s in range.upperBound..<cells.count { denominators[first + s] += price * cross[row + s - range.count] }
        }
      }
    }
    return sum
  }

  private mutating func send(_ powers: MulticellPowers, _ index: Int) {
    switch budget {
    case .user: for user in cells.indices { spend(user..<user + 1, Double(powers.budget(network: index, user: user))) }
    case .cell:
      for cell in 0..<network.cells {
        let range = network.range(of: cell)
        spend(range, range.reduce(0) { $0 + Double(powers.budget(network: index, user: $1)) })
      }
    }
  }

  /// The new amplitudes of users that share a budget.
  private mutating func spend(_ users: Range<Int>, _ budget: Double) {
    var squares = 0.0
    for f in 0..<network.frequencies { for user in users { squares += numerators[f * cells.count + user] * numerators[f * cells.count + user] } }
    var (low, high) = (0.0, budget > 0 ? (squares / budget).squareRoot() : .infinity)
    if spent(users, 0) <= budget { high = 0 }
    // The bracket is halved until nothing is between its ends.
    while high > low && high.isFinite {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if spent(users, middle) > budget { low = middle } else { high = middle }
    }
    for f in 0..<network.frequencies {
      for user in users {
        let i = f * cells.count + user
        amplitudes[i] = numerators[i] == 0 ? 0 : numerators[i] / (denominators[i] + high)
      }
    }
  }

  private func spent(_ users: Range<Int>, _ price: Double) -> Double {
    var sum = 0.0
    for f in 0..<network.frequencies {
      for user in users {
        let i = f * cells.count + user
        let amplitude = numerators[i] == 0 ? 0 : numerators[i] / (denominators[i] + price)
        sum += amplitude * amplitude
      }
    }
    return sum
  }
}
