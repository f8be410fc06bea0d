import Tensor

/// The COST 231 extension of Hata's model to 1.5...2 GHz.
///
/// L = 46.3 + 33.9 log₁₀ f − 13.82 log₁₀ h_B − a(h_M) + (44.9 − 6.55 log₁₀ h_B) log₁₀ d + C,
/// a(h_M) = (1.1 log₁₀ f − 0.7) h_M − (1.56 log₁₀ f − 0.8), f in MHz, d in km, heights in metres
/// (COST 231 final report, section 4.4.1; the correction for large cities, suburbs and open land: Hata, IEEE Trans. VT-29, 1980).
///
/// Range: 1500...2000 MHz, 1...20 km, base stations of 30...200 m above the roofs around, users of 1...10 m.
/// At 2 GHz, 30 m and 1.5 m in a medium city it is 137.74 + 35.22 log₁₀ d.
public struct CostHata: PathLoss, Hashable {
  /// The size of the city.
  public enum City: Hashable, Sendable, CaseIterable {
    /// Medium or small cities and suburban centres: C = 0 dB.
    case medium
    /// Metropolitan centres: C = 3 dB.
    case metropolitan
  }

  /// Hata's correction for what lies between the antennas.
  public enum Terrain: Hashable, Sendable, CaseIterable {
    /// The city itself: none.
    case urban
    /// −2 (log₁₀(f/28))² − 5.4 dB
    case suburban
    /// −4.78 (log₁₀ f)² + 18.33 log₁₀ f − 40.94 dB
    case open
  }

  /// Hata's a(h_M).
  public enum UserCorrection: Hashable, Sendable, CaseIterable {
    /// (1.1 log₁₀ f − 0.7) h_M − (1.56 log₁₀ f − 0.8), which COST 231 uses for every city.
    case mediumCity
    /// 3.2 (log₁₀(11.75 h_M))² − 4.97, Hata's for large cities.
    case largeCity
  }

  public let carrier: Hertz
  public let baseHeight: Meters
  public let userHeight: Meters
  public let city: City
  public let terrain: Terrain
  public let userCorrection: UserCorrection
  public let rangePolicy: RangePolicy
  private let lossAtOneKilometer: Double
  private let lossPerDecade: Double

  /// - Precondition: Carrier and heights are in range, or positive if extrapolated.
  public init(
    carrier: Hertz, baseHeight: Meters, userHeight: Meters, city: City = .medium, terrain: Terrain = .urban,
    userCorrection: UserCorrection = .mediumCity, rangePolicy: RangePolicy = .enforced
  ) {
    let anything = 1e-9...1e12
    let isEnforced = rangePolicy == .enforced
    let megahertz = carrier.value / 1e6
    let error =
      RangeError("COST 231 Hata", "carrier", megahertz, in: isEnforced ? 1500...2000 : anything, "MHz")
      ?? RangeError("COST 231 Hata", "base station's height", baseHeight.value, in: isEnforced ? 30...200 : anything, "m")
      ?? RangeError("COST 231 Hata", "user's height", userHeight.value, in: isEnforced ? 1...10 : anything, "m")
    if let error { preconditionFailure(error.description) }
    self.carrier = carrier
    self.baseHeight = baseHeight
    self.userHeight = userHeight
    self.city = city
    self.terrain = terrain
    self.userCorrection = userCorrection
    self.rangePolicy = rangePolicy
    let f = Math.log10(megahertz)
    let base = Math.log10(baseHeight.value)
    let user: Double
    switch userCorrection {
    case .mediumCity: user = (1.1 * f - 0.7) * userHeight.value - (1.56 * f - 0.8)
    case .largeCity:
      let height = Math.log10(11.75 * userHeight.value)
      user = 3.2 * height * height - 4.97
    }
    let correction: Double
    switch terrain {
    case .urban: correction = 0
    case .suburban:
      let ratio = Math.log10(megahertz / 28)
      correction = -2 * ratio * ratio - 5.4
    case .open: correction = -4.78 * f * f + 18.33 * f - 40.94
    }
    lossAtOneKilometer = 46.3 + 33.9 * f - 13.82 * base - user + (city == .metropolitan ? 3 : 0) + correction
    lossPerDecade = 44.9 - 6.55 * base
  }

  /// - Precondition: The distance is between 1 km and 20 km, or positive if extrapolated.
  public func loss(at distance: Meters) -> Decibels {
    let length = Kilometers(distance).value
    if let error = RangeError("COST 231 Hata", "distance", length, in: rangePolicy == .enforced ? 1...20 : 1e-9...1e12, "km") {
      preconditionFailure(error.description)
    }
    return Decibels(lossAtOneKilometer + lossPerDecade * Math.log10(length))
  }
}
