/// Three clients with losses ½ (w − c_i)ᵀ A_i (w − c_i) of two parameters, whose federated fixed points are solutions of 2 × 2 systems.
enum QuadraticClients {
  static let matrices: [[[Double]]] = [[[2, 0.5], [0.5, 1]], [[1, 0], [0, 4]], [[3, -1], [-1, 2]]]
  static let centers: [[Double]] = [[1, 0], [-1, 2], [0, -1]]
  static let weights: [Double] = [1, 2, 3]

  /// A_i (w − c_i)
  static func gradient(_ client: Int, at w: [Double]) -> [Double] {
    let (a, c) = (matrices[client], centers[client])
    return (0..<2).map { a[$0][0] * (w[0] - c[0]) + a[$0][1] * (w[1] - c[1]) }
  }

  /// So many steps down a client's loss.
  ///
  /// - Parameter correct: Changes a gradient at a place.
  static func descend(
    _ client: Int, from w: [Double], steps: Int, rate: Double, _ correct: (_ gradient: inout [Double], _ place: [Double]) -> Void = { _, _ in }
  ) -> [Double] {
    var y = w
    for _ in 0..<steps {
      var gradient = gradient(client, at: y)
      correct(&gradient, y)
      for i in 0..<2 { y[i] -= rate * gradient[i] }
    }
    return y
  }

  static func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }
}
