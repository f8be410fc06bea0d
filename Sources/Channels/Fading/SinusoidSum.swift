import Tensor

/// Clarke's fading as a sum of sinusoids, for many elements, at any slot without a state.
///
/// h(t) = S^(−½) Σ_n exp(j (2π f_D T t cos α_n + φ_n)) with angles of arrival α_n = 2π (n + θ) / S and θ, φ_n uniform and independent for every
/// element (Clarke 1968; Pop and Beaulieu, IEEE Transactions on Communications 49, 2001). The ensemble's autocorrelation is J₀(2π f_D T k) exactly; that
/// of one element over a long time differs from it by terms of order J_S(2π f_D T k). The mean power of every element over a long time
/// is one. The distribution of |h|² differs from the exponential one by about 0.12 / S (measured: 0.0073 at sixteen).
///
/// Phases and steps of phase are whole numbers of 2⁻³² turns, so that a sum modulo one turn is exact at any slot.
struct SinusoidSum: Sendable {
  let elements: Int
  let sinusoids: Int
  let hasDirectPath: Bool
  /// f_D T
  let doppler: Double
  /// Sinusoid after sinusoid, the direct path last. `[S or S + 1, elements]`
  var phases: [Int32]
  var steps: [Int32]
  var sine: [Float]
  var cosine: [Float]

  init(elements: Int, sinusoids: Int, doppler: Double, hasDirectPath: Bool) {
    self.elements = elements
    self.sinusoids = sinusoids
    self.doppler = doppler
    self.hasDirectPath = hasDirectPath
    phases = Array(repeating: 0, count: (sinusoids + (hasDirectPath ? 1 : 0)) * elements)
    steps = phases
    sine = Array(repeating: 0, count: elements)
    cosine = sine
  }

  /// Draws angles and phases of a range of elements. An element takes S + 3 numbers, whatever follows it.
  mutating func draw(_ range: Range<Int>, stream: RandomStream, step: Int) {
    let numbers = sinusoids + 3
    var uniform = [Float](repeating: 0, count: range.count * numbers)
    stream.fill(&uniform, with: .uniform, step: step)
    let directions = (0..<sinusoids).map { Math.sinCos(2 * Double.pi * Double($0) / Double(sinusoids)) }
    for (place, element) in range.enumerated() {
      let first = place * numbers
      let offset = Math.sinCos(2 * Double.pi * Double(uniform[first]) / Double(sinusoids))
      for n in 0..<sinusoids {
        let direction = directions[n].cos * offset.cos - directions[n].sin * offset.sin
        steps[n * elements + element] = SinusoidSum.turns(doppler * direction)
        phases[n * elements + element] = SinusoidSum.turns(Double(uniform[first + 3 + n]))
      }
      if hasDirectPath {
        let direction = Math.cos(2 * Double.pi * Double(uniform[first + 1]))
        steps[sinusoids * elements + element] = SinusoidSum.turns(doppler * direction)
        phases[sinusoids * elements + element] = SinusoidSum.turns(Double(uniform[first + 2]))
      }
    }
  }

  /// A number of turns modulo one, in units of 2⁻³².
  private static func turns(_ x: Double) -> Int32 {
    Int32(truncatingIfNeeded: Int64((x * 0x1p32).rounded(.toNearestOrEven)))
  }

  /// Writes the scattered part at a slot. `[elements]`
  mutating func evaluate(slot: Int, real: inout [Float], imaginary: inout [Float]) {
    precondition(real.count == elements && imaginary.count == elements, "SinusoidSum.evaluate: \(elements) into \(real.count), \(imaginary.count)")
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    for i in x.indices {
      x[i] = 0
      y[i] = 0
    }
    for n in 0..<sinusoids {
      turn(n, slot)
      SinusoidSum.add(cosine, to: &x)
      SinusoidSum.add(sine, to: &y)
    }
    let scale = Float(1 / Math.sqrt(Double(sinusoids)))
    for i in x.indices {
      x[i] *= scale
      y[i] *= scale
    }
  }

  /// Writes the unit phasors of the direct path at a slot. `[elements]`
  mutating func evaluateDirectPath(slot: Int, real: inout [Float], imaginary: inout [Float]) {
    turn(sinusoids, slot)
    for i in 0..<elements {
      real[i] = cosine[i]
      imaginary[i] = sine[i]
    }
  }

  /// Sine and cosine of sinusoid n of all elements.
  private mutating func turn(_ n: Int, _ slot: Int) {
    SinusoidSum.turn(phases, steps, from: n * elements, slot: Int32(truncatingIfNeeded: slot), &sine, &cosine)
  }

  private static func turn(_ phases: [Int32], _ steps: [Int32], from first: Int, slot: Int32, _ sine: inout [Float], _ cosine: inout [Float]) {
    let phase = phases.span.extracting(first..<first + sine.count)
    let step = steps.span.extracting(first..<first + sine.count)
    var s = sine.mutableSpan
    var c = cosine.mutableSpan
    for i in s.indices { s[i] = Float(phase[i] &+ step[i] &* slot) * (Float.pi * 0x1p-31) }
    VectorMath.apply(.cos, to: s.span, into: &c)
    VectorMath.apply(.sin, to: &s)
  }

  /// a ← a + b
  private static func add(_ b: [Float], to a: inout MutableSpan<Float>) {
    let b = b.span
    for i in a.indices { a[i] += b[i] }
  }
}
