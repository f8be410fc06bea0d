import Channels
import Testing

@Suite struct NumerologyTests {
  /// µ, Δf in kHz, slots a frame, slots a subframe: TS 38.211, Tables 4.2-1 and 4.3.2-1.
  @Test(arguments: [(0, 15.0, 10, 1), (1, 30, 20, 2), (2, 60, 40, 4), (3, 120, 80, 8), (4, 240, 160, 16)])
  func framesAreThoseOfTheStandard(index: Int, kilohertz: Double, frame: Int, subframe: Int) {
    let numerology = Numerology(index)
    #expect(numerology.subcarrierSpacing == Hertz(kilohertz * 1e3))
    #expect(numerology.slotsPerFrame == frame && numerology.slotsPerSubframe == subframe && numerology.symbolsPerSlot == 14)
    #expect(numerology.slotMilliseconds * Double(subframe) == 1)
    #expect(numerology.bandwidth() == Hertz(12 * kilohertz * 1e3))
    #expect(numerology.bandwidth(blocks: 50) == Hertz(600 * kilohertz * 1e3))
  }

  /// Table 4.3.2-2.
  @Test func theExtendedPrefixLeavesTwelveSymbols() {
    let numerology = Numerology(2, cyclicPrefix: .extended)
    #expect(numerology.symbolsPerSlot == 12 && numerology.slotsPerFrame == 40 && numerology.slotsPerSubframe == 4)
  }

  /// TS 38.521-2, Tables 5.3.2-1 and 5.3.3-1: channel in MHz, Δf as µ, N_RB, guard band in kHz.
  @Test(arguments: [
    (50, 2, 66, 1210.0), (100, 2, 132, 2450), (200, 2, 264, 4930), (50, 3, 32, 1900), (100, 3, 66, 2420), (200, 3, 132, 4900), (400, 3, 264, 9860),
  ])
  func millimetreChannels(megahertz: Int, index: Int, blocks: Int, guardBand: Double) {
    let channel = Hertz(Double(megahertz) * 1e6)
    #expect(Numerology(index).blocks(inChannelOf: channel, .above24GHz) == blocks)
    #expect(Numerology(index).minimumGuardBand(inChannelOf: channel, .above24GHz) == Hertz(guardBand * 1e3))
  }

  /// TS 38.101-1, Table 5.3.2-1: channel in MHz with N_RB for 15, 30 and 60 kHz; 0 where there is none.
  static let narrow: [(Int, Int, Int, Int)] = [
    (3, 15, 0, 0), (5, 25, 11, 0), (10, 52, 24, 11), (15, 79, 38, 18), (20, 106, 51, 24), (25, 133, 65, 31), (30, 160, 78, 38),
    (35, 188, 92, 44), (40, 216, 106, 51), (45, 242, 119, 58), (50, 270, 133, 65), (60, 0, 162, 79), (70, 0, 189, 93), (80, 0, 217, 107),
    (90, 0, 245, 121), (100, 0, 273, 135),
  ]

  @Test(arguments: narrow) func channelsBelow7GHz(megahertz: Int, at15: Int, at30: Int, at60: Int) {
    let channel = Hertz(Double(megahertz) * 1e6)
    for (index, blocks) in [at15, at30, at60].enumerated() {
      let numerology = Numerology(index)
      #expect(numerology.blocks(inChannelOf: channel, .below7GHz) == (blocks == 0 ? nil : blocks))
      // The standard leaves a guard band at both edges.
      if let guardBand = numerology.minimumGuardBand(inChannelOf: channel, .below7GHz) { #expect(guardBand > Hertz(100e3)) }
    }
    #expect(Numerology(3).blocks(inChannelOf: channel, .below7GHz) == nil)
  }

  /// TS 38.101-1, Table 5.3.3-1, in kHz.
  @Test func guardBandsBelow7GHz() {
    #expect(Numerology(0).minimumGuardBand(inChannelOf: Hertz(5e6), .below7GHz) == Hertz(242.5e3))
    #expect(Numerology(0).minimumGuardBand(inChannelOf: Hertz(50e6), .below7GHz) == Hertz(692.5e3))
    #expect(Numerology(1).minimumGuardBand(inChannelOf: Hertz(100e6), .below7GHz) == Hertz(845e3))
  }

  @Test func otherChannelsAreNotInTheStandard() {
    #expect(Numerology(0).blocks(inChannelOf: Hertz(11e6), .below7GHz) == nil)
    #expect(Numerology(0).blocks(inChannelOf: Hertz(50e6), .above24GHz) == nil)
    #expect(Numerology(2).blocks(inChannelOf: Hertz(400e6), .above24GHz) == nil)
    #expect(Numerology(4).blocks(inChannelOf: Hertz(400e6), .above24GHz) == nil)
    #expect(ResourceGrid(Numerology(0), channelOf: Hertz(60e6), .below7GHz) == nil)
  }

  @Test func gridsCountTheirElements() {
    let grid = ResourceGrid(Numerology(1), channelOf: Hertz(100e6), .below7GHz)
    #expect(grid == ResourceGrid(Numerology(1), blocks: 273))
    #expect(grid?.subcarriers == 3276 && grid?.bandwidth == Hertz(98.28e6))
    #expect(grid?.elementsPerSlot == 45864 && grid?.elementsPerSecond == 91_728_000)
    #expect(ResourceGrid(Numerology(2, cyclicPrefix: .extended), blocks: 1).elementsPerSlot == 144)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = Numerology(5) }
    await #expect(processExitsWith: .failure) { _ = Numerology(1, cyclicPrefix: .extended) }
    await #expect(processExitsWith: .failure) { _ = Numerology(0).bandwidth(blocks: -1) }
    await #expect(processExitsWith: .failure) { _ = ResourceGrid(Numerology(0), blocks: 276) }
  }
}
