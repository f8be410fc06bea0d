import Tensor

/// Free space between isotropic antennas: L = 20 log₁₀(4π d f / c) (Friis, Proc. IRE 34, 1946).
///
/// Range: one wavelength and more; nearer, antennas are in each other's near field.
public struct FreeSpacePathLoss: PathLoss, Hashable {
  public let carrier: Hertz
  public let speedOfLight: SpeedOfLight
  public let rangePolicy: RangePolicy

  /// - Precondition: A positive carrier.
  public init(carrier: Hertz, speedOfLight: SpeedOfLight = .exact, rangePolicy: RangePolicy = .enforced) {
    precondition(
      carrier.value > 0 && carrier.value.isFinite, "FreeSpacePathLoss: the carrier must be positive and finite, got \(carrier.value) Hz")
    self.carrier = carrier
    self.speedOfLight = speedOfLight
    self.rangePolicy = rangePolicy
  }

  /// - Precondition: At least a wavelength, or a positive distance if extrapolated.
  public func loss(at distance: Meters) -> Decibels {
    let wavelength = speedOfLight.wavelength(of: carrier).value
    let range = (rangePolicy == .enforced ? wavelength : .leastNormalMagnitude)...Double.greatestFiniteMagnitude
    if let error = RangeError("Free space", "distance", distance.value, in: range, "m") { preconditionFailure(error.description) }
    return Decibels(20 * Math.log10(4 * Double.pi * distance.value / wavelength))
  }
}
