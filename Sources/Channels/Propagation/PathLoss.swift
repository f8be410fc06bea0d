import Tensor

/// The mean loss of a link as a function of its length.
public protocol PathLoss: Sendable {
  /// The loss between isotropic antennas.
  func loss(at distance: Meters) -> Decibels
}

/// The macro-cell model of 3GPP at 2 GHz: L = 128.1 + 37.6 log₁₀(d / 1 km) dB.
///
/// 3GPP TR 36.942, section 4.5.2, for antennas 15 m above the roofs. The model is meant for 35 m and more; lengths below
/// 1 m count as 1 m, so that a gain stays far below one.
public struct MacroPathLoss: PathLoss, Hashable {
  /// The loss at one kilometre.
  public var lossAtOneKilometer: Decibels
  /// The additional loss for each factor of ten in distance.
  public var lossPerDecade: Decibels

  public init(lossAtOneKilometer: Decibels = Decibels(128.1), lossPerDecade: Decibels = Decibels(37.6)) {
    self.lossAtOneKilometer = lossAtOneKilometer
    self.lossPerDecade = lossPerDecade
  }

  public func loss(at distance: Meters) -> Decibels {
    let length = Kilometers(max(distance, Meters(1)))
    return lossAtOneKilometer + Decibels(lossPerDecade.value * Math.log10(length.value))
  }
}

/// A power law: L = L₀ + 10 n log₁₀(d / 1 m) dB, with lengths below 1 m counted as 1 m.
public struct PowerLawPathLoss: PathLoss, Hashable {
  /// The exponent n.
  public var exponent: Double
  /// The loss L₀ at one metre.
  public var lossAtOneMeter: Decibels

  public init(exponent: Double, lossAtOneMeter: Decibels) {
    self.exponent = exponent
    self.lossAtOneMeter = lossAtOneMeter
  }

  /// Between two devices: 148 + 40 log₁₀(d / 1 km) dB, the usual companion of ``MacroPathLoss`` for device-to-device links.
  public static let deviceToDevice = PowerLawPathLoss(exponent: 4, lossAtOneMeter: Decibels(28))

  public func loss(at distance: Meters) -> Decibels {
    lossAtOneMeter + Decibels(10 * exponent * Math.log10(max(distance.value, 1)))
  }
}
