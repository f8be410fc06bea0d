import CKernels

/// One layer of a ``Network``.
public enum Layer: Hashable, Sendable {
  /// y = act(x W + b), W of `inputs` × `outputs`.
  case dense(_ inputs: Int, _ outputs: Int, _ activation: Activation = .linear)
}

/// A chain of layers: a pure function of an input and one flat vector of parameters.
///
/// ```swift
/// let network = Network([.dense(20, 64, .relu), .dense(64, 8)])
/// var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
/// ```
public struct Network: Hashable, Sendable, CustomStringConvertible {
  public let layers: [Layer]
  public let layout: Layout

  /// - Precondition: Each layer takes what the one before gives.
  public init(_ layers: [Layer]) {
    precondition(!layers.isEmpty, "Network: there is no layer")
    var layout = Layout()
    var width: Int?
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(let inputs, let outputs, _):
        precondition(width == nil || width == inputs, "Network: layer \(index) takes \(inputs) numbers, the layer before gives \(width ?? 0)")
        layout.append("layer\(index).weights", [inputs, outputs], fanIn: inputs)
        layout.append("layer\(index).bias", [outputs], fanIn: inputs)
        width = outputs
      }
    }
    self.layers = layers
    self.layout = layout
  }

  /// Dense layers of the given widths with one activation between them and a linear end.
  public init(widths: [Int], activation: Activation = .relu) {
    precondition(widths.count >= 2, "Network: at least an input and an output width")
    self.init((1..<widths.count).map { .dense(widths[$0 - 1], widths[$0], $0 == widths.count - 1 ? .linear : activation) })
  }

  /// The number of inputs.
  public var inputs: Int {
    switch layers[0] {
    case .dense(let inputs, _, _): inputs
    }
  }

  /// The number of outputs.
  public var outputs: Int {
    switch layers[layers.count - 1] {
    case .dense(_, let outputs, _): outputs
    }
  }

  /// The widest of all inputs and outputs.
  var width: Int {
    layers.reduce(inputs) { widest, layer in
      switch layer {
      case .dense(_, let outputs, _): max(widest, outputs)
      }
    }
  }

  /// Fresh parameters.
  public func initialized(_ initializer: Initializer = .uniformFanIn, from stream: RandomStream) -> Parameters {
    var parameters = Parameters(layout)
    initializer.fill(&parameters, from: stream)
    return parameters
  }

  /// The output for a batch, on a tape. `[B, inputs]` to `[B, outputs]`
  public func callAsFunction(_ input: Variable, _ parameters: PlacedParameters) -> Variable {
    var x = input
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(_, _, let activation):
        x = x.product(parameters[2 * index], plus: parameters[2 * index + 1], activation: activation)
      }
    }
    return x
  }

  /// The output for a batch without a tape.
  ///
  /// - Parameters:
  ///   - input: `[rows, inputs]`
  ///   - output: Receives `[rows, outputs]`.
  ///   - workspace: Memory for the values between layers, reused from call to call.
  public func evaluate(_ input: Span<Float>, rows: Int, _ parameters: Parameters, into output: inout MutableSpan<Float>, workspace: inout Workspace) {
    precondition(input.count == rows * inputs, "Network.evaluate: \(input.count) numbers for \(rows) rows of \(inputs)")
    precondition(output.count == rows * outputs, "Network.evaluate: room for \(output.count) numbers, \(rows * outputs) result")
    precondition(parameters.layout == layout, "Network.evaluate: the parameters have another layout")
    workspace.reserve(rows * width)
    let (first, second) = unsafe workspace.halves
    unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        var x = input.baseAddress
        for (index, layer) in layers.enumerated() {
          switch layer {
          case .dense(let inputs, let outputs, let activation):
            let y = unsafe index == layers.count - 1 ? output.baseAddress : index % 2 == 0 ? first : second
            var g = unsafe ck_gemm_t()
            unsafe g.m = rows
            unsafe g.n = outputs
            unsafe g.k = inputs
            unsafe g.a = x
            unsafe g.lda = inputs
            unsafe g.b = UnsafePointer(parameters.values.storage.pointer + layout.slices[2 * index].offset)
            unsafe g.ldb = outputs
            unsafe g.c = y
            unsafe g.ldc = outputs
            unsafe g.bias = UnsafePointer(parameters.values.storage.pointer + layout.slices[2 * index + 1].offset)
            unsafe g.activation = activation.rawValue
            unsafe ck_gemm(&g)
            unsafe x = UnsafePointer(y)
          }
        }
      }
    }
    withExtendedLifetime((parameters, workspace)) {}
  }

  public var description: String {
    var lines: [String] = []
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(let inputs, let outputs, let activation):
        lines.append("\(index)  dense \(inputs) → \(outputs)  \(activation)  \((inputs + 1) * outputs) parameters")
      }
    }
    lines.append("\(layout.count) parameters")
    return lines.joined(separator: "\n")
  }
}

/// Memory for the values between the layers of a network that is evaluated without a tape.
///
/// A copy gets memory of its own when it is first used, so that copies may serve different threads.
public struct Workspace: Sendable {
  private var storage = Storage(count: 0)
  private var half = 0

  public init() {}

  mutating func reserve(_ count: Int) {
    if count > half {
      half = (count + 15) & ~15
      storage = Storage(count: 2 * half)
    } else if !isKnownUniquelyReferenced(&storage) {
      storage = Storage(count: 2 * half)
    }
  }

  var halves: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) { unsafe (storage.pointer, storage.pointer + half) }
}
