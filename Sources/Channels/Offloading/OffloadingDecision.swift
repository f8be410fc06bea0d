/// What all cells of a network decide for one slot.
///
/// A user whose channel is −1 computes everything itself: its part, power and share are zero.
public struct OffloadingDecision: Hashable, Sendable {
  /// The part of its task that each user offloads: α. `[M, N]`
  public var offloaded: [Double]
  /// Its channel; −1 for none. `[M, N]`
  public var channels: [Int32]
  /// Its power in watts: p. `[M, N]`
  public var powers: [Double]
  /// Its share of the server's computing speed: f. `[M, N]`
  public var shares: [Double]

  /// Everybody computes locally.
  ///
  /// - Parameter users: The places for users in all cells: M N.
  public init(users: Int) {
    offloaded = Array(repeating: 0, count: users)
    channels = Array(repeating: -1, count: users)
    powers = offloaded
    shares = offloaded
  }

  /// Makes one user compute everything itself.
  mutating func keepLocal(_ user: Int) {
    offloaded[user] = 0
    channels[user] = -1
    powers[user] = 0
    shares[user] = 0
  }

  /// Which of the constraints C2-C7 of eq. 11 is broken, in one sentence; nil if none is.
  public func violation(_ equations: OffloadingEquations) -> String? {
    let (users, channelCount) = (equations.users, equations.channels)
    for cell in 0..<equations.cells {
      var taken: [Int32] = []
      var sum = 0.0
      for user in cell * users..<(cell + 1) * users {
        if !(0...1 ~= offloaded[user]) { return "C2: user \(user) offloads \(offloaded[user])" }
        if !(-1..<Int32(channelCount) ~= channels[user]) { return "C4: user \(user) has channel \(channels[user])" }
        if !(0...equations.greatestPowers[user] * (1 + 1e-12) ~= powers[user]) { return "C6: user \(user) sends \(powers[user]) W" }
        if channels[user] < 0 {
          if offloaded[user] != 0 || powers[user] != 0 || shares[user] != 0 { return "C4: user \(user) offloads without a channel" }
          continue
        }
        if taken.contains(channels[user]) { return "C5: channel \(channels[user]) of cell \(cell) has two users" }
        taken.append(channels[user])
        if !(shares[user] > 0 && shares[user] <= 1) { return "C7: user \(user) has the share \(shares[user])" }
        sum += shares[user]
      }
      if sum > 1 + 1e-12 { return "C7: the shares of cell \(cell) sum to \(sum)" }
    }
    return nil
  }
}
