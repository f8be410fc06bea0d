import CAllocations
import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct MobilityTests {
  static let stream = RandomStream(seed: 61, purpose: .mobility)
  static let walking = MetersPerSecond(0.5)...MetersPerSecond(1.5)
  static let models: [MobilityModel] = [
    .still, .constantVelocity(walking), .randomWalk(walking, turnEvery: Seconds(0.7)),
    .randomWaypoint(walking, pause: Seconds(0)...Seconds(3)),
    .randomWaypoint(walking, pause: Seconds(1)...Seconds(1), start: .given),
  ]
  static let convex = RegionTests.regions.filter(\.isConvex)

  private func drop(_ region: Region, copies: Int = 1, nodes: Int) -> NodePositions {
    var positions = NodePositions(copies: copies, nodes: nodes)
    try! UniformDrop(region).draw(into: &positions, stream: RandomStream(seed: 60, purpose: .drop))
    return positions
  }

  @Test(arguments: models) func aBatchIsItsSingleRuns(model: MobilityModel) {
    let region = Region.hexagon(Hexagon(inradius: Meters(5)))
    let positions = drop(region, copies: 4, nodes: 6)
    var batch = Mobility(model, in: region, at: positions, stream: Self.stream, step: 2)
    for _ in 0..<100 { batch.advance(seconds: Seconds(0.3), stream: Self.stream, step: 2) }
    for copy in 0..<4 {
      let stream = RandomStream(seed: 61, purpose: .mobility, index: copy)
      var single = Mobility(model, in: region, at: positions.copy(copy), stream: stream, step: 2)
      for _ in 0..<100 { single.advance(seconds: Seconds(0.3), stream: stream, step: 2) }
      #expect(single.positions == batch.positions.copy(copy))
      for node in 0..<6 { #expect(single.velocity(copy: 0, node: node) == batch.velocity(copy: copy, node: node)) }
    }
    if model != .still { #expect(batch.positions.copy(0) != batch.positions.copy(1)) }
  }

  @Test(arguments: models) func aNodeDoesNotDependOnTheOthers(model: MobilityModel) {
    let region = Region.disc(radius: Meters(5))
    let many = drop(region, nodes: 6)
    var all = Mobility(model, in: region, at: many, stream: Self.stream)
    var few = Mobility(model, in: region, at: NodePositions(Array(many.positions().prefix(3))), stream: Self.stream)
    for _ in 0..<50 {
      all.advance(seconds: Seconds(0.5), stream: Self.stream, step: 0)
      few.advance(seconds: Seconds(0.5), stream: Self.stream, step: 0)
    }
    #expect(few.positions.positions() == Array(all.positions.positions().prefix(3)))
  }

  @Test(arguments: models, convex) func nobodyLeavesAndSpeedsAreKept(model: MobilityModel, region: Region) {
    var mobility = Mobility(model, in: region, at: drop(region, nodes: 20), stream: Self.stream)
    for step in 0..<400 {
      mobility.advance(seconds: Seconds(region.diameter.value * 0.013), stream: Self.stream, step: step)
      for node in 0..<20 {
        #expect(region.contains(mobility.positions[0, node]))
        let speed = mobility.velocity(copy: 0, node: node).speed.value
        #expect(speed == 0 || (speed > 0.5 - 1e-12 && speed < 1.5 + 1e-12))
      }
    }
  }

  @Test(arguments: models) func theWayDoesNotDependOnHowTimeIsCut(model: MobilityModel) {
    let region = Region.square(side: Meters(20))
    let start = drop(region, nodes: 10)
    var whole = Mobility(model, in: region, at: start, stream: Self.stream)
    var cut = whole
    whole.advance(seconds: Seconds(40.1), stream: Self.stream, step: 0)
    for _ in 0..<401 { cut.advance(seconds: Seconds(0.1), stream: Self.stream, step: 0) }
    for node in 0..<10 { #expect(whole.positions[0, node].distance(to: cut.positions[0, node]).value < 1e-9) }
  }

  @Test(arguments: models) func savedStateContinuesBitForBit(model: MobilityModel) throws {
    let folder = try TemporaryFolder()
    let region = Region.disc(radius: Meters(8))
    var original = Mobility(model, in: region, at: drop(region, copies: 2, nodes: 5), stream: Self.stream)
    for _ in 0..<37 { original.advance(seconds: Seconds(0.3), stream: Self.stream, step: 0) }
    try Archive.save(&original, to: folder.file("mobility"))
    var restored = Mobility(model, in: region, at: NodePositions(copies: 2, nodes: 5), stream: Self.stream, step: 9)
    try Archive.restore(&restored, from: folder.file("mobility"))
    for _ in 0..<100 {
      original.advance(seconds: Seconds(0.3), stream: Self.stream, step: 0)
      restored.advance(seconds: Seconds(0.3), stream: Self.stream, step: 0)
    }
    #expect(restored.positions == original.positions)
    // A state of another region or number of nodes is refused.
    var elsewhere = Mobility(
      .still, in: .disc(center: Position(x: 99, y: 0), radius: Meters(1)),
      at: NodePositions([Position](repeating: Position(x: 99, y: 0), count: 5)).repeated(2), stream: Self.stream)
    #expect(throws: FileError.self) { try Archive.restore(&elsewhere, from: folder.file("mobility")) }
    var fewer = Mobility(model, in: region, at: NodePositions(nodes: 5), stream: Self.stream)
    #expect(throws: FileError.self) { try Archive.restore(&fewer, from: folder.file("mobility")) }
  }

  @Test(arguments: models) func movingTakesNoMemory(model: MobilityModel) {
    let region = Region.hexagon(Hexagon(inradius: Meters(5)))
    let start = drop(region, copies: 2, nodes: 5)
    var mobility = Mobility(model, in: region, at: start, stream: Self.stream)
    mobility.advance(seconds: Seconds(2), stream: Self.stream, step: 0)
    allocations_watch()
    for episode in 0..<5 {
      mobility.start(at: start, stream: Self.stream, step: episode)
      for _ in 0..<50 { mobility.advance(seconds: Seconds(2), stream: Self.stream, step: episode) }
    }
    #expect(allocations_seen().requests == 0)
  }

  @Test func stepsNameOtherWaysAndStartsRepeatThem() {
    let region = Region.disc(radius: Meters(500))
    let start = drop(region, nodes: 4)
    let model = MobilityModel.randomWalk(Self.walking, turnEvery: Seconds(1))
    func run(_ mobility: inout Mobility, _ step: Int) -> NodePositions {
      mobility.start(at: start, stream: Self.stream, step: step)
      for _ in 0..<10 { mobility.advance(seconds: Seconds(0.5), stream: Self.stream, step: step) }
      return mobility.positions
    }
    var mobility = Mobility(model, in: region, at: start, stream: Self.stream)
    let first = run(&mobility, 0)
    #expect(run(&mobility, 1) != first)
    #expect(run(&mobility, 0) == first)
  }

  // MARK: Laws

  @Test func speedsAndHeadingsAreUniform() {
    let region = Region.disc(radius: Meters(500))
    let mobility = Mobility(.constantVelocity(Self.walking), in: region, at: drop(region, nodes: 20000), stream: Self.stream)
    let velocities = (0..<20000).map { mobility.velocity(copy: 0, node: $0) }
    #expect(KolmogorovSmirnov.agrees(velocities.map { $0.speed.value }) { $0 - 0.5 })
    #expect(KolmogorovSmirnov.agrees(velocities.map { atan2($0.y, $0.x) / (2 * .pi) + 0.5 }) { $0 })
  }

  @Test(arguments: [4, 16]) func aRandomWalkSpreadsInProportionToTime(turns: Int) {
    // After k turns and a part f of the next leg, the mean square displacement is (k + f²) v² T².
    let region = Region.disc(radius: Meters(1e6))
    let speed = MetersPerSecond(2)
    var walk = Mobility(
      .randomWalk(speed...speed, turnEvery: Seconds(5)), in: region, at: NodePositions(nodes: 20000), stream: Self.stream)
    walk.advance(seconds: Seconds(Double(turns) * 5 + 2.5), stream: Self.stream, step: 0)
    let squares = walk.positions.positions().map { $0.x * $0.x + $0.y * $0.y }
    let expected = (Double(turns) + 0.25) * 100
    // For many legs the square is exponential, so that its deviation is at most its mean.
    #expect(abs(Moments.mean(squares) - expected) < 5.5 * expected / sqrt(20000))
    #expect(abs(Moments.mean(walk.positions.x)) < 5.5 * sqrt(expected / 2 / 20000))
  }

  @Test(arguments: [1, 2]) func reflectedNodesStayUniform(model: Int) {
    let region = Region.hexagon(Hexagon(inradius: Meters(10)))
    var mobility = Mobility(Self.models[model], in: region, at: drop(region, nodes: 20000), stream: Self.stream)
    mobility.advance(seconds: Seconds(60), stream: Self.stream, step: 0)
    #expect(KolmogorovSmirnov.agrees(mobility.positions.x.map { abs($0) / 10 }) { (4 * $0 - $0 * $0) / 3 })
    // The height |y| of a hexagon with corners above: full width up to half the circumradius c, then falling to zero.
    let c = 20 / sqrt(3)
    #expect(
      KolmogorovSmirnov.agrees(mobility.positions.y.map { abs($0) / c }) {
        $0 < 0.5 ? 4 * $0 / 3 : 1 - 4 * (1 - $0) * (1 - $0) / 3
      })
  }

  /// The distribution of the distance from the centre of the unit disc in the stationary random waypoint model, on a grid of 2000 steps: density
  /// 45 (1 − r²) / (64 π) ∫₀^π √(1 − r² cos² φ) dφ per unit of area (Hyytiä, Lassila and Virtamo, "Spatial node distribution of the random
  /// waypoint mobility model with applications", IEEE Transactions on Mobile Computing 5, 2006).
  static let discDistribution: [Double] = {
    func density(_ r: Double) -> Double {
      var sum = 0.0
      for k in 0..<200 {
        let cosine = cos((Double(k) + 0.5) * .pi / 200)
        sum += (1 - r * r * cosine * cosine).squareRoot()
      }
      return 45 * (1 - r * r) / (64 * .pi) * sum * .pi / 200
    }
    var values = [0.0]
    for k in 0..<2000 {
      let r = (Double(k) + 0.5) / 2000
      values.append(values.last! + density(r) * 2 * .pi * r / 2000)
    }
    return values
  }()

  private static func discDistribution(_ r: Double) -> Double {
    let place = min(max(r, 0), 1) * 2000
    let k = min(Int(place), 1999)
    return discDistribution[k] + (place - Double(k)) * (discDistribution[k + 1] - discDistribution[k])
  }

  @Test func theDensityThatIsTestedAgainstIsOne() {
    #expect(abs(Self.discDistribution(1) - 1) < 1e-6)
  }

  @Test(arguments: [0.0, 30, 1000]) func aStationaryWaypointModelIsStationaryFromTheStart(time: Double) {
    let region = Region.disc(radius: Meters(10))
    let model = MobilityModel.randomWaypoint(Self.walking, pause: Seconds(0)...Seconds(0))
    var mobility = Mobility(model, in: region, at: NodePositions(nodes: 20000), stream: Self.stream)
    mobility.advance(seconds: Seconds(time), stream: Self.stream, step: 0)
    let radii = mobility.positions.positions().map { $0.distance(to: .origin).value / 10 }
    #expect(KolmogorovSmirnov.agrees(radii, with: Self.discDistribution))
    // The speed has density in proportion to 1 / v.
    let speeds = (0..<20000).map { mobility.velocity(copy: 0, node: $0).speed.value }
    #expect(KolmogorovSmirnov.agrees(speeds) { log($0 / 0.5) / log(3) })
  }

  @Test func aWaypointModelReachesItsRegimeFromAnywhere() {
    // Uniform positions at first; the longest leg takes 40 s.
    let region = Region.disc(radius: Meters(10))
    let model = MobilityModel.randomWaypoint(Self.walking, pause: Seconds(0)...Seconds(0), start: .given)
    var mobility = Mobility(model, in: region, at: drop(region, nodes: 20000), stream: Self.stream)
    #expect(!KolmogorovSmirnov.agrees(mobility.positions.positions().map { $0.distance(to: .origin).value / 10 }, with: Self.discDistribution))
    mobility.advance(seconds: Seconds(2000), stream: Self.stream, step: 0)
    #expect(KolmogorovSmirnov.agrees(mobility.positions.positions().map { $0.distance(to: .origin).value / 10 }, with: Self.discDistribution))
  }

  /// The mean distance of two uniform points: 128 R / 45π in a disc, (2 + √2 + 5 ln(1 + √2)) / 15 sides in a square.
  static let meanDistances: [(Region, Double)] = {
    let disc: Double = 1280 / (45 * Double.pi)
    let root = sqrt(2.0)
    let square: Double = 20 * (2 + root + 5 * log(1 + root)) / 15
    return [(.disc(radius: Meters(10)), disc), (.square(side: Meters(20)), square)]
  }()

  @Test(arguments: [0, 1], [0.0, 500]) func theShareOfRestingNodesIsThatOfTheMeanTimes(which: Int, time: Double) {
    let (region, distance) = Self.meanDistances[which]
    let model = MobilityModel.randomWaypoint(Self.walking, pause: Seconds(2)...Seconds(20))
    var mobility = Mobility(model, in: region, at: NodePositions(nodes: 20000), stream: Self.stream)
    mobility.advance(seconds: Seconds(time), stream: Self.stream, step: 0)
    let resting = (0..<20000).filter { mobility.velocity(copy: 0, node: $0) == .zero }
    // E[P] / (E[P] + E|AB| E[1 / V]) with E[1 / V] = ln 3 for speeds uniform on 0.5...1.5.
    let share = 11 / (11 + distance * log(3))
    #expect(abs(Double(resting.count) / 20000 - share) < 5.5 * sqrt(share * (1 - share) / 20000))
    // Nodes at rest are uniform, moving ones are not.
    let columns = resting.map { mobility.positions[0, $0].x }
    if which == 1 {
      #expect(KolmogorovSmirnov.agrees(columns.map { $0 / 20 + 0.5 }) { $0 })
      #expect(!KolmogorovSmirnov.agrees(mobility.positions.x.map { $0 / 20 + 0.5 }) { $0 })
    }
  }

  @Test func restsHaveTheirResidualLaw() {
    // Of the nodes that rest at the start, those that departed after t seconds are a share ∫ P(pause > s) ds / E[pause]. In a region of
    // 10 km nobody arrives meanwhile.
    let region = Region.disc(radius: Meters(10000))
    let model = MobilityModel.randomWaypoint(Self.walking, pause: Seconds(20000)...Seconds(200_000))
    var mobility = Mobility(model, in: region, at: NodePositions(nodes: 20000), stream: Self.stream)
    let resting = (0..<20000).filter { mobility.velocity(copy: 0, node: $0) == .zero }
    let n = Double(resting.count)
    for seconds in [1000.0, 1000, 2000] {
      mobility.advance(seconds: Seconds(seconds), stream: Self.stream, step: 0)
    }
    let gone = Double(resting.count { mobility.velocity(copy: 0, node: $0) != .zero }) / n
    // Up to the least pause the density is 1 / E[pause] = 1 / 110 000. A leg shorter than the time since departure is rarer than 10⁻³ of these.
    #expect(abs(gone - 4000.0 / 110_000) < 5.5 * sqrt(0.0364 * 0.9636 / n) + 0.0036)
  }

  @Test func refusesWhatHasNoMeaning() async {
    await #expect(processExitsWith: .failure) {
      _ = Mobility(
        .randomWaypoint(MetersPerSecond(0)...MetersPerSecond(1), pause: Seconds(0)...Seconds(0)), in: .disc(radius: Meters(1)),
        at: NodePositions(nodes: 1), stream: RandomStream(seed: 0, purpose: .mobility))
    }
    await #expect(processExitsWith: .failure) {
      let ring = Region.ring(Ring(center: .origin, inner: Meters(1), outer: Meters(2)))
      _ = Mobility(
        .randomWaypoint(MetersPerSecond(1)...MetersPerSecond(1), pause: Seconds(0)...Seconds(0)), in: ring,
        at: NodePositions([Position(x: 1.5, y: 0)]), stream: RandomStream(seed: 0, purpose: .mobility))
    }
    await #expect(processExitsWith: .failure) {
      _ = Mobility(
        .still, in: .disc(radius: Meters(1)), at: NodePositions([Position(x: 2, y: 0)]),
        stream: RandomStream(seed: 0, purpose: .mobility))
    }
    await #expect(processExitsWith: .failure) {
      _ = Mobility(
        .randomWalk(MetersPerSecond(0)...MetersPerSecond(1), turnEvery: Seconds(0)), in: .disc(radius: Meters(1)),
        at: NodePositions(nodes: 1), stream: RandomStream(seed: 0, purpose: .mobility))
    }
  }
}
