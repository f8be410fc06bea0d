/// The networks of value decomposition in plain double precision, one number at a time, from a flat vector of parameters.
///
/// Array by array as they lie in the vector; arrays of a network an agent lie side by side.
struct ReferenceTeam {
  enum Mix { case independent, sum, monotone }

  var agents: Int
  var inputs: Int
  var width: Int
  var memory: Int?
  var choices: Int
  /// Whether each agent has a network of its own.
  var isSeparate = false
  var mix = Mix.monotone
  var state: Int
  var mixingWidth: Int
  var generatorWidth: Int?

  typealias Matrix = [[Double]]

  /// The arrays of one agent's network.
  struct Agent {
    var encoder: Matrix = [], encoderBias: [Double] = []
    var gates: [(input: Matrix, bias: [Double], state: Matrix)] = []
    var candidateBias: [Double] = []
    var head: Matrix = [], headBias: [Double] = []
  }

  /// The dense layers that make one array of the mixing network.
  typealias Generator = [(weights: Matrix, bias: [Double])]

  struct Model {
    var agents: [Agent]
    var generators: [Generator]
  }

  func model(_ parameters: [Double]) -> Model {
    var place = 0
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      (0..<rows).map { _ in
        defer { place += columns }
        return Array(parameters[place..<(place + columns)])
      }
    }
    func vector(_ count: Int) -> [Double] { matrix(1, count)[0] }
    let copies = isSeparate ? agents : 1
    var all = [Agent](repeating: Agent(), count: copies)
    func each(_ body: (inout Agent) -> Void) { for i in 0..<copies { body(&all[i]) } }
    each { $0.encoder = matrix(inputs, width) }
    each { $0.encoderBias = vector(width) }
    if let memory {
      each { $0.gates = [] }
      for _ in 0..<3 {
        let input = (0..<copies).map { _ in matrix(width, memory) }
        let bias = (0..<copies).map { _ in vector(memory) }
        let state = (0..<copies).map { _ in matrix(memory, memory) }
        for i in 0..<copies { all[i].gates.append((input[i], bias[i], state[i])) }
      }
      each { $0.candidateBias = vector(memory) }
    }
    each { $0.head = matrix(memory ?? width, choices) }
    each { $0.headBias = vector(choices) }
    var generators: [Generator] = []
    func dense(_ widths: [Int]) -> Generator { (1..<widths.count).map { (matrix(widths[$0 - 1], widths[$0]), vector(widths[$0])) } }
    if mix == .monotone {
      let hidden = generatorWidth.map { [$0] } ?? []
      generators = [
        dense([state] + hidden + [agents * mixingWidth]), dense([state, mixingWidth]), dense([state] + hidden + [mixingWidth]),
        dense([state, mixingWidth, 1]),
      ]
    }
    precondition(place == parameters.count)
    return Model(agents: all, generators: generators)
  }

  static func product(_ x: [Double], _ w: Matrix) -> [Double] {
    (0..<w[0].count).map { column in x.indices.reduce(0) { $0 + x[$1] * w[$1][column] } }
  }

  static func add(_ a: [Double], _ b: [Double]) -> [Double] { a.indices.map { a[$0] + b[$0] } }

  /// The values of an agent's choices in every step of a sequence, from an empty memory. `[T][inputs]` to `[T][K]`
  func values(_ model: Model, agent: Int, _ sequence: Matrix) -> Matrix {
    let net = model.agents[isSeparate ? agent : 0]
    var h = [Double](repeating: 0, count: memory ?? 0)
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }
    return sequence.map { input in
      let x = Self.add(Self.product(input, net.encoder), net.encoderBias).map { max($0, 0) }
      guard memory != nil else { return Self.add(Self.product(x, net.head), net.headBias) }
      func part(_ gate: Int) -> [Double] { Self.add(Self.product(x, net.gates[gate].input), net.gates[gate].bias) }
      func old(_ gate: Int) -> [Double] { Self.product(h, net.gates[gate].state) }
      let r = Self.add(part(0), old(0)).map(sigmoid)
      let z = Self.add(part(1), old(1)).map(sigmoid)
      let inner = Self.add(old(2), net.candidateBias)
      let n = part(2).indices.map { tangent(part(2)[$0] + r[$0] * inner[$0]) }
      h = h.indices.map { (1 - z[$0]) * n[$0] + z[$0] * h[$0] }
      return Self.add(Self.product(h, net.head), net.headBias)
    }
  }

  /// The team's value; of independent agents their own.
  func mixed(_ model: Model, _ values: [Double], _ state: [Double]) -> [Double] {
    switch mix {
    case .independent: return values
    case .sum: return [values.reduce(0, +)]
    case .monotone: break
    }
    func made(_ index: Int) -> [Double] {
      var x = state
      for (layer, part) in model.generators[index].enumerated() {
        x = Self.add(Self.product(x, part.weights), part.bias)
        if layer < model.generators[index].count - 1 { x = x.map { max($0, 0) } }
      }
      return x
    }
    let (w1, b1, w2, b2) = (made(0), made(1), made(2), made(3))
    var total = b2[0]
    for unit in 0..<mixingWidth {
      var sum = b1[unit]
      for agent in 0..<agents { sum += values[agent] * abs(w1[agent * mixingWidth + unit]) }
      total += abs(w2[unit]) * (sum > 0 ? sum : exponential(sum) - 1)
    }
    return [total]
  }

  // Written out, so that nothing of the code under test is used.
  private func exponential(_ x: Double) -> Double {
    let pieces = 1024.0
    var (term, sum) = (1.0, 1.0)
    for k in 1...12 {
      term *= x / pieces / Double(k)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }

  private func tangent(_ x: Double) -> Double {
    let e = exponential(2 * x)
    return (e - 1) / (e + 1)
  }
}
