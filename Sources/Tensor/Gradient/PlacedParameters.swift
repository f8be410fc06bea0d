/// Parameters that have been placed on a tape: a variable for each slice of a layout.
@safe public struct PlacedParameters {
  let tape: Tape
  private let nodes: UnsafePointer<Int32>
  /// The number of slices.
  public let count: Int
  /// How many models lie side by side in every slice, as its first extent; nil for one model.
  public let copies: Int?

  init(tape: Tape, nodes: UnsafePointer<Int32>, count: Int, copies: Int?) {
    self.tape = tape
    unsafe self.nodes = nodes
    self.count = count
    self.copies = copies
  }

  /// The given variables in the place of parameters: a model whose weights are computed.
  ///
  /// - Parameters:
  ///   - slices: One variable for each slice of the model's layout, all on one tape.
  ///   - copies: How many models lie side by side in every slice, or nil for one.
  public init(_ slices: [Variable], copies: Int? = nil) {
    precondition(!slices.isEmpty, "PlacedParameters: there is no slice")
    let tape = slices[0].tape
    let nodes = unsafe tape.arena.integers(slices.count)
    for (index, slice) in slices.enumerated() { unsafe nodes[index] = slice.node }
    unsafe self.init(tape: tape, nodes: UnsafePointer(nodes), count: slices.count, copies: copies)
  }

  /// The slice at `index` of the layout.
  public subscript(index: Int) -> Variable {
    precondition(index >= 0 && index < count, "PlacedParameters: slice \(index) of \(count)")
    return unsafe Variable(tape: tape, node: nodes[index])
  }

  /// The slices of a part of the model; see ``Layout/append(_:_:)``.
  public subscript(range: Range<Int>) -> PlacedParameters {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "PlacedParameters: slices \(range) of \(count)")
    return unsafe PlacedParameters(tape: tape, nodes: nodes + range.lowerBound, count: range.count, copies: copies)
  }
}
