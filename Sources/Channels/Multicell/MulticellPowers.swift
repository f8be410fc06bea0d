/// What every user of many networks sends on every frequency, and what it may send in all.
///
/// The budget of a user is an equal share of its cell's, P_b(t) / U_b (Wong et al. 2021, eq. (14)).
public struct MulticellPowers: Sendable {
  public let lanes: NetworkLanes
  public let frequencies: Int
  /// Users of all cells, U.
  public let users: Int
  /// p in units of the noise's σ². `[groups, N_f, U, 8]`
  public var powers: [Float]
  /// `[groups, U, 8]`
  public private(set) var budgets: [Float]

  /// Nothing is sent, and every user may send `budget`.
  public init(_ gains: MulticellGains, budget: Double) {
    precondition(budget >= 0 && budget.isFinite, "MulticellPowers: a budget of \(budget)")
    (lanes, frequencies, users) = (gains.lanes, gains.network.frequencies, gains.network.totalUsers)
    powers = Array(repeating: 0, count: lanes.groups * frequencies * users * NetworkLanes.width)
    budgets = Array(repeating: Float(budget), count: lanes.groups * users * NetworkLanes.width)
  }

  private func place(_ network: Int, _ frequency: Int, _ user: Int) -> Int {
    let (group, lane) = lanes.place(of: network)
    return ((group * frequencies + frequency) * users + user) * NetworkLanes.width + lane
  }

  /// p of a user on a frequency.
  public subscript(network network: Int, frequency frequency: Int, user user: Int) -> Float {
    get { powers[place(network, frequency, user)] }
    set { powers[place(network, frequency, user)] = newValue }
  }

  /// What a user may send in all.
  public func budget(network: Int, user: Int) -> Float {
    let (group, lane) = lanes.place(of: network)
    return budgets[(group * users + user) * NetworkLanes.width + lane]
  }

  public mutating func setBudget(_ budget: Float, network: Int, user: Int) {
    let (group, lane) = lanes.place(of: network)
    budgets[(group * users + user) * NetworkLanes.width + lane] = budget
  }

  /// Calls `body` with powers and budgets of all networks, for writing; both as they lie in memory.
  mutating func withPowersAndBudgets(_ body: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void) {
    let budgets = budgets
    unsafe powers.withUnsafeMutableBufferPointer { powers in
      unsafe budgets.withUnsafeBufferPointer { unsafe body(powers, $0) }
    }
  }

  /// Sets every user's powers by what is given as parts of its budget.
  ///
  /// - Parameter parts: `[networks, U, N_f]`
  public mutating func set(parts: Span<Float>) {
    precondition(parts.count == lanes.count * users * frequencies, "MulticellPowers.set: \(parts.count) parts for \(lanes.count) networks")
    for network in 0..<lanes.count {
      let (group, lane) = lanes.place(of: network)
      for user in 0..<users {
        let budget = budgets[(group * users + user) * NetworkLanes.width + lane]
        for frequency in 0..<frequencies {
          powers[((group * frequencies + frequency) * users + user) * NetworkLanes.width + lane] =
            budget * parts[(network * users + user) * frequencies + frequency]
        }
      }
    }
  }
}
