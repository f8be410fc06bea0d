import Channels
import Tensor

/// The channel models that can be looked at by name.
struct ChannelModel: Sendable {
  /// What a model is made of.
  enum Kind: Sendable {
    /// A scenario with line of sight, on a lattice or in an office.
    case scenario(any ScenarioModel, heights: LinkHeights, layout: ChannelLayout)
    /// A loss that depends on the distance alone.
    case plain(@Sendable (Hertz) -> any PathLoss, range: ClosedRange<Double>)
  }

  let name: String
  let title: String
  let kind: Kind
  /// Where the carrier lies unless the user says otherwise.
  let carrierGigahertz: Double

  static let all: [ChannelModel] = [
    ChannelModel(
      name: "umi", title: "3GPP TR 38.901 urban micro, street canyon",
      kind: .scenario(UrbanMicro(rangePolicy: .extrapolated), heights: UrbanMicro.defaultHeights, layout: .lattice(200, nearest: 10)),
      carrierGigahertz: 6),
    ChannelModel(
      name: "uma", title: "3GPP TR 38.901 urban macro",
      kind: .scenario(UrbanMacro(rangePolicy: .extrapolated), heights: UrbanMacro.defaultHeights, layout: .lattice(500, nearest: 35)),
      carrierGigahertz: 6),
    ChannelModel(
      name: "rma", title: "3GPP TR 38.901 rural macro",
      kind: .scenario(RuralMacro(rangePolicy: .extrapolated), heights: RuralMacro.defaultHeights, layout: .lattice(1732, nearest: 35)),
      carrierGigahertz: 2),
    ChannelModel(
      name: "inh-mixed", title: "3GPP TR 38.901 indoor office, mixed",
      kind: .scenario(IndoorOffice(.mixed, rangePolicy: .extrapolated), heights: IndoorOffice.defaultHeights, layout: .office), carrierGigahertz: 6),
    ChannelModel(
      name: "inh-open", title: "3GPP TR 38.901 indoor office, open",
      kind: .scenario(IndoorOffice(.open, rangePolicy: .extrapolated), heights: IndoorOffice.defaultHeights, layout: .office), carrierGigahertz: 6),
    ChannelModel(
      name: "free-space", title: "Free space", kind: .plain({ FreeSpacePathLoss(carrier: $0, rangePolicy: .extrapolated) }, range: 1...10_000),
      carrierGigahertz: 2),
    ChannelModel(
      name: "cost-hata", title: "COST 231 Hata, 30 m and 1.5 m",
      kind: .plain(
        { CostHata(carrier: $0, baseHeight: Meters(30), userHeight: Meters(1.5), rangePolicy: .extrapolated) }, range: 1000...20_000),
      carrierGigahertz: 2),
    ChannelModel(
      name: "macro", title: "3GPP macro cell, 128.1 + 37.6 log₁₀ d/km", kind: .plain({ _ in MacroPathLoss() }, range: 35...5000), carrierGigahertz: 2),
    ChannelModel(
      name: "d2d", title: "Device to device, 148 + 40 log₁₀ d/km",
      kind: .plain({ _ in MacroPathLoss(lossAtOneKilometer: Decibels(148), lossPerDecade: Decibels(40)) }, range: 1...1000), carrierGigahertz: 2),
  ]
}

/// Where the sites of a picture stand, and where its users are.
enum ChannelLayout: Sendable {
  /// Nineteen sites on a triangular lattice of so many metres; users in the middle cell, not nearer than so.
  case lattice(Double, nearest: Double)
  /// Twelve sites in two rows of a hall of 120 m by 50 m.
  case office

  var sites: [Position] {
    switch self {
    case .lattice(let distance, _): HexagonalGrid(tiers: 2, interSiteDistance: Meters(distance)).sites
    case .office: stride(from: -50.0, through: 50, by: 20).flatMap { [Position(x: $0, y: -10), Position(x: $0, y: 10)] }
    }
  }

  var text: String {
    switch self {
    case .lattice(let distance, let nearest):
      "19 sites \(shortText(distance)) m apart, users uniform in the middle cell, at least \(shortText(nearest)) m from its site"
    case .office: "12 sites in a hall of 120 m by 50 m, users uniform in it"
    }
  }

  /// A user uniform over the area.
  func user(using generator: inout Philox) -> Position {
    switch self {
    case .office: return Rectangle(width: Meters(120), height: Meters(50)).uniform(using: &generator)
    case .lattice(let distance, let nearest):
      let cell = Hexagon(inradius: Meters(distance / 2))
      while true {
        let point = cell.uniform(using: &generator)
        if point.distance(to: .origin).value >= nearest { return point }
      }
    }
  }

  /// The longest distance that a picture shows.
  var farthest: Double {
    switch self {
    case .lattice(let distance, _): 2.5 * distance
    case .office: 120
    }
  }
}
