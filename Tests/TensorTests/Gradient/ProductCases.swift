import Testing

@testable import Tensor

extension OperationCase {
  private enum Start: String, CaseIterable { case none, row, matrix }

  static let products: [OperationCase] = {
    var cases: [OperationCase] = []
    let (m, k, n) = (3, 5, 4)
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for start in Start.allCases {
          for activation in FusedActivation.allCases {
            // All products of every transposition; of the activations those that layers use, and each once elsewhere.
            if activation != .linear && (transposeA || start == .none) { continue }
            var inputs = [
              Input(shape: transposeA ? [k, m] : [m, k], low: 0.2, high: 0.9, signs: true),
              Input(shape: transposeB ? [n, k] : [k, n], low: 0.1, high: 0.8),
            ]
            if start == .row { inputs.append(Input(shape: [n], low: 0.3, high: 0.7)) }
            if start == .matrix { inputs.append(Input(shape: [m, n], low: 0.3, high: 0.7)) }
            let name = "product\(transposeA ? " Aᵀ" : " A")\(transposeB ? "Bᵀ" : "B") start \(start) \(activation)"
            cases.append(
              OperationCase(name: name, inputs: inputs) { tape, x in
                if !transposeA {
                  return x[0].product(
                    x[1], transposed: transposeB, plus: x.count > 2 ? x[2] : nil, activation: Activation(rawValue: activation.rawValue)!)
                }
                let operation = Operation.product(
                  a: x[0].node, b: x[1].node, transposeA: true, transposeB: transposeB, start: x.count > 2 ? x[2].node : -1,
                  activation: activation, batch: 1)
                return record(tape, operation, [m, n])
              } reference: { x, _ in
                let a = transposeA ? Matrix(k, m, x[0]).transposed : Matrix(m, k, x[0])
                let b = transposeB ? Matrix(n, k, x[1]).transposed : Matrix(k, n, x[1])
                return (a * b).values.enumerated().map { i, value in
                  Reference.apply(activation, value + (start == .none ? 0 : start == .row ? x[2][i % n] : x[2][i]))
                }
              })
          }
        }
      }
    }
    return cases
  }()

  /// Several products side by side, and one matrix for all leading places.
  static let batches: [OperationCase] = {
    var cases: [OperationCase] = []
    let (batch, m, k, n) = (3, 2, 4, 3)
    @Sendable func reference(_ a: [Double], _ b: [Double], _ transposeA: Bool, _ transposeB: Bool, shared: Bool) -> [Double] {
      (0..<batch).flatMap { i -> [Double] in
        let left = Array(a[(i * m * k)..<((i + 1) * m * k)])
        let right = shared ? b : Array(b[(i * k * n)..<((i + 1) * k * n)])
        let first = transposeA ? Matrix(k, m, left).transposed : Matrix(m, k, left)
        let second = transposeB ? Matrix(n, k, right).transposed : Matrix(k, n, right)
        return (first * second).values
      }
    }
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        let first = Input(shape: transposeA ? [batch, k, m] : [batch, m, k], low: -1, high: 1)
        for shared in [false, true] {
          let extents = (shared ? [] : [batch]) + (transposeB ? [n, k] : [k, n])
          let name = "matmul \(transposeA ? "Aᵀ" : "A")\(transposeB ? "Bᵀ" : "B") \(shared ? "one B" : "batched")"
          cases.append(
            OperationCase(name: name, inputs: [first, Input(shape: Shape(extents), low: -1, high: 1)]) { _, x in
              matmul(x[0], x[1], transposingFirst: transposeA, transposingSecond: transposeB)
            } reference: { x, _ in
              reference(x[0], x[1], transposeA, transposeB, shared: shared)
            })
        }
      }
    }
    let inputs = [Input(shape: [batch, m, k], low: -1, high: 1), Input(shape: [batch, k, n], low: -1, high: 1)]
    for (start, name) in [(Shape([batch, n]), "rows"), ([n], "one row"), ([batch, m, n], "results")] {
      cases.append(
        OperationCase(name: "layers of \(batch) networks, start \(name)", inputs: inputs + [Input(shape: start, low: 0.1, high: 0.5)]) { _, x in
          x[0].product(x[1], plus: x[2], activation: .tanh)
        } reference: { x, _ in
          reference(x[0], x[1], false, false, shared: false).enumerated().map { i, z in
            let place = start.rank == 3 ? i : start.rank == 1 ? i % n : i / (m * n) * n + i % n
            return Reference.tanh(z + x[2][place])
          }
        })
    }
    return cases
  }()
}
