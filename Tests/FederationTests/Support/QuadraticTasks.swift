import Federation
import Tensor

/// The clients of ``QuadraticClients`` as tasks in closed form, in `Double`.
struct QuadraticTask: TaskGradients {
  let client: Int
  /// Every batch that was asked for, in order.
  var asked: [BatchSlot] = []
  /// Whether second derivatives are said to be zero.
  var isFlat = false
  let count = 2

  init(_ client: Int) { self.client = client }

  mutating func gradient(on slot: BatchSlot, at place: [Double], into gradient: inout [Double]) -> Double {
    asked.append(slot)
    gradient = QuadraticClients.gradient(client, at: place)
    return zip(gradient, zip(place, QuadraticClients.centers[client])).reduce(0) { $0 + 0.5 * $1.0 * ($1.1.0 - $1.1.1) }
  }

  mutating func hessianProduct(on slot: BatchSlot, at place: [Double], along direction: [Double], into product: inout [Double]) {
    asked.append(slot)
    let a = QuadraticClients.matrices[client]
    product = isFlat ? [0, 0] : (0..<2).map { a[$0][0] * direction[0] + a[$0][1] * direction[1] }
  }
}

/// The same losses on tapes. The two parameters are slices of their own, "first" and "second"; centres move by up to `noise` from batch to batch.
struct QuadraticFamily: TaskFamily {
  var noise: Float = 0

  static let layout: Layout = {
    var layout = Layout()
    layout.append("first", [1], fanIn: 1)
    layout.append("second", [1], fanIn: 1)
    return layout
  }()

  struct Batch {
    var matrices: [Float] = []
    var centers: [Float] = []
    var rows: Shape = [0, 1, 2]
    var blocks: Shape = [0, 2, 2]
    var numbers: Shape = [0, 1, 1]
  }

  /// How far a batch moves the centre.
  func offset(_ request: BatchRequest, _ task: Int) -> Float { noise * Float((request.number * 7 + task * 3) % 11 - 5) / 5 }

  func makeBatch() -> Batch { Batch() }

  func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Batch) {
    let count = request.tasks.count
    if batch.centers.count != 2 * count {
      batch.matrices = Array(repeating: 0, count: 4 * count)
      batch.centers = Array(repeating: 0, count: 2 * count)
      (batch.rows, batch.blocks, batch.numbers) = ([count, 1, 2], [count, 2, 2], [count, 1, 1])
    }
    for (place, task) in request.tasks.enumerated() {
      for i in 0..<2 {
        batch.centers[2 * place + i] = Float(QuadraticClients.centers[task % 3][i]) + offset(request, task)
        for j in 0..<2 { batch.matrices[4 * place + 2 * i + j] = Float(QuadraticClients.matrices[task % 3][i][j]) }
      }
    }
  }

  func losses(of batch: Batch, _ parameters: PlacedParameters, on tape: Tape) -> Variable {
    let w = Variable.concatenate([parameters[0].reshaped(batch.numbers), parameters[1].reshaped(batch.numbers)], along: -1)
    let difference = w - tape.constant(batch.centers, shape: batch.rows)
    return (matmul(difference, tape.constant(batch.matrices, shape: batch.blocks)) * difference).sum(along: -1) * 0.5
  }
}

extension Parameters {
  /// The two numbers of a quadratic task.
  init(quadratic first: Float, _ second: Float) {
    self.init(QuadraticFamily.layout)
    values = Tensor([first, second])
  }

  var doubles: [Double] { values.array.map { Double($0) } }
}

/// 2 × 2 matrices, for closed forms.
enum Matrix2 {
  typealias Matrix = [[Double]]
  static let one: Matrix = [[1, 0], [0, 1]]

  static func times(_ a: Matrix, _ b: Matrix) -> Matrix {
    (0..<2).map { i in (0..<2).map { j in a[i][0] * b[0][j] + a[i][1] * b[1][j] } }
  }

  static func times(_ a: Matrix, _ x: [Double]) -> [Double] { (0..<2).map { a[$0][0] * x[0] + a[$0][1] * x[1] } }
  static func plus(_ a: Matrix, _ b: Matrix, scale: Double = 1) -> Matrix { (0..<2).map { i in (0..<2).map { a[i][$0] + scale * b[i][$0] } } }

  static func power(_ a: Matrix, _ n: Int) -> Matrix { (0..<n).reduce(one) { result, _ in times(result, a) } }

  static func solve(_ a: Matrix, _ b: [Double]) -> [Double] {
    let determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0]
    return [(b[0] * a[1][1] - b[1] * a[0][1]) / determinant, (a[0][0] * b[1] - a[1][0] * b[0]) / determinant]
  }

  /// (Σ M_i)⁻¹ Σ M_i c_i over the quadratic clients: where Σ M_i (w − c_i) is zero.
  static func fixedPoint(_ matrix: (Matrix) -> Matrix) -> [Double] {
    var (sum, right) = ([[0.0, 0], [0, 0]], [0.0, 0])
    for client in 0..<3 {
      let m = matrix(QuadraticClients.matrices[client])
      let product = times(m, QuadraticClients.centers[client])
      sum = plus(sum, m)
      right = [right[0] + product[0], right[1] + product[1]]
    }
    return solve(sum, right)
  }
}
