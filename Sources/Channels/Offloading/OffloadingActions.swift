/// How the numbers in 0...1 that a cell's agent puts out become decisions that keep the constraints C2-C7 of Huang et al.
///
/// An agent's numbers, in this order: parts α `[N]`, channels `[N]` or `[N, K]`, powers `[N]`, shares `[N]`. A power x means x P^max.
public struct OffloadingActions: Hashable, Sendable {
  /// What an agent says about channels.
  public enum ChannelMap: String, CaseIterable, Sendable {
    /// One number for a user: it wishes channel ⌊K x⌋ and gets the next free one after it, in a circle, if another user of its cell has it.
    case scalar
    /// A score for each user and channel.
    case score
  }

  /// Who gets which channel where there are scores.
  public enum Resolution: String, CaseIterable, Sendable {
    /// One user after the other takes the free channel with its best score, of equal ones the first.
    case sequential
    /// The assignment with the greatest sum of scores.
    case hungarian
  }

  /// What an agent says about shares of the server, among the users of its cell that offload.
  public enum ShareMap: String, CaseIterable, Sendable {
    /// Proportional to e^(s x), with s the ``shareScale``.
    case softmax
    /// Proportional to x, counted as at least 10⁻⁶.
    case ratio
    /// x itself, scaled down if the sum is above one: for policies that know the shares that they want.
    case given
  }

  /// What an agent says about the part that is offloaded.
  public enum PartMap: String, CaseIterable, Sendable {
    /// α = x
    case plain
    /// α = 1.2 x − 0.1, cut to 0...1, so that both ends are reached.
    case stretched
  }

  public var channelMap = ChannelMap.scalar
  /// Concerns scores.
  public var resolution = Resolution.sequential
  public var shareMap = ShareMap.softmax
  /// The factor of the logits x − ½ of the softmax: two shares differ by a factor of at most e to its power.
  public var shareScale = 1.0
  public var partMap = PartMap.plain

  public init() {}

  /// The way for policies that know what they want: the channel of number (k + ½) / K, the shares themselves.
  public static var given: OffloadingActions {
    var actions = OffloadingActions()
    actions.shareMap = .given
    return actions
  }

  /// Numbers of an agent for its N users and K channels: 4 N, or N K + 3 N with scores.
  public func size(users: Int, channels: Int) -> Int { users * (channelMap == .scalar ? 4 : channels + 3) }

  /// The number with which the map ``ChannelMap/scalar`` gives channel k of K.
  public static func number(channel: Int, of channels: Int) -> Float { (Float(channel) + 0.5) / Float(channels) }
}
