import Tensor

/// Turns Rayleigh fading into Nakagami fading by a monotone map of its power.
///
/// If E is exponential with mean one, G = F⁻¹(1 − e⁻ᴱ) has the distribution F, here P(G ≤ g) = P(m, m g). So G needs no random number besides
/// E, follows E in time, and has its law exactly for every m ≥ ½ (Beaulieu and Cheng, "Efficient Nakagami-m fading channel simulation", IEEE
/// Transactions on Vehicular Technology 54, 2005). The amplitude is multiplied by √(G / E) = e^φ(ln E); φ is kept as cubic pieces
/// through exact values and slopes, with an error below 2 · 10⁻⁷, so that powers keep six digits. Outside e⁻²⁰ < E < 400
/// (probability 2 · 10⁻⁹) φ is constant.
struct NakagamiMap: Sendable {
  static let width: Float = 13.0 / 256
  /// The node at ln E = 0.
  static let origin: Int32 = 394
  static let pieces: Int32 = 512

  /// Four coefficients of each piece, lowest power first. `[512, 4]`
  let coefficients: [Float]

  init(shape m: Double) {
    let width = Double(NakagamiMap.width)
    let origin = Int(NakagamiMap.origin)
    let count = Int(NakagamiMap.pieces) + 1
    var values = [Double](repeating: 0, count: count)
    var slopes = values
    // Wilson and Hilferty's approximation of the quantile of 1 − 1/e is near enough for Newton's steps.
    let root = 1 - 1 / (9 * m) + 0.3375 / (3 * Math.sqrt(m))
    let middle = Math.log(m) + 3 * Math.log(root)
    for upwards in [true, false] {
      var y = middle
      var slope = 0.0
      for node in upwards ? Array(origin..<count) : Array((0..<origin).reversed()) {
        let u = Double(node - origin) * width
        if !upwards && node == origin - 1 {
          y = 2 * values[origin] + Math.log(m)
          slope = 2 * slopes[origin] + 1
        }
        y = NakagamiMap.solve(m, u, from: y + (upwards ? slope : -slope) * width)
        let density = IncompleteGamma(m, Math.exp(y)).logarithmicDensity
        slope = Math.exp(u - Math.exp(u)) / density
        values[node] = (y - Math.log(m) - u) / 2
        slopes[node] = (slope - 1) / 2
      }
    }
    var coefficients: [Float] = []
    for piece in 0..<count - 1 {
      let (a, b) = (slopes[piece] * width, slopes[piece + 1] * width)
      let rise = values[piece + 1] - values[piece]
      coefficients += [Float(values[piece]), Float(a), Float(3 * rise - 2 * a - b), Float(a + b - 2 * rise)]
    }
    self.coefficients = coefficients
  }

  /// ln y with Q(m, y) = exp(−eᵘ), by Newton's method on the logarithm of the smaller probability, which is concave in ln y.
  private static func solve(_ m: Double, _ u: Double, from start: Double) -> Double {
    let e = Math.exp(u)
    var logY = start
    for _ in 0..<40 {
      let gamma = IncompleteGamma(m, Math.exp(logY))
      let step: Double
      if e < 0.7 {
        step = -(Math.log(gamma.lower) - Math.log(complement(e))) * gamma.lower / gamma.logarithmicDensity
      } else {
        step = (Math.log(gamma.upper) + e) * gamma.upper / gamma.logarithmicDensity
      }
      logY += max(-1, min(1, step))
      if abs(step) < 1e-13 { break }
    }
    return logY
  }

  /// 1 − e⁻ˣ for 0 < x < 1, without cancellation.
  private static func complement(_ x: Double) -> Double {
    var term = x
    var sum = x
    var n = 1.0
    while abs(term) > 1e-18 * sum {
      n += 1
      term *= -x / n
      sum += term
    }
    return sum
  }

  /// Replaces every ln E by φ(ln E) = ½ ln(G / E).
  func apply(to values: inout MutableSpan<Float>) {
    let coefficients = coefficients.span
    let perUnit = 1 / NakagamiMap.width
    let lowest = -Float(NakagamiMap.origin) * NakagamiMap.width
    let highest = Float(NakagamiMap.pieces - NakagamiMap.origin) * NakagamiMap.width
    for i in values.indices {
      var u = values[i]
      u = u > lowest ? u : lowest
      u = u < highest ? u : highest
      let piece = min(Int32(u * perUnit + Float(NakagamiMap.origin)), NakagamiMap.pieces - 1)
      // Both products and the difference are exact, so that no digit of u is lost.
      let s = (u - Float(piece - NakagamiMap.origin) * NakagamiMap.width) * perUnit
      let k = 4 * Int(piece)
      values[i] = coefficients[k] + s * (coefficients[k + 1] + s * (coefficients[k + 2] + s * coefficients[k + 3]))
    }
  }
}
