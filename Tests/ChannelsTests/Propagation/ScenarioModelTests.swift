import Channels
import Testing

@Suite struct ScenarioModelTests {
  /// Every model with the heights of its evaluations.
  static let models: [(model: any ScenarioModel, heights: LinkHeights)] = [
    (UrbanMicro(), UrbanMicro.defaultHeights), (UrbanMacro(), UrbanMacro.defaultHeights), (RuralMacro(), RuralMacro.defaultHeights),
    (IndoorOffice(.mixed), IndoorOffice.defaultHeights), (IndoorOffice(.open), IndoorOffice.defaultHeights),
  ]

  static func named(_ name: String) -> any ScenarioModel {
    switch name {
    case "UMi": UrbanMicro()
    case "UMa": UrbanMacro()
    case "RMa": RuralMacro()
    case "InH", "InH_mixed": IndoorOffice(.mixed)
    default: IndoorOffice(.open)
    }
  }

  /// A row of the file of path losses.
  struct Row {
    let scenario: String
    let link: LinkGeometry
    let state: LineOfSight
    let carrier: Hertz
    let loss: Double

    static func all() throws -> [Row] {
      try VectorFile("pathloss_38901").rows.map { row in
        let numbers = row.dropFirst().map { Double($0)! }
        return Row(
          scenario: row[0],
          link: LinkGeometry(horizontalDistance: Meters(numbers[2]), baseHeight: Meters(numbers[3]), userHeight: Meters(numbers[4])),
          state: numbers[0] == 1 ? .los : .nlos, carrier: Hertz(Gigahertz(numbers[1])), loss: numbers[5])
      }
    }
  }

  @Test func lossesAreThoseOfAnIndependentProgram() throws {
    let rows = try Row.all()
    #expect(rows.count == 213)
    for row in rows {
      let model = ScenarioModelTests.named(row.scenario)
      #expect(abs(model.loss(of: row.link, state: row.state, carrier: row.carrier).value - row.loss) < 1e-6, "\(row)")
      let lines = model.lines(heights: row.link.heights, carrier: row.carrier)
      #expect(lines.loss(at: row.link.horizontalDistance, row.state) == model.loss(of: row.link, state: row.state, carrier: row.carrier))
    }
  }

  @Test func withoutLineOfSightTheLossIsNeverLess() {
    for (model, heights) in ScenarioModelTests.models {
      for carrier in [0.7, 3.5, 28] {
        for distance in [10.0, 12, 20, 35, 60, 100, 140] {
          let link = LinkGeometry(horizontalDistance: Meters(distance), heights: heights)
          let carrier = Hertz(Gigahertz(carrier))
          #expect(model.loss(of: link, state: .nlos, carrier: carrier) >= model.loss(of: link, state: .los, carrier: carrier))
        }
      }
    }
    // Where the other formula of the table alone would be less, the two are equal: RMa at 10 m and 5 GHz, 77.38 dB.
    let link = LinkGeometry(horizontalDistance: Meters(10), heights: RuralMacro.defaultHeights)
    let carrier = Hertz(Gigahertz(5))
    let clear = RuralMacro().loss(of: link, state: .los, carrier: carrier)
    #expect(abs(clear.value - 77.38) < 0.005)
    #expect(RuralMacro().loss(of: link, state: .nlos, carrier: carrier) == clear)
  }

  @Test func lossesGrowWithDistance() {
    for (model, heights) in ScenarioModelTests.models {
      let farthest = heights.base == Meters(3) ? 149.0 : 5000
      for carrier in [0.7, 3.5, 28].map({ Hertz(Gigahertz($0)) }) {
        let lines = model.lines(heights: heights, carrier: carrier)
        for state in LineOfSight.allCases {
          var last = Decibels(0)
          var distance = 10.0
          while distance < farthest {
            let loss = lines.loss(at: Meters(distance), state)
            // Rural losses jump down a little at their breakpoint, see RuralMacroTests.
            let mayFall = model is RuralMacro && distance > lines.breakpoint.value && distance / 1.01 <= lines.breakpoint.value
            #expect(loss > last || mayFall, "\(model.name) at \(distance) m")
            last = loss
            distance *= 1.01
          }
        }
      }
    }
  }

  @Test(arguments: [0.7, 2, 3.5, 28, 100.0], [1.5, 4.5, 13.5, 22.5])
  func urbanLossesAreContinuousAtTheBreakpoint(gigahertz: Double, userHeight: Double) {
    for environment in userHeight > 20 ? [1.0, 12, 21] : [1.0] {
      for base in [10.0, 25] where base > environment {
        let heights = LinkHeights(base: Meters(base), user: Meters(userHeight), environment: Meters(environment))
        let models: [any ScenarioModel] = [UrbanMicro(rangePolicy: .extrapolated), UrbanMacro(rangePolicy: .extrapolated)]
        for model in models where base > 20 || model is UrbanMicro {
          let lines = model.lines(heights: heights, carrier: Hertz(Gigahertz(gigahertz)))
          let before = lines.loss(at: lines.breakpoint, .los)
          let after = lines.loss(at: Meters(lines.breakpoint.value.nextUp), .los)
          #expect(abs(before.value - after.value) < 1e-9)
        }
      }
    }
  }

  @Test func everyRangeIsEnforced() {
    struct Case {
      let model: any ScenarioModel
      let heights: LinkHeights
      var carrier = 3.5
      var distance = 100.0
      var state = LineOfSight.los
      let quantity: String?
    }
    let street = UrbanMicro.defaultHeights
    let roof = UrbanMacro.defaultHeights
    let rural = RuralMacro.defaultHeights
    let office = IndoorOffice.defaultHeights
    func heights(_ base: Double, _ user: Double) -> LinkHeights { LinkHeights(base: Meters(base), user: Meters(user)) }
    var cases: [Case] = []
    for (model, good) in [(UrbanMicro(), street), (UrbanMacro(), roof)] as [(any ScenarioModel, LinkHeights)] {
      for state in LineOfSight.allCases {
        cases += [
          Case(model: model, heights: good, distance: 10, state: state, quantity: nil),
          Case(model: model, heights: good, distance: 10.0.nextDown, state: state, quantity: "distance"),
          Case(model: model, heights: good, distance: 5000, state: state, quantity: nil),
          Case(model: model, heights: good, distance: 5000.0.nextUp, state: state, quantity: "distance"),
        ]
      }
      cases += [
        Case(model: model, heights: good, carrier: 0.5, quantity: nil), Case(model: model, heights: good, carrier: 100, quantity: nil),
        Case(model: model, heights: good, carrier: 0.49, quantity: "carrier"),
        Case(model: model, heights: good, carrier: 100.1, quantity: "carrier"),
        Case(model: model, heights: good, carrier: 3.5e9, quantity: "carrier"),
        Case(model: model, heights: good, carrier: .nan, quantity: "carrier"),
        Case(model: model, heights: heights(25, 1.49), quantity: "user's height"),
        Case(model: model, heights: heights(25, 22.5), quantity: nil),
        Case(model: model, heights: heights(25, 22.6), quantity: "user's height"),
        Case(model: model, heights: heights(-1, 1.5), quantity: "base station's height"),
        Case(model: model, heights: good, distance: -100, quantity: "distance"),
        Case(model: model, heights: good, distance: .nan, quantity: "distance"),
      ]
    }
    cases += [
      Case(model: RuralMacro(), heights: rural, distance: 10000, quantity: nil),
      Case(model: RuralMacro(), heights: rural, distance: 10001, quantity: "distance"),
      Case(model: RuralMacro(), heights: rural, distance: 5000, state: .nlos, quantity: nil),
      Case(model: RuralMacro(), heights: rural, distance: 5001, state: .nlos, quantity: "distance"),
      Case(model: RuralMacro(), heights: rural, distance: 9, quantity: "distance"),
      Case(model: RuralMacro(), heights: rural, carrier: 30, quantity: nil),
      Case(model: RuralMacro(), heights: rural, carrier: 30.1, quantity: "carrier"),
      Case(model: RuralMacro(), heights: heights(10, 10), quantity: nil),
      Case(model: RuralMacro(), heights: heights(9.9, 1.5), quantity: "base station's height"),
      Case(model: RuralMacro(), heights: heights(150.1, 1.5), quantity: "base station's height"),
      Case(model: RuralMacro(), heights: heights(35, 0.9), quantity: "user's height"),
      Case(model: RuralMacro(), heights: heights(35, 10.1), quantity: "user's height"),
      Case(model: IndoorOffice(.open), heights: office, distance: 0, quantity: nil),
      Case(model: IndoorOffice(.open), heights: heights(3, 2.5), distance: 0.5, quantity: "distance"),
      Case(model: IndoorOffice(.open), heights: office, distance: 149.98, quantity: nil),
      Case(model: IndoorOffice(.open), heights: office, distance: 149.99, state: .nlos, quantity: "distance"),
    ]
    for item in cases {
      let link = LinkGeometry(horizontalDistance: Meters(item.distance), heights: item.heights)
      let error = item.model.rangeError(of: link, state: item.state, carrier: Hertz(Gigahertz(item.carrier)))
      if let quantity = item.quantity {
        #expect(error?.quantity.contains(quantity) == true, "\(item)")
      } else {
        #expect(error == nil, "\(item)")
      }
    }
  }

  @Test func extrapolationIsAsked() {
    let link = LinkGeometry(horizontalDistance: Meters(5), baseHeight: Meters(10), userHeight: Meters(1.5))
    let carrier = Hertz(Gigahertz(120))
    #expect(UrbanMicro().rangeError(of: link, state: .los, carrier: carrier) != nil)
    let model = UrbanMicro(rangePolicy: .extrapolated)
    #expect(model.rangeError(of: link, state: .los, carrier: carrier) == nil)
    // 32.4 + 21 log₁₀ √(25 + 72.25) + 20 log₁₀ 120
    #expect(abs(model.loss(of: link, state: .los, carrier: carrier).value - 94.85684) < 1e-3)
    let same = LinkGeometry(horizontalDistance: Meters(0), baseHeight: Meters(10), userHeight: Meters(10))
    #expect(model.rangeError(of: same, state: .los, carrier: carrier) != nil)
  }

  @Test func deviationsAndDistancesOfShadowing() {
    let carrier = Hertz(Gigahertz(2))
    let table: [(any ScenarioModel, LinkHeights, LineOfSight, Double, Double)] = [
      (UrbanMicro(), UrbanMicro.defaultHeights, .los, 4, 10), (UrbanMicro(), UrbanMicro.defaultHeights, .nlos, 7.82, 13),
      (UrbanMicro(blockedLoss: .optional), UrbanMicro.defaultHeights, .nlos, 8.2, 13),
      (UrbanMacro(), UrbanMacro.defaultHeights, .los, 4, 37), (UrbanMacro(), UrbanMacro.defaultHeights, .nlos, 6, 50),
      (UrbanMacro(blockedLoss: .optional), UrbanMacro.defaultHeights, .nlos, 7.8, 50),
      (RuralMacro(), RuralMacro.defaultHeights, .los, 4, 37), (RuralMacro(), RuralMacro.defaultHeights, .nlos, 8, 120),
      (IndoorOffice(.mixed), IndoorOffice.defaultHeights, .los, 3, 10), (IndoorOffice(.open), IndoorOffice.defaultHeights, .nlos, 8.03, 6),
      (IndoorOffice(.open, blockedLoss: .optional), IndoorOffice.defaultHeights, .nlos, 8.29, 6),
    ]
    for (model, heights, state, deviation, distance) in table {
      let link = LinkGeometry(horizontalDistance: Meters(100), heights: heights)
      // The same at all carriers, also below 6 GHz: 7 dB there is for users indoors only.
      for carrier in [carrier, Hertz(Gigahertz(28))] {
        let shadowing = model.shadowing(of: link, state: state, carrier: carrier)
        #expect(shadowing.deviation.value == deviation && shadowing.correlationDistance.value == distance, "\(model.name) \(state)")
      }
    }
  }

  /// What another package would write: everything but these members follows from the protocol.
  struct Courtyard: ScenarioModel {
    let name = "courtyard"
    let rangePolicy = RangePolicy.enforced
    let standardRanges = ScenarioRanges(
      carrier: Gigahertz(1)...Gigahertz(10), baseHeight: ScenarioRanges.anyHeight, userHeight: ScenarioRanges.anyHeight,
      distance: .horizontal, losDistance: Meters(1)...Meters(100), nlosDistance: Meters(1)...Meters(50))

    func lines(heights: LinkHeights, carrier: Hertz) -> LossLines {
      requireRange(heights, carrier)
      let near = LossLines.Line(30, perDecade: 20, deviation: Decibels(2))
      let far = LossLines.Line(10, perDecade: 40, deviation: Decibels(3))
      let blocked = LossLines.Line(45, perDecade: 20, deviation: Decibels(5))
      return LossLines(
        self, heights, near: near, far: far, blocked: blocked, breakpoint: Meters(10), blockedIsAtLeastClear: true)
    }

    func lineOfSightLaw(userHeight: Meters) -> LineOfSightLaw { .steps(certain: Meters(1), first: Meters(30)) }

    func shadowingCorrelationDistance(_ state: LineOfSight) -> Meters { Meters(5) }
  }

  @Test func othersAddScenarios() {
    let model = Courtyard()
    let carrier = Hertz(Gigahertz(5))
    func link(_ distance: Double) -> LinkGeometry {
      LinkGeometry(horizontalDistance: Meters(distance), baseHeight: Meters(4), userHeight: Meters(4))
    }
    #expect(abs(model.loss(of: link(10), state: .los, carrier: carrier).value - 50) < 1e-12)
    #expect(abs(model.loss(of: link(100), state: .los, carrier: carrier).value - 90) < 1e-12)
    #expect(abs(model.loss(of: link(10), state: .nlos, carrier: carrier).value - 65) < 1e-12)
    #expect(model.rangeError(of: link(51), state: .nlos, carrier: carrier)?.upper == 50)
    #expect(model.shadowing(of: link(11), state: .los, carrier: carrier).deviation == Decibels(3))
    let losses = LossLinesTests.losses(model.lines(heights: link(1).heights, carrier: carrier), [10, 100, 10], [.los, .los, .nlos])
    #expect(zip(losses, [50, 90, 65]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func aLinkOutOfRangeStops() async {
    await #expect(processExitsWith: .failure) {
      let link = LinkGeometry(horizontalDistance: Meters(9), heights: UrbanMicro.defaultHeights)
      _ = UrbanMicro().loss(of: link, state: .los, carrier: Hertz(2e9))
    }
    await #expect(processExitsWith: .failure) {
      let link = LinkGeometry(horizontalDistance: Meters(100), heights: UrbanMicro.defaultHeights)
      _ = UrbanMicro().loss(of: link, state: .los, carrier: Hertz(2))
    }
    await #expect(processExitsWith: .failure) {
      let link = LinkGeometry(horizontalDistance: Meters(5001), heights: RuralMacro.defaultHeights)
      _ = RuralMacro().shadowing(of: link, state: .nlos, carrier: Hertz(2e9))
    }
  }
}
