/// The network of DQN in plain double precision, on the flat vector of parameters that a learner saves.
struct ReferenceValues {
  var widths: [Int]
  var choices: Int
  var dueling: Bool

  /// Q of one observation.
  func callAsFunction(_ p: [Double], _ observation: [Double]) -> [Double] {
    var offset = 0
    func dense(_ x: [Double], _ width: Int) -> [Double] {
      let start = offset
      offset += (x.count + 1) * width
      return (0..<width).map { j in
        var sum = p[start + x.count * width + j]
        for i in x.indices { sum += x[i] * p[start + i * width + j] }
        return sum
      }
    }
    var x = observation
    for width in widths { x = dense(x, width).map { max($0, 0) } }
    if !dueling { return dense(x, choices) }
    let value = dense(x, 1)[0]
    let advantages = dense(x, choices)
    let mean = advantages.reduce(0, +) / Double(choices)
    return advantages.map { value + $0 - mean }
  }
}
