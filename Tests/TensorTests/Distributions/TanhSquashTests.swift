import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct TanhSquashTests {
  @Test func theVolumeIsTheLogarithmOfTheSlope() {
    let u = (0...400).map { (Float($0) - 200) * 0.1 }
    let tape = Tape()
    let volume = TanhSquash(to: -2...4).logVolume(tape.constant(u, shape: [u.count, 1])).array
    for (i, x) in u.enumerated() {
      let x = Double(x)
      let expected = Foundation.log(3) + 2 * (Foundation.log(2) - abs(x) - Foundation.log1p(Foundation.exp(-2 * abs(x))))
      #expect(abs(Double(volume[i]) - expected) < 2e-7 * max(2, abs(x)) * 2, "\(x)")
    }
  }

  /// The promise about the error of u.
  @Test func theInverseIsAsExactAsARoundedActionAllows() {
    let u = (0...340).map { (Float($0) - 170) * 0.05 }
    let tape = Tape()
    let squash = TanhSquash()
    let back = squash.inverse(squash(tape.constant(u, shape: [u.count, 1]))).array
    for (i, x) in u.enumerated() {
      let slope = Foundation.pow(Foundation.cosh(Double(x)), 2)
      // The tangent itself and the logarithms are off by two units in the last place.
      #expect(abs(Double(back[i] - x)) < 4 * 0x1p-25 * slope + 3e-7 * max(abs(Double(x)), 0.1), "\(x) \(back[i])")
    }
    let ends = squash.inverse(tape.constant([-1, 1, -2, 5], shape: [4, 1])).array.map(Double.init)
    for (end, sign) in zip(ends, [-1.0, 1, -1, 1]) { #expect(abs(end - sign * Foundation.atanh(1 - 0x1p-24)) < 1e-6) }
  }

  @Test func rangesAreReached() {
    let tape = Tape()
    let u = tape.constant([-30, 0, 30, -30, 0, 30], shape: [3, 2])
    #expect(TanhSquash(to: -1...3)(u).array == [-1, 1, 3, -1, 1, 3])
    #expect(TanhSquash(low: [0, 2], high: [1, 6])(u).array == [0, 4, 1, 2, 0.5, 6])
  }
}
