import Channels
import Testing

@Suite struct UnderlayCellTests {
  @Test func defaultsAreThePapersTable() {
    let cell = UnderlayCell()
    #expect(cell.resourceBlocks == 10)
    #expect(cell.radiusMeters == 500)
    #expect(cell.maximumPairDistanceMeters == 30)
    #expect(cell.carrierGigahertz == 2)
    #expect(cell.blockBandwidthHertz == 180e3)
    #expect(cell.basePowerDBm == 46)
    #expect(cell.pairPowerDBm == 13)
    #expect(cell.baseLossAtOneKilometerDB == 128.1)
    #expect(cell.baseLossPerDecadeDB == 37.6)
    #expect(cell.pairPathLossExponent == 4)
    #expect(cell.noiseDensityDBmPerHertz == -174)
    #expect(cell.noiseFigureDB == 8)
    #expect(cell.cellularThresholdDB == 0)
    #expect(cell.negativeReward == -1)
    #expect(cell.actions == UnderlayActions(blocks: 10))
    #expect(cell.movement == .still)
  }

  @Test func choicesHaveTheirNames() {
    #expect(UnderlayCell.BasePower.allCases.map(\.rawValue) == ["perBlock", "split"])
    #expect(UnderlayCell.Fading.allCases.map(\.rawValue) == ["rayleigh", "none", "gaussmarkov", "jakes"])
    #expect(UnderlayCell.Movement.allCases.map(\.rawValue) == ["still", "randomWalk"])
  }

  @Test func aSplitPowerIsATenthOnEachOfTenBlocks() {
    var cell = UnderlayCell()
    let whole = cell.basePowerOnBlock.value
    cell.basePower = .split
    #expect(abs(cell.basePowerOnBlock.value / whole - 0.1) < 1e-15)
  }

  /// 46 dBm, 13 dBm and −174 dBm/Hz + 10 log₁₀ 180 kHz + 8 dB in watts.
  @Test func powersInWatts() {
    let cell = UnderlayCell()
    #expect(abs(cell.basePowerOnBlock.value - 39.810717) < 1e-6)
    #expect(abs(cell.pairPower.value - 0.019952623) < 1e-9)
    #expect(abs(cell.noise.value / 4.521395577e-15 - 1) < 1e-9)
    #expect(cell.slotSeconds == 0.001)
    #expect(cell.area == Ring(center: .origin, inner: Meters(10), outer: Meters(500)))
  }
}
