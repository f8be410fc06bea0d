import Foundation
import TestSupport
import Testing

@testable import Tensor

/// What PyTorch gives for the operations of the tape; the file names the versions and the script that made it.
struct TorchReference: Decodable {
  let origin: String
  let cases: [Case]
  let specials: [Special]

  struct Operand: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  /// One operation in double precision. Without derivatives where there are none to compare.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let operands: [Operand]
    let shape: [Int]
    let values: [Double]
    /// w in the losses Σ w y, of which `gradients` are the derivatives, and Σ w (y + y²/2), whose Hessian times `directions` is `hessians`.
    let weights: [Double]?
    let gradients: [[Double]]?
    let directions: [[Double]]?
    let hessians: [[Double]]?

    var testDescription: String { name }
  }

  /// The values of one function at the ends of single precision.
  struct Special: Decodable, Sendable {
    let name: String
    let operands: [[Double]]?
    let operandShape: [Int]
    let shape: [Int]
    let double: [Double]
    /// Places and results where PyTorch's single precision is not finite, or zero, and its double precision rounded is not so.
    let single: [[Double]]
  }

  static let file: TorchReference = {
    let url = Bundle.module.url(forResource: "operations", withExtension: "json", subdirectory: "Resources")!
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try! decoder.decode(TorchReference.self, from: Data(contentsOf: url))
  }()

  /// The entries of `specials`, each with its operands.
  static let specials: [(entry: Special, operands: [[Double]])] = {
    var operands: [[Double]] = []
    return file.specials.map { entry in
      operands = entry.operands ?? operands
      return (entry, operands)
    }
  }()
}

@Suite struct TorchReferenceTests {
  private func variables(_ test: TorchReference.Case, _ tape: Tape) -> [Variable] {
    test.operands.map { tape.variable(Tensor($0.values.map(Float.init), shape: Shape($0.shape))) }
  }

  /// The relative distance of the finite numbers; infinite if the others are not the same.
  private func distance(_ ours: [Double], _ expected: [Double]) -> Double {
    guard ours.count == expected.count else { return .infinity }
    var finite: [(Double, Double)] = []
    for (a, b) in zip(ours, expected) {
      if b.isFinite {
        finite.append((a, b))
      } else if !(a == b || a.isNaN && b.isNaN) {
        return .infinity
      }
    }
    return relativeDistance(finite.map(\.0), finite.map(\.1))
  }

  private func difference(_ test: TorchReference.Case) -> TorchDifference? { TorchDifference.all.first { $0.name == test.name } }

  @Test func everyCaseHasItsOperationAndEveryOperationItsCase() {
    let names = Set(TorchReference.file.cases.map(\.name) + TorchReference.file.specials.map(\.name))
    #expect(names.subtracting(TorchOperation.all.keys).isEmpty, "in the file only")
    #expect(Set(TorchOperation.all.keys).subtracting(names).isEmpty, "in the list of operations only")
    #expect(Set(TorchDifference.specials.map(\.name)).isSubset(of: names))
  }

  /// What is listed as a difference is one.
  @Test(arguments: TorchDifference.all.map(\.name)) func differencesFromPyTorchAreStillThere(name: String) throws {
    let test = try #require(TorchReference.file.cases.first { $0.name == name })
    let ours = try #require(difference(test))
    let first = distance(ours.gradients(test).flatMap(\.self), try #require(test.gradients).flatMap(\.self))
    let second = test.hessians.map { distance(ours.hessians(test).flatMap(\.self), $0.flatMap(\.self)) } ?? 0
    #expect(max(first, second) > 0.01)
  }

  @Test(arguments: TorchReference.file.cases) func valueIsThatOfPyTorch(test: TorchReference.Case) throws {
    let tape = Tape()
    let build = try #require(TorchOperation.all[test.name])
    let y = build(tape, variables(test, tape))
    #expect(y.shape == Shape(test.shape))
    #expect(distance(y.array.map(Double.init), test.values) < 2e-6)
  }

  @Test(arguments: TorchReference.file.cases.filter { $0.gradients != nil }) func gradientIsThatOfPyTorch(test: TorchReference.Case) throws {
    let tape = Tape()
    let x = variables(test, tape)
    let build = try #require(TorchOperation.all[test.name])
    let y = build(tape, x)
    let w = tape.constant(try #require(test.weights).map(Float.init), shape: y.shape)
    let gradients = tape.gradients(of: (y * w).sum(), withRespectTo: x)
    for (i, expected) in (difference(test)?.gradients(test) ?? test.gradients!).enumerated() {
      #expect(distance(gradients[i].array.map(Double.init), expected) < 1e-5, "operand \(i)")
    }
  }

  @Test(arguments: TorchReference.file.cases.filter { $0.hessians != nil }) func hessianProductIsThatOfPyTorch(test: TorchReference.Case) throws {
    let tape = Tape()
    let x = variables(test, tape)
    let build = try #require(TorchOperation.all[test.name])
    let y = build(tape, x)
    let w = tape.constant(try #require(test.weights).map(Float.init), shape: y.shape)
    let gradients = tape.gradients(of: ((y + y.squared() * 0.5) * w).sum(), withRespectTo: x)
    var slope = tape.constant(0)
    for (gradient, direction) in zip(gradients, try #require(test.directions)) {
      slope = slope + (gradient * tape.constant(direction.map(Float.init), shape: gradient.shape)).sum()
    }
    let second = tape.gradients(of: slope, withRespectTo: x)
    for (i, expected) in (difference(test)?.hessians(test) ?? test.hessians!).enumerated() {
      #expect(distance(second[i].array.map(Double.init), expected) < 2e-5, "operand \(i)")
    }
  }

  /// Infinities, NaN and zeros with their signs are equal, other numbers within 2 ulp of double precision. Where PyTorch's two precisions
  /// differ, either answer is right.
  @Test(arguments: TorchReference.file.specials.map(\.name)) func specialValuesAreThoseOfPyTorch(name: String) throws {
    let (test, operands) = try #require(TorchReference.specials.first { $0.entry.name == name })
    let tape = Tape()
    let x = operands.map { tape.variable(Tensor($0.map(Float.init), shape: Shape(test.operandShape))) }
    let build = try #require(TorchOperation.all[test.name])
    let y = build(tape, x)
    #expect(y.shape == Shape(test.shape))
    for (i, ours) in y.array.enumerated() {
      let other = test.single.first { Int($0[0]) == i }
      if agrees(ours, test.double[i]) || other.map({ agrees(ours, $0[1]) }) ?? false { continue }
      let isKnown = TorchDifference.specials.contains { known in
        known.name == test.name && known.covers(test.double[i], ours, operands.map { $0.count == test.double.count ? $0[i] : .nan })
      }
      #expect(isKnown, "place \(i): \(ours), not \(test.double[i])")
    }
  }

  private func agrees(_ ours: Float, _ theirs: Double) -> Bool {
    let rounded = Float(theirs)
    if rounded.isNaN || ours.isNaN { return rounded.isNaN && ours.isNaN }
    if rounded == 0 || !rounded.isFinite || !ours.isFinite { return ours == rounded && ours.sign == rounded.sign }
    return abs(Double(ours) - theirs) <= 2 * Double(rounded.ulp)
  }
}
