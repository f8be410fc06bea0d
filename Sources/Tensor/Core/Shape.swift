/// The extents of a tensor, from the slowest index to the fastest; at most four.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  var extents: (Int32, Int32, Int32, Int32) = (1, 1, 1, 1)
  /// The number of extents. A scalar has none.
  public private(set) var rank: Int

  /// - Precondition: At most four extents, none negative.
  public init(_ list: some Collection<Int>) {
    precondition(list.count <= 4, "Shape: at most 4 extents, got \(list.count)")
    rank = list.count
    for (axis, extent) in list.enumerated() {
      precondition(extent >= 0 && extent <= Int(Int32.max), "Shape: extent \(extent) of axis \(axis) is out of range")
      set(axis, Int32(extent))
    }
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  init(_ rows: Int, _ columns: Int) {
    rank = 2
    extents = (Int32(rows), Int32(columns), 1, 1)
  }

  /// The shape of a single number.
  public static let scalar = Shape([])

  /// `[rows, columns]`. Unlike a literal it never makes an array in between, so that it takes no memory in debug builds either.
  public static func matrix(_ rows: Int, _ columns: Int) -> Shape { Shape(rows, columns) }

  /// `[copies, rows, columns]`, without an array in between.
  public static func matrices(_ copies: Int, _ rows: Int, _ columns: Int) -> Shape { Shape(rows, columns).inserting(copies, at: 0) }

  private mutating func set(_ axis: Int, _ extent: Int32) {
    switch axis {
    case 0: extents.0 = extent
    case 1: extents.1 = extent
    case 2: extents.2 = extent
    default: extents.3 = extent
    }
  }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int {
    precondition(axis >= 0 && axis < rank, "Shape: axis \(axis) of a shape of rank \(rank)")
    switch axis {
    case 0: return Int(extents.0)
    case 1: return Int(extents.1)
    case 2: return Int(extents.2)
    default: return Int(extents.3)
    }
  }

  /// The extent of an axis counted from the last, which is 1; 1 where there is no such axis.
  func extent(fromLast axis: Int) -> Int { axis > rank ? 1 : self[rank - axis] }

  /// The place of an axis, where −1 is the last.
  func axis(_ axis: Int) -> Int {
    precondition(axis >= -rank && axis < rank, "Shape: axis \(axis) of \(self)")
    return axis < 0 ? axis + rank : axis
  }

  /// The same extents but for one.
  public func replacing(_ axis: Int, by extent: Int) -> Shape {
    var result = self
    if rank > 0 { result.set(self.axis(axis), Int32(extent)) }
    return result
  }

  /// The same extents without one.
  public func removing(_ axis: Int) -> Shape {
    let removed = self.axis(axis)
    var result = Shape.scalar
    for other in 0..<rank where other != removed { result.append(self[other]) }
    return result
  }

  /// The same extents with one more at `axis`.
  public func inserting(_ extent: Int, at axis: Int) -> Shape {
    precondition(axis >= -rank - 1 && axis <= rank, "Shape: no axis \(axis) can be added to \(self)")
    let place = axis < 0 ? axis + rank + 1 : axis
    var result = Shape.scalar
    for other in 0...rank {
      if other == place { result.append(extent) }
      if other < rank { result.append(self[other]) }
    }
    return result
  }

  private mutating func append(_ extent: Int) {
    precondition(rank < 4, "Shape: at most 4 extents")
    set(rank, Int32(extent))
    rank += 1
  }

  /// The shape of what two arrays make element by element: axes are matched from the last, and extents of one are repeated.
  ///
  /// - Returns: Nil where two extents differ and neither is one.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    var result = rank >= other.rank ? self : other
    for axis in 1...max(result.rank, 1) where axis <= result.rank {
      let (a, b) = (extent(fromLast: axis), other.extent(fromLast: axis))
      guard a == b || a == 1 || b == 1 else { return nil }
      result.set(result.rank - axis, Int32(a == 1 ? b : a))
    }
    return result
  }

  /// The number of elements.
  public var count: Int { Int(extents.0) * Int(extents.1) * Int(extents.2) * Int(extents.3) }

  /// The extent of the last axis (1 for a scalar).
  var columns: Int { rank == 0 ? 1 : self[rank - 1] }

  /// The product of all other extents.
  var rows: Int { columns == 0 ? 0 : count / columns }

  public var description: String { "[" + (0..<rank).map { String(self[$0]) }.joined(separator: ", ") + "]" }

  public static func == (a: Shape, b: Shape) -> Bool { a.rank == b.rank && a.extents == b.extents }

  public func hash(into hasher: inout Hasher) {
    for axis in 0..<rank { hasher.combine(self[axis]) }
  }
}
