import Testing

@testable import Tensor

extension OperationCase {
  private static let indices: [Int32] = [2, 0, -1, 1, 1, 2, 0, 0]

  static let indexed: [OperationCase] = {
    let table = Input(shape: [6, 5], low: -1, high: 1)
    @Sendable func gathered(_ table: [Double], _ start: [Double]?) -> [Double] {
      var result: [Double] = []
      for row in 0..<4 {
        for column in 0..<5 {
          var sum = start?[column] ?? 0
          for group in 0..<2 where indices[row * 2 + group] >= 0 { sum += table[(group * 3 + Int(indices[row * 2 + group])) * 5 + column] }
          result.append(sum)
        }
      }
      return result
    }
    var cases: [OperationCase] = []
    cases += [
      OperationCase(name: "tableRows", inputs: [table]) {
        $1[0].sumOfRows(indices.span, groups: 2)
      } reference: { x, _ in
        gathered(x[0], nil)
      }
    ]
    cases += [
      OperationCase(name: "tableRows with start", inputs: [table, Input(shape: [5], low: -1, high: 1)]) {
        $1[0].sumOfRows(indices.span, groups: 2, plus: $1[1])
      } reference: { x, _ in
        gathered(x[0], x[1])
      }
    ]
    cases += [
      OperationCase(name: "scatterRows", inputs: [Input(shape: [4, 5], low: -1, high: 1)]) { tape, x in
        record(tape, unsafe .scatterRows(x[0].node, indices: tape.keep(indices.span), groups: 2), [6, 5])
      } reference: { x, _ in
        var result = [Double](repeating: 0, count: 30)
        for row in 0..<4 {
          for group in 0..<2 where indices[row * 2 + group] >= 0 {
            for column in 0..<5 { result[(group * 3 + Int(indices[row * 2 + group])) * 5 + column] += x[0][row * 5 + column] }
          }
        }
        return result
      }
    ]
    cases += [
      OperationCase(name: "select", inputs: [Input(shape: [3, 4], low: -1, high: 1)]) { tape, x in
        let indices: [Int32] = [3, 0, 2]
        return x[0].selecting(indices.span)
      } reference: { x, _ in
        [x[0][3], x[0][4], x[0][10]]
      }
    ]
    cases += [
      OperationCase(name: "place", inputs: [Input(shape: [3, 1], low: -1, high: 1)]) { tape, x in
        let indices: [Int32] = [3, 0, 2]
        return record(tape, unsafe .place(x[0].node, AxisView([3, 4], 1), indices: tape.keep(indices.span)), [3, 4])
      } reference: { x, _ in
        [0, 0, 0, x[0][0], x[0][1], 0, 0, 0, 0, 0, x[0][2], 0]
      }
    ]
    cases += [
      OperationCase(name: "select along the middle axis", inputs: [Input(shape: [2, 3, 2], low: -1, high: 1)]) { tape, x in
        let indices: [Int32] = [2, 0, 1, 1]
        return x[0].selecting(indices.span, along: 1)
      } reference: { x, _ in
        [x[0][4], x[0][1], x[0][8], x[0][9]]
      }
    ]
    let order: [Int32] = [2, 0, 2, 1, 2]
    cases += (0..<3).map { axis in
      let shape: Shape = [3, 3, 4]
      return OperationCase(name: "gather along axis \(axis)", inputs: [Input(shape: shape, low: -1, high: 1)]) { tape, x in
        x[0].gathering(order.span, along: axis)
      } reference: { x, _ in
        let view = AxisView(shape, axis)
        var result: [Double] = []
        for o in 0..<Int(view.outer) {
          for i in order { for j in 0..<Int(view.inner) { result.append(x[0][(o * Int(view.extent) + Int(i)) * Int(view.inner) + j]) } }
        }
        return result
      }
    }
    cases += [
      OperationCase(name: "scatter", inputs: [Input(shape: [5, 2], low: -1, high: 1)]) { tape, x in
        record(tape, unsafe .scatter(x[0].node, AxisView([4, 2], 0), indices: tape.keep(order.span)), [4, 2])
      } reference: { x, _ in
        let v = x[0]
        return [v[2], v[3], v[6], v[7], v[0] + v[4] + v[8], v[1] + v[5] + v[9], 0, 0]
      }
    ]
    return cases
  }()

  static let shapes: [OperationCase] = {
    let shape: Shape = [2, 3, 4]
    let input = Input(shape: shape, low: -1, high: 1)
    var cases: [OperationCase] = []
    for axis in 0..<3 {
      let view = AxisView(shape, axis)
      let (outer, extent, inner) = (Int(view.outer), Int(view.extent), Int(view.inner))
      cases += [
        OperationCase(name: "slice along axis \(axis)", inputs: [input]) {
          $1[0].slice(1..<extent, along: axis)
        } reference: { x, _ in
          (0..<(outer * (extent - 1) * inner)).map { i in
            x[0][(i / ((extent - 1) * inner) * extent + i / inner % (extent - 1) + 1) * inner + i % inner]
          }
        },
        OperationCase(name: "pad along axis \(axis)", inputs: [input]) {
          $1[0].padded(before: 2, behind: 1, along: axis)
        } reference: { x, _ in
          (0..<(outer * (extent + 3) * inner)).map { i in
            let place = i / inner % (extent + 3) - 2
            return place < 0 || place >= extent ? 0 : x[0][(i / ((extent + 3) * inner) * extent + place) * inner + i % inner]
          }
        },
        OperationCase(name: "concatenate along axis \(axis)", inputs: [input, Input(shape: shape.replacing(axis, by: 2), low: -1, high: 1), input]) {
          Variable.concatenate($1, along: axis)
        } reference: { x, _ in
          (0..<outer).flatMap { o in
            x.flatMap { part -> [Double] in
              let width = part.count / outer
              return Array(part[(o * width)..<((o + 1) * width)])
            }
          }
        },
      ]
    }
    // The same variable at two places, and an operand that is a result itself.
    cases += [
      OperationCase(name: "stack", inputs: [Input(shape: [2, 3], low: -1, high: 1)]) {
        Variable.stack([$1[0], $1[0] * 2, $1[0]], along: 1)
      } reference: { x, _ in
        var result: [Double] = []
        for row in 0..<2 { for factor in [1.0, 2, 1] { for column in 0..<3 { result.append(factor * x[0][row * 3 + column]) } } }
        return result
      }
    ]
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 3, 2], [2, 3, 0, 1], [1, 0, 2, 3], [0, 3, 1, 2]]
    cases += orders.map { order in
      let from: Shape = [2, 3, 2, 4]
      let to = Shape(order.map { from[$0] })
      return OperationCase(name: "transposed \(order)", inputs: [Input(shape: from, low: -1, high: 1)]) {
        $1[0].transposed(order)
      } reference: { x, _ in
        (0..<to.count).map { i in
          var rest = i
          var coordinates = [0, 0, 0, 0]
          for axis in (0..<4).reversed() {
            coordinates[order[axis]] = rest % to[axis]
            rest /= to[axis]
          }
          return x[0][((coordinates[0] * 3 + coordinates[1]) * 2 + coordinates[2]) * 4 + coordinates[3]]
        }
      }
    }
    cases += [
      OperationCase(name: "transposed matrix beyond a register", inputs: [Input(shape: [19, 37], low: -1, high: 1)]) {
        $1[0].transposed()
      } reference: { x, _ in
        (0..<(19 * 37)).map { (i: Int) -> Double in x[0][i % 19 * 37 + i / 19] }
      }
    ]
    cases += [
      OperationCase(name: "columns", inputs: [Input(shape: [3, 4], low: -1, high: 1)]) {
        $1[0].columns(1..<3)
      } reference: { x, _ in
        [1, 2, 5, 6, 9, 10].map { x[0][$0] }
      }
    ]
    cases += [
      OperationCase(name: "reshape", inputs: [Input(shape: [3, 4], low: -1, high: 1)]) {
        // A view of a view, used beside what it looks at.
        $1[0].reshaped([2, 6]).reshaped([4, 3]) * $1[0].exp().reshaped([4, 3])
      } reference: { x, _ in
        x[0].map { $0 * Math.exp($0) }
      }
    ]
    cases += [
      OperationCase(name: "expanded", inputs: [Input(shape: [3, 4], low: -1, high: 1)]) {
        $1[0].expanded(at: 1) * $1[0].expanded(at: 0)
      } reference: { x, _ in
        (0..<36).map { (i: Int) -> Double in
          let row = i / 12 * 4 + i % 4
          return x[0][row] * x[0][i % 12]
        }
      }
    ]
    let targets: [(Shape, Shape)] = [
      ([4], [3, 4]), ([3, 1], [3, 4]), ([], [2, 2]), ([2, 1, 3], [2, 4, 3]), ([1, 3, 1], [2, 3, 4]), ([2, 1], [3, 2, 2]),
    ]
    cases += targets.map { from, to in
      OperationCase(name: "broadcast \(from) to \(to)", inputs: [Input(shape: from, low: 0.3, high: 1)]) {
        $1[0].broadcast(to: to)
      } reference: { x, _ in
        (0..<to.count).map { x[0][place($0, to, from)] }
      }
    }
    return cases
  }()
}
