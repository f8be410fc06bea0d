/// Derivatives of functions in double precision by central differences.
public enum FiniteDifference {
  /// ∂f/∂x_i ≈ (f(x + h e_i) − f(x − h e_i)) / 2h.
  public static func gradient(at x: [Double], step: Double = 1e-6, of function: ([Double]) -> Double) -> [Double] {
    var point = x
    return x.indices.map { i in
      point[i] = x[i] + step
      let above = function(point)
      point[i] = x[i] - step
      let below = function(point)
      point[i] = x[i]
      return (above - below) / (2 * step)
    }
  }

  /// (H v)_i ≈ the mixed second difference along e_i and v.
  public static func hessianProduct(at x: [Double], along v: [Double], step: Double = 1e-4, of function: ([Double]) -> Double) -> [Double] {
    func moved(_ i: Int, _ a: Double, _ b: Double) -> Double {
      var point = x
      for j in point.indices { point[j] += b * v[j] }
      point[i] += a
      return function(point)
    }
    return x.indices.map { i in
      (moved(i, step, step) - moved(i, step, -step) - moved(i, -step, step) + moved(i, -step, -step)) / (4 * step * step)
    }
  }
}

/// The largest distance between two lists, in units of the largest number of the second or of 1 if that is more.
public func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  if a.count != b.count { return .infinity }
  var worst = 0.0
  var scale = 1.0
  for i in b.indices {
    let distance = abs(a[i] - b[i])
    if distance.isNaN { return .infinity }
    worst = max(worst, distance)
    scale = max(scale, abs(b[i]))
  }
  return worst / scale
}
