import Tensor

/// The best allocation of subchannels and powers to the users of an ``UplinkCell``, if their gains are known.
///
/// What a link can count at best does not depend on the others (``UplinkEquations/best(_:on:)``), so that the greatest sum is an assignment of
/// users to subchannels: O(I² N). Where a power has to be one of L levels, the best of these takes the place of the best power.
public struct UplinkAllocator: Sendable {
  public let equations: UplinkEquations
  /// The powers to choose from in watts; empty: all.
  public let levels: [Double]
  /// The subchannel of each user, and its power in watts. `[I]`
  public private(set) var choices: [Int32]
  public private(set) var powers: [Double]
  private var worths: [Float]
  private var best: [Double]
  private var assignment: Assignment

  /// - Parameters:
  ///   - equations: What a link counts.
  ///   - levels: The powers to choose from in watts; empty: all.
  /// - Precondition: There are as many subchannels as users, so that nobody goes without.
  public init(_ equations: UplinkEquations, levels: [Double] = []) {
    let (users, subchannels) = (equations.users, equations.subchannels)
    precondition(users <= subchannels, "UplinkAllocator: \(users) users for \(subchannels) subchannels")
    self.equations = equations
    self.levels = levels
    choices = Array(repeating: 0, count: users)
    powers = Array(repeating: 0, count: users)
    worths = Array(repeating: 0, count: users * subchannels)
    best = Array(repeating: 0, count: users * subchannels)
    assignment = Assignment(rows: users, columns: subchannels)
  }

  /// Uniform levels on the scale of dBm: the least power, the greatest, and what lies between. `[L]`
  public static func levels(_ count: Int, of cell: UplinkCell) -> [Double] {
    guard count > 1 else { return count == 1 ? [Watts(PowerDBm(cell.greatestPowerDBm)).value] : [] }
    let step = (cell.greatestPowerDBm - cell.leastPowerDBm) / Double(count - 1)
    return (0..<count).map { Watts(PowerDBm(cell.leastPowerDBm + step * Double($0))).value }
  }

  /// The best power of a link and what it counts, over the powers that there are.
  public func best(_ gain: Double, on subchannel: Int) -> (efficiency: Double, power: Double) {
    guard !levels.isEmpty else { return equations.best(gain, on: subchannel) }
    var result = (efficiency: -Double.infinity, power: 0.0)
    for power in levels {
      let worth = equations.worth(gain, power: power, on: subchannel).efficiency
      if worth > result.efficiency { result = (worth, power) }
    }
    return result
  }

  /// Finds ``choices`` and ``powers`` of greatest sum.
  ///
  /// - Parameter gain: h of a user on a subchannel.
  /// - Returns: The sum in Mbit/J, at the supremum over powers.
  /// - Complexity: O(I² N). Allocates nothing.
  public mutating func allocate(_ gain: (_ user: Int, _ subchannel: Int) -> Double) -> Double {
    let (users, subchannels) = (equations.users, equations.subchannels)
    for i in 0..<users {
      for n in 0..<subchannels {
        let link = best(gain(i, n), on: n)
        worths[i * subchannels + n] = Float(link.efficiency)
        best[i * subchannels + n] = link.power
      }
    }
    assignment.maximize(worths, rows: users, columns: subchannels, into: &choices)
    return settle(gain)
  }

  /// Gives user i the i-th widest subchannel, the first of equals, with the best power there.
  ///
  /// - Returns: The sum in Mbit/J.
  public mutating func allocateInOrder(_ gain: (_ user: Int, _ subchannel: Int) -> Double) -> Double {
    let bandwidths = equations.bandwidths
    for i in 0..<equations.users {
      var widest = -1
      for n in 0..<equations.subchannels where widest < 0 || bandwidths[n] > bandwidths[widest] {
        var isTaken = false
        for j in 0..<i where choices[j] == n { isTaken = true }
        if !isTaken { widest = n }
      }
      choices[i] = Int32(widest)
      best[i * equations.subchannels + widest] = best(gain(i, widest), on: widest).power
    }
    return settle(gain)
  }

  private mutating func settle(_ gain: (_ user: Int, _ subchannel: Int) -> Double) -> Double {
    var sum = 0.0
    for i in 0..<equations.users {
      let n = Int(choices[i])
      powers[i] = best[i * equations.subchannels + n]
      sum += best(gain(i, n), on: n).efficiency
    }
    return sum
  }
}
