import Agents
import Tensor
import TestSupport
import Testing

/// Each function against its equation in double precision, with its derivative where one has to flow, and without one where none may.
@Suite struct DeterministicPolicyGradientTests {
  private static let rows = 5

  private func numbers(_ count: Int, _ index: Int, scale: Double = 1) -> [Float] {
    var generator = RandomStream(seed: 77, purpose: .environment, index: index).generator()
    return (0..<count).map { _ in Float(scale * generator.normal()) }
  }

  @Test func targetActionsAreSmoothedWithinLimits() {
    // Each kind of cut: noise above and below its limit, a sum above and below the range, and nothing.
    let (actions, noise): ([Float], [Float]) = ([0, 0, 0.9, -0.8, 0.25, -0.5], [10, -10, 1.5, -1.25, 0.5, -0.25])
    let tape = Tape()
    let action = tape.variable(Tensor(actions, shape: [3, 2]))
    let smoothed = smoothedTargetAction(action, noise: tape.constant(noise, shape: [3, 2]), deviation: 0.25, limit: 0.5)
    #expect(smoothed.array == [0.5, -0.5, 1, -1, 0.375, -0.5625])
    #expect(tape.gradients(of: smoothed.sum(), withRespectTo: [action])[0].array == [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [1, 2, 3]) func targetsTakeTheSmallestValue(critics: Int) {
    let rows = Self.rows
    let (rewards, values, logarithms) = (numbers(rows, 0), numbers(critics * rows, 1), numbers(rows, 2))
    let continues: [Float] = [1, 0, 1, 1, 0]
    let tape = Tape()
    func column(_ x: [Float]) -> Variable { tape.constant(x, shape: [rows, 1]) }
    let placed = tape.constant(values, shape: [critics, rows, 1])
    let smallest = (0..<rows).map { row in (0..<critics).map { Double(values[$0 * rows + row]) }.min()! }
    #expect(smallestValue(placed).array == smallest.map(Float.init))
    let hard = clippedDoubleTarget(rewards: column(rewards), continues: column(continues), values: placed, discount: 0.9)
    let soft = softTarget(
      rewards: column(rewards), continues: column(continues), values: placed, logProbabilities: column(logarithms), temperature: 0.3, discount: 0.9)
    #expect(hard.shape == [rows, 1] && soft.shape == [rows, 1])
    for row in 0..<rows {
      let follows = continues[row] == 1 ? Double(Float(0.9)) : 0
      #expect(abs(Double(hard.array[row]) - (Double(rewards[row]) + follows * smallest[row])) < 1e-6)
      let bonus = Double(Float(0.3)) * Double(logarithms[row])
      #expect(abs(Double(soft.array[row]) - (Double(rewards[row]) + follows * (smallest[row] - bonus))) < 1e-6)
    }
  }

  @Test func lossesAndTheirSlopes() {
    let rows = Self.rows
    let (values, targets, logarithms) = (numbers(2 * rows, 3), numbers(rows, 4), numbers(rows, 5))
    let tape = Tape()
    let q = tape.variable(Tensor(values, shape: [2, rows, 1]))
    let logProbabilities = tape.variable(Tensor(logarithms, shape: [rows, 1]))

    let error = criticLoss(q, targets: tape.constant(targets, shape: [rows, 1]))
    var expected = 0.0
    var slopes: [Double] = []
    for i in 0..<2 * rows {
      let difference = Double(values[i]) - Double(targets[i % rows])
      expected += difference * difference / Double(rows)
      slopes.append(2 * difference / Double(rows))
    }
    #expect(abs(Double(error.number) - expected) < 1e-5)
    #expect(relativeDistance(tape.gradients(of: error, withRespectTo: [q])[0].array.map(Double.init), slopes) < 1e-6)

    let first = deterministicActorLoss(q.slice(0..<1, along: 0))
    #expect(abs(Double(first.number) + values.prefix(rows).reduce(0) { $0 + Double($1) } / Double(rows)) < 1e-6)
    let share = 1 / Float(rows)
    let gradient = tape.gradients(of: first, withRespectTo: [q])[0].array
    #expect(gradient == Array(repeating: -share, count: rows) + Array(repeating: 0, count: rows))

    let soft = softActorLoss(q, logProbabilities: logProbabilities, temperature: 0.25)
    var sum = 0.0
    for row in 0..<rows { sum += 0.25 * Double(logarithms[row]) - Double(min(values[row], values[rows + row])) }
    #expect(abs(Double(soft.number) - sum / Double(rows)) < 1e-6)
    // The smaller critic alone has a slope.
    let both = tape.gradients(of: soft, withRespectTo: [q, logProbabilities])
    for row in 0..<rows {
      let isFirst = values[row] < values[rows + row]
      #expect(both[0].array[row] == (isFirst ? -share : 0) && both[0].array[rows + row] == (isFirst ? 0 : -share))
    }
    #expect(both[1].array == Array(repeating: 0.25 * share, count: rows))
  }

  @Test func theTemperatureFallsWhereThereIsEntropyToSpare() {
    // Entropy 0.5, target −1: the slope is positive, so that descent lowers ln α.
    #expect(temperatureSlope(meanLogProbability: -0.5, targetEntropy: -1) == 1.5)
    #expect(temperatureSlope(meanLogProbability: 2, targetEntropy: -1) == -1)
  }
}
