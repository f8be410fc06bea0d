import Tensor

/// Thermal noise at a receiver: N = density + 10 log₁₀(bandwidth / 1 Hz) + noise figure.
public struct ThermalNoise: Hashable, Sendable {
  /// The noise power in one hertz; −174 dBm at 290 K.
  public var densityPerHertz: PowerDBm
  /// What the receiver adds.
  public var figure: Decibels

  public init(densityPerHertz: PowerDBm = PowerDBm(-174), figure: Decibels) {
    self.densityPerHertz = densityPerHertz
    self.figure = figure
  }

  /// The noise power in a band.
  public func power(in bandwidth: Hertz) -> PowerDBm {
    densityPerHertz + Decibels(linear: bandwidth.value) + figure
  }
}
