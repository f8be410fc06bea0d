import Tensor

/// Interference patterns and rates that powers bring in many networks.
///
/// R_{b,u} = Σ_f log₂(1 + p_{b,u}[f] / c_{b,u}[f]) in bit/s/Hz (Wong et al. 2021, eqs. (6a), (7)), with the true interference. Memory for the networks of some gains;
/// after the making nothing is allocated.
public struct MulticellRates: Sendable {
  public let lanes: NetworkLanes
  /// c, interference and noise over own gain. `[groups, N_f, U, 8]`
  public private(set) var interference: [Float]
  /// R_{b,u}. `[networks, U]`
  public private(set) var userRates: [Double]
  /// Their sums over the users of each cell. `[networks, B]`
  public private(set) var cellRates: [Double]
  private let network: MulticellNetwork
  private let cells: [Int]
  private let levels: InterferenceLevels
  private var ratios: [Float]

  public init(_ gains: MulticellGains) {
    (lanes, network, cells) = (gains.lanes, gains.network, gains.network.cellsOfUsers)
    levels = InterferenceLevels(gains)
    interference = Array(repeating: 0, count: lanes.groups * network.frequencies * cells.count * NetworkLanes.width)
    ratios = interference
    userRates = Array(repeating: 0, count: lanes.count * cells.count)
    cellRates = Array(repeating: 0, count: lanes.count * network.cells)
  }

  /// Computes everything for powers.
  public mutating func evaluate(_ powers: MulticellPowers, in gains: MulticellGains) {
    levels.form(gains, powers, into: &interference)
    MulticellRates.divide(powers.powers, by: interference, into: &ratios)
    var span = ratios.mutableSpan
    VectorMath.apply(.logOnePlus, to: &span)
    // log₂ e
    let bits = 1.4426950408889634
    let (width, users) = (NetworkLanes.width, cells.count)
    for i in cellRates.indices { cellRates[i] = 0 }
    for index in 0..<lanes.count {
      let (group, lane) = lanes.place(of: index)
      for user in 0..<users {
        var sum = 0.0
        for f in 0..<network.frequencies { sum += Double(ratios[((group * network.frequencies + f) * users + user) * width + lane]) }
        userRates[index * users + user] = bits * sum
        cellRates[index * network.cells + cells[user]] += bits * sum
      }
    }
  }

  /// Mean of the cells' rates in a network: the capacity of a cell.
  public func cellCapacity(network index: Int) -> Double {
    var sum = 0.0
    for cell in 0..<network.cells { sum += cellRates[index * network.cells + cell] }
    return sum / Double(network.cells)
  }

  /// c of a user on a frequency.
  public func interference(network index: Int, frequency: Int, user: Int) -> Float {
    let (group, lane) = lanes.place(of: index)
    return interference[((group * network.frequencies + frequency) * cells.count + user) * NetworkLanes.width + lane]
  }

  private static func divide(_ x: [Float], by y: [Float], into result: inout [Float]) {
    let (x, y) = (x.span, y.span)
    var result = result.mutableSpan
    for i in result.indices { result[i] = x[i] / y[i] }
  }
}
