/// What a layer applies to each number of its output.
public enum Activation: Int32, Sendable, Hashable, CaseIterable {
  /// x
  case linear = 0
  /// max(x, 0)
  case relu = 1
  case tanh = 2
  /// 1 / (1 + e⁻ˣ)
  case sigmoid = 3
  /// ln(1 + eˣ)
  case softplus = 4
  /// x above zero, eˣ − 1 elsewhere (Clevert et al. 2016).
  case elu = 5
  /// x Φ(x) (Hendrycks and Gimpel 2016).
  case gelu = 6

  /// The activation as a part of a matrix product, and what is to be applied behind it.
  var parts: (fused: FusedActivation, function: UnaryFunction?) {
    switch self {
    case .linear: (.linear, nil)
    case .relu: (.relu, nil)
    case .tanh: (.tanh, nil)
    case .sigmoid: (.sigmoid, nil)
    case .softplus: (.linear, .softplus)
    case .elu: (.linear, .elu)
    case .gelu: (.linear, .gelu)
    }
  }
}
