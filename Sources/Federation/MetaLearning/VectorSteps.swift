/// Loops over vectors that meta-algorithms share, compiled for `Float` and `Double` each: generic code would call a function for every number.
enum VectorSteps {
  /// y ← x
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func copy<Scalar: BinaryFloatingPoint>(_ x: [Scalar], into y: inout [Scalar]) {
    let source = x.span
    var target = y.mutableSpan
    for i in 0..<target.count { target[i] = source[i] }
  }

  /// y ← x + a d
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func sum<Scalar: BinaryFloatingPoint>(_ x: [Scalar], _ a: Scalar, _ d: [Scalar], into y: inout [Scalar]) {
    let (first, second) = (x.span, d.span)
    var target = y.mutableSpan
    for i in 0..<target.count { target[i] = first[i] + a * second[i] }
  }

  /// y ← a (x − d)
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func difference<Scalar: BinaryFloatingPoint>(_ x: [Scalar], _ d: [Scalar], scale a: Scalar, into y: inout [Scalar]) {
    let (first, second) = (x.span, d.span)
    var target = y.mutableSpan
    for i in 0..<target.count { target[i] = a * (first[i] - second[i]) }
  }

  /// y ← y + a d in some ranges, nil for everywhere.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func add<Scalar: BinaryFloatingPoint>(_ a: Scalar, _ d: [Scalar], to y: inout [Scalar], in ranges: [Range<Int>]? = nil) {
    let source = d.span
    var target = y.mutableSpan
    guard let ranges else {
      for i in 0..<target.count { target[i] += a * source[i] }
      return
    }
    for range in ranges { for i in range { target[i] += a * source[i] } }
  }

  /// y ← M x: what lies in the ranges stays, the rest is zero; nil for everywhere.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func mask<Scalar: BinaryFloatingPoint>(_ x: [Scalar], to ranges: [Range<Int>]?, into y: inout [Scalar]) {
    guard let ranges else { return copy(x, into: &y) }
    let source = x.span
    var target = y.mutableSpan
    for i in 0..<target.count { target[i] = 0 }
    for range in ranges { for i in range { target[i] = source[i] } }
  }
}
