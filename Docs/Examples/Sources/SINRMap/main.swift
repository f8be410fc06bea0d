import Channels
import Foundation

// The signal-to-interference-plus-noise ratio of the strongest of 19 stations at every place of a hexagonal network, as a picture.
//
// usage: SINRMap [FILE.svg]

let grid = HexagonalGrid(tiers: 2, interSiteDistance: Meters(500))
let pathLoss = MacroPathLoss()
let power = PowerDBm(46)
let noise = Watts(ThermalNoise(figure: Decibels(9)).power(in: Hertz(10e6))).value

/// In decibels.
func ratio(at place: Position) -> Double {
  let received = grid.sites.map { site in
    Watts(power - pathLoss.loss(at: Meters(max(place.distance(to: site).value, 35)))).value
  }
  let strongest = received.max()!
  return Decibels(linear: strongest / (received.reduce(0, +) - strongest + noise)).value
}

/// From dark blue at −5 dB over green to yellow at 25 dB.
func color(_ decibels: Double) -> String {
  let share = min(max((decibels + 5) / 30, 0), 1)
  let stops = [(68.0, 1.0, 84.0), (33, 145, 140), (253, 231, 37)]
  let (low, high, part) = share < 0.5 ? (stops[0], stops[1], 2 * share) : (stops[1], stops[2], 2 * share - 1)
  func mix(_ a: Double, _ b: Double) -> Int { Int(a + (b - a) * part) }
  return "rgb(\(mix(low.0, high.0)),\(mix(low.1, high.1)),\(mix(low.2, high.2)))"
}

let side = 120
let extent = 1250.0
var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\" shape-rendering=\"crispEdges\">\n"
svg += "<title>SINR of 19 macro cells, from -5 dB (dark) to 25 dB (light)</title>\n"
for row in 0..<side {
  for column in 0..<side {
    let place = Position(
      x: extent * (2 * (Double(column) + 0.5) / Double(side) - 1), y: extent * (1 - 2 * (Double(row) + 0.5) / Double(side)))
    svg += "<rect x=\"\(column)\" y=\"\(row)\" width=\"1\" height=\"1\" fill=\"\(color(ratio(at: place)))\"/>\n"
  }
}
for site in grid.sites {
  svg += "<circle cx=\"\((site.x / extent + 1) / 2 * Double(side))\" cy=\"\((1 - site.y / extent) / 2 * Double(side))\" r=\"1\" fill=\"white\"/>\n"
}
let file = CommandLine.arguments.dropFirst().first ?? "sinr.svg"
try (svg + "</svg>\n").write(toFile: file, atomically: true, encoding: .utf8)

// Where three cells meet, two interferers are as strong as the signal, and others disturb too: below −3 dB. A signal 35 m from its station is far above.
let corner = Position(x: 0, y: 500 / Math.sqrt(3))
let (worst, best) = (ratio(at: corner), ratio(at: Position(x: 35, y: 0)))
print("\(file): \(String(format: "%.1f", worst)) dB at the corner of three cells, \(String(format: "%.1f", best)) dB near a station")
guard worst < -3, worst > -8, best > 20 else {
  print("SINRMap: these two should lie in -8...-3 and above 20 dB")
  exit(1)
}
