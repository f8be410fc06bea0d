import Channels
import Foundation
import TestSupport
import Testing

@testable import Scenarios

@Suite struct ChannelCommandTests {
  private func figure(_ name: String, users: Int = 4000, seed: UInt64 = 3) throws -> Figure {
    let model = try #require(ChannelModel.all.first { $0.name == name })
    return ChannelPicture(model, carrier: Hertz(Gigahertz(model.carrierGigahertz)), users: users, seed: seed).figure
  }

  @Test func namesAreDifferent() { #expect(Set(ChannelModel.all.map(\.name)).count == ChannelModel.all.count) }

  /// The first, a middle and the last point of every curve of losses, by the models themselves.
  @Test(arguments: ["umi", "uma", "rma", "inh-mixed", "inh-open"]) func curvesAreThoseOfTheModel(name: String) throws {
    let model = try #require(ChannelModel.all.first { $0.name == name })
    guard case .scenario(let scenario, let heights, _) = model.kind else { throw CocoaError(.featureUnsupported) }
    let figure = try figure(name, users: 10)
    let carrier = Hertz(Gigahertz(model.carrierGigahertz))
    for (series, state) in zip(figure.panels[0].series, [LineOfSight.los, .nlos]) {
      for index in [0, 60, 120] {
        let point = series.points[index]
        let link = LinkGeometry(horizontalDistance: Meters(point.x), heights: heights)
        #expect(abs(point.mean - scenario.loss(of: link, state: state, carrier: carrier).value) < 1e-9)
      }
    }
    #expect(figure.panels[1].series[0].points.allSatisfy { (0...1).contains($0.mean) })
  }

  /// The median SIR of street canyons at 6 GHz and of open offices, against quantiles that an independent program found (19 sites 200 m apart, and 12
  /// sites in a hall; `reduced_calibration_cdf.csv` of the tests of Channels).
  @Test(arguments: [("umi", "UMi"), ("inh-open", "InH_open")]) func medianOfTheRatioIsThatOfTheCalibration(name: String, scenario: String) throws {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let table = try String(contentsOf: folder.appendingPathComponent("ChannelsTests/Resources/reduced_calibration_cdf.csv"), encoding: .utf8)
    let rows = table.split(separator: "\n").map { line in line.split(separator: ",").map(String.init) }
    let row = try #require(rows.first { $0.count > 12 && $0[0] == scenario && $0[1] == "6.0" && $0[2] == "geometry_sir_db" })
    let median = try #require(Double(row[12]))
    let points = try figure(name).panels[2].series[1].points
    let below = try #require(points.last { $0.x <= median }).mean
    // 2.6 / √4000: the distance of distribution functions that right code exceeds less than once in a million runs.
    #expect(abs(below - 0.5) < 0.042)
  }

  @Test func noiseOnlyLowersTheRatio() throws {
    let series = try figure("rma", users: 500).panels[2].series
    for (sinr, sir) in zip(series[0].points, series[1].points) { #expect(sinr.x <= sir.x) }
  }

  @Test func theSameSeedGivesTheSamePicture() throws {
    #expect(try figure("umi", users: 50) == figure("umi", users: 50))
    #expect(try figure("umi", users: 50) != figure("umi", users: 50, seed: 4))
  }
}
