import Testing

@testable import Tensor

/// One operation of the tape with the same function in plain double precision.
///
/// Each case drives the checks of values, of first and second derivatives and of equal bits on every CPU level.
struct OperationCase: Sendable, CustomTestStringConvertible {
  /// One operand: its shape and the range of its numbers, which must stay away from kinks.
  struct Input: Sendable {
    let shape: Shape
    let low: Double
    let high: Double
    /// Every second number has its sign turned: the range then lies on both sides of a kink at zero.
    var signs = false

    /// The operand's numbers, exact in single precision.
    func numbers(_ index: Int) -> [Float] {
      var generator = RandomStream(seed: 99, purpose: RandomPurpose(rawValue: 2000), index: index).generator()
      return (0..<shape.count).map { i in
        let x = Float(generator.uniform(low, high))
        return signs && i % 2 == 1 ? -x : x
      }
    }
  }

  let name: String
  let inputs: [Input]
  let build: @Sendable (Tape, [Variable]) -> Variable
  /// The result at `x`. What the operation holds fixed for derivatives is taken at `point`.
  let reference: @Sendable (_ x: [[Double]], _ point: [[Double]]) -> [Double]

  var testDescription: String { name }

  /// Σ w (y + y²/2) + 0.3 Σ x²: a single number that depends on every element, twice on every input.
  func scalar(_ tape: Tape, _ x: [Variable]) -> Variable {
    // The second use of x comes first, so that derivatives of the operation itself are added to on the way back.
    var extra = x.map { ($0.squared() * 0.3).sum() }
    let y = build(tape, x)
    let w = tape.constant((0..<y.shape.count).map(OperationCase.weight), shape: y.shape)
    extra.append(((y.squared() * 0.5 + y) * w).sum())
    return extra.dropFirst().reduce(extra[0], +)
  }

  func scalar(_ x: [[Double]], point: [[Double]]) -> Double {
    var sum = 0.0
    for input in x { for value in input { sum += 0.3 * value * value } }
    for (i, y) in reference(x, point).enumerated() { sum += Double(OperationCase.weight(i)) * (y + y * y / 2) }
    return sum
  }

  static func weight(_ i: Int) -> Float { Float((i * 7 + 3) % 11) / 8 - 0.5 }
}
