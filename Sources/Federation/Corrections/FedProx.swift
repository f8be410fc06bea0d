/// Adds the pull of FedProx to a client's gradient: g ← g + μ (w − w_t), the gradient of μ/2 ‖w − w_t‖².
///
/// T. Li et al., "Federated optimization in heterogeneous networks", MLSys 2020, equation (2).
///
/// - Parameters:
///   - gradient: ∂loss/∂w of the client. `[N]`
///   - parameters: w, where the client is. `[N]`
///   - anchor: w_t, where the round began. `[N]`
///   - strength: μ ≥ 0
public func addProximalPull<Element: BinaryFloatingPoint>(
  to gradient: inout [Element], at parameters: [Element], toward anchor: [Element], strength: Element
) {
  precondition(
    gradient.count == parameters.count && parameters.count == anchor.count,
    "addProximalPull: \(gradient.count) derivatives at \(parameters.count) parameters, which began as \(anchor.count)")
  for i in gradient.indices { gradient[i] += strength * (parameters[i] - anchor[i]) }
}
