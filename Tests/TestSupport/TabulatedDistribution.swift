/// A distribution function on 0...upper from its density, by the trapezoidal rule on a fine grid.
public struct TabulatedDistribution {
  private let width: Double
  private let values: [Double]

  /// - Parameter density: Finite on 0...upper.
  public init(upTo upper: Double, cells: Int = 40000, density: (Double) -> Double) {
    width = upper / Double(cells)
    var values = [0.0]
    var last = density(0)
    for i in 1...cells {
      let next = density(Double(i) * width)
      values.append(values[i - 1] + (last + next) / 2 * width)
      last = next
    }
    self.values = values
  }

  /// P(X ≤ x).
  public func callAsFunction(_ x: Double) -> Double {
    let place = min(max(x / width, 0), Double(values.count - 1))
    let cell = min(Int(place), values.count - 2)
    return values[cell] + (place - Double(cell)) * (values[cell + 1] - values[cell])
  }

  /// The modified Bessel function of order zero: Σ (x/2)^(2k) / k!² (Abramowitz and Stegun 9.6.12).
  public static func besselI0(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > 1e-17 * sum {
      term *= x * x / (4 * k * k)
      sum += term
      k += 1
    }
    return sum
  }
}
