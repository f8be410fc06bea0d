import Channels
import Tensor
import Testing

@Suite struct BeamGainsTests {
  private func sinr(_ gains: [Double], _ powers: [Double], outside: [Double]? = nil, noise: Double, users: Int) -> [Double] {
    var result = [Double](repeating: -1, count: powers.count)
    var span = result.mutableSpan
    if let outside {
      BeamGains.sinr(gains: gains.span, powers: powers.span, outside: outside.span, noise: noise, users: users, into: &span)
    } else {
      BeamGains.sinr(gains: gains.span, powers: powers.span, noise: noise, users: users, into: &span)
    }
    return result
  }

  private func add(_ gains: [Double], _ powers: [Double], realizations: Int, to interference: inout [Double]) {
    var span = interference.mutableSpan
    BeamGains.addInterference(gains: gains.span, powers: powers.span, realizations: realizations, to: &span)
  }

  /// Three cells of 4 antennas with 3, 2 and 4 users, every realisation by plain complex arithmetic.
  @Test func threeCellsAreThoseOfPlainArithmetic() {
    let (count, antennas, users) = (7, 4, [3, 2, 4])
    // channels[c][b]: from the antennas of cell b to the users of cell c.
    let channels = (0..<3).map { c in (0..<3).map { b in BeamSamples.rayleigh(count, users[c], antennas, seed: UInt64(10 * c + b)) } }
    let beams = (0..<3).map { BeamSamples.regularized(channels[$0][$0], loading: 0.2) }
    let powers = users.enumerated().map { cell, width -> [Double] in
      (0..<count * width).map { (i: Int) -> Double in
        let step = (i * 7 + cell) % 11
        return 0.1 + 0.05 * Double(step)
      }
    }
    for c in 0..<3 {
      var outside = [Double](repeating: 0, count: count * users[c])
      for b in 0..<3 where b != c { add(BeamSamples.gains(channels[c][b], beams[b]), powers[b], realizations: count, to: &outside) }
      let found = sinr(BeamSamples.gains(channels[c][c], beams[c]), powers[c], outside: outside, noise: 0.03, users: users[c])
      for e in 0..<count {
        for u in 0..<users[c] {
          var (signal, rest) = (0.0, 0.03)
          for b in 0..<3 {
            for j in 0..<users[b] {
              var amplitude = Complex.zero
              for m in 0..<antennas { amplitude += channels[c][b][matrix: e, row: u, column: m] * beams[b][matrix: e, row: m, column: j] }
              let power = amplitude.squaredMagnitude * powers[b][e * users[b] + j]
              if b == c && j == u { signal = power } else { rest += power }
            }
          }
          #expect(abs(found[e * users[c] + u] - signal / rest) <= 1e-12 * signal / rest)
        }
      }
    }
  }

  @Test func zeroForcingLeavesSignalOverNoise() {
    let channels = BeamSamples.rayleigh(20, 4, 8, seed: 1)
    let gains = BeamSamples.gains(channels, BeamSamples.zeroForcing(channels).beams)
    let powers = (0..<80).map { 0.01 * Double($0 + 1) }
    for (place, ratio) in sinr(gains, powers, noise: 0.5, users: 4).enumerated() {
      let exact = gains[place * 4 + place % 4] * powers[place] / 0.5
      #expect(abs(ratio - exact) <= 1e-12 * exact)
    }
  }

  /// With λ = K N / P regularised beams have the greatest sum of rates of the three at low, middle and high noise on average.
  @Test(arguments: [0.01, 1, 100]) func regularisedBeamsHaveTheGreatestRate(noise: Double) {
    let channels = BeamSamples.rayleigh(400, 4, 4, seed: 2)
    let powers = [Double](repeating: 0.25, count: 1600)
    func rate(_ beams: ComplexMatrices) -> Double {
      sinr(BeamSamples.gains(channels, beams), powers, noise: noise, users: 4).reduce(0) { $0 + Math.log2(1 + $1) }
    }
    let best = rate(BeamSamples.regularized(channels, loading: 4 * noise))
    #expect(best > rate(BeamSamples.zeroForcing(channels).beams) && best > 0.999 * rate(BeamSamples.maximumRatio(channels)))
  }

  @Test func aSmallCellWorkedByHand() {
    // User 0: 4 · 0.5 over 1 · 2 + 0.5 + 0.5; user 1: 3 · 2 over 2 · 0.5 + 1 + 0.5.
    let gains = [4.0, 1, 2, 3]
    let powers = [0.5, 2]
    let twoThirds = 2.0 / 3
    let disturbed = sinr(gains, powers, outside: [0.5, 1], noise: 0.5, users: 2)
    #expect(disturbed == [twoThirds, 2.4])
    let alone = sinr(gains, powers, noise: 1, users: 2)
    #expect(alone == [twoThirds, 3])
    var interference = [1.0, 2]
    add([1, 2, 3, 4, 5, 6], [1, 10, 100], realizations: 1, to: &interference)
    #expect(interference == [322, 656])
    var levels = [0.0, 0, 0, 0]
    var span = levels.mutableSpan
    BeamGains.levels(gains: [4, 1, 2, 0, 0.5, 9, 9, 2].span, disturbance: [1.0, 1, 2, 3].span, noise: 1, users: 2, into: &span)
    #expect(levels == [0.5, .infinity, 6, 2])
  }

  @Test func levelsFillTheBeams() {
    let channels = BeamSamples.rayleigh(1, 4, 8, seed: 3)
    let gains = BeamSamples.gains(channels, BeamSamples.zeroForcing(channels).beams)
    var levels = [0.0, 0, 0, 0]
    var span = levels.mutableSpan
    BeamGains.levels(gains: gains.span, disturbance: [0.0, 0.1, 0.5, 2].span, noise: 0.2, users: 4, into: &span)
    var (filling, powers) = (WaterFilling(), [0.0, 0, 0, 0])
    var out = powers.mutableSpan
    let water = filling.fill(levels: levels.span, budget: 1, into: &out)
    for u in 0..<4 where powers[u] > 0 {
      #expect(abs(powers[u] + ([0.0, 0.1, 0.5, 2][u] + 0.2) / gains[u * 5] - water) < 1e-13)
    }
  }

  @Test func ratiosOfManyRealisationsAreThoseOfSingleOnes() {
    let channels = BeamSamples.rayleigh(64, 3, 4, seed: 4)
    let gains = BeamSamples.gains(channels, BeamSamples.maximumRatio(channels))
    let powers = (0..<192).map { 0.1 + Double($0 % 13) }
    let together = sinr(gains, powers, noise: 0.1, users: 3)
    for e in 0..<64 {
      let alone = sinr(Array(gains[e * 9..<(e + 1) * 9]), Array(powers[e * 3..<(e + 1) * 3]), noise: 0.1, users: 3)
      #expect(alone[...] == together[e * 3..<(e + 1) * 3])
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var (result, workspace) = ([0.0], BeamWorkspace())
      var span = result.mutableSpan
      BeamGains.form(
        ComplexMatrices(count: 1, rows: 1, columns: 2), ComplexMatrices(count: 1, rows: 3, columns: 1), into: &span, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      var result = [0.0, 0]
      var span = result.mutableSpan
      BeamGains.sinr(gains: [1.0, 2, 3].span, powers: [1.0, 1].span, noise: 1, users: 2, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      var result = [0.0, 0]
      var span = result.mutableSpan
      BeamGains.addInterference(gains: [1.0, 2, 3].span, powers: [1.0].span, realizations: 1, to: &span)
    }
    await #expect(processExitsWith: .failure) {
      var result = [0.0, 0]
      var span = result.mutableSpan
      BeamGains.levels(gains: [1.0, 2, 3, 4].span, disturbance: [1.0].span, noise: 1, users: 2, into: &span)
    }
  }
}
