/// How the weights of a layer begin.
///
/// With n the number of inputs of a unit and m the number of units. Whatever the initialiser, what a normalised value is multiplied with
/// begins as one, its offset as zero, and the rows of an embedding as standard normal numbers.
public enum Initializer: Sendable, Hashable {
  case constant(Float)
  /// U(−1/√n, 1/√n) for weights and biases alike: the default of PyTorch's linear layer.
  case uniformFanIn
  /// U(−bound, bound) for weights and biases alike.
  case uniform(bound: Double)
  /// U(−√(6/(n+m)), √(6/(n+m))), zero biases (Glorot and Bengio 2010).
  case glorotUniform
  /// Normal with standard deviation √(2/(n+m)), zero biases (Glorot and Bengio 2010).
  case glorotNormal
  /// U(−√(6/n), √(6/n)), zero biases (He et al. 2015).
  case heUniform
  /// Normal with standard deviation √(2/n), zero biases (He et al. 2015).
  case heNormal
  /// Columns of a random orthogonal matrix times `gain`, zero biases (Saxe et al. 2014).
  case orthogonal(gain: Float)

  /// Fills the slices of a layout. Slice s draws from step s of the stream, so that a slice's numbers depend on its place alone.
  public func fill(_ parameters: inout Parameters, from stream: RandomStream) {
    for (index, slice) in parameters.layout.slices.enumerated() {
      var generator = stream.generator(step: index)
      let values = numbers(slice, &generator)
      for (i, value) in values.enumerated() { parameters.values[slice.offset + i] = value }
    }
  }

  private func numbers(_ slice: Layout.Slice, _ generator: inout Philox) -> [Float] {
    let count = slice.shape.count
    let isMatrix = slice.role == .weights
    func uniform(_ bound: Double) -> [Float] { (0..<count).map { _ in Float(generator.uniform(-bound, bound)) } }
    func normal(_ variance: Double) -> [Float] {
      let deviation = Math.sqrt(variance)
      return (0..<count).map { _ in Float(deviation * generator.normal()) }
    }
    switch slice.role {
    case .gain: return Array(repeating: 1, count: count)
    case .offset: return Array(repeating: 0, count: count)
    case .table: return normal(1)
    case .weights, .bias: break
    }
    switch self {
    case .constant(let value): return Array(repeating: value, count: count)
    case .uniform(let bound): return uniform(bound)
    case .uniformFanIn: return uniform(1 / Math.sqrt(Double(slice.fanIn)))
    case _ where !isMatrix: return Array(repeating: 0, count: count)
    case .glorotUniform: return uniform(Math.sqrt(6 / Double(slice.fanIn + slice.shape.columns)))
    case .heUniform: return uniform(Math.sqrt(6 / Double(slice.fanIn)))
    case .glorotNormal: return normal(2 / Double(slice.fanIn + slice.shape.columns))
    case .heNormal: return normal(2 / Double(slice.fanIn))
    case .orthogonal(let gain): return Self.orthogonal(slice.shape.rows, slice.shape.columns, gain: Double(gain), &generator)
    }
  }

  /// Gram and Schmidt on normal vectors, twice for accuracy, along the longer side.
  private static func orthogonal(_ rows: Int, _ columns: Int, gain: Double, _ generator: inout Philox) -> [Float] {
    let length = max(rows, columns)
    var vectors: [[Double]] = []
    for _ in 0..<min(rows, columns) {
      var vector = (0..<length).map { _ in generator.normal() }
      for _ in 0..<2 {
        for other in vectors {
          var dot = 0.0
          for i in 0..<length { dot += vector[i] * other[i] }
          for i in 0..<length { vector[i] -= dot * other[i] }
        }
      }
      var square = 0.0
      for x in vector { square += x * x }
      let scale = 1 / Math.sqrt(square)
      vectors.append(vector.map { $0 * scale })
    }
    var result: [Float] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        result.append(Float(gain * (rows >= columns ? vectors[column][row] : vectors[row][column])))
      }
    }
    return result
  }
}
