/// Where the arrays of a model lie in its one flat vector of parameters.
public struct Layout: Hashable, Sendable {
  /// One named array.
  public struct Slice: Hashable, Sendable {
    public let name: String
    public let shape: Shape
    public let offset: Int
    /// How many inputs feed one output, for initialisers.
    public let fanIn: Int
  }

  public private(set) var slices: [Slice] = []
  /// The number of parameters.
  public private(set) var count = 0

  public init() {}

  /// Adds an array behind the last one and returns its index.
  @discardableResult
  public mutating func append(_ name: String, _ shape: Shape, fanIn: Int) -> Int {
    slices.append(Slice(name: name, shape: shape, offset: count, fanIn: fanIn))
    count += shape.count
    return slices.count - 1
  }
}

/// All parameters of a model in one contiguous vector with named slices.
///
/// Averaging, optimiser steps, clipping, saving and sending are each one loop over this vector.
public struct Parameters: Sendable {
  public let layout: Layout
  /// The numbers. `[layout.count]`
  public var values: Tensor

  /// All zero.
  public init(_ layout: Layout) {
    self.layout = layout
    values = Tensor(zeros: [layout.count])
  }

  public var count: Int { layout.count }

  /// Moves every parameter towards another model's: θ ← θ + rate (other − θ).
  public mutating func move(toward other: Parameters, by rate: Float) {
    precondition(layout == other.layout, "Parameters.move: the layouts differ")
    values.move(toward: other.values, by: rate)
  }
}
