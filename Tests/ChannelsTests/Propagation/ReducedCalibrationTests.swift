import Channels
import Tensor
import TestSupport
import Testing

/// Whole drops against quantiles that an independent program found: losses, probabilities, states and deviations together.
@Suite struct ReducedCalibrationTests {
  static let users = 40000

  /// Sites, and users at their distances: `[users, sites]`.
  static func layout(_ scenario: String) -> (sites: Int, distances: [Float]) {
    var generator = RandomStream(seed: 40, purpose: .drop).generator()
    var sites: [Position] = []
    var distances: [Float] = []
    let isOffice = scenario != "UMi"
    if isOffice {
      for x in stride(from: -50.0, through: 50, by: 20) { sites += [Position(x: x, y: -10), Position(x: x, y: 10)] }
    } else {
      for q in -2...2 {
        for r in -2...2 where abs(q + r) <= 2 {
          sites.append(Position(x: 200 * (Double(q) + Double(r) / 2), y: 200 * Double(r) * 0.75.squareRoot()))
        }
      }
    }
    distances.reserveCapacity(users * sites.count)
    var count = 0
    while count < users {
      let user =
        isOffice
        ? Position(x: generator.uniform(-60, 60), y: generator.uniform(-25, 25))
        : Position(x: generator.uniform(-100, 100), y: generator.uniform(-120, 120))
      if !isOffice {
        // The hexagon of points that are nearest to the middle: within 100 m along the directions of the six neighbours.
        let slanted = (user.x / 2 + user.y * 0.75.squareRoot(), user.x / 2 - user.y * 0.75.squareRoot())
        if abs(slanted.0) > 100 || abs(slanted.1) > 100 || user.distance(to: .origin).value < 10 { continue }
      }
      for site in sites { distances.append(Float(user.distance(to: site).value)) }
      count += 1
    }
    return (sites.count, distances)
  }

  @Test(arguments: ["UMi", "InH_open"])
  func couplingLossAndSIR(scenario: String) throws {
    let (sites, distances) = ReducedCalibrationTests.layout(scenario)
    let model = ScenarioModelTests.named(scenario)
    let heights = scenario == "UMi" ? UrbanMicro.defaultHeights : IndoorOffice.defaultHeights
    let rows = try VectorFile("reduced_calibration_cdf").rows.filter { $0[0] == scenario }
    #expect(rows.count == 6)
    for (index, gigahertz) in ["2.0", "6.0", "30.0"].enumerated() {
      let stream = RandomStream(seed: 41, purpose: .lineOfSight, index: index)
      let states = LineOfSightLawTests.draw(model.lineOfSightLaw(userHeight: heights.user), distances, stream).states
      let lines = model.lines(heights: heights, carrier: Hertz(Gigahertz(Double(gigahertz)!)))
      let losses = LossLinesTests.losses(lines, distances, states)
      var deviations = losses
      var span = deviations.mutableSpan
      lines.deviations(horizontalDistances: distances.span, states: states.span, into: &span)
      var normal = losses
      RandomStream(seed: 41, purpose: .shadowing, index: index).fill(&normal, with: .normal)
      var gains = losses
      for i in gains.indices { gains[i] = -(losses[i] + deviations[i] * normal[i]) * 0.2302585093 }
      var powers = gains.mutableSpan
      VectorMath.apply(.exp, to: &powers)

      var coupling: [Double] = []
      var ratios: [Double] = []
      for user in 0..<ReducedCalibrationTests.users {
        var serving: Float = 0
        var sum: Float = 0
        for i in user * sites..<(user + 1) * sites {
          let gain = gains[i]
          sum += gain
          serving = gain > serving ? gain : serving
        }
        coupling.append(-10 * Math.log10(Double(serving)))
        ratios.append(10 * Math.log10(Double(serving / (sum - serving))))
      }
      for (values, metric) in [(coupling, "coupling_loss_db"), (ratios, "geometry_sir_db")] {
        let row = try #require(rows.first { $0[1] == gigahertz && $0[2] == metric })
        let sorted = values.sorted()
        var greatest = 0.0
        for (place, quantile) in row[3...].enumerated() {
          let below = sorted.partitioningPoint(Double(quantile)!)
          greatest = max(greatest, abs(Double(below) / Double(sorted.count) - Double(place + 1) * 0.05))
        }
        // 2.7 / √40000: two-sided 10⁻⁶ of a Kolmogorov-Smirnov distance.
        #expect(greatest <= 0.0135, "\(scenario) \(gigahertz) GHz \(metric): \(greatest)")
      }
    }
  }
}

extension [Double] {
  /// How many of the sorted numbers are below `x`.
  fileprivate func partitioningPoint(_ x: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
