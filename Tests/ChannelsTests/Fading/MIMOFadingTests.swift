import Channels
import Tensor
import TestSupport
import Testing

@Suite struct MIMOFadingTests {
  let stream = RandomStream(seed: 31, purpose: .fading, index: 2)
  static let receive = AntennaCorrelation.exponential(size: 3, coefficient: Complex(0.7, 0.2))
  static let transmit = AntennaCorrelation.exponential(size: 2, coefficient: Complex(-0.3, 0.6))

  /// The parts of one element of all matrices.
  private func parts(_ h: ComplexMatrices, _ row: Int, _ column: Int) -> (real: [Double], imaginary: [Double]) {
    let place = (row * h.columns + column) * h.stride
    let (x, y) = (h.real, h.imaginary)
    return ((0..<h.count).map { x[place + $0] }, (0..<h.count).map { y[place + $0] })
  }

  /// E[a b*] over the matrices.
  private func mean(_ a: (real: [Double], imaginary: [Double]), _ b: (real: [Double], imaginary: [Double])) -> Complex {
    Complex(
      Moments.meanProduct(a.real, b.real) + Moments.meanProduct(a.imaginary, b.imaginary),
      Moments.meanProduct(a.imaginary, b.real) - Moments.meanProduct(a.real, b.imaginary))
  }

  @Test func elementsWithoutCorrelationAreThoseOfSmallScaleFading() {
    for mode in SmallScaleFadingTests.modes {
      var channels = MIMOFading(mode: mode, copies: 2, links: 5, receiveAntennas: 3, transmitAntennas: 2)
      var fading = SmallScaleFading(law: .rayleigh, mode: mode, copies: 2, links: 5, blocks: 6)
      channels.start(stream: stream)
      fading.start(stream: stream)
      for slot in 1...3 {
        channels.advance(stream: stream, slot: slot)
        fading.advance(stream: stream, slot: slot)
        let expected = zip(fading.real, fading.imaginary).map { Complex(Double($0), Double($1)) }
        #expect(channels.channels.elements == expected)
      }
    }
  }

  @Test(arguments: [FadingMode.block(), .gaussMarkov(correlation: 0.9)]) func theCovarianceIsAKroneckerProduct(mode: FadingMode) {
    let links = 20000
    var fading = MIMOFading(
      mode: mode, links: links, receiveAntennas: 3, transmitAntennas: 2, receiveCorrelation: MIMOFadingTests.receive,
      transmitCorrelation: MIMOFadingTests.transmit)
    fading.start(stream: stream)
    fading.advance(stream: stream, slot: 1)
    let h = fading.channels
    // E[H_ij H_kl*] = R_r,ik R_t,lj. Standard errors of at most 1/√n.
    for (i, k) in [(0, 0), (2, 2), (0, 1), (0, 2), (2, 1)] {
      for (j, l) in [(0, 0), (1, 1), (0, 1), (1, 0)] {
        let expected = MIMOFadingTests.receive[matrix: 0, row: i, column: k] * MIMOFadingTests.transmit[matrix: 0, row: l, column: j]
        let found = mean(parts(h, i, j), parts(h, k, l))
        #expect(abs(found.real - expected.real) < 5.5 / 141.4 && abs(found.imaginary - expected.imaginary) < 5.5 / 141.4, "(\(i)\(j), \(k)\(l))")
      }
    }
    let first = parts(h, 1, 1)
    #expect(KolmogorovSmirnov.agrees(zip(first.real, first.imaginary).map { $0 * $0 + $1 * $1 }) { 1 - Math.exp(-$0) })
  }

  @Test func correlationOnOneSideOnly() {
    for side in [true, false] {
      var fading = MIMOFading(
        mode: .block(), links: 20000, receiveAntennas: 2, transmitAntennas: 2, receiveCorrelation: side ? MIMOFadingTests.transmit : nil,
        transmitCorrelation: side ? nil : MIMOFadingTests.transmit)
      fading.start(stream: stream)
      let h = fading.channels
      let along = side ? mean(parts(h, 0, 0), parts(h, 1, 0)) : mean(parts(h, 0, 1), parts(h, 0, 0))
      let across = side ? mean(parts(h, 0, 0), parts(h, 0, 1)) : mean(parts(h, 0, 0), parts(h, 1, 0))
      #expect((along - Complex(-0.3, 0.6)).magnitude < 0.055 && across.magnitude < 0.055)
    }
  }

  @Test func gaussMarkovChannelsForgetByThePowersOfRho() {
    var fading = MIMOFading(
      mode: .gaussMarkov(correlation: 0.8), links: 20000, receiveAntennas: 2, transmitAntennas: 2, receiveCorrelation: MIMOFadingTests.transmit)
    fading.start(stream: stream)
    let start = parts(fading.channels, 1, 0)
    for slot in 1...3 {
      fading.advance(stream: stream, slot: slot)
      let expected = Math.pow(0.8, Double(slot))
      #expect((mean(parts(fading.channels, 1, 0), start) - Complex(expected)).magnitude < 0.055)
    }
  }

  @Test func everyLinkMayHaveItsOwnCorrelation() {
    let correlations = ComplexMatrices(count: 3, rows: 2, columns: 2) { Complex($1 == $2 ? 1 : 0.3 * Double($0)) }
    var together = MIMOFading(mode: .block(), copies: 2, links: 3, receiveAntennas: 2, transmitAntennas: 1, receiveCorrelation: correlations)
    var white = MIMOFading(mode: .block(), copies: 2, links: 3, receiveAntennas: 2, transmitAntennas: 1)
    together.start(stream: stream)
    white.start(stream: stream)
    for matrix in 0..<6 {
      // The factor of [[1, r], [r, 1]] is [[1, 0], [r, √(1 − r²)]].
      let r = 0.3 * Double(matrix % 3)
      let (a, b) = (white.channels[matrix: matrix, row: 0, column: 0], white.channels[matrix: matrix, row: 1, column: 0])
      #expect((together.channels[matrix: matrix, row: 0, column: 0] - a).magnitude < 1e-14)
      #expect((together.channels[matrix: matrix, row: 1, column: 0] - (r * a + (1 - r * r).squareRoot() * b)).magnitude < 1e-14)
    }
  }

  @Test(arguments: SmallScaleFadingTests.modes) func copiesAreSingleRuns(mode: FadingMode) {
    func make(_ copies: Int, _ index: Int) -> ComplexMatrices {
      let stream = RandomStream(seed: 31, purpose: .fading, index: index)
      var fading = MIMOFading(
        mode: mode, copies: copies, links: 5, receiveAntennas: 3, transmitAntennas: 2, receiveCorrelation: MIMOFadingTests.receive,
        transmitCorrelation: MIMOFadingTests.transmit)
      fading.start(stream: stream)
      for slot in 1...3 { fading.advance(stream: stream, slot: slot) }
      return fading.channels
    }
    let batch = make(3, 2).elements
    for copy in 0..<3 { #expect(Array(batch[copy * 30..<(copy + 1) * 30]) == make(1, 2 + copy).elements) }
  }

  @Test(arguments: SmallScaleFadingTests.modes) func savedStateContinuesBitForBit(mode: FadingMode) throws {
    let path = try TemporaryFolder()
    func make() -> MIMOFading {
      MIMOFading(mode: mode, links: 4, receiveAntennas: 3, transmitAntennas: 2, transmitCorrelation: MIMOFadingTests.transmit)
    }
    var original = make()
    original.start(stream: stream)
    original.advance(stream: stream, slot: 1)
    try Archive.save(&original, to: path.file("mimo"))
    var restored = make()
    try Archive.restore(&restored, from: path.file("mimo"))
    #expect(restored.channels == original.channels)
    for slot in 2...4 {
      original.advance(stream: stream, slot: slot)
      restored.advance(stream: stream, slot: slot)
    }
    #expect(restored.channels == original.channels)
  }

  @Test func matricesThatAreNoCorrelationsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let singular = ComplexMatrices(count: 1, rows: 2, columns: 2) { _, _, _ in .one }
      _ = MIMOFading(mode: .block(), links: 2, receiveAntennas: 2, transmitAntennas: 2, receiveCorrelation: singular)
    }
    await #expect(processExitsWith: .failure) {
      _ = MIMOFading(mode: .block(), links: 2, receiveAntennas: 2, transmitAntennas: 2, receiveCorrelation: MIMOFadingTests.receive)
    }
  }
}
