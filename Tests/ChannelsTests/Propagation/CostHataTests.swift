import Channels
import Foundation
import Testing

@Suite struct CostHataTests {
  @Test func theRoundedFormThatPapersUse() {
    let model = CostHata(
      carrier: Hertz(Gigahertz(2)), baseHeight: Meters(30), userHeight: Meters(1.5), rangePolicy: .extrapolated)
    // 137.7440 and 35.2249 against the rounded numbers: 0.0040 + 0.0049 log₁₀ d, at 5 km 0.0074.
    for distance in stride(from: 0.1, through: 5, by: 0.05) {
      #expect(abs(model.loss(at: Meters(Kilometers(distance))).value - (137.74 + 35.22 * log10(distance))) < 0.00745)
    }
  }

  @Test func citiesAndTerrain() {
    func loss(
      _ city: CostHata.City, _ terrain: CostHata.Terrain, _ correction: CostHata.UserCorrection = .mediumCity
    ) -> Double {
      CostHata(
        carrier: Hertz(1.8e9), baseHeight: Meters(50), userHeight: Meters(2), city: city, terrain: terrain, userCorrection: correction
      ).loss(at: Meters(Kilometers(3))).value
    }
    let f = log10(1800.0)
    let user = (1.1 * f - 0.7) * 2 - (1.56 * f - 0.8)
    let medium = 46.3 + 33.9 * f - 13.82 * log10(50) - user + (44.9 - 6.55 * log10(50)) * log10(3)
    #expect(abs(loss(.medium, .urban) - medium) < 1e-10)
    #expect(abs(loss(.metropolitan, .urban) - medium - 3) < 1e-10)
    #expect(abs(loss(.medium, .suburban) - (medium - 2 * pow(log10(1800.0 / 28), 2) - 5.4)) < 1e-10)
    #expect(abs(loss(.medium, .open) - (medium - 4.78 * f * f + 18.33 * f - 40.94)) < 1e-10)
    #expect(abs(loss(.metropolitan, .urban, .largeCity) - (medium + 3 + user - (3.2 * pow(log10(23.5), 2) - 4.97))) < 1e-10)
    #expect(loss(.medium, .open) < loss(.medium, .suburban) && loss(.medium, .suburban) < loss(.medium, .urban))
  }

  @Test func metersArePassedAsMeters() {
    // Read as kilometres, 2000 m would add 3 · 35.2 dB.
    let model = CostHata(carrier: Hertz(Gigahertz(2)), baseHeight: Meters(30), userHeight: Meters(1.5))
    #expect(model.loss(at: Meters(2000)) == model.loss(at: Meters(Kilometers(2))))
    #expect(abs(model.loss(at: Meters(2000)).value - 148.342) < 0.01)
  }

  @Test func everyRangeIsEnforced() async {
    await #expect(processExitsWith: .failure) {
      _ = CostHata(carrier: Hertz(2.1e9), baseHeight: Meters(30), userHeight: Meters(1.5))
    }
    await #expect(processExitsWith: .failure) {
      _ = CostHata(carrier: Hertz(2e9), baseHeight: Meters(25), userHeight: Meters(1.5))
    }
    await #expect(processExitsWith: .failure) {
      _ = CostHata(carrier: Hertz(2e9), baseHeight: Meters(30), userHeight: Meters(0.5))
    }
    await #expect(processExitsWith: .failure) {
      _ = CostHata(carrier: Hertz(2e9), baseHeight: Meters(30), userHeight: Meters(1.5)).loss(at: Meters(20))
    }
    await #expect(processExitsWith: .failure) {
      _ = CostHata(carrier: Hertz(2e9), baseHeight: Meters(30), userHeight: Meters(1.5), rangePolicy: .extrapolated).loss(at: Meters(0))
    }
  }
}
