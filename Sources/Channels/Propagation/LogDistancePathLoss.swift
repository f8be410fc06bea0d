import Tensor

/// A loss that grows with the logarithm of distance from a reference: L = L(d₀) + 10 n log₁₀(d / d₀) dB.
///
/// Range: d₀ and more.
public struct LogDistancePathLoss: PathLoss, Hashable {
  /// The exponent n; 2 is free space.
  public let exponent: Double
  /// d₀
  public let referenceDistance: Meters
  /// L(d₀)
  public let lossAtReference: Decibels
  public let rangePolicy: RangePolicy

  /// - Precondition: A positive reference distance, a finite exponent and loss.
  public init(exponent: Double, referenceDistance: Meters, lossAtReference: Decibels, rangePolicy: RangePolicy = .enforced) {
    precondition(
      referenceDistance.value > 0 && referenceDistance.value.isFinite && exponent.isFinite && lossAtReference.value.isFinite,
      "LogDistancePathLoss: exponent \(exponent), reference \(referenceDistance.value) m, loss \(lossAtReference.value) dB")
    self.exponent = exponent
    self.referenceDistance = referenceDistance
    self.lossAtReference = lossAtReference
    self.rangePolicy = rangePolicy
  }

  /// With the loss of free space at the reference distance ("close-in" model).
  public init(
    exponent: Double, referenceDistance: Meters = Meters(1), carrier: Hertz, speedOfLight: SpeedOfLight = .exact,
    rangePolicy: RangePolicy = .enforced
  ) {
    let freeSpace = FreeSpacePathLoss(carrier: carrier, speedOfLight: speedOfLight, rangePolicy: rangePolicy)
    self.init(
      exponent: exponent, referenceDistance: referenceDistance, lossAtReference: freeSpace.loss(at: referenceDistance),
      rangePolicy: rangePolicy)
  }

  /// - Precondition: At least the reference distance, or a positive one if extrapolated.
  public func loss(at distance: Meters) -> Decibels {
    let least = rangePolicy == .enforced ? referenceDistance.value : .leastNormalMagnitude
    if let error = RangeError("Log-distance", "distance", distance.value, in: least...Double.greatestFiniteMagnitude, "m") {
      preconditionFailure(error.description)
    }
    return lossAtReference + Decibels(10 * exponent * Math.log10(distance.value / referenceDistance.value))
  }
}
