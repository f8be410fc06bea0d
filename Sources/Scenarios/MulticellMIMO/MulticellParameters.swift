import Channels
import Tensor

/// The system of Wong et al., "Truly distributed multicell multi-band multiuser MIMO by synergizing game theory and deep learning" (IEEE Access, 2021):
/// its section V, and a choice for everything that the paper leaves open.
public struct MulticellParameters: Hashable, Sendable {
  /// What "SNR per slot per user per frequency channel" says about a user's power P in a slot, with σ² = 1.
  public enum Budget: String, CaseIterable, Sendable {
    /// P = SNR N_f: every channel may have the SNR at an antenna.
    case perChannel
    /// P = SNR, however many channels there are.
    case fixed
    /// P = SNR N_f / M: the SNR counts the gain of the array.
    case arrayPerChannel
    /// P = SNR / M
    case array
  }

  /// What an agent observes.
  public enum Features: String, CaseIterable, Sendable {
    /// ½ ln c and ln g of its users on all channels. `[2, U, N_f]`
    case gains
    /// These, and their means over the channels of a user, over the users of a channel, and over all. `[8, U, N_f]`
    case pooled
    /// ½ ln c, then the channels and beams of its users, eq. (17): Re h, Im h, √M Re w, √M Im w, each `[N_f, U, M]`.
    case channels
  }

  /// φ
  public enum LookAhead: String, CaseIterable, Sendable {
    /// Eq. (16).
    case formula
    /// ``lookAheadConstant``
    case constant
  }

  /// B
  public var cells = 3
  /// U_b of every cell.
  public var users = 4
  /// M of every base station.
  public var antennas = 8
  /// N_f
  public var frequencies = 6
  /// Eq. (23) in decibels.
  public var sirDB = 0.0
  public var snrDB = 20.0
  public var budget = Budget.perChannel
  /// Whether a cell of more users than antennas serves as many as it can in turn, or is refused.
  public var rotatesUsers = false
  /// T, slots of a block.
  public var slots = 10
  /// k, iterations of the game in a slot.
  public var moves = 10
  public var lookAhead = LookAhead.formula
  public var lookAheadConstant: Float = -0.5
  /// How powers begin where nobody decides on them.
  public var start = RandomAllocation.uniform
  public var features = Features.pooled

  public init() {}

  /// Users that a cell serves at a time.
  public var served: Int { rotatesUsers ? min(users, antennas) : users }

  public var network: MulticellNetwork {
    MulticellNetwork(cells: cells, users: served, antennas: antennas, frequencies: frequencies, sirDB: sirDB)
  }

  /// P_b(t) / U_b of eq. (14) while all is spent.
  public var userBudget: Double {
    let snr = Math.pow(10, snrDB / 10)
    switch budget {
    case .perChannel: return snr * Double(frequencies)
    case .fixed: return snr
    case .arrayPerChannel: return snr * Double(frequencies) / Double(antennas)
    case .array: return snr / Double(antennas)
    }
  }

  public var derivative: InterferenceDerivative { lookAhead == .formula ? .forwardLooking : .constant(lookAheadConstant) }

  /// Items of an agent: its users times the channels.
  public var items: Int { served * frequencies }

  /// Numbers that an agent observes.
  public var observationSize: Int {
    switch features {
    case .gains: 2 * items
    case .pooled: 8 * items
    case .channels: items + 4 * items * antennas
    }
  }

  /// A combination of values that cannot be run, in one sentence; nil if there is none.
  public var contradiction: String? {
    if users > antennas && !rotatesUsers {
      return "\(antennas) antennas cannot serve \(users) users at once by zero-forcing: lower users, or set rotateUsers=true"
    }
    if frequencies < cells { return "\(frequencies) channels cannot be split among \(cells) cells: raise frequencies" }
    return network.contradiction
  }
}
