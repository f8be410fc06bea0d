import CKernels

/// Values without a tape: what an acting policy needs.
extension Network {
  /// The output for a batch without a tape, with the same bits as on one. After the first call nothing is allocated.
  ///
  /// - Parameters:
  ///   - input: `[rows, inputs]`; with parameters of A models `[A, rows / A, inputs]`.
  ///   - rows: The number of rows, of all models together.
  ///   - parameters: A model that holds this network's slices, from `firstSlice` on.
  ///   - firstSlice: The index in `parameters` of the network's first slice.
  ///   - output: Receives `[rows, outputs]`.
  ///   - workspace: Memory for the values between layers, reused from call to call.
  public func evaluate(
    _ input: Span<Float>, rows: Int, _ parameters: Parameters, firstSlice: Int = 0, into output: inout MutableSpan<Float>,
    workspace: inout Workspace
  ) {
    precondition(input.count == rows * inputs, "Network.evaluate: \(input.count) numbers for \(rows) rows of \(inputs)")
    precondition(output.count == rows * outputs, "Network.evaluate: room for \(output.count) numbers, \(rows * outputs) result")
    let copies = parameters.layout.copies ?? 1
    let slices = layout.slices.count
    precondition(
      firstSlice >= 0 && firstSlice + slices <= parameters.layout.slices.count, "Network.evaluate: the parameters have too few slices")
    for index in 0..<slices {
      let place = parameters.layout.slices[firstSlice + index]
      precondition(
        place.shape.count == copies * layout.slices[index].shape.count && place.role == layout.slices[index].role,
        "Network.evaluate: the slice \(place.name) \(place.shape) in the place of \(layout.slices[index].name) \(layout.slices[index].shape)")
    }
    precondition(rows % copies == 0, "Network.evaluate: \(rows) rows for \(copies) models")
    let share = rows / copies
    workspace.reserve(room(share))
    let memory = unsafe workspace.start
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        guard let x = input.baseAddress, let y = output.baseAddress else { return }
        for copy in 0..<copies {
          let model = Model(parameters: parameters, copy: copy, copies: copies)
          unsafe run(x + copy * share * inputs, share, model, firstSlice, into: y + copy * share * outputs, stride: outputs, memory)
        }
      }
    }
    withExtendedLifetime((parameters, workspace)) {}
  }

  /// One of the models whose slices lie side by side.
  private struct Model {
    let parameters: Parameters
    let copy: Int
    let copies: Int

    func slice(_ index: Int) -> UnsafePointer<Float> {
      let slice = parameters.layout.slices[index]
      return unsafe UnsafePointer(parameters.values.storage.pointer + slice.offset + copy * (slice.shape.count / copies))
    }
  }

  /// How many numbers lie between the layers, each array from a multiple of 64 bytes on. Heads use the same room in turn.
  private func room(_ rows: Int) -> Int {
    layers.reduce(0) { sum, layer in
      var heads = 0
      if case .heads(let networks) = layer { heads = networks.map { $0.room(rows) }.max() ?? 0 }
      return sum + heads + Network.padded(rows * layer.outputs)
    }
  }

  private static func padded(_ count: Int) -> Int { (count + 15) & ~15 }

  private func run(
    _ input: UnsafePointer<Float>, _ rows: Int, _ model: Model, _ firstSlice: Int, into output: UnsafeMutablePointer<Float>, stride: Int,
    _ memory: UnsafeMutablePointer<Float>
  ) {
    var x = unsafe input
    var free = unsafe memory
    var slice = firstSlice
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let y = unsafe isLast ? output : free
      let step = isLast ? stride : layer.outputs
      if !isLast { unsafe free += Network.padded(rows * layer.outputs) }
      switch layer {
      case .dense(let inputs, let outputs, let activation):
        unsafe Network.multiply(x, rows, inputs, model.slice(slice), model.slice(slice + 1), activation, y, outputs, step)
      case .layerNorm(let width):
        for row in 0..<rows {
          let out = unsafe y + row * step
          unsafe ck_standardize_rows(1, width, Layer.normEpsilon, x + row * width, out)
          unsafe ck_binary(BinaryFunction.multiply.rawValue, width, out, model.slice(slice), out)
          unsafe ck_binary(BinaryFunction.add.rawValue, width, out, model.slice(slice + 1), out)
        }
      case .embedding(let fields, let choices, let width):
        for place in 0..<(rows * fields) {
          let choice = unsafe Layer.choice(x[place], of: choices)
          let target = unsafe y + place / fields * step + place % fields * width
          unsafe target.update(from: model.slice(slice) + (place % fields * choices + choice) * width, count: width)
        }
      case .dueling(let inputs, let actions):
        unsafe Network.multiply(x, rows, inputs, model.slice(slice + 2), model.slice(slice + 3), .linear, y, actions, step)
        for row in 0..<rows {
          var (value, mean): (Float, Float) = (0, 0)
          let out = unsafe y + row * step
          unsafe Network.multiply(x + row * inputs, 1, inputs, model.slice(slice), model.slice(slice + 1), .linear, &value, 1, 1)
          mean = unsafe ck_sum(actions, out) * (1 / Float(actions))
          for action in 0..<actions { unsafe out[action] = unsafe value + (out[action] - mean) }
        }
      case .heads(let networks):
        var (first, column) = (slice, 0)
        for network in networks {
          unsafe network.run(x, rows, model, first, into: y + column, stride: step, free)
          first += network.layout.slices.count
          column += network.outputs
        }
      }
      slice += layer.sliceCount
      unsafe x = UnsafePointer(y)
    }
  }

  /// y = act(x W + b), with rows of y so far apart.
  private static func multiply(
    _ x: UnsafePointer<Float>, _ rows: Int, _ inputs: Int, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, _ activation: Activation,
    _ y: UnsafeMutablePointer<Float>, _ outputs: Int, _ stride: Int
  ) {
    let (fused, function) = activation.parts
    var g = unsafe ck_gemm_t()
    unsafe g.m = rows
    unsafe g.n = outputs
    unsafe g.k = inputs
    unsafe g.a = x
    unsafe g.lda = inputs
    unsafe g.b = weights
    unsafe g.ldb = outputs
    unsafe g.c = y
    unsafe g.ldc = stride
    unsafe g.bias = bias
    unsafe g.activation = fused.rawValue
    unsafe ck_gemm(&g)
    if let function {
      for row in 0..<rows { unsafe ck_unary(function.rawValue, outputs, y + row * stride, y + row * stride) }
    }
  }
}

/// Memory for the values between the layers of a network that is evaluated without a tape.
///
/// A copy gets memory of its own when it is first used, so that copies may serve different threads.
public struct Workspace: Sendable {
  private var storage = Storage(count: 0)

  public init() {}

  mutating func reserve(_ count: Int) {
    if count > storage.count || !isKnownUniquelyReferenced(&storage) { storage = Storage(count: max(count, storage.count)) }
  }

  var start: UnsafeMutablePointer<Float> { unsafe storage.pointer }
}
