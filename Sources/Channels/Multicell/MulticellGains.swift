/// Power gains of all links of many networks behind their zero-forcing beams.
///
/// Own gains g = |w†_{b,u} h_{b,(b,u)}|², of which the inverses are kept, and cross gains |w†_{b̃,ũ} h_{b̃,(b,u)}|² from every beam of every other
/// cell (the two kinds of factors in eq. (7)), for all frequencies. A cell's own beams do not disturb each other.
public struct MulticellGains: Sendable {
  public let network: MulticellNetwork
  public let lanes: NetworkLanes
  /// 1 / g. `[groups, N_f, U, 8]`
  public internal(set) var inverseOwn: [Float]
  /// By receiver, then by sender among the users of the other cells in their order. `[groups, N_f, Σ_b U_b (U − U_b), 8]`
  public internal(set) var cross: [Float]
  /// Receiver-sender pairs of one frequency.
  let pairs: Int
  /// Where the senders of each receiver begin. `[U]`
  let rows: [Int]

  /// Own gains of one, cross gains of zero.
  ///
  /// - Precondition: The network has no ``MulticellNetwork/contradiction``.
  public init(_ network: MulticellNetwork, lanes: NetworkLanes) {
    precondition(network.contradiction == nil, "MulticellGains: \(network.contradiction ?? "")")
    self.network = network
    self.lanes = lanes
    let (users, total) = (network.users, network.totalUsers)
    var rows: [Int] = []
    var pairs = 0
    for cell in users {
      for _ in 0..<cell {
        rows.append(pairs)
        pairs += total - cell
      }
    }
    (self.rows, self.pairs) = (rows, pairs)
    let groups = lanes.gainGroups * network.frequencies * NetworkLanes.width
    inverseOwn = Array(repeating: 1, count: groups * total)
    cross = Array(repeating: 0, count: groups * pairs)
  }

  /// Gains that are given.
  ///
  /// - Parameters:
  ///   - network: The cells and frequencies that all realisations share.
  ///   - lanes: How many realisations there are, and where they lie in memory.
  ///   - own: g of a user on a frequency in a realisation, positive.
  ///   - cross: The gain from the beam of one user to another in a different cell, not negative.
  public init(
    _ network: MulticellNetwork, lanes: NetworkLanes, own: (_ realization: Int, _ frequency: Int, _ user: Int) -> Double,
    cross: (_ realization: Int, _ frequency: Int, _ sender: Int, _ receiver: Int) -> Double
  ) {
    self.init(network, lanes: lanes)
    let cells = network.cellsOfUsers
    for realization in 0..<lanes.realizations {
      for frequency in 0..<network.frequencies {
        for user in cells.indices {
          let gain = own(realization, frequency, user)
          precondition(gain > 0, "MulticellGains: an own gain of \(gain)")
          set(&inverseOwn, ownPlace(frequency, user), Float(1 / gain), realization, stride: network.frequencies * cells.count)
          for sender in cells.indices where cells[sender] != cells[user] {
            let gain = cross(realization, frequency, sender, user)
            precondition(gain >= 0, "MulticellGains: a cross gain of \(gain)")
            set(&self.cross, crossPlace(frequency, sender, user), Float(gain), realization, stride: network.frequencies * pairs)
          }
        }
      }
    }
  }

  private func set(_ values: inout [Float], _ place: Int, _ value: Float, _ realization: Int, stride: Int) {
    let width = NetworkLanes.width
    if lanes.initializations == 1 {
      values[(realization / width * stride + place) * width + realization % width] = value
    } else {
      for lane in 0..<width { values[(realization * stride + place) * width + lane] = value }
    }
  }

  private func ownPlace(_ frequency: Int, _ user: Int) -> Int { frequency * rows.count + user }

  private func crossPlace(_ frequency: Int, _ sender: Int, _ receiver: Int) -> Int {
    let cell = network.cellsOfUsers[receiver]
    let range = network.range(of: cell)
    precondition(!range.contains(sender), "MulticellGains: users \(sender) and \(receiver) are in one cell")
    return frequency * pairs + rows[receiver] + (sender < range.lowerBound ? sender : sender - range.count)
  }

  private func group(_ realization: Int) -> (Int, Int) {
    let width = NetworkLanes.width
    return lanes.initializations == 1 ? (realization / width, realization % width) : (realization, 0)
  }

  /// g of a user on a frequency.
  public func own(realization: Int, frequency: Int, user: Int) -> Double {
    let (group, lane) = group(realization)
    return 1 / Double(inverseOwn[(group * network.frequencies * rows.count + ownPlace(frequency, user)) * NetworkLanes.width + lane])
  }

  /// The gain from the beam of one user to another in a different cell.
  public func cross(realization: Int, frequency: Int, from sender: Int, to receiver: Int) -> Double {
    let (group, lane) = group(realization)
    return Double(cross[(group * network.frequencies * pairs + crossPlace(frequency, sender, receiver)) * NetworkLanes.width + lane])
  }

  /// The same realisations, each for several initial allocations. Allocates.
  public func repeated(initializations: Int) -> MulticellGains {
    precondition(lanes.initializations == 1, "MulticellGains.repeated: the gains are repeated already")
    var result = MulticellGains(network, lanes: NetworkLanes(realizations: lanes.realizations, initializations: initializations))
    if initializations == 1 { return self }
    let width = NetworkLanes.width
    func spread(_ source: [Float], _ target: inout [Float], stride: Int) {
      for realization in 0..<lanes.realizations {
        for place in 0..<stride {
          let value = source[(realization / width * stride + place) * width + realization % width]
          for lane in 0..<width { target[(realization * stride + place) * width + lane] = value }
        }
      }
    }
    spread(inverseOwn, &result.inverseOwn, stride: network.frequencies * rows.count)
    spread(cross, &result.cross, stride: network.frequencies * pairs)
    return result
  }
}
