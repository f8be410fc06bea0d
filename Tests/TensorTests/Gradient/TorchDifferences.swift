import Foundation

@testable import Tensor

/// Derivatives at kinks and ties where this library has chosen differently from PyTorch, written down from the convention here.
struct TorchDifference: Sendable {
  let name: String
  /// For each place of each operand the one place of the result that depends on it, and the slope.
  let slopes: [[(result: Int, slope: Double)]]
  /// f'' at each place of the result, which is f of a sum of the operands with these factors.
  var curvature: [Double] = []
  var factors: [Double] = [1]

  /// Operands of the result's shape.
  init(_ name: String, slopes: [[Double]], curvature: [Double] = [], factors: [Double] = [1]) {
    self.name = name
    self.slopes = slopes.map { $0.enumerated().map { ($0, $1) } }
    self.curvature = curvature
    self.factors = factors
  }

  /// One operand, of which one place a result is chosen.
  init(_ name: String, count: Int, chosen: [(place: Int, slope: Double)]) {
    self.name = name
    slopes = [(0..<count).map { place in chosen.firstIndex { $0.place == place }.map { ($0, chosen[$0].slope) } ?? (0, 0) }]
  }

  /// The gradients of Σ w y.
  func gradients(_ test: TorchReference.Case) -> [[Double]] {
    slopes.map { $0.map { test.weights![$0.result] * $0.slope } }
  }

  /// H v of Σ w (y + y²/2) = Σ w ((1 + y) y'' + y'²) v.
  func hessians(_ test: TorchReference.Case) -> [[Double]] {
    var (first, inner) = (test.weights!.map { $0 * 0 }, test.weights!.map { $0 * 0 })
    for (operand, places) in slopes.enumerated() {
      for (i, place) in places.enumerated() {
        first[place.result] += place.slope * test.directions![operand][i]
        if !curvature.isEmpty { inner[place.result] += factors[operand] * test.directions![operand][i] }
      }
    }
    return slopes.enumerated().map { operand, places in
      places.map { result, slope in
        let bend = curvature.isEmpty ? 0 : (1 + test.values[result]) * curvature[result] * inner[result] * factors[operand]
        return test.weights![result] * (slope * first[result] + bend)
      }
    }
  }

  static let all: [TorchDifference] = {
    let e = Foundation.exp(-1.5)
    var all: [TorchDifference] = []
    // At a tie of two operands PyTorch gives half the derivative to each; here the second receives it.
    all.append(TorchDifference("maximum at ties", slopes: [[0, 0, 1, 0], [1, 1, 0, 1]]))
    all.append(TorchDifference("minimum at ties", slopes: [[0, 0, 0, 0], [1, 1, 1, 1]]))
    // PyTorch 2.15 has slope 0 on the bounds of a range; here it is 1.
    all.append(TorchDifference("clamped on the bounds", slopes: [[1, 1, 0, 1, 0]]))
    // The two infinities that a leaky relu compares are equal.
    for (name, slope) in [("leakyRelu", Double(Float(0.01))), ("leakyRelu 0.125", 0.125)] {
      all.append(TorchDifference("\(name) at infinity", slopes: [[slope, slope, 1, slope]]))
    }
    // At a tie of elements PyTorch's amax and amin, its max and min of all elements and its norm share the derivative; here, as in its max
    // along an axis, the first receives it.
    all.append(TorchDifference("max along 1 at ties, shared", count: 8, chosen: [(1, 1), (4, 1)]))
    all.append(TorchDifference("min along 1 at ties, shared", count: 8, chosen: [(3, 1), (4, 1)]))
    all.append(TorchDifference("max of all at ties", count: 8, chosen: [(1, 1)]))
    all.append(TorchDifference("norm infinity at ties", count: 8, chosen: [(1, -1), (4, 1)]))
    // Second derivatives at a kink of the first: PyTorch has zero, here it is that of the side whose slope holds there.
    all.append(TorchDifference("elu at 0", slopes: [[e, 1, 1, 1]], curvature: [e, 1, 1, 0]))
    all.append(TorchDifference("elu 0.5 at 0", slopes: [[e / 2, 0.5, 0.5, 1]], curvature: [e / 2, 0.5, 0.5, 0]))
    for delta in [1, 0.5] {
      let slopes = [delta, -delta, 0, 0.25, -0.25, delta, -delta]
      all.append(
        TorchDifference(
          "huber \(delta) at the kinks", slopes: [slopes, slopes.map { -$0 }], curvature: [1, 1, 1, 1, 1, 0, 0], factors: [1, -1]))
    }
    // ∂(0^y)/∂y at y = 0: PyTorch has zero, here the logarithm of zero is that of the smallest normal number.
    all.append(TorchDifference("power 0 of 0", slopes: [[0], [Foundation.log(Double(Float.leastNormalMagnitude))]]))
    return all
  }()
}

extension TorchDifference {
  /// Values at the ends of single precision that differ.
  struct Special: Sendable {
    let name: String
    let covers: @Sendable (_ theirs: Double, _ ours: Float, _ operands: [Double]) -> Bool

    init(_ name: String, _ covers: @escaping @Sendable (_ theirs: Double, _ ours: Float, _ operands: [Double]) -> Bool) {
      self.name = name
      self.covers = covers
    }
  }

  static let specials: [Special] = {
    var all: [Special] = []
    // The sign of a zero: a relu of −0 is 0; a choice adds 0 to what it chooses; a power of −0 follows C, PyTorch takes the root.
    for name in ["relu", "choosing", "elu 0.5", "power 0.5"] { all.append(Special(name) { theirs, ours, _ in ours == 0 && Float(theirs) == 0 }) }
    all.append(Special("power 0.5") { _, ours, x in x[0] == -.infinity && ours == .infinity })
    // Below −8.3 PyTorch takes Φ from 1 − 1.
    let tail: @Sendable (Double) -> Double = { Foundation.erfc(-$0 / 2.0.squareRoot()) / 2 }
    all.append(Special("normalCDF") { theirs, ours, x in theirs == 0 && isNear(ours, tail(x[0])) })
    all.append(Special("gelu") { theirs, ours, x in theirs == 0 && isNear(ours, x[0] * tail(x[0])) })
    // A NaN in the first operand gives the second.
    for name in ["maximum", "minimum"] {
      all.append(Special(name) { _, ours, x in x[0].isNaN && ours.bitPattern == Float(x[1]).bitPattern })
    }
    // The sum of three largest numbers, and with it their mean, is infinite.
    for name in ["variance 0 along 0", "variance 0 along 1", "variance 1 along 0", "variance 1 along 1"] {
      all.append(Special(name) { theirs, ours, _ in theirs == 0 && ours == .infinity })
    }
    return all
  }()

  /// Within 2 ulp.
  static func isNear(_ ours: Float, _ exact: Double) -> Bool { abs(Double(ours) - exact) <= 2 * Double(Float(exact).ulp) }
}
