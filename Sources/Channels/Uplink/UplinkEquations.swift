import Tensor

/// Eqs. 3 to 7 of Ji, Qin and Tao (arXiv 2307.02900): what allocations of an ``UplinkCell`` are worth.
///
///     γ = p h / N_n                                          (3)
///     u = BW_n / (p + p_c) · log₂(1 + γ)  in Mbit/J          (4)
///
/// A link that does not exceed γ_min counts with its efficiency at the greatest power, be that enough or not (7). Users that share a subchannel
/// count nothing, and the reward is then what share of them that is, less one (6).
public struct UplinkEquations: Sendable, Hashable {
  /// I
  public let users: Int
  /// `[N]`
  public let bandwidths: [Double]
  /// `[N]`
  public let noise: [Double]
  /// γ_min, linear.
  public let leastRatio: Double
  public let leastPower: Double
  public let greatestPower: Double
  public let circuitPower: Double
  /// ξ of eq. 7, for each Mbit/J.
  public let rewardScale: Double

  /// - Precondition: The cell has no ``UplinkCell/contradiction``.
  public init(_ cell: UplinkCell, rewardScale: Double = 1e-3) {
    precondition(cell.contradiction == nil, "UplinkEquations: \(cell.contradiction ?? "")")
    users = cell.users
    bandwidths = cell.bandwidthsHertz
    noise = cell.noiseWatts
    leastRatio = Decibels(cell.leastRatioDB).linear
    leastPower = Watts(PowerDBm(cell.leastPowerDBm)).value
    greatestPower = Watts(PowerDBm(cell.greatestPowerDBm)).value
    circuitPower = cell.circuitPowerWatts
    self.rewardScale = rewardScale
  }

  /// N
  public var subchannels: Int { bandwidths.count }

  /// γ, eq. 3.
  @inline(__always)
  public func ratio(_ gain: Double, power: Double, on subchannel: Int) -> Double { gain * power / noise[subchannel] }

  /// u of eq. 4 in Mbit/J, whatever γ is.
  @inline(__always)
  public func efficiency(_ gain: Double, power: Double, on subchannel: Int) -> Double {
    bandwidths[subchannel] * 1e-6 / (power + circuitPower) * Math.log2(1 + ratio(gain, power: power, on: subchannel))
  }

  /// What a link counts if nobody else has its subchannel: u, or that at the greatest power where γ does not exceed γ_min.
  ///
  /// - Returns: Mbit/J, and whether γ exceeds γ_min.
  @inline(__always)
  public func worth(_ gain: Double, power: Double, on subchannel: Int) -> (efficiency: Double, isMet: Bool) {
    let isMet = ratio(gain, power: power, on: subchannel) > leastRatio
    return (efficiency(gain, power: isMet ? power : greatestPower, on: subchannel), isMet)
  }

  /// The supremum of what a link can count over all powers, and the power at which it is reached or approached.
  ///
  /// Without circuit power u falls with p, so that the best is the least power, or what γ_min needs. With it u has one peak, where
  /// (1 + g p) ln(1 + g p) = g (p + p_c) with g = h / N_n, and the best is the allowed power nearest to it. A link that γ_min is out of reach of
  /// counts what the greatest power gives, whatever its power is.
  public func best(_ gain: Double, on subchannel: Int) -> (efficiency: Double, power: Double) {
    let needed = leastRatio * noise[subchannel] / gain
    guard needed < greatestPower else { return (efficiency(gain, power: greatestPower, on: subchannel), greatestPower) }
    let power = min(max(peak(gain / noise[subchannel]), max(leastPower, needed)), greatestPower)
    return (efficiency(gain, power: power, on: subchannel), power)
  }

  /// The power of greatest efficiency among all positive ones; zero without circuit power.
  private func peak(_ g: Double) -> Double {
    guard circuitPower > 0 else { return 0 }
    // The slope's sign on the logarithmic scale of powers; 60 halvings leave a relative error of 10⁻¹⁶.
    var (low, high) = (Math.log(1e-12), Math.log(1e6))
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let p = Math.exp(middle)
      let isRising = g * (p + circuitPower) > (1 + g * p) * Math.log(1 + g * p)
      if isRising { low = middle } else { high = middle }
    }
    return Math.exp((low + high) / 2)
  }

  /// Room for an outcome.
  public func outcome() -> UplinkOutcome { UplinkOutcome(users: users, subchannels: subchannels) }

  /// What comes of the choices of all users in one millisecond.
  ///
  /// - Parameters:
  ///   - choices: The subchannel of each user, from a place on. `[I]`
  ///   - first: The place of the first user's choice.
  ///   - powers: In watts. `[I]`
  ///   - gains: h of the user's own subchannel, antennas and fading included. `[I]`
  ///   - outcome: Every part of it is written.
  /// - Complexity: O(I + N). Allocates nothing.
  public func evaluate(_ choices: [Int32], from first: Int = 0, powers: [Double], gains: [Double], into outcome: inout UplinkOutcome) {
    precondition(
      choices.count >= first + users && powers.count == users && gains.count == users && outcome.ratios.count == users,
      "UplinkEquations.evaluate: \(choices.count) choices from \(first), \(powers.count) powers, \(gains.count) gains of \(users) users")
    for n in outcome.occupancy.indices { outcome.occupancy[n] = 0 }
    for i in 0..<users { outcome.occupancy[Int(choices[first + i])] += 1 }
    var (free, served, sum) = (0, 0, 0.0)
    for i in 0..<users {
      let subchannel = Int(choices[first + i])
      outcome.ratios[i] = ratio(gains[i], power: powers[i], on: subchannel)
      let (efficiency, isMet) = worth(gains[i], power: powers[i], on: subchannel)
      let isAlone = outcome.occupancy[subchannel] == 1
      outcome.efficiencies[i] = efficiency
      outcome.isMet[i] = isMet
      outcome.isAlone[i] = isAlone
      if isAlone {
        free += 1
        sum += efficiency
        if isMet { served += 1 }
      }
    }
    (outcome.freeUsers, outcome.servedUsers, outcome.sumEfficiency) = (free, served, sum)
    outcome.reward = free == users ? rewardScale * sum : Double(free - users) / Double(users)
  }
}
