import Testing

@testable import Tensor

extension OperationCase {
  static let estimates: [OperationCase] = {
    let input = Input(shape: [3, 4], low: 0.2, high: 1, signs: true)
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "stop", inputs: [input]) {
        $1[0] * $1[0].stopped()
      } reference: { x, point in
        zip(x[0], point[0]).map { $0 * $1 }
      }
    ]
    cases += [
      OperationCase(name: "replacingValue", inputs: [input, input]) {
        $1[0].squared().replacingValue(by: $1[1].exp())
      } reference: { x, point in
        (0..<12).map { i -> Double in
          let moved = x[0][i] * x[0][i] - point[0][i] * point[0][i]
          return Math.exp(point[1][i]) + moved
        }
      }
    ]
    cases += [
      OperationCase(name: "oneHot", inputs: [input]) { tape, x in
        let indices: [Int32] = [1, 3, 0]
        return x[0] * tape.oneHot(indices.span, choices: 4)
      } reference: { x, _ in
        (0..<12).map { [1, 7, 8].contains($0) ? x[0][$0] : 0 }
      }
    ]
    cases += [
      OperationCase(name: "oneHotOfLargest", inputs: [input]) {
        $1[0] * $1[0].oneHotOfLargest()
      } reference: { x, point in
        (0..<12).map { i -> Double in
          let row = point[0][(i / 4 * 4)..<(i / 4 * 4 + 4)]
          return point[0][i] == row.max()! ? x[0][i] : 0
        }
      }
    ]
    return cases
  }()
}
