import Tensor

/// Rates in a bandwidth, energy efficiency and outage. None of them allocates.
extension LinkQuality {
  /// Shannon's rate of every link in bit/s: R = B log₂(1 + γ).
  ///
  /// Accurate also for ratios far below 1, where `spectralEfficiency(sinr:into:)` rounds 1 + γ. In a bandwidth of 1 Hz it is the spectral
  /// efficiency in bit/s/Hz. Relative error at most 6 · 2⁻²⁴.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios, not negative. `[links]`
  ///   - bandwidth: B, the same for every link.
  ///   - rates: bit/s. `[links]`
  public static func rates(sinr: Span<Float>, bandwidth: Hertz, into rates: inout MutableSpan<Float>) {
    precondition(sinr.count == rates.count, "LinkQuality.rates: \(sinr.count) ratios, \(rates.count) rates")
    VectorMath.apply(.logOnePlus, to: sinr, into: &rates)
    let scale = Float(bandwidth.value * reciprocalOfLn2)
    for i in rates.indices { rates[i] *= scale }
  }

  /// Shannon's rates in bit/s where every link has a bandwidth of its own.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios, not negative. `[links]`
  ///   - bandwidthsHz: `[links]`, or fewer that repeat: `[K]` for `[E, K]` ratios.
  ///   - rates: bit/s. `[links]`
  public static func rates(sinr: Span<Float>, bandwidthsHz: Span<Float>, into rates: inout MutableSpan<Float>) {
    let period = bandwidthsHz.count
    precondition(
      sinr.count == rates.count && (period > 0 ? rates.count % period == 0 : rates.count == 0),
      "LinkQuality.rates: \(sinr.count) ratios, \(period) bandwidths, \(rates.count) rates")
    VectorMath.apply(.logOnePlus, to: sinr, into: &rates)
    var start = 0
    while start < rates.count {
      for i in 0..<period { rates[start + i] *= bandwidthsHz[i] * Float(reciprocalOfLn2) }
      start += period
    }
  }

  /// The bits that every link carries for a joule: η = R / (P / ε + P_c), in bit/J.
  ///
  /// A link that sends nothing and consumes nothing has 0.
  ///
  /// - Parameters:
  ///   - rates: bit/s. `[links]`
  ///   - powers: Transmit powers in watts. `[links]`
  ///   - circuit: P_c, what a link consumes besides its amplifier.
  ///   - amplifierEfficiency: ε, the share of what the amplifier consumes that is sent; above 0, at most 1.
  ///   - efficiencies: bit/J. `[links]`
  public static func energyEfficiency(
    rates: Span<Float>, powers: Span<Float>, circuit: Watts = Watts(0), amplifierEfficiency: Double = 1,
    into efficiencies: inout MutableSpan<Float>
  ) {
    precondition(
      rates.count == efficiencies.count && powers.count == efficiencies.count,
      "LinkQuality.energyEfficiency: \(rates.count) rates, \(powers.count) powers, \(efficiencies.count) results")
    check(circuit, amplifierEfficiency)
    let (constant, factor) = (Float(circuit.value), Float(1 / amplifierEfficiency))
    for i in efficiencies.indices {
      let consumed = powers[i] * factor + constant
      efficiencies[i] = rates[i] == 0 ? 0 : rates[i] / consumed
    }
  }

  /// The bits of a whole system for a joule: Σ R / (Σ P / ε + P_c), in bit/J.
  ///
  /// - Parameters:
  ///   - rates: bit/s. `[links]`
  ///   - powers: Transmit powers in watts. `[links]`
  ///   - circuit: P_c, what the whole system consumes besides its amplifiers.
  ///   - amplifierEfficiency: ε, above 0 and at most 1.
  public static func totalEnergyEfficiency(
    rates: Span<Float>, powers: Span<Float>, circuit: Watts = Watts(0), amplifierEfficiency: Double = 1
  ) -> Double {
    check(circuit, amplifierEfficiency)
    let (rate, power) = (sum(rates), sum(powers))
    return rate == 0 ? 0 : rate / (power / amplifierEfficiency + circuit.value)
  }

  /// The share of links whose ratio is below the threshold; 0 of none.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios. `[links]`
  ///   - threshold: Linear ratio.
  public static func outageProbability(sinr: Span<Float>, threshold: Float) -> Double {
    var count = 0
    for i in sinr.indices { count += sinr[i] < threshold ? 1 : 0 }
    return sinr.isEmpty ? 0 : Double(count) / Double(sinr.count)
  }

  /// How many links of every copy are in outage.
  ///
  /// - Parameters:
  ///   - sinr: Linear ratios. `[E, links]`
  ///   - threshold: Linear ratio.
  ///   - counts: `[E]`
  public static func outages(sinr: Span<Float>, threshold: Float, into counts: inout MutableSpan<Int32>) {
    let copies = counts.count
    precondition(copies > 0 ? sinr.count % copies == 0 : sinr.isEmpty, "LinkQuality.outages: \(sinr.count) ratios of \(copies) copies")
    let links = copies > 0 ? sinr.count / copies : 0
    for copy in counts.indices {
      var count: Int32 = 0
      for i in copy * links..<(copy + 1) * links { count += sinr[i] < threshold ? 1 : 0 }
      counts[copy] = count
    }
  }

  private static let reciprocalOfLn2 = 1.4426950408889634

  private static func check(_ circuit: Watts, _ amplifierEfficiency: Double) {
    precondition(
      circuit.value >= 0 && amplifierEfficiency > 0 && amplifierEfficiency <= 1,
      "LinkQuality.energyEfficiency: circuit power \(circuit.value) W, amplifier efficiency \(amplifierEfficiency)")
  }

  private static func sum(_ values: Span<Float>) -> Double {
    var total = 0.0
    for i in values.indices { total += Double(values[i]) }
    return total
  }
}
