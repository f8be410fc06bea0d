import Channels
import Tensor

/// How received powers become the first features of the state: three kinds, each with its own offset and factor.
///
/// Constants come from the large-scale powers of a copy's first drop and never change: own gain, cellular gain and
/// interference (of the base station, with noise) each have one mean and one standard deviation over the pairs.
struct D2DStateScaling: Hashable, Sendable {
  /// Spreads below this count as this, so that alike pairs are not blown apart.
  static let leastDeviationDB = 3.0

  let logarithmic: Bool
  /// scaled = (value − offset) · factor, of the decibels or of the power itself. Own gain, cellular gain, interference.
  let offset: [Float]
  let factor: [Float]

  init(_ parameters: D2DParameters, drop: UnderlayDrop, links: UnderlayLinks) {
    let basePower = parameters.cell.basePowerOnBlock
    let pairPower = parameters.cell.pairPower
    switch parameters.stateScaling {
    case .linear:
      logarithmic = false
      offset = [0, 0, 0]
      factor = [Float(1 / pairPower.value), Float(1 / basePower.value), 1]
    case .decibels:
      logarithmic = true
      offset = [Float(Decibels(linear: pairPower.value).value), Float(Decibels(linear: basePower.value).value), 0]
      factor = [1, 1, 1]
    case .standardized:
      logarithmic = true
      let layout = links.layout
      let pairs = 0..<parameters.cell.pairs
      let toTransmitter = parameters.cellularGainFeature == .toTransmitter
      let heard = pairs.map { parameters.cell.baseInterference ? drop.powers[layout.base(toReceiver: $0)] : 0 }
      let constants = [
        D2DStateScaling.moments(pairs.map { drop.powers[layout.transmitter($0, toReceiver: $0)] }),
        D2DStateScaling.moments(
          pairs.map { drop.powers[toTransmitter ? layout.base(toTransmitter: $0) : layout.base(toReceiver: $0)] }),
        D2DStateScaling.moments(heard.map { $0 + links.noiseWatts }),
      ]
      offset = constants.map { Float($0.mean) }
      factor = constants.map { Float(1 / max($0.deviation, D2DStateScaling.leastDeviationDB)) }
    }
  }

  /// Mean and (population) standard deviation of the decibels of some powers. Like ``LinkQuality/decibels(of:into:)`` it counts numbers
  /// below the smallest normal one as that one: links of 380 dB and more fade to zero in single precision.
  static func moments(_ powers: [Float]) -> (mean: Double, deviation: Double) {
    let values = powers.map { Decibels(linear: Double(max($0, .leastNormalMagnitude))).value }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, Math.sqrt(variance))
  }

  /// Scales powers that lie kind after kind.
  ///
  /// - Parameters:
  ///   - features: Own powers `[N]` or `[N, K]`, powers from the base station `[N]`, interference `[N]` or `[N, K]`, in watts.
  ///   - scaled: In the same order.
  ///   - ownWidth: Own powers of a pair.
  func apply(_ features: [Float], into scaled: inout [Float], pairs: Int, ownWidth: Int = 1) {
    if logarithmic {
      LinkQuality.decibels(of: features, into: &scaled)
    } else {
      for i in features.indices { scaled[i] = features[i] }
    }
    for kind in 0..<3 {
      let (own, cellular) = (ownWidth * pairs, (ownWidth + 1) * pairs)
      let range = kind == 0 ? 0..<own : kind == 1 ? own..<cellular : cellular..<scaled.count
      let offset = offset[kind]
      let factor = factor[kind]
      for i in range { scaled[i] = (scaled[i] - offset) * factor }
    }
  }
}
