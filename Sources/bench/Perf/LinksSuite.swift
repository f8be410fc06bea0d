import Channels
import Tensor

/// Speeds of link equations: beams, water-filling, and signal over interference on shared blocks.
enum LinksSuite {
  static func run(_ meter: PerfMeter, _ report: (PerfResult?) -> Void) throws {
    report(try zeroForcing(meter, users: 4, antennas: 8, realizations: 1024))
    report(try beamGains(meter, users: 4, antennas: 8, realizations: 1024))
    report(try waterFilling(meter, channels: 16, sets: 64))
    report(try sinr(meter, pairs: 50, blocks: 10, copies: 64))
    report(try sinrOnAllBlocks(meter, pairs: 50, blocks: 10, copies: 64))
  }

  private static func channels(_ realizations: Int, _ users: Int, _ antennas: Int) -> ComplexMatrices {
    var result = ComplexMatrices(count: realizations, rows: users, columns: antennas)
    let stream = RandomStream(seed: 1, purpose: .fading)
    result.withMutablePlanes { real, imaginary in
      stream.fill(&real, with: .normal)
      stream.fill(&imaginary, with: .normal, step: 1)
    }
    return result
  }

  private static func zeroForcing(_ meter: PerfMeter, users: Int, antennas: Int, realizations: Int) throws -> PerfResult? {
    let channels = channels(realizations, users, antennas)
    var beams = ComplexMatrices(count: realizations, rows: antennas, columns: users)
    var isFullRank = [Bool](repeating: false, count: realizations)
    var workspace = BeamWorkspace()
    return try meter.measure("beamforming/zf-\(users)x\(antennas)", unit: .rate("realisations/s", perCall: Double(realizations))) {
      Precoding.formZeroForcing(channels, into: &beams, isFullRank: &isFullRank, workspace: &workspace)
    }
  }

  private static func beamGains(_ meter: PerfMeter, users: Int, antennas: Int, realizations: Int) throws -> PerfResult? {
    let channels = channels(realizations, users, antennas)
    var beams = ComplexMatrices(count: realizations, rows: antennas, columns: users)
    var workspace = BeamWorkspace()
    Precoding.formMaximumRatio(channels, into: &beams, workspace: &workspace)
    var gains = [Double](repeating: 0, count: realizations * users * users)
    return try meter.measure("beamforming/gains-\(users)x\(antennas)", unit: .rate("realisations/s", perCall: Double(realizations))) {
      var span = gains.mutableSpan
      BeamGains.form(channels, beams, into: &span, workspace: &workspace)
    }
  }

  private static func waterFilling(_ meter: PerfMeter, channels: Int, sets: Int) throws -> PerfResult? {
    var levels = [Double](repeating: 0, count: sets * channels)
    RandomStream(seed: 2, purpose: .fading).fill(&levels, with: .exponential)
    let budgets = [Double](repeating: 2, count: sets)
    var powers = [Double](repeating: 0, count: sets * channels)
    var waterLevels = [Double](repeating: 0, count: sets)
    var filling = WaterFilling()
    return try meter.measure("waterfilling/\(channels)", unit: .rate("problems/s", perCall: Double(sets))) {
      var powerSpan = powers.mutableSpan
      var waterSpan = waterLevels.mutableSpan
      filling.fill(levels: levels.span, budgets: budgets.span, into: &powerSpan, waterLevels: &waterSpan)
    }
  }

  private static func shared(_ pairs: Int, _ blocks: Int, _ copies: Int) -> (SharedBlocks, gains: [Float]) {
    let shared = SharedBlocks(pairs: pairs, noise: Array(repeating: 1e-3, count: blocks))
    var gains = [Float](repeating: 0, count: copies * shared.gainCount)
    RandomStream(seed: 3, purpose: .fading).fill(&gains, with: .exponential)
    return (shared, gains)
  }

  private static func sinr(_ meter: PerfMeter, pairs: Int, blocks: Int, copies: Int) throws -> PerfResult? {
    let (shared, gains) = shared(pairs, blocks, copies)
    let allocation = (0..<copies * pairs).map { Int32(($0 * 7919 + $0 / pairs) % blocks) }
    let powers = [Float](repeating: 0.2, count: copies * pairs)
    var reception = LinkReception(for: shared, copies: copies)
    return try meter.measure("sinr/\(pairs)x\(blocks)", unit: .rate("links/s", perCall: Double(copies * pairs))) {
      shared.evaluate(gains: gains.span, allocation: allocation.span, powers: powers.span, into: &reception)
    }
  }

  private static func sinrOnAllBlocks(_ meter: PerfMeter, pairs: Int, blocks: Int, copies: Int) throws -> PerfResult? {
    let (shared, gains) = shared(pairs, blocks, copies)
    let powers = [Float](repeating: 0.02, count: copies * blocks * pairs)
    var reception = BlockReception(for: shared, copies: copies)
    return try meter.measure("sinr/\(pairs)x\(blocks)/all", unit: .rate("links/s", perCall: Double(copies * pairs))) {
      shared.evaluate(gains: gains.span, powers: powers.span, into: &reception)
    }
  }
}
