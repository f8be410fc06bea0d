import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct VectorMathTests {
  private static func reference(_ function: VectorMath.Function, _ x: Double) -> Double {
    switch function {
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .expMinusOne: Foundation.expm1(x)
    case .logOnePlus: Foundation.log1p(x)
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .tanh: Foundation.tanh(x)
    case .normalCDF: Foundation.erfc(-x / 2.0.squareRoot()) / 2
    }
  }

  @Test(arguments: VectorMath.Function.allCases) func valuesAreThoseOfTheReference(function: VectorMath.Function) {
    let x = (0..<37).map { Float($0) * 0.17 + 0.03 }
    var y = [Float](repeating: 0, count: 37)
    var target = y.mutableSpan
    VectorMath.apply(function, to: x.span, into: &target)
    for i in x.indices {
      let exact = Self.reference(function, Double(x[i]))
      #expect(abs(Double(y[i]) - exact) <= 2 * Double(Float(exact).ulp))
    }
    var inPlace = x
    var span = inPlace.mutableSpan
    VectorMath.apply(function, to: &span)
    #expect(inPlace == y)
  }

  @Test func productsAreThoseOfEachPair() {
    var x = (0..<37).map { Float($0) * 0.3 - 4 }
    let y = (0..<37).map { Float($0 * $0) * 0.1 }
    let expected = zip(x, y).map { $0 * $1 }
    var span = x.mutableSpan
    VectorMath.multiply(&span, by: y.span)
    #expect(x == expected)
  }

  @Test func otherSizesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var y: [Float] = [0]
      var span = y.mutableSpan
      let x: [Float] = [1, 2]
      VectorMath.apply(.exp, to: x.span, into: &span)
    }
  }
}
