import Channels
import Tensor
import TestSupport
import Testing

@Suite struct PrecodingTests {
  @Test(arguments: [(1, 1), (1, 4), (2, 4), (4, 8), (6, 16), (16, 32)]) func zeroForcingLeavesNoInterference(users: Int, antennas: Int) {
    let channels = BeamSamples.rayleigh(37, users, antennas, seed: 1)
    for normalization in BeamNormalization.allCases {
      let (beams, flags) = BeamSamples.zeroForcing(channels, normalization)
      #expect(flags.allSatisfy { $0 })
      let received = BeamSamples.product(channels, beams)
      for e in 0..<37 {
        var total = 0.0
        for k in 0..<users {
          let norm = BeamSamples.squaredNorm(beams, matrix: e, column: k)
          total += norm
          if normalization == .unitBeams { #expect(abs(norm - 1) <= 1e-14) }
          if normalization == .none { #expect((received[matrix: e, row: k, column: k] - .one).magnitude <= 1e-10) }
          // The own symbol arrives without a turn of its phase.
          #expect(received[matrix: e, row: k, column: k].real > 0 && abs(received[matrix: e, row: k, column: k].imaginary) <= 1e-10)
          for j in 0..<users where j != k { #expect(received[matrix: e, row: j, column: k].magnitude <= 1e-10) }
        }
        if normalization == .totalPower { #expect(abs(total - 1) <= 1e-14) }
      }
    }
  }

  /// h₁ = (1, j), h₂ = (1, 1), then h₁ = (2, j), h₂ = (1, 1 + j), worked by hand; rows of H are conjugated for hᴴ w.
  @Test func smallChannelsWorkedByHand() {
    let first = ComplexMatrices([.one, Complex(0, -1), .one, .one], count: 1, rows: 2, columns: 2)
    let beams = [Complex(0.5, -0.5), Complex(0.5, 0.5), Complex(-0.5, 0.5), Complex(0.5, -0.5)]
    #expect(BeamSamples.distance(BeamSamples.zeroForcing(first).beams, ComplexMatrices(beams, count: 1, rows: 2, columns: 2)) < 1e-14)
    let second = ComplexMatrices([Complex(2), Complex(0, -1), .one, Complex(1, -1)], count: 1, rows: 2, columns: 2)
    let (found, _) = BeamSamples.zeroForcing(second)
    let exact = [Complex(0.774597, -0.258199), Complex(-0.2, 0.4), Complex(-0.516398, -0.258199), Complex(0.8, 0.4)]
    #expect(BeamSamples.distance(found, ComplexMatrices(exact, count: 1, rows: 2, columns: 2)) < 1e-6)
    let gains = BeamSamples.gains(second, found)
    #expect(abs(gains[0] - 5.0 / 3) < 1e-13 && abs(gains[3] - 1) < 1e-13 && gains[1] < 1e-26 && gains[2] < 1e-26)
  }

  /// The Gamma distribution of whole order n: 1 − e⁻ˣ Σ_{j<n} xʲ / j!, that of half a χ² of 2n degrees of freedom.
  static func gamma(_ x: Double, order: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for j in 1..<max(order, 1) {
      term *= x / Double(j)
      sum += term
    }
    return 1 - Math.exp(-x) * sum
  }

  @Test(arguments: [(1, 1), (2, 4), (4, 4), (4, 8), (6, 8)]) func gainsOverRayleighChannelsAreGamma(users: Int, antennas: Int) {
    let channels = BeamSamples.rayleigh(4000, users, antennas, seed: UInt64(10 * users + antennas))
    let (beams, flags) = BeamSamples.zeroForcing(channels)
    #expect(flags.allSatisfy { $0 })
    let gains = BeamSamples.gains(channels, beams)
    for k in [0, users - 1] {
      let own = (0..<4000).map { gains[($0 * users + k) * users + k] }
      #expect(KolmogorovSmirnov.agrees(own) { PrecodingTests.gamma($0, order: antennas - users + 1) })
    }
    // A beam of unit norm that knows nothing of a channel has a gain of mean 1 there, exponentially distributed.
    let other = BeamSamples.rayleigh(4000, 1, antennas, seed: 999)
    let crossing = BeamSamples.gains(other, beams)
    #expect(KolmogorovSmirnov.agrees((0..<4000).map { crossing[$0 * users] }) { PrecodingTests.gamma($0, order: 1) })
  }

  @Test(arguments: [(3, 5), (4, 4), (6, 3), (1, 2)]) func regularisedBeamsSolveTheirEquation(users: Int, antennas: Int) {
    let channels = BeamSamples.rayleigh(20, users, antennas, seed: 2)
    let beams = BeamSamples.regularized(channels, loading: 0.7, .none)
    // W (H Hᴴ + λ I) = Hᴴ
    let loaded = ComplexMatrices(count: 20, rows: users, columns: users) { matrix, row, column in
      (0..<antennas).reduce(row == column ? Complex(0.7) : .zero) {
        $0 + channels[matrix: matrix, row: row, column: $1] * channels[matrix: matrix, row: column, column: $1].conjugate
      }
    }
    let adjoint = ComplexMatrices(count: 20, rows: antennas, columns: users) { channels[matrix: $0, row: $2, column: $1].conjugate }
    #expect(BeamSamples.distance(BeamSamples.product(beams, loaded), adjoint) < 1e-12)
    for k in 0..<users {
      #expect(abs(BeamSamples.squaredNorm(BeamSamples.regularized(channels, loading: 0.7), matrix: 3, column: k) - 1) <= 1e-14)
    }
  }

  @Test func regularisedBeamsLieBetweenTheOtherTwo() {
    let channels = BeamSamples.rayleigh(50, 4, 8, seed: 3)
    let (forcing, ratio) = (BeamSamples.zeroForcing(channels).beams, BeamSamples.maximumRatio(channels))
    var before = 0.0
    for exponent in stride(from: -8, through: 8, by: 2) {
      let beams = BeamSamples.regularized(channels, loading: Math.pow(10, Double(exponent)))
      let distance = BeamSamples.distance(beams, forcing)
      #expect(distance > before)
      before = distance
      if exponent == -8 { #expect(distance < 1e-7) }
      if exponent == 8 { #expect(BeamSamples.distance(beams, ratio) < 1e-6) }
    }
  }

  @Test func maximumRatioHasTheGreatestGain() {
    let channels = BeamSamples.rayleigh(40, 3, 6, seed: 4)
    let gains = BeamSamples.gains(channels, BeamSamples.maximumRatio(channels))
    let others = BeamSamples.gains(channels, BeamSamples.zeroForcing(channels).beams)
    let random = BeamSamples.rayleigh(40, 3, 6, seed: 5)
    let unrelated = BeamSamples.gains(channels, BeamSamples.maximumRatio(random))
    for e in 0..<40 {
      for k in 0..<3 {
        let place = (e * 3 + k) * 3 + k
        let squared = (0..<6).reduce(0) { $0 + channels[matrix: e, row: k, column: $1].squaredMagnitude }
        #expect(abs(gains[place] - squared) <= 1e-13 * squared)
        #expect(others[place] <= gains[place] && unrelated[place] <= gains[place])
      }
    }
  }

  @Test func aUserWithoutAChannelHasNoBeam() {
    var channels = BeamSamples.rayleigh(3, 2, 3, seed: 6)
    for m in 0..<3 { channels[matrix: 1, row: 0, column: m] = .zero }
    let beams = BeamSamples.maximumRatio(channels)
    for m in 0..<3 { #expect(beams[matrix: 1, row: m, column: 0] == .zero) }
    #expect(abs(BeamSamples.squaredNorm(beams, matrix: 1, column: 1) - 1) <= 1e-14)
  }

  @Test func channelsShortOfRankAreMarked() {
    var channels = BeamSamples.rayleigh(20, 3, 6, seed: 7)
    for m in 0..<6 {
      channels[matrix: 4, row: 2, column: m] = channels[matrix: 4, row: 0, column: m] * Complex(0.3, -2)
      channels[matrix: 11, row: 1, column: m] = .zero
    }
    for normalization in BeamNormalization.allCases {
      let (beams, flags) = BeamSamples.zeroForcing(channels, normalization)
      #expect(flags == (0..<20).map { $0 != 4 && $0 != 11 })
      for e in 0..<20 {
        let elements = BeamSamples.pick(e, of: beams).elements
        #expect(elements.allSatisfy { flags[e] ? $0.isFinite : $0.real.isNaN && $0.imaginary.isNaN })
      }
    }
    #expect(BeamSamples.regularized(channels, loading: 0.1).elements.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(2, 4), (4, 8), (3, 3)]) func manyRealisationsAreSingleOnes(users: Int, antennas: Int) {
    let channels = BeamSamples.rayleigh(130, users, antennas, seed: 8)
    let methods: [(ComplexMatrices) -> ComplexMatrices] = [
      { BeamSamples.zeroForcing($0).beams }, { BeamSamples.zeroForcing($0, .totalPower).beams }, { BeamSamples.regularized($0, loading: 0.3) },
      { BeamSamples.maximumRatio($0, .totalPower) },
    ]
    for method in methods {
      let together = method(channels)
      let gains = BeamSamples.gains(channels, together)
      for e in 0..<130 {
        let channel = BeamSamples.pick(e, of: channels)
        let alone = method(channel)
        #expect(alone == BeamSamples.pick(e, of: together))
        #expect(BeamSamples.gains(channel, alone)[...] == gains[e * users * users..<(e + 1) * users * users])
      }
    }
  }

  @Test func usersInAnotherOrderHaveTheSameBeams() {
    let channels = BeamSamples.rayleigh(10, 4, 8, seed: 9)
    let order = [2, 0, 3, 1]
    let turned = ComplexMatrices(count: 10, rows: 4, columns: 8) { channels[matrix: $0, row: order[$1], column: $2] }
    for method in [{ BeamSamples.zeroForcing($0).beams }, { BeamSamples.maximumRatio($0) }] as [(ComplexMatrices) -> ComplexMatrices] {
      let beams = method(channels)
      let expected = ComplexMatrices(count: 10, rows: 8, columns: 4) { beams[matrix: $0, row: $1, column: order[$2]] }
      #expect(BeamSamples.distance(method(turned), expected) < 1e-11)
    }
  }

  @Test func emptyBatches() {
    #expect(BeamSamples.zeroForcing(ComplexMatrices(count: 0, rows: 2, columns: 4)).beams.count == 0)
    #expect(BeamSamples.gains(ComplexMatrices(count: 0, rows: 2, columns: 4), ComplexMatrices(count: 0, rows: 4, columns: 2)).isEmpty)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = BeamSamples.zeroForcing(ComplexMatrices(count: 1, rows: 3, columns: 2)) }
    await #expect(processExitsWith: .failure) { _ = BeamSamples.regularized(ComplexMatrices(count: 1, rows: 2, columns: 2), loading: 0) }
    await #expect(processExitsWith: .failure) {
      var (beams, workspace) = (ComplexMatrices(count: 1, rows: 2, columns: 3), BeamWorkspace())
      Precoding.formMaximumRatio(ComplexMatrices(count: 1, rows: 2, columns: 3), into: &beams, workspace: &workspace)
    }
    await #expect(processExitsWith: .failure) {
      var (beams, flags, workspace) = (ComplexMatrices(count: 2, rows: 3, columns: 2), [true, true], BeamWorkspace())
      Precoding.formZeroForcing(ComplexMatrices(count: 1, rows: 2, columns: 3), into: &beams, isFullRank: &flags, workspace: &workspace)
    }
  }
}
