import Channels
import Tensor
import TestSupport
import Testing

@Suite struct LineOfSightLawTests {
  static func probabilities(_ law: LineOfSightLaw, _ distances: [Float]) -> [Float] {
    var result = Array(repeating: Float.nan, count: distances.count)
    var span = result.mutableSpan
    law.probabilities(horizontalDistances: distances.span, into: &span)
    return result
  }

  static func draw(
    _ law: LineOfSightLaw, _ distances: [Float], _ stream: RandomStream, step: Int = 0
  ) -> (probabilities: [Float], states: [LineOfSight]) {
    let probabilities = probabilities(law, distances)
    var scratch = probabilities
    var states = Array(repeating: LineOfSight.nlos, count: distances.count)
    var numbers = scratch.mutableSpan
    var span = states.mutableSpan
    LineOfSight.draw(probabilities: probabilities.span, stream: stream, step: step, scratch: &numbers, into: &span)
    return (probabilities, states)
  }

  @Test func probabilitiesAreThoseOfAnIndependentProgram() throws {
    let rows = try VectorFile("los_probability").rows
    #expect(rows.count == 40)
    for row in rows {
      let (distance, height, expected) = (Double(row[1])!, Double(row[2])!, Double(row[3])!)
      let model = ScenarioModelTests.named(row[0])
      let link = LinkGeometry(horizontalDistance: Meters(distance), baseHeight: Meters(25), userHeight: Meters(height))
      #expect(abs(model.lineOfSightProbability(of: link) - expected) < 1e-11, "\(row)")
      let law = model.lineOfSightLaw(userHeight: Meters(height))
      #expect(abs(Double(LineOfSightLawTests.probabilities(law, [Float(distance)])[0]) - expected) < 1e-6, "\(row)")
    }
  }

  @Test func highUsersNeverExceedOne() {
    // The product of the table is 1.0064 at 18 m and 23 m of height.
    let law = UrbanMacro().lineOfSightLaw(userHeight: Meters(23))
    for distance in [18, 18.0.nextUp, 18.001, 18.01, 18.1, 18.2] { #expect(law.probability(at: Meters(distance)) == 1) }
    #expect(law.probability(at: Meters(19)) < 1)
    #expect(LineOfSightLawTests.probabilities(law, [0, 17, 18, 18.001, 18.01, 18.1]) == [1, 1, 1, 1, 1, 1])
  }

  @Test func edgesBelongToTheSideThatTheTableSays() {
    func value(_ layout: IndoorOffice.Layout, _ distance: Double) -> [Double] {
      let law = IndoorOffice(layout).lineOfSightLaw(userHeight: Meters(1))
      return [law.probability(at: Meters(distance)), Double(LineOfSightLawTests.probabilities(law, [Float(distance)])[0])]
    }
    #expect(value(.mixed, 6.5).allSatisfy { abs($0 - 0.32) < 1e-7 })
    #expect(value(.open, 49).allSatisfy { abs($0 - 0.537155) < 1e-5 })
    #expect(value(.open, 49.001).allSatisfy { abs($0 - 0.54) < 1e-5 })
    #expect(value(.mixed, 0) == [1, 1] && value(.open, 5) == [1, 1])
  }

  @Test func singlePrecisionFollowsDouble() {
    var laws = ScenarioModelTests.models.map { $0.model.lineOfSightLaw(userHeight: Meters(1.5)) }
    laws.append(UrbanMacro().lineOfSightLaw(userHeight: Meters(22.5)))
    for law in laws {
      let (distances, _) = LossLinesTests.links(3001, from: 0.5, to: 5000)
      let values = LineOfSightLawTests.probabilities(law, distances)
      for i in distances.indices {
        #expect(abs(Double(values[i]) - law.probability(at: Meters(Double(distances[i])))) < 2e-6, "\(law) at \(distances[i]) m")
      }
    }
  }

  @Test func usersOfDifferentHeights() {
    let (distances, _) = LossLinesTests.links(200, from: 5, to: 3000)
    let heights = (0..<200).map { 1.5 + 3 * Double($0 % 8) }
    let factors = heights.map { Float(UrbanMacro.heightFactor(userHeight: Meters($0))) }
    var values = Array(repeating: Float(0), count: 200)
    var span = values.mutableSpan
    UrbanMacro().lineOfSightLaw(userHeight: Meters(1.5)).probabilities(
      horizontalDistances: distances.span, heightFactors: factors.span, into: &span)
    for i in 0..<200 {
      let law = UrbanMacro().lineOfSightLaw(userHeight: Meters(heights[i]))
      #expect(values[i] == LineOfSightLawTests.probabilities(law, [distances[i]])[0])
    }
  }

  @Test func frequenciesOfStatesAreTheProbabilities() {
    let distances: [Float] = [3, 8, 17, 25, 45, 80, 140, 300, 900, 2500]
    let draws = 20000
    var laws = ScenarioModelTests.models.map { $0.model.lineOfSightLaw(userHeight: Meters(1.5)) }
    laws.append(UrbanMacro().lineOfSightLaw(userHeight: Meters(22.5)))
    for (index, law) in laws.enumerated() {
      let all = (0..<draws).flatMap { _ in distances }
      let states = LineOfSightLawTests.draw(law, all, RandomStream(seed: 31, purpose: .lineOfSight, index: index)).states
      var statistic = 0.0
      var freedom = 0.0
      for place in distances.indices {
        let probability = law.probability(at: Meters(Double(distances[place])))
        let clear = stride(from: place, to: all.count, by: distances.count).count { states[$0] == .los }
        if probability == 1 {
          #expect(clear == draws)
          continue
        }
        let expected = [probability, 1 - probability].map { $0 * Double(draws) }
        // Approximations by χ² need five of each kind.
        if expected[0] < 5 { continue }
        statistic += ChiSquare.statistic([clear, draws - clear], expected: expected)
        freedom += 1
      }
      // 10⁻⁶ by Wilson and Hilferty, 4.9 standard deviations of the normal approximation.
      let root = 1 - 2 / (9 * freedom) + 4.9 * (2 / (9 * freedom)).squareRoot()
      #expect(freedom >= 4 && statistic < freedom * root * root * root, "\(law)")
    }
  }

  @Test func statesBelongToTheDrop() {
    let law = UrbanMicro().lineOfSightLaw(userHeight: Meters(1.5))
    let distances = Array(repeating: Float(60), count: 150)
    let stream = RandomStream(seed: 2, purpose: .lineOfSight)
    let states = LineOfSightLawTests.draw(law, distances, stream).states
    #expect(LineOfSightLawTests.draw(law, distances, stream).states == states)
    #expect(LineOfSightLawTests.draw(law, distances, stream, step: 1).states != states)
    #expect(LineOfSightLawTests.draw(law, distances, RandomStream(seed: 3, purpose: .lineOfSight)).states != states)
    #expect(LineOfSightLawTests.draw(law, distances, RandomStream(seed: 2, purpose: .lineOfSight, index: 1)).states != states)
    // A longer drop begins with a shorter one.
    #expect(Array(states[..<7]) == LineOfSightLawTests.draw(law, Array(distances[..<7]), stream).states)
  }

  @Test func whatHasNoProbabilityStops() async {
    await #expect(processExitsWith: .failure) {
      _ = UrbanMicro().lineOfSightLaw(userHeight: Meters(1.5)).probability(at: Meters(-1))
    }
    await #expect(processExitsWith: .failure) {
      _ = LineOfSightLawTests.probabilities(UrbanMicro().lineOfSightLaw(userHeight: Meters(1.5)), [5, -1])
    }
    await #expect(processExitsWith: .failure) { _ = UrbanMacro().lineOfSightLaw(userHeight: Meters(23.1)) }
    await #expect(processExitsWith: .failure) {
      let law = UrbanMicro().lineOfSightLaw(userHeight: Meters(1.5))
      _ = LineOfSightLawTests.draw(law, [5], RandomStream(seed: 1, purpose: .fading))
    }
  }
}
