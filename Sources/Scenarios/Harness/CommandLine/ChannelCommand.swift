import Channels
import Tensor

/// `channel`: a model to look at before it is trusted: loss and probability of line of sight against distance, and the quality of links in a cell.
struct ChannelCommand: Command {
  let name = "channel"
  let summary = "shows a channel model: path loss, line of sight, link quality"
  let arguments = ["MODEL"]
  let options = [
    OptionDescription("plot", value: "FILE.svg", summary: "draw the curves"),
    OptionDescription("csv", value: "FILE", summary: "write the points of the curves"),
    OptionDescription("carrier", value: "GHZ", summary: "the carrier frequency in gigahertz"),
    OptionDescription("users", value: "N", summary: "users whose links are drawn (default 10000)"),
    OptionDescription("seed", value: "N", summary: "the seed of the drop (default 0)"),
  ]
  let example = "channel umi --carrier 6 --plot umi.svg"

  /// What link quality is measured with: a carrier of 20 MHz at 44 dBm, and a receiver of 9 dB noise figure.
  static let power = PowerDBm(44)
  static let bandwidth = Hertz(20e6)
  static let noise = ThermalNoise(figure: Decibels(9))

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let names = ChannelModel.all.map(\.name)
    guard let name = arguments.positional.first else { throw UsageError("'channel' needs a model: \(names.joined(separator: ", "))") }
    guard let model = ChannelModel.all.first(where: { $0.name == name }) else { throw UsageError.unknown("model", name, known: names, of: nil) }
    var gigahertz = model.carrierGigahertz
    if let text = arguments.value("carrier") {
      guard let value = Double(text), value >= 0.1, value <= 300 else {
        throw UsageError("--carrier takes gigahertz between 0.1 and 300, got '\(text)'")
      }
      gigahertz = value
    }
    let users = try arguments.integer("users", atLeast: 1) ?? 10_000
    guard users <= 1_000_000 else { throw UsageError("--users takes at most 1000000, got \(users)") }
    let seed = try arguments.integer("seed", atLeast: 0) ?? 0
    let figure = ChannelPicture(model, carrier: Hertz(Gigahertz(gigahertz)), users: users, seed: UInt64(seed)).figure
    context.console.output(ChannelCommand.table(figure))
    if let file = arguments.value("csv") { try AtomicFile.write(figure.csv, to: file) }
    if let file = arguments.value("plot") { try AtomicFile.write(figure.svg, to: file) }
    return .done
  }

  /// A few points of every curve.
  static func table(_ figure: Figure) -> String {
    var text = "\(figure.title)\n\(figure.caption)\n"
    for panel in figure.panels {
      text += "\n\(panel.title)\n"
      for series in panel.series {
        let shown = (0..<min(7, series.points.count)).map { series.points[$0 * (series.points.count - 1) / max(1, min(7, series.points.count) - 1)] }
        text +=
          "  \(series.name): "
          + shown.map { "\(fixedText($0.x, digits: 1, trimmed: true)) → \(fixedText($0.mean, digits: 3, trimmed: true))" }.joined(separator: ", ")
          + "\n"
      }
    }
    return text
  }
}

/// The curves of one model.
struct ChannelPicture {
  let model: ChannelModel
  let carrier: Hertz
  let users: Int
  let seed: UInt64

  init(_ model: ChannelModel, carrier: Hertz, users: Int, seed: UInt64) {
    self.model = model
    self.carrier = carrier
    self.users = users
    self.seed = seed
  }

  var figure: Figure {
    let frequency = "\(shortText(Gigahertz(carrier).value)) GHz"
    switch model.kind {
    case .plain(let make, let range):
      let loss = make(carrier)
      let points = ChannelPicture.distances(range).map { ($0, loss.loss(at: Meters($0)).value) }
      let panel = Panel(
        title: "Path loss", x: Axis("distance", unit: "m", isLogarithmic: true), y: Axis("path loss", unit: "dB"),
        series: [ChannelPicture.series("loss", points)])
      return Figure(number: 0, title: model.title, caption: "At \(frequency).", panels: [panel])
    case .scenario(let scenario, let heights, let layout):
      let lines = scenario.lines(heights: heights, carrier: carrier)
      let nearest = scenario.standardRanges.losDistance.lowerBound.value
      let distances = ChannelPicture.distances(max(nearest, 1)...layout.farthest)
      let law = scenario.lineOfSightLaw(userHeight: heights.user)
      let los = distances.map { ($0, lines.loss(at: Meters($0), .los).value) }
      let nlos = distances.map { ($0, lines.loss(at: Meters($0), .nlos).value) }
      let chance = distances.map { ($0, law.probability(at: Meters($0))) }
      let quality = linkQuality(scenario, heights, layout)
      let x = Axis("distance", unit: "m", isLogarithmic: true)
      let panels = [
        Panel(
          title: "Path loss", x: x, y: Axis("path loss", unit: "dB"),
          series: [ChannelPicture.series("line of sight", los), ChannelPicture.series("no line of sight", nlos)]),
        Panel(
          title: "Probability of line of sight", x: x, y: Axis("probability", range: 0...1), series: [ChannelPicture.series("probability", chance)]),
        Panel(
          title: "Link quality", x: Axis("ratio", unit: "dB"), y: Axis("share of users below", range: 0...1),
          series: [
            ChannelPicture.series("SINR", ChannelPicture.distribution(quality.sinr)),
            ChannelPicture.series("SIR", ChannelPicture.distribution(quality.sir)),
          ]),
      ]
      let caption =
        "At \(frequency), sites at \(shortText(heights.base.value)) m, users at \(shortText(heights.user.value)) m. Link quality: \(layout.text); all sites send "
        + "\(shortText(ChannelCommand.power.value)) dBm in \(shortText(ChannelCommand.bandwidth.value / 1e6)) MHz, the site of the least loss serves, shadowing without fading, "
        + "noise figure \(shortText(ChannelCommand.noise.figure.value)) dB; \(users) users, seed \(seed)."
      return Figure(number: 0, title: model.title, caption: caption, panels: panels)
    }
  }

  /// Signal-to-interference ratios of all users in decibels, with noise and without.
  private func linkQuality(_ scenario: any ScenarioModel, _ heights: LinkHeights, _ layout: ChannelLayout) -> (sinr: [Double], sir: [Double]) {
    let sites = layout.sites
    var generator = RandomStream(seed: seed, purpose: .drop).generator()
    let law = scenario.lineOfSightLaw(userHeight: heights.user)
    let lines = scenario.lines(heights: heights, carrier: carrier)
    var chance = [Float](repeating: 0, count: sites.count)
    var normal = chance
    let noise = Watts(ChannelCommand.noise.power(in: ChannelCommand.bandwidth)).value
    var (sinr, sir): ([Double], [Double]) = ([], [])
    for user in 0..<users {
      let place = layout.user(using: &generator)
      RandomStream(seed: seed, purpose: .lineOfSight).fill(&chance, with: .uniform, step: user)
      RandomStream(seed: seed, purpose: .shadowing).fill(&normal, with: .normal, step: user)
      var (best, sum) = (0.0, 0.0)
      for (index, site) in sites.enumerated() {
        let distance = Meters(max(place.distance(to: site).value, 1))
        let state: LineOfSight = Double(chance[index]) < law.probability(at: distance) ? .los : .nlos
        let loss = lines.loss(at: distance, state).value + lines.deviation(at: distance, state).value * Double(normal[index])
        let received = Watts(ChannelCommand.power - Decibels(loss)).value
        sum += received
        best = max(best, received)
      }
      sinr.append(Decibels(linear: best / (sum - best + noise)).value)
      sir.append(Decibels(linear: best / (sum - best)).value)
    }
    return (sinr, sir)
  }

  /// Distances that are equally far apart on a logarithmic scale.
  private static func distances(_ range: ClosedRange<Double>) -> [Double] {
    let ratio = Math.log(range.upperBound / range.lowerBound)
    return (0...120).map { $0 == 120 ? range.upperBound : range.lowerBound * Math.exp(ratio * Double($0) / 120) }
  }

  /// The distribution function at two hundred of its quantiles.
  private static func distribution(_ values: [Double]) -> [(Double, Double)] {
    let sorted = values.sorted()
    let steps = min(200, sorted.count)
    return (0..<steps).map { step in
      let place = steps == 1 ? 0 : step * (sorted.count - 1) / (steps - 1)
      return (sorted[place], (Double(place) + 0.5) / Double(sorted.count))
    }
  }

  private static func series(_ name: String, _ points: [(Double, Double)]) -> Series {
    Series(name, points: points.map { Series.Point(x: $0.0, mean: $0.1, low: $0.1, high: $0.1, seeds: 1) })
  }
}
