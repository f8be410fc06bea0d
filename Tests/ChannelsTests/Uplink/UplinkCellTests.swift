import Channels
import Testing

@Suite struct UplinkCellTests {
  /// Table I: 180 kHz · 2^μ.
  @Test func bandwidths() {
    let multiples: [Double] = [1, 1, 2, 2, 2, 4, 4, 4, 8, 8]
    for (bandwidth, multiple) in zip(UplinkCell.paperBandwidths, multiples) { #expect(abs(bandwidth - 180_000 * multiple) < 1e-6) }
    #expect(UplinkCell.equalBandwidths.count == 10)
    #expect(abs(UplinkCell.equalBandwidths.reduce(0, +) - 6.48e6) < 1e-3)
  }

  /// The page's: -160 dBm/Hz with 5 dB are 3.16 10⁻¹⁹ W/Hz.
  @Test func noise() {
    let expected = [5.692099788e-14, 1.138419958e-13, 4.553679831e-13]
    for (noise, expected) in zip(UplinkVector.cell(users: 2).noiseWatts, expected) { #expect(abs(noise / expected - 1) < 1e-9) }
    var cell = UplinkCell()
    cell.noiseDensityDBmPerHertz = -170
    #expect(abs(cell.noiseWatts[0] * 10 / UplinkCell().noiseWatts[0] - 1) < 1e-12)
  }

  @Test func theDefaultsAreThePapers() {
    let cell = UplinkCell()
    #expect(cell.contradiction == nil && cell.users == 6 && cell.subchannels == 10 && cell.side == 50)
    #expect(cell.heights.base == Meters(3) && cell.heights.user == Meters(1.5))
    #expect(cell.baseGainDB == 8 && cell.userGainDB == 3 && cell.noiseFigureDB == 5 && cell.leastRatioDB == 5 && cell.carrierGigahertz == 6)
    #expect(cell.leastPowerDBm == 0 && cell.greatestPowerDBm == 24 && cell.greatestSpeed == 1 && cell.blockMilliseconds == 100)
  }

  @Test func contradictions() {
    func contradiction(_ change: (inout UplinkCell) -> Void) -> String? {
      var cell = UplinkCell()
      change(&cell)
      return cell.contradiction
    }
    #expect(contradiction { $0.users = 0 } != nil)
    #expect(contradiction { $0.users = 257 } != nil)
    #expect(contradiction { $0.bandwidthsHertz = [] } != nil)
    #expect(contradiction { $0.bandwidthsHertz = [1e6, 0] } != nil)
    #expect(contradiction { $0.leastPowerDBm = 25 } != nil)
    #expect(contradiction { $0.leastSpeed = 2 } != nil)
    #expect(contradiction { $0.sideMeters = 0 } != nil)
    #expect(contradiction { $0.blockMilliseconds = 0 } != nil)
    #expect(contradiction { $0.circuitPowerWatts = -1 } != nil)
  }
}
