import CAllocations
import Channels
import Tensor
import TestSupport
import Testing

@Suite struct MulticellChannelTests {
  /// 1 − e⁻ˣ Σ_{j<n} xʲ / j!
  private func gamma(_ x: Double, order: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for j in 1..<max(order, 1) {
      term *= x / Double(j)
      sum += term
    }
    return 1 - Math.exp(-x) * sum
  }

  /// Own gains over a_bb are Gamma(M − U + 1, 1), cross gains over a exponential, in both ways of drawing.
  @Test(arguments: MulticellChannel.Draws.allCases) func gainsHaveTheirLaws(draws: MulticellChannel.Draws) {
    let network = MulticellSamples.uneven
    let copies = 1500
    let gains = MulticellChannel(network, copies: copies, draws: draws, seed: 4).gains
    func collect(_ gain: (Int, Int) -> Double) -> [Double] { (0..<copies).flatMap { copy in (0..<2).map { gain(copy, 2 * $0) } } }
    for (cell, user) in [(0, 0), (0, 1), (1, 3), (2, 5), (2, 8)] {
      let own = collect { gains.own(realization: $0, frequency: $1, user: user) / network.linkGain(from: cell, to: cell) }
      #expect(KolmogorovSmirnov.agrees(own) { gamma($0, order: network.antennas[cell] - network.users[cell] + 1) })
    }
    for (from, sender, to, user) in [(0, 0, 1, 4), (0, 1, 2, 6), (1, 2, 0, 0), (2, 5, 1, 2), (2, 8, 0, 1)] {
      let cross = collect { gains.cross(realization: $0, frequency: $1, from: sender, to: user) / network.linkGain(from: from, to: to) }
      #expect(KolmogorovSmirnov.agrees(cross) { 1 - Math.exp(-$0) })
    }
    // Cells 1 and 2 do not interfere in that direction.
    #expect((0..<copies).allSatisfy { gains.cross(realization: $0, frequency: 1, from: 3, to: 7) == 0 })
  }

  /// What beams of a cell bring to one user hangs together, as their inner products do, and with the own gains: mean products of pairs are those of
  /// the other way of drawing. Products of Gamma numbers of order 1 to 5 have standard deviations below 12 of their mean's size; six of them apart.
  @Test func bothWaysOfDrawingHaveTheSameJointLaw() {
    let network = MulticellNetwork(cells: 2, users: 3, antennas: 4, frequencies: 1, sirDB: 0)
    let copies = 20_000
    let gains = MulticellChannel.Draws.allCases.map { MulticellChannel(network, copies: copies, draws: $0, seed: 40).gains }
    let products: [(MulticellGains, Int) -> Double] = [
      { $0.cross(realization: $1, frequency: 0, from: 0, to: 3) * $0.cross(realization: $1, frequency: 0, from: 1, to: 3) },
      { $0.cross(realization: $1, frequency: 0, from: 1, to: 4) * $0.cross(realization: $1, frequency: 0, from: 2, to: 4) },
      { $0.cross(realization: $1, frequency: 0, from: 0, to: 3) * $0.cross(realization: $1, frequency: 0, from: 0, to: 4) },
      { $0.own(realization: $1, frequency: 0, user: 0) * $0.own(realization: $1, frequency: 0, user: 1) },
      { $0.own(realization: $1, frequency: 0, user: 1) * $0.cross(realization: $1, frequency: 0, from: 1, to: 5) },
    ]
    for (index, product) in products.enumerated() {
      let values = gains.map { gains in (0..<copies).map { product(gains, $0) } }
      let means = values.map { Moments.mean($0) }
      let variances = zip(values, means).map { Moments.mean($0, power: 2) - $1 * $1 }
      let deviation = (variances.reduce(0, +) / Double(copies)).squareRoot()
      #expect(abs(means[0] - means[1]) < 6 * deviation, "product \(index): \(means)")
      // Beams of one cell are not orthogonal: the first product would be one if they were.
      if index == 0 { #expect(means[0] > 1.05 && means[1] > 1.05) }
    }
  }

  /// Channels and beams that are kept give the gains, leave no interference within a cell, and have the mean power of eq. (2).
  @Test func channelsAndBeamsBelongToTheGains() {
    let network = MulticellSamples.uneven
    let channel = MulticellChannel(network, copies: 10, draws: .antennas, seed: 7)
    var (power, count) = (0.0, 0)
    for copy in 0..<10 {
      for cell in 0..<3 {
        let (users, antennas) = (network.users[cell], network.antennas[cell])
        let plane = 5 * users * antennas
        let start = copy * MulticellChannel.rawSize(network) + MulticellChannel.rawStart(network, cell)
        func number(_ part: Int, _ f: Int, _ user: Int, _ antenna: Int) -> Complex {
          let place = start + part * plane + (f * users + user) * antennas + antenna
          return Complex(Double(channel.raw[place]), Double(channel.raw[place + plane]))
        }
        for f in 0..<5 {
          for user in 0..<users {
            for beam in 0..<users {
              // w† h
              var (sum, norm) = (Complex(0), 0.0)
              for antenna in 0..<antennas {
                let (w, h) = (number(2, f, beam, antenna), number(0, f, user, antenna))
                sum = sum + w.conjugate * h
                norm += w.squaredMagnitude
                if beam == 0 { (power, count) = (power + h.squaredMagnitude / network.linkGain(from: cell, to: cell), count + 1) }
              }
              #expect(abs(norm - 1) < 1e-5)
              let gain = channel.gains.own(realization: copy, frequency: f, user: network.firstUser(of: cell) + user)
              if beam == user { #expect(abs(sum.squaredMagnitude / gain - 1) < 1e-3) } else { #expect(sum.squaredMagnitude < 1e-8 * max(1, gain)) }
            }
          }
        }
      }
    }
    // The mean of exponential numbers, whose standard deviation is one.
    #expect(abs(power / Double(count) - 1) < 5.5 / Double(count).squareRoot())
  }

  /// Copies together have the bits of each apart, in every block and after a return to it.
  @Test(arguments: MulticellChannel.Draws.allCases) func copiesAndBlocksHaveNamesOfTheirOwn(draws: MulticellChannel.Draws) {
    let network = MulticellSamples.uneven
    var all = MulticellChannel(network, copies: 11, draws: draws, seed: 1)
    let first = all.gains
    all.move(to: 3)
    #expect(all.gains.inverseOwn != first.inverseOwn)
    for copy in [0, 7, 8, 10] {
      var alone = MulticellChannel(network, copies: 1, draws: draws, seed: 1, firstCopy: copy)
      alone.move(to: 3)
      for f in 0..<5 {
        #expect(alone.gains.own(realization: 0, frequency: f, user: 8) == all.gains.own(realization: copy, frequency: f, user: 8))
        let pair = all.gains.cross(realization: copy, frequency: f, from: 1, to: 8)
        #expect(alone.gains.cross(realization: 0, frequency: f, from: 1, to: 8) == pair)
      }
      if draws == .antennas {
        let size = MulticellChannel.rawSize(network)
        #expect(Array(all.raw[copy * size..<(copy + 1) * size]) == alone.raw)
      }
    }
    all.move(to: 0)
    #expect(all.gains.inverseOwn == first.inverseOwn && all.gains.cross == first.cross)
  }

  @Test(arguments: MulticellChannel.Draws.allCases) func aBlockAllocatesNothing(draws: MulticellChannel.Draws) {
    var channel = MulticellChannel(MulticellSamples.uneven, copies: 9, draws: draws, seed: 1)
    channel.move(to: 1)
    allocations_watch()
    for block in 2..<6 { channel.move(to: block) }
    #expect(allocations_seen().requests == 0)
  }
}
