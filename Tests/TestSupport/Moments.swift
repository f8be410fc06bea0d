/// Sample moments.
public enum Moments {
  /// The mean of the given power of the values.
  public static func mean(_ values: [Double], power: Int = 1) -> Double {
    var sum = 0.0
    for value in values {
      var product = 1.0
      for _ in 0..<power { product *= value }
      sum += product
    }
    return sum / Double(values.count)
  }

  /// The mean product of values that belong together.
  public static func meanProduct(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<min(a.count, b.count) { sum += a[i] * b[i] }
    return sum / Double(min(a.count, b.count))
  }
}
