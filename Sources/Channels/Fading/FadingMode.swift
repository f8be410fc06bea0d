import Tensor

/// How small-scale fading moves from slot to slot. A result names the mode that it was made with.
///
/// The modes differ by orders of magnitude in speed. At 1 m/s and 2 GHz (f_D = 6.7 Hz) Clarke's autocorrelation over 1 ms is 0.99956 and
/// has its first zero at 57 ms. A block of 1 ms is therefore about sixty times too fast for a walking user: each choice then meets a channel
/// of which nothing could be learned before.
public enum FadingMode: Hashable, Sendable, CustomStringConvertible {
  /// Constant for `slots` slots, then redrawn independently.
  case block(slots: Int = 1)
  /// Clarke's model (1968): E[h(t + τ) h*(t)] = J₀(2π f_D τ), as a sum of sinusoids for each link.
  ///
  /// `dopplerPerSlot` is f_D T, Hertz times seconds. The process is complex normal up to terms of order 1 / `sinusoids`, an
  /// even number of at least four.
  case clarke(dopplerPerSlot: Double, sinusoids: Int = 32)
  /// h_t = ρ h_{t−1} + √(1 − ρ²) w_t: autocorrelation ρᵏ over k slots, which is Clarke's over at most one slot.
  case gaussMarkov(correlation: Double)

  /// Clarke's model for a receiver that moves at the speed v: f_D = v f / c.
  public static func clarke(speedMetersPerSecond speed: Double, carrier: Hertz, slotSeconds: Double, sinusoids: Int = 32) -> FadingMode {
    .clarke(dopplerPerSlot: speed * carrier.value / GaussMarkovFading.speedOfLight * slotSeconds, sinusoids: sinusoids)
  }

  /// The Gauss-Markov process with Clarke's correlation of neighbouring slots, ρ = J₀(2π f_D T).
  public static func gaussMarkov(speedMetersPerSecond speed: Double, carrier: Hertz, slotSeconds: Double) -> FadingMode {
    .gaussMarkov(correlation: GaussMarkovFading.correlation(speedMetersPerSecond: speed, carrier: carrier, slotSeconds: slotSeconds))
  }

  /// The autocorrelation E[h(t + k) h*(t)] of Rayleigh fading over k slots; of blocks its mean over the place in the block.
  public func autocorrelation(slots k: Int) -> Double {
    switch self {
    case .block(let slots): max(0, 1 - Double(abs(k)) / Double(slots))
    case .clarke(let doppler, _): Bessel.j0(2 * Double.pi * doppler * Double(k))
    case .gaussMarkov(let correlation): (0..<abs(k)).reduce(1) { product, _ in product * correlation }
    }
  }

  /// What results call it.
  public var description: String {
    switch self {
    case .block(let slots): "block (independent redraw every \(slots == 1 ? "slot" : "\(slots) slots"))"
    case .clarke(let doppler, let sinusoids): "Clarke (autocorrelation J0, Doppler \(doppler) per slot, \(sinusoids) sinusoids)"
    case .gaussMarkov(let correlation): "Gauss-Markov (correlation \(correlation) of neighbouring slots)"
    }
  }

  func check() {
    switch self {
    case .block(let slots): precondition(slots >= 1, "FadingMode.block: a block needs at least one slot, got \(slots)")
    case .clarke(let doppler, let sinusoids):
      precondition(
        abs(doppler) <= 1e6 && sinusoids >= 4 && sinusoids.isMultiple(of: 2),
        "FadingMode.clarke: the Doppler frequency \(doppler) per slot with \(sinusoids) sinusoids")
    case .gaussMarkov(let correlation):
      precondition(abs(correlation) <= 1, "FadingMode.gaussMarkov: the correlation must lie in -1...1, got \(correlation)")
    }
  }
}
