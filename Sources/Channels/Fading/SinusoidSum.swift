import Tensor

/// Clarke's fading as a sum of sinusoids, for many elements, at any slot without a state.
///
/// h(t) = S^(−½) Σ_n exp(j (2π f_D T t cos α_n + φ_n)) with angles of arrival α_n = 2π (n + θ) / S and θ, φ_n uniform and independent for every
/// element (Clarke 1968; Pop and Beaulieu, IEEE Transactions on Communications 49, 2001). The ensemble's autocorrelation is J₀(2π f_D T k) exactly; that
/// of one element over a long time differs from it by terms of order J_S(2π f_D T k). The mean power of every element over a long time
/// is one. The distribution of |h|² differs from the exponential one by about 0.12 / S (measured: 0.0073 at 16, 0.0039 at 32), and deep fades are rarer
/// by the share 1 / 2S.
///
/// S is even, so that the waves of α_n and of α_n + π make a pair of opposite frequencies, e^(j (ωt + φ)) + e^(j (φ' − ωt)) = 2 e^(jA) cos(ωt + B) with
/// φ = A + B and φ' = A − B. A and B are drawn, uniform and independent as φ and φ' are then; one cosine serves two waves.
///
/// Phases and steps of phase are whole numbers of 2⁻³² turns, so that a sum modulo one turn is exact at any slot.
struct SinusoidSum: Sendable {
  let elements: Int
  let pairs: Int
  /// f_D T
  let doppler: Double
  /// B, and ω per slot. `[S / 2, elements]`
  var phases: [Int32]
  var steps: [Int32]
  /// 2 S^(−½) e^(jA). `[S / 2, elements]`
  var amplitudeReal: [Float]
  var amplitudeImaginary: [Float]
  /// The direct path's phase and step, where there is one. `[elements]`
  var directPhases: [Int32]
  var directSteps: [Int32]
  var waves: [Float]

  init(elements: Int, sinusoids: Int, doppler: Double, hasDirectPath: Bool) {
    self.elements = elements
    pairs = sinusoids / 2
    self.doppler = doppler
    phases = Array(repeating: 0, count: pairs * elements)
    steps = phases
    amplitudeReal = Array(repeating: 0, count: pairs * elements)
    amplitudeImaginary = amplitudeReal
    directPhases = Array(repeating: 0, count: hasDirectPath ? elements : 0)
    directSteps = directPhases
    waves = Array(repeating: 0, count: elements)
  }

  /// Draws angles and phases of a range of elements. An element takes S + 3 numbers, whatever follows it: θ, the direct path's angle of arrival
  /// and phase, then A and B of each pair.
  mutating func draw(_ range: Range<Int>, stream: RandomStream, step: Int) {
    let sinusoids = 2 * pairs
    let numbers = sinusoids + 3
    var uniform = [Float](repeating: 0, count: range.count * numbers)
    stream.fill(&uniform, with: .uniform, step: step)
    let directions = (0..<pairs).map { Math.sinCos(2 * Double.pi * Double($0) / Double(sinusoids)) }
    let scale = 2 / Math.sqrt(Double(sinusoids))
    for (place, element) in range.enumerated() {
      let first = place * numbers
      let offset = Math.sinCos(2 * Double.pi * Double(uniform[first]) / Double(sinusoids))
      for n in 0..<pairs {
        let direction = directions[n].cos * offset.cos - directions[n].sin * offset.sin
        let amplitude = Math.sinCos(2 * Double.pi * Double(uniform[first + 3 + 2 * n]))
        let target = n * elements + element
        amplitudeReal[target] = Float(scale * amplitude.cos)
        amplitudeImaginary[target] = Float(scale * amplitude.sin)
        phases[target] = SinusoidSum.turns(Double(uniform[first + 4 + 2 * n]))
        steps[target] = SinusoidSum.turns(doppler * direction)
      }
      if !directPhases.isEmpty {
        directSteps[element] = SinusoidSum.turns(doppler * Math.cos(2 * Double.pi * Double(uniform[first + 1])))
        directPhases[element] = SinusoidSum.turns(Double(uniform[first + 2]))
      }
    }
  }

  /// A number of turns modulo one, in units of 2⁻³².
  private static func turns(_ x: Double) -> Int32 {
    Int32(truncatingIfNeeded: Int64((x * 0x1p32).rounded(.toNearestOrEven)))
  }

  /// Writes the scattered part at a slot. `[elements]`
  mutating func evaluate(slot: Int, real: inout [Float], imaginary: inout [Float]) {
    precondition(
      real.count == elements && imaginary.count == elements, "SinusoidSum.evaluate: \(elements) into \(real.count), \(imaginary.count)")
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    for i in x.indices {
      x[i] = 0
      y[i] = 0
    }
    for n in 0..<pairs {
      let first = n * elements
      SinusoidSum.angles(phases, steps, from: first, slot, &waves)
      var cosine = waves.mutableSpan
      VectorMath.apply(.cos, to: &cosine)
      SinusoidSum.add(amplitudeReal, from: first, waves, to: &x)
      SinusoidSum.add(amplitudeImaginary, from: first, waves, to: &y)
    }
  }

  /// Writes the unit phasors of the direct path at a slot. `[elements]`
  func evaluateDirectPath(slot: Int, real: inout [Float], imaginary: inout [Float]) {
    SinusoidSum.angles(directPhases, directSteps, from: 0, slot, &imaginary)
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    VectorMath.apply(.cos, to: y.span, into: &x)
    VectorMath.apply(.sin, to: &y)
  }

  /// Phase + slot · step, in radians from −π to π.
  private static func angles(_ phases: [Int32], _ steps: [Int32], from first: Int, _ slot: Int, _ angles: inout [Float]) {
    var angle = angles.mutableSpan
    let phase = phases.span.extracting(first..<first + angle.count)
    let step = steps.span.extracting(first..<first + angle.count)
    let t = Int32(truncatingIfNeeded: slot)
    for i in angle.indices { angle[i] = Float(phase[i] &+ step[i] &* t) * (Float.pi * 0x1p-31) }
  }

  /// sum ← sum + a · wave
  private static func add(_ amplitudes: [Float], from first: Int, _ waves: [Float], to sum: inout MutableSpan<Float>) {
    let a = amplitudes.span.extracting(first..<first + sum.count)
    let wave = waves.span
    for i in sum.indices { sum[i] += a[i] * wave[i] }
  }
}
