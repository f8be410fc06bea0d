import CKernels

/// A record of operations, evaluated as they are recorded, that can be run backwards.
///
/// The tape is flat: nodes in the order of evaluation, values in an arena. `rewind()` forgets all and keeps the memory, so
/// that a training step allocates nothing once the first one has run. The derivative of a node is itself recorded as nodes, so
/// derivatives can be differentiated again.
///
/// ```swift
/// let tape = Tape()
/// let loss = tape.gradient(of: parameters, into: &gradient) { p in
///   let output = network(tape.constant(inputs), p)
///   return (output - tape.constant(targets)).squared().mean()
/// }
/// ```
///
/// A tape is used by one thread. With `threads` above one it shares large products and element-wise functions among so many, with the
/// same bits: worth it from products of some million multiplications on.
@safe public final class Tape {
  @safe struct Node {
    var operation: Operation
    var shape: Shape
    var value: UnsafeMutablePointer<Float>
    var needsGradient: Bool
  }

  /// The sum of the derivatives that have reached a node so far.
  @safe struct Adjoint {
    var node: Int32 = -1
    /// Nobody else reads that node: it may be added to in place.
    var owned = false
    /// Where the derivative has to end up, or nil for anywhere.
    var destination: UnsafeMutablePointer<Float>?
  }

  // A tape serves one thread and its methods do not overlap: the run-time check of exclusive access would cost 6 % of a small step.
  @exclusivity(unchecked) private var nodeStorage: [Node] = []
  @exclusivity(unchecked) private var adjointStorage: [Adjoint] = []
  @exclusivity(unchecked) private var ownerStorage: [Storage] = []

  var nodes: [Node] {
    get { unsafe nodeStorage }
    _modify { yield unsafe &nodeStorage }
  }

  var adjoints: [Adjoint] {
    get { unsafe adjointStorage }
    _modify { yield unsafe &adjointStorage }
  }

  private var owners: [Storage] {
    get { unsafe ownerStorage }
    _modify { yield unsafe &ownerStorage }
  }

  let arena = Arena()
  /// Called with the first number that is not finite; see ``reportNonFinite(_:)``.
  var nonFiniteHandler: ((NonFiniteValue) -> Void)?

  /// How many threads share large operations.
  public let threads: Int

  /// - Parameter threads: How many threads share large operations; the bits do not depend on it.
  public init(threads: Int = 1) {
    precondition(threads > 0, "Tape: \(threads) threads")
    self.threads = threads
    nodes.reserveCapacity(256)
    adjoints.reserveCapacity(256)
    owners.reserveCapacity(64)
  }

  /// Forgets all nodes. Variables made before are no longer valid.
  public func rewind() {
    nodes.removeAll(keepingCapacity: true)
    adjoints.removeAll(keepingCapacity: true)
    owners.removeAll(keepingCapacity: true)
    arena.rewind()
  }

  /// The number of recorded operations.
  public var count: Int { nodes.count }

  // MARK: Leaves

  /// A constant with the elements of a tensor, which the tape shares.
  public func constant(_ tensor: Tensor) -> Variable {
    leaf(tensor.storage, offset: 0, shape: tensor.shape, needsGradient: false)
  }

  /// A constant with the given elements, which are copied.
  public func constant(_ values: Span<Float>, shape: Shape) -> Variable {
    precondition(values.count == shape.count, "Tape.constant: \(values.count) numbers for the shape \(shape)")
    let copy = unsafe arena.floats(values.count)
    unsafe values.withUnsafeBufferPointer { if let start = $0.baseAddress { unsafe copy.update(from: start, count: $0.count) } }
    return Variable(tape: self, node: unsafe push(.leaf, shape, copy, needsGradient: false))
  }

  /// A constant with the given elements, which are copied.
  public func constant(_ values: [Float], shape: Shape) -> Variable { constant(values.span, shape: shape) }

  /// A single constant number.
  public func constant(_ value: Float) -> Variable {
    let place = unsafe arena.floats(1)
    unsafe place.pointee = value
    return Variable(tape: self, node: unsafe push(.leaf, .scalar, place, needsGradient: false))
  }

  func constantZeros(_ shape: Shape) -> Variable {
    let value = unsafe arena.floats(shape.count)
    unsafe value.update(repeating: 0, count: shape.count)
    return Variable(tape: self, node: unsafe push(.leaf, shape, value, needsGradient: false))
  }

  /// A variable with the elements of a tensor, for which derivatives can be asked.
  public func variable(_ tensor: Tensor) -> Variable {
    leaf(tensor.storage, offset: 0, shape: tensor.shape, needsGradient: true)
  }

  /// One row vector of zeros and a single one in each row. `[rows, choices]`
  public func oneHot(_ indices: Span<Int32>, choices: Int) -> Variable {
    for row in 0..<indices.count {
      precondition(indices[row] >= 0 && indices[row] < choices, "Tape.oneHot: index \(indices[row]) of \(choices)")
    }
    return unsafe oneHot(keep(indices), Shape(indices.count, choices))
  }

  /// Parameters as variables: one for each slice of their layout.
  ///
  /// - Parameters:
  ///   - parameters: One model, or several side by side; read where they lie, without a copy.
  ///   - differentiable: Whether derivatives with respect to them will be asked for.
  public func place(_ parameters: Parameters, differentiable: Bool = true) -> PlacedParameters {
    owners.append(parameters.values.storage)
    let nodes = unsafe arena.integers(parameters.layout.slices.count)
    for (index, slice) in parameters.layout.slices.enumerated() {
      let start = unsafe parameters.values.storage.pointer + slice.offset
      unsafe nodes[index] = push(.leaf, slice.shape, start, needsGradient: differentiable)
    }
    return unsafe PlacedParameters(tape: self, nodes: nodes, count: parameters.layout.slices.count, copies: parameters.layout.copies)
  }

  private func leaf(_ storage: Storage, offset: Int, shape: Shape, needsGradient: Bool) -> Variable {
    owners.append(storage)
    return Variable(tape: self, node: unsafe push(.leaf, shape, storage.pointer + offset, needsGradient: needsGradient))
  }

  /// Rows of zeros with a single one each.
  func oneHot(_ indices: UnsafePointer<Int32>, _ shape: Shape) -> Variable {
    let result = constantZeros(shape)
    let target = unsafe value(result.node)
    for row in 0..<shape.rows { unsafe target[row * shape.columns + Int(indices[row])] = 1 }
    return result
  }

  /// The places of the largest (sign 1) or smallest (sign −1) elements along an axis, which live as long as the nodes.
  func extremePlaces(of node: Int32, _ view: AxisView, sign: Float) -> UnsafePointer<Int32> {
    precondition(view.extent > 0, "Variable.max: the axis of \(nodes[Int(node)].shape) is empty")
    let places = unsafe arena.integers(Int(view.outer * view.inner))
    unsafe ck_extreme_axis(Int(view.outer), Int(view.extent), Int(view.inner), sign, value(node), places)
    return unsafe UnsafePointer(places)
  }

  /// A copy of integers that lives as long as the nodes.
  func keep(_ indices: Span<Int32>) -> UnsafePointer<Int32> {
    let copy = unsafe arena.integers(indices.count)
    for i in 0..<indices.count { unsafe copy[i] = indices[i] }
    return unsafe UnsafePointer(copy)
  }

  // MARK: Recording

  func push(_ operation: Operation, _ shape: Shape, _ value: UnsafeMutablePointer<Float>, needsGradient: Bool) -> Int32 {
    nodes.append(unsafe Node(operation: operation, shape: shape, value: value, needsGradient: needsGradient))
    return Int32(nodes.count - 1)
  }

  /// Records an operation and computes its value, into `destination` where one is given.
  @discardableResult
  func record(_ operation: Operation, _ shape: Shape, needsGradient: Bool, into destination: UnsafeMutablePointer<Float>? = nil) -> Int32 {
    if unsafe destination == nil, let value = unsafe shared(operation) { return unsafe push(operation, shape, value, needsGradient: needsGradient) }
    let value = unsafe destination ?? arena.floats(shape.count)
    let node = unsafe push(operation, shape, value, needsGradient: needsGradient)
    evaluate(Int(node))
    if nonFiniteHandler != nil { inspect(node) }
    return node
  }

  func needsGradient(_ node: Int32) -> Bool { node >= 0 && nodes[Int(node)].needsGradient }

  // MARK: Running backwards

  /// The value of a loss and its gradient with respect to all parameters.
  ///
  /// Reverse accumulation (Griewank and Walther 2008): the gradient costs a small multiple of the loss.
  /// The tape is rewound before and after: what `body` wants to keep of its variables it has to copy out.
  /// - Parameters:
  ///   - parameters: Where the loss is taken.
  ///   - gradient: Receives ∂loss/∂parameters, every element. The same count as `parameters`.
  ///   - body: Computes a single number from the placed parameters.
  /// - Returns: The loss.
  @discardableResult
  public func gradient(of parameters: Parameters, into gradient: inout Tensor, _ body: (PlacedParameters) -> Variable) -> Float {
    precondition(gradient.count == parameters.count, "Tape.gradient: a gradient of \(gradient.count) numbers for \(parameters.count) parameters")
    rewind()
    let placed = place(parameters)
    let loss = body(placed)
    gradient.makeUnique()
    let storage = gradient.storage
    startAdjoints()
    for (index, slice) in parameters.layout.slices.enumerated() {
      unsafe adjoints[index].destination = unsafe storage.pointer + slice.offset
    }
    // The parameters are the first nodes of the tape.
    runBackwards(from: loss.node, to: 0)
    for (index, slice) in parameters.layout.slices.enumerated() where adjoints[index].node < 0 {
      unsafe (storage.pointer + slice.offset).update(repeating: 0, count: slice.shape.count)
    }
    let value = loss.number
    rewind()
    return value
  }

  /// The gradients of several examples, each by itself.
  ///
  /// As many models as examples lie side by side, all with the same parameters, and each sees its own example: the cost is that of a
  /// batch, the memory that of one gradient for each example.
  /// - Parameters:
  ///   - parameters: Those of one model, the same for every example.
  ///   - examples: The number of examples.
  ///   - gradients: Receives ∂loss_i/∂parameters as row i. `[examples, parameters]`
  ///   - body: The loss of every example, from parameters that are stacked `examples` times: inputs are `[examples, rows, D]`.
  ///     Returns `[examples]`, or as many numbers under another shape.
  public func perExampleGradients(
    of parameters: Parameters, examples: Int, into gradients: inout Tensor, _ body: (PlacedParameters) -> Variable
  ) {
    precondition(
      gradients.count == examples * parameters.count, "Tape.perExampleGradients: \(gradients.shape) for \(examples) times \(parameters.count)")
    let stacked = Parameters(stacking: Array(repeating: parameters, count: examples))
    var together = Parameters(stacked.layout)
    gradient(of: stacked, into: &together.values) { placed in
      let losses = body(placed)
      precondition(losses.shape.count == examples, "Tape.perExampleGradients: losses of \(losses.shape) for \(examples) examples")
      return losses.sum()
    }
    gradients.makeUnique()
    for example in 0..<examples {
      let own = together[copy: example].values
      unsafe (gradients.storage.pointer + example * parameters.count).update(from: own.storage.pointer, count: parameters.count)
    }
  }

  /// The product of the Hessian of a loss with a direction: H v = ∇(∇loss · v), without the Hessian.
  ///
  /// - Parameters:
  ///   - parameters: Where the Hessian is taken.
  ///   - direction: v, as many numbers as parameters.
  ///   - product: Receives H v.
  ///   - body: Computes a single number from the placed parameters.
  /// - Complexity: A small multiple of the loss (Pearlmutter 1994).
  public func hessianProduct(
    of parameters: Parameters, along direction: Tensor, into product: inout Tensor, _ body: (PlacedParameters) -> Variable
  ) {
    precondition(direction.count == parameters.count, "Tape.hessianProduct: a direction of \(direction.shape) for \(parameters.count) parameters")
    gradient(of: parameters, into: &product) { placed in
      let loss = body(placed)
      startAdjoints()
      runBackwards(from: loss.node, to: 0)
      var slope: Variable?
      owners.append(direction.storage)
      for (index, slice) in parameters.layout.slices.enumerated() where adjoints[index].node >= 0 {
        let gradient = Variable(tape: self, node: adjoints[index].node)
        let part = unsafe push(.leaf, slice.shape, direction.storage.pointer + slice.offset, needsGradient: false)
        let term = (gradient * Variable(tape: self, node: part)).sum()
        slope = slope.map { $0 + term } ?? term
      }
      return slope ?? constant(0)
    }
  }

  /// Runs `body` with fresh nodes and forgets them: for values that need no derivative.
  ///
  /// What `body` wants to keep of its variables it has to copy out.
  public func scope(_ body: () -> Void) {
    rewind()
    body()
    rewind()
  }

  /// The derivatives of a single number with respect to variables, as variables that can be differentiated again.
  ///
  /// - Precondition: `loss` has one element.
  /// - Returns: One variable of the same shape for each of `variables`; zeros where the loss does not depend on it.
  public func gradients(of loss: Variable, withRespectTo variables: [Variable]) -> [Variable] {
    startAdjoints()
    runBackwards(from: loss.node, to: 0)
    return variables.map { variable in
      let adjoint = adjoints[Int(variable.node)].node
      if adjoint >= 0 { return Variable(tape: self, node: adjoint) }
      return constantZeros(variable.shape)
    }
  }

  private func startAdjoints() {
    adjoints.removeAll(keepingCapacity: true)
    for _ in 0..<nodes.count { adjoints.append(Adjoint()) }
  }

  private func runBackwards(from loss: Int32, to first: Int) {
    precondition(nodes[Int(loss)].shape.count == 1, "Tape.gradient: the loss must be a single number, not \(nodes[Int(loss)].shape)")
    guard nodes[Int(loss)].needsGradient else { return }
    // The loss may itself be a parameter, whose derivative has a place to go to.
    let seed = unsafe adjoints[Int(loss)].destination ?? arena.floats(1)
    unsafe seed.pointee = 1
    adjoints[Int(loss)].node = unsafe push(.leaf, nodes[Int(loss)].shape, seed, needsGradient: false)
    var node = Int(loss)
    while node >= first {
      if adjoints[node].node >= 0 { differentiate(node) }
      node -= 1
    }
  }

  /// Adds the value of an operation to the derivative of `input`.
  func accumulate(into input: Int32, _ operation: Operation) {
    guard needsGradient(input) else { return }
    let adjoint = adjoints[Int(input)]
    let shape = nodes[Int(input)].shape
    if adjoint.node < 0 {
      let node = unsafe record(operation, shape, needsGradient: dependsOnGradient(operation), into: adjoint.destination)
      adjoints[Int(input)].node = node
      adjoints[Int(input)].owned = !needsItsValue(operation)
      return
    }
    let place = unsafe adjoint.owned ? nodes[Int(adjoint.node)].value : adjoint.destination
    if case .product(let a, let b, let transposeA, let transposeB, -1, .linear, let batch) = operation,
      unsafe place == nodes[Int(adjoint.node)].value
    {
      let sum = Operation.product(
        a: a, b: b, transposeA: transposeA, transposeB: transposeB, start: adjoint.node, activation: .linear, batch: batch)
      adjoints[Int(input)].node = unsafe record(sum, shape, needsGradient: dependsOnGradient(sum), into: place)
    } else {
      let term = unsafe record(operation, shape, needsGradient: dependsOnGradient(operation))
      let sum = Operation.binary(.add, adjoint.node, term)
      adjoints[Int(input)].node = unsafe record(sum, shape, needsGradient: dependsOnGradient(sum), into: place)
    }
    adjoints[Int(input)].owned = true
  }

  /// Adds a node as it is to the derivative of `input`.
  func accumulate(into input: Int32, node: Int32) {
    guard needsGradient(input) else { return }
    let isLike = nodes[Int(node)].shape == nodes[Int(input)].shape
    if isLike, adjoints[Int(input)].node < 0, unsafe adjoints[Int(input)].destination == nil {
      adjoints[Int(input)].node = node
      adjoints[Int(input)].owned = false
    } else {
      accumulate(into: input, .reshape(node))
    }
  }

  /// Adds a node to the derivative of `input`, summed along the axes where the input was repeated.
  func accumulate(into input: Int32, reducing node: Int32) {
    guard needsGradient(input) else { return }
    if nodes[Int(node)].shape.count == nodes[Int(input)].shape.count { return accumulate(into: input, node: node) }
    accumulate(into: input, sums(of: node, downTo: nodes[Int(input)].shape))
  }

  /// Adds the value of an operation, whose shape is that of its first operand, to the derivative of `input`, summed along the axes
  /// where the input was repeated.
  func accumulate(into input: Int32, reducing operation: Operation) {
    guard needsGradient(input) else { return }
    let shape = nodes[Int(operands(operation).0)].shape
    if shape.count == nodes[Int(input)].shape.count { return accumulate(into: input, operation) }
    let node = unsafe record(operation, shape, needsGradient: dependsOnGradient(operation))
    accumulate(into: input, sums(of: node, downTo: nodes[Int(input)].shape))
  }

  /// The last of the sums that bring a node to a smaller shape, the others recorded.
  private func sums(of node: Int32, downTo target: Shape) -> Operation {
    var node = node
    while true {
      let shape = nodes[Int(node)].shape
      // The slowest run of axes that were repeated.
      var axis = shape.rank
      while target.extent(fromLast: axis) == shape.extent(fromLast: axis) { axis -= 1 }
      var end = axis
      while end >= 1 && (target.extent(fromLast: end) == 1 || shape.extent(fromLast: end) == 1) { end -= 1 }
      var reduced = shape
      var view = AxisView(outer: 1, extent: 1, inner: 1)
      for other in 1...shape.rank {
        let extent = Int32(shape.extent(fromLast: other))
        if other > axis { view.outer *= extent } else if other > end { view.extent *= extent } else { view.inner *= extent }
        if other <= axis && other > end { reduced = reduced.replacing(-other, by: 1) }
      }
      let sum = Operation.sum(node, view)
      if reduced.count == target.count { return sum }
      node = unsafe record(sum, reduced, needsGradient: dependsOnGradient(sum))
    }
  }
}
