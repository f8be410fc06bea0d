import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// A kernel of one argument, by its constant in C, with the same function in double precision from the C library.
struct KernelFunction: Sendable, CustomTestStringConvertible {
  var name: String
  var kernel: Int
  var exact: @Sendable (Double) -> Double
  /// Arguments with the results that the function must give bit for bit.
  var special: [(Float, Float)]
  var testDescription: String { name }

  func callAsFunction(_ x: [Float]) -> [Float] {
    KernelLevelTests.run(x, out: x) { a, _, y in unsafe ck_unary(Int32(kernel), x.count, a, y) }
  }

  private static let inf = Float.infinity
  private static let tiny = Float.leastNonzeroMagnitude
  private static let huge = Float.greatestFiniteMagnitude
  private static let odd: [(Float, Float)] = [(0, 0), (-0.0, -0.0), (tiny, tiny), (-tiny, -tiny), (.nan, .nan)]

  static let all = [
    KernelFunction(
      name: "expm1", kernel: CK_EXPM1, exact: { expm1($0) },
      special: odd + [(inf, inf), (-inf, -1), (-huge, -1), (-20, -1), (88.73, inf), (huge, inf), (-0x1p-126, -0x1p-126)]),
    KernelFunction(
      name: "log1p", kernel: CK_LOG1P, exact: { log1p($0) },
      special: odd + [(inf, inf), (-1, -inf), (-1.0000001, .nan), (-huge, .nan), (-inf, .nan), (0x1p-126, 0x1p-126)]),
    // sin and cos at large arguments, among them those that come closest to a multiple of π/2 (of all, and
    // below 2²⁸): mpmath 1.3.0, 500 bits.
    KernelFunction(
      name: "sin", kernel: CK_SIN, exact: { sin($0) },
      special: odd + [
        (inf, .nan), (-inf, .nan), (355, -3.0144354e-05), (0x1p28, -0.9861982), (1e9, 0.5458434), (0x1p100, -0.8721836), (1e22, -0.7340815),
        (16_367_173 * 0x1p72, 1), (85_563_208, -2.3427628e-08), (-5e30, 0.019850668), (huge, -0.5218765), (-huge, 0.5218765),
      ]),
    KernelFunction(
      name: "cos", kernel: CK_COS, exact: { cos($0) },
      special: [
        (0, 1), (-0.0, 1), (tiny, 1), (.nan, .nan), (inf, .nan), (-inf, .nan), (355, -1), (0x1p28, -0.16556898), (1e9, 0.83788717),
        (0x1p100, 0.48917866), (1e22, 0.67906135), (16_367_173 * 0x1p72, -1.6147698e-09), (42_781_604, 1.1713814e-08), (-5e30, 0.99980295),
        (huge, 0.853021), (-huge, 0.853021),
      ]),
    KernelFunction(
      name: "softplus", kernel: CK_SOFTPLUS, exact: { max($0, 0) + log1p(exp(-abs($0))) },
      special: [
        (0, 0.6931472), (-0.0, 0.6931472), (.nan, .nan), (inf, inf), (-inf, 0), (1000, 1000), (-1000, 0), (huge, huge), (-huge, 0),
        (-103.16, tiny), (-103.5, tiny),
      ]),
    KernelFunction(
      name: "elu", kernel: CK_ELU, exact: { $0 > 0 ? $0 : expm1($0) },
      special: odd + [(inf, inf), (-inf, -1), (huge, huge), (-huge, -1), (3, 3)]),
    // The lower tail to the smallest number: mpmath 1.3.0, 500 bits.
    KernelFunction(
      name: "normalCDF", kernel: CK_NORMAL_CDF, exact: { erfc(-$0 * 0.5.squareRoot()) / 2 },
      special: [
        (0, 0.5), (-0.0, 0.5), (tiny, 0.5), (.nan, .nan), (inf, 1), (-inf, 0), (huge, 1), (-huge, 0), (1, 0.8413448), (3, 0.9986501),
        (-1, 0.15865526), (-2, 0.022750132), (-5, 2.8665158e-07), (-10, 7.619853e-24), (-13, 4_365_354 * 0x1p-149), (-14, 6 * 0x1p-149),
        (-14.125, 0x1p-149), (-15, 0),
      ]),
  ]
}

/// The element-wise functions that are computed in double precision, against the C library's functions in double precision.
@Suite struct FunctionTests {
  /// Every `stride`-th bit pattern: all signs, exponents, subnormal numbers, NaNs.
  static func sweep(stride: Int) -> [Float] { Swift.stride(from: 0, to: 1 << 32, by: stride).map { Float(bitPattern: UInt32($0)) } }

  /// The error in units of the last place of the exact result (2⁻¹⁴⁹ where that is subnormal). An overflow counts as 2¹²⁸.
  static func ulps(_ y: Float, _ exact: Double) -> Double {
    if y.isNaN || exact.isNaN { return y.isNaN == exact.isNaN ? 0 : .infinity }
    if exact.isInfinite || exact == 0 { return Double(y) == exact && y.sign == exact.sign ? 0 : .infinity }
    if y.isInfinite && Float(exact) == y { return 0 }
    if y.sign != exact.sign { return .infinity }
    let value = y.isInfinite ? 0x1p128 : Double(y).magnitude
    let unit = min(max(exact.exponent, -126), 127) - 23
    return (value - exact.magnitude).magnitude / Double(sign: .plus, exponent: unit, significand: 1)
  }

  /// The worst errors, measured over all numbers, stand in functions.h. The bound leaves room for another C library.
  @Test(arguments: KernelFunction.all) func errorIsHalfAnUlp(function: KernelFunction) {
    var x = FunctionTests.sweep(stride: 16411)
    // Where a function changes its way: small arguments, the ends of the exponential, multiples of π/2.
    for i in -8000...8000 {
      for unit: Double in [0.0025, 1 / 60.0, .pi / 2, 0x1p-15] { x.append(Float(Double(i) * unit)) }
    }
    let y = function(x)
    var worst = (ulps: 0.0, argument: Float(0))
    for i in x.indices {
      let ulps = FunctionTests.ulps(y[i], function.exact(Double(x[i])))
      if ulps > worst.ulps { worst = (ulps, x[i]) }
    }
    #expect(worst.ulps <= 0.51, "\(function.name): \(worst.ulps) ulp at \(worst.argument)")
  }

  @Test(arguments: KernelFunction.all) func specialValues(function: KernelFunction) {
    let y = KernelLevelTests.bits(function(function.special.map(\.0)))
    for (i, pair) in function.special.enumerated() {
      #expect(y[i] == KernelLevelTests.bits([pair.1])[0], "\(function.name)(\(pair.0)) = \(Float(bitPattern: y[i])), not \(pair.1)")
    }
  }

  private func power(_ x: [Float], _ y: [Float]) -> [Float] {
    KernelLevelTests.run(x, y, out: x) { a, b, out in unsafe ck_binary(Int32(CK_POWER), x.count, a, b, out) }
  }

  private func expectPowers(_ x: [Float], _ y: [Float]) {
    let z = power(x, y)
    var worst = (ulps: 0.0, base: Float(0), exponent: Float(0))
    for i in x.indices {
      let ulps = FunctionTests.ulps(z[i], pow(Double(x[i]), Double(y[i])))
      if ulps > worst.ulps { worst = (ulps, x[i], y[i]) }
    }
    #expect(worst.ulps <= 0.51, "\(worst.ulps) ulp at \(worst.base) to the \(worst.exponent)")
  }

  @Test func errorOfPowersIsHalfAnUlp() {
    var generator = RandomStream(seed: 7, purpose: RandomPurpose(rawValue: 2002), index: 0).generator(step: 0)
    let count = 100_003
    // Any base with an exponent that leaves the result in range, or nearly; then a base near 1; then half-integral exponents.
    var x = (0..<count).map { _ in Float(bitPattern: generator.next32()) }
    expectPowers(x, x.map { Float(generator.uniform(-106, 104) / log(abs(Double($0)))) })
    expectPowers(x, x.map { _ in Float(generator.integer(below: 41) - 20) / 2 })
    expectPowers(x, x.map { _ in Float(bitPattern: generator.next32()) })
    x = x.indices.map { Float(bitPattern: 0x3F80_0000 + UInt32($0 % 8001) - 4000) }
    expectPowers(x, x.map { Float(generator.uniform(-106, 104) / log(abs(Double($0)))) })
  }

  /// ISO 9899:2018, F.10.4.4, written out; the sweep over all pairs of special numbers asks the C library.
  @Test func specialPowers() {
    let (inf, nan, tiny) = (Float.infinity, Float.nan, Float.leastNonzeroMagnitude)
    let table: [(Float, Float, Float)] = [
      (0, -3, inf), (-0.0, -3, -inf), (0, -2, inf), (-0.0, -2, inf), (-0.0, -2.5, inf), (0, -inf, inf), (-0.0, -inf, inf),
      (0, 3, 0), (-0.0, 3, -0.0), (0, 2, 0), (-0.0, 2, 0), (-0.0, 2.5, 0), (0, inf, 0), (-0.0, inf, 0),
      (-1, inf, 1), (-1, -inf, 1), (1, nan, 1), (1, inf, 1), (nan, 0, 1), (nan, -0.0, 1), (inf, 0, 1), (0, 0, 1), (-0.0, -0.0, 1),
      (-2, 0.5, nan), (-tiny, 1.5, nan), (0.5, -inf, inf), (-0.5, -inf, inf), (2, -inf, 0), (-2, -inf, 0), (0.5, inf, 0), (2, inf, inf),
      (-2, inf, inf), (-inf, -3, -0.0), (-inf, -2, 0), (-inf, -2.5, 0), (-inf, 3, -inf), (-inf, 2, inf), (-inf, 2.5, inf),
      (inf, -1, 0), (inf, 1, inf), (nan, 1, nan), (2, nan, nan), (-1, nan, nan), (0, nan, nan), (nan, nan, nan),
      (-1, 16_777_215, -1), (-1, 16_777_216, 1), (-1, 8_388_607.5, nan), (-2, 3, -8), (-2, -3, -0.125), (2, -149, tiny), (2, 128, inf),
      (tiny, 1, tiny), (-tiny, 1, -tiny), (3, 13, 1_594_323), (10, 10, 1e10), (0x1p-126, 0.5, 0x1p-63),
    ]
    let z = KernelLevelTests.bits(power(table.map(\.0), table.map(\.1)))
    for (i, row) in table.enumerated() {
      #expect(z[i] == KernelLevelTests.bits([row.2])[0], "\(row.0) to the \(row.1) = \(Float(bitPattern: z[i])), not \(row.2)")
    }
    let signless = Array(Set(table.flatMap { [$0.0.magnitude, $0.1.magnitude] }.map(\.bitPattern))).sorted().map { Float(bitPattern: $0) }
    let numbers = signless + signless.map { -$0 }
    expectPowers(numbers.flatMap { x in numbers.map { _ in x } }, numbers.flatMap { _ in numbers })
  }
}

extension KernelLevelTests {
  @Test(arguments: KernelFunction.all) func functionsInDoublePrecision(function: KernelFunction) {
    let x = FunctionTests.sweep(stride: 65_521)
    #expect(KernelLevelTests.difference(EveryLevel.results { function(x) }) == nil, "\(function.name)")
    for n in KernelLevelTests.sizes {
      let x = KernelLevelTests.mixed(n, seed: 20)
      let results = EveryLevel.results {
        KernelLevelTests.run(x, out: Array(repeating: 5, count: n + 1)) { x, _, y in unsafe ck_unary(Int32(function.kernel), n, x, y) }
      }
      #expect(KernelLevelTests.difference(results) == nil, "\(function.name) of \(n)")
      #expect(results[0][n] == 5, "\(function.name) of \(n) wrote behind its end")
      // Every element is its own: the same bits alone.
      #expect(KernelLevelTests.bits(Array(results[0].dropLast())) == KernelLevelTests.bits(x.flatMap { function([$0]) }), "\(function.name) of \(n)")
    }
  }

  @Test func powers() {
    for n in KernelLevelTests.sizes + [50_001] {
      let (a, b) = (KernelLevelTests.mixed(n, seed: 21), KernelLevelTests.mixed(n, seed: 22))
      let results = EveryLevel.results {
        KernelLevelTests.run(a, b, out: Array(repeating: 5, count: n + 1)) { a, b, y in unsafe ck_binary(Int32(CK_POWER), n, a, b, y) }
      }
      #expect(KernelLevelTests.difference(results) == nil, "powers of \(n)")
      #expect(results[0][n] == 5, "powers of \(n) wrote behind its end")
    }
  }
}
