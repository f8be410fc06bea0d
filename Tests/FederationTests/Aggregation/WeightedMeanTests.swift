import Federation
import Tensor
import Testing

@Suite struct WeightedMeanTests {
  @Test func sharesAddUpToOneAndNeverOverflow() {
    #expect(zip(averagingShares([1, 2, 3])!, [1.0 / 6, 1.0 / 3, 0.5]).allSatisfy { abs($0 - $1) < 1e-16 })
    #expect(averagingShares([1e308, 1e308])! == [0.5, 0.5])
    #expect(averagingShares([Double.greatestFiniteMagnitude, 0])! == [1, 0])
    #expect(averagingShares([Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude, 0])! == [0.5, 0.5, 0])
    #expect(averagingShares([0, 0]) == nil)
    #expect(averagingShares([]) == nil)
  }

  @Test func twoHugeWeightsGiveTheMiddle() {
    #expect(weightedMean([[Float(1), 5]], weights: [1e308])! == [1, 5])
    #expect(weightedMean([[Float(1), 5], [3, 9]], weights: [1e308, 1e308])! == [2, 7])
    // Numbers whose sum leaves the range too.
    let large = Float.greatestFiniteMagnitude
    #expect(weightedMean([[large], [large], [large]], weights: [1, 2, 4])! == [large])
    #expect(uniformMean([[Double.greatestFiniteMagnitude / 2], [Double.greatestFiniteMagnitude / 2]])! == [Double.greatestFiniteMagnitude / 2])
    #expect(weightedMean([[Float(1)]], weights: [0]) == nil)
  }

  private func rows(_ clients: Int, _ count: Int) -> (rows: [[Float]], weights: [Double]) {
    var generator = RandomStream(seed: 5, purpose: .initialization).generator()
    let rows = (0..<clients).map { _ in (0..<count).map { _ in Float(generator.normal()) } }
    return (rows, (0..<clients).map { _ in generator.uniform(0.1, 3) })
  }

  /// Equal vectors are their mean whatever they weigh: clients that agree are left where they are.
  @Test func equalVectorsStay() {
    let (rows, weights) = rows(7, 1000)
    let same = [[Float]](repeating: rows[0], count: 7)
    #expect(weightedMean(same, weights: weights)! == rows[0])
    #expect(uniformMean(same)! == rows[0])
  }

  /// Against a plain program, for lengths around those of the pieces in which threads work; one thread and five give the same bits.
  @Test(arguments: [1, 2047, 2048, 2049, 6000]) func theMeanIsThatOfAPlainProgram(count: Int) {
    let (rows, weights) = rows(5, count)
    let mean = weightedMean(rows, weights: weights)!
    #expect(mean.count == count)
    let total = weights.reduce(0, +)
    for i in 0..<count {
      var exact = 0.0
      for client in 0..<5 { exact += weights[client] * Double(rows[client][i]) }
      // Half a unit in the last place of a Float and the errors of five sums in Double.
      #expect(abs(Double(mean[i]) - exact / total) <= 0x1p-24 * abs(exact / total) + 1e-15)
    }
    #expect(weightedMean(rows, weights: weights, threads: 5)! == mean)
    #expect(weightedMean(rows, weights: weights, threads: 2)! == mean)
  }

  @Test func nothingIsTheMeanOfNothing() {
    #expect(weightedMean([[Float]](), weights: []) == nil)
    #expect(weightedMean([[Float]()], weights: [1])! == [])
  }

  // MARK: Quadratic clients

  private func round(from w: [Double], steps: Int = 5) -> [Double] {
    let locals = (0..<3).map { QuadraticClients.descend($0, from: w, steps: steps, rate: 0.1) }
    return weightedMean(locals, weights: QuadraticClients.weights)!
  }

  /// Federated averaging with five local steps comes to rest beside the optimum, because clients drift; with one step it does not.
  @Test func federatedAveragingHasItsDriftedFixedPoint() {
    let first = round(from: [0, 0])
    #expect(QuadraticClients.distance(first, [0.0557535417, 0.3235031771]) < 1e-10)
    var (w, exact) = ([0.0, 0.0], [0.0, 0.0])
    for _ in 0..<400 { (w, exact) = (round(from: w), round(from: exact, steps: 1)) }
    #expect(QuadraticClients.distance(w, [0.1323916008, 0.4830457467]) < 1e-10)
    #expect(QuadraticClients.distance(exact, [0.3774834437, 0.7629139073]) < 1e-10)
  }
}
