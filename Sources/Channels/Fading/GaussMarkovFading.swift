import Tensor

/// Rayleigh fading that remembers: a first-order Gauss-Markov process for every link.
///
/// h_t = ρ h_{t−1} + √(1 − ρ²) w_t with w_t ~ CN(0, 1), ρ = J₀(2π f_D T) and f_D = v f / c. The correlation of neighbouring
/// slots is that of Clarke's model; beyond one slot it decays as ρᵏ where Clarke's follows J₀.
public struct GaussMarkovFading: Archivable, Sendable {
  /// The speed of light in metres per second.
  public static let speedOfLight = 299_792_458.0

  /// The correlation ρ of neighbouring slots.
  public let correlation: Float
  let innovation: Float
  var real: [Float]
  var imaginary: [Float]
  var innovationReal: [Float]
  var innovationImaginary: [Float]

  /// - Parameters:
  ///   - count: Links.
  ///   - correlation: ρ, between −1 and 1.
  public init(count: Int, correlation: Double) {
    precondition(abs(correlation) <= 1, "GaussMarkovFading: the correlation must lie in −1...1, got \(correlation)")
    self.correlation = Float(correlation)
    // From the rounded ρ: the process keeps its power however close to one that is.
    let rounded = Double(self.correlation)
    innovation = Float(Math.sqrt(1 - rounded * rounded))
    real = Array(repeating: 0, count: count)
    imaginary = real
    innovationReal = real
    innovationImaginary = real
  }

  /// The correlation of neighbouring slots, J₀(2π v f T / c).
  public static func correlation(speedMetersPerSecond: Double, carrier: Hertz, slotSeconds: Double) -> Double {
    Bessel.j0(2 * Double.pi * speedMetersPerSecond * carrier.value / speedOfLight * slotSeconds)
  }

  /// Draws the state of the first slot from the stationary law.
  public mutating func start(stream: RandomStream, step: Int) {
    FadingDraws.fillComplexNormal(real: &real, imaginary: &imaginary, stream: stream, step: step)
  }

  /// Moves on by one slot with the innovations of `step`.
  public mutating func advance(stream: RandomStream, step: Int) {
    FadingDraws.fillComplexNormal(real: &innovationReal, imaginary: &innovationImaginary, stream: stream, step: step)
    GaussMarkovFading.mix(&real, correlation, innovationReal, innovation)
    GaussMarkovFading.mix(&imaginary, correlation, innovationImaginary, innovation)
  }

  /// s ← ρ s + q w
  private static func mix(_ state: inout [Float], _ rho: Float, _ innovations: [Float], _ q: Float) {
    var s = state.mutableSpan
    let w = innovations.span
    for i in s.indices { s[i] = rho * s[i] + q * w[i] }
  }

  /// Writes the powers |h|² of the present slot, of mean one, to a part of `values` as long as the number of links.
  public func powers(into values: inout [Float], in range: Range<Int>) {
    precondition(range.count == real.count, "GaussMarkovFading.powers: \(real.count) links, \(range.count) results")
    let x = real.span
    let y = imaginary.span
    var power = values.mutableSpan
    for i in x.indices { power[range.lowerBound + i] = x[i] * x[i] + y[i] * y[i] }
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try archive.array("real", &real)
    try archive.array("imaginary", &imaginary)
  }
}
