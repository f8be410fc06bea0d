/// Where the arrays of a model lie in its one flat vector of parameters.
public struct Layout: Hashable, Sendable {
  /// What an array is to its layer, which decides how it begins.
  public enum Role: Hashable, Sendable {
    /// A matrix that inputs are multiplied with.
    case weights
    /// What is added behind a product.
    case bias
    /// What a normalised value is multiplied with.
    case gain
    /// What is added behind a normalisation.
    case offset
    /// One row for each of several choices.
    case table
  }

  /// One named array.
  public struct Slice: Hashable, Sendable {
    public let name: String
    public let shape: Shape
    public let offset: Int
    /// How many inputs feed one output, for initialisers.
    public let fanIn: Int
    public let role: Role
  }

  public private(set) var slices: [Slice] = []
  /// The number of parameters.
  public private(set) var count = 0
  /// How many models of one architecture lie side by side, or nil for one model: then every shape begins with this extent.
  public private(set) var copies: Int?

  public init() {}

  /// Adds an array behind the last one and returns its index.
  ///
  /// - Parameters:
  ///   - name: By which `Parameters` finds the array.
  ///   - shape: The array's extents.
  ///   - fanIn: How many inputs feed one output, for initialisers.
  ///   - role: What the array is; by its rank weights or a bias where nothing is said.
  @discardableResult
  public mutating func append(_ name: String, _ shape: Shape, fanIn: Int, role: Role? = nil) -> Int {
    slices.append(Slice(name: name, shape: shape, offset: count, fanIn: fanIn, role: role ?? (shape.rank >= 2 ? .weights : .bias)))
    count += shape.count
    return slices.count - 1
  }

  /// Adds all arrays of a part of the model and returns their indices, by which ``PlacedParameters`` finds them again.
  @discardableResult
  public mutating func append(_ name: String, _ part: Layout) -> Range<Int> {
    let first = slices.count
    for slice in part.slices { append("\(name).\(slice.name)", slice.shape, fanIn: slice.fanIn, role: slice.role) }
    return first..<slices.count
  }

  /// The layout of several models of this architecture, whose arrays lie side by side: `[copies, …]` for every slice.
  ///
  /// - Precondition: At most three extents a slice, and the layout is that of one model.
  public func stacked(_ copies: Int) -> Layout {
    precondition(self.copies == nil && copies > 0, "Layout.stacked: \(copies) copies of a layout of \(self.copies ?? 1)")
    var result = Layout()
    result.copies = copies
    for slice in slices { result.append(slice.name, slice.shape.inserting(copies, at: 0), fanIn: slice.fanIn, role: slice.role) }
    return result
  }

  /// The layout of one of the models.
  public var single: Layout {
    guard copies != nil else { return self }
    var result = Layout()
    for slice in slices { result.append(slice.name, slice.shape.removing(0), fanIn: slice.fanIn, role: slice.role) }
    return result
  }
}

/// All parameters of a model in one contiguous vector with named slices.
///
/// Averaging, optimiser steps, clipping, saving and sending are each one loop over this vector, for one model and for many at once.
public struct Parameters: Sendable {
  public let layout: Layout
  /// The numbers. `[layout.count]`
  public var values: Tensor

  /// All zero.
  public init(_ layout: Layout) {
    self.layout = layout
    values = Tensor(zeros: [layout.count])
  }

  /// Models of one architecture side by side, to be evaluated and stepped as one.
  public init(stacking models: [Parameters]) {
    precondition(!models.isEmpty, "Parameters: there is no model to stack")
    self.init(models[0].layout.stacked(models.count))
    for (copy, model) in models.enumerated() { self[copy: copy] = model }
  }

  public var count: Int { layout.count }

  /// The numbers of one slice as a tensor of its own, by the slice's name.
  public subscript(name: String) -> Tensor {
    get {
      let slice = slice(name)
      let result = Tensor(zeros: slice.shape)
      unsafe result.storage.pointer.update(from: values.storage.pointer + slice.offset, count: slice.shape.count)
      return result
    }
    set {
      let slice = slice(name)
      precondition(newValue.count == slice.shape.count, "Parameters: \(newValue.shape) for the slice '\(name)' of \(slice.shape)")
      values.makeUnique()
      unsafe (values.storage.pointer + slice.offset).update(from: newValue.storage.pointer, count: slice.shape.count)
    }
  }

  private func slice(_ name: String) -> Layout.Slice {
    guard let slice = layout.slices.first(where: { $0.name == name }) else {
      preconditionFailure("Parameters: no slice is named '\(name)'; there are \(layout.slices.map(\.name).joined(separator: ", "))")
    }
    return slice
  }

  /// One of several models that lie side by side, as parameters of its own.
  public subscript(copy copy: Int) -> Parameters {
    get {
      let model = Parameters(layout.single)
      for (part, whole) in places(of: copy, in: model.layout) {
        unsafe (model.values.storage.pointer + part.offset).update(from: values.storage.pointer + whole, count: part.shape.count)
      }
      return model
    }
    set {
      precondition(newValue.layout == layout.single, "Parameters: a model of another layout for copy \(copy)")
      values.makeUnique()
      for (part, whole) in places(of: copy, in: newValue.layout) {
        unsafe (values.storage.pointer + whole).update(from: newValue.values.storage.pointer + part.offset, count: part.shape.count)
      }
    }
  }

  /// The slices of one model with the place of each among those of all.
  private func places(of copy: Int, in single: Layout) -> [(part: Layout.Slice, whole: Int)] {
    precondition(copy >= 0 && copy < layout.copies ?? 0, "Parameters: copy \(copy) of \(layout.copies ?? 0)")
    return zip(single.slices, layout.slices).map { ($0, $1.offset + copy * $0.shape.count) }
  }

  /// Moves every parameter towards another model's: θ ← θ + rate (other − θ).
  public mutating func move(toward other: Parameters, by rate: Float) {
    precondition(layout == other.layout, "Parameters.move: the layouts differ")
    values.move(toward: other.values, by: rate)
  }
}
