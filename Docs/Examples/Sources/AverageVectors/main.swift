import Federation
import Foundation

// Federated averaging of parameter vectors from anywhere: five clients fit a line to their own points, and a server averages what they found.

/// A client's points: y = 2 x + 1 with some error, more points for later clients.
func points(of client: Int) -> [(x: Double, y: Double)] {
  let count = 10 * (client + 1)
  return (0..<count).map { index in
    let x = 2 * (Double(index) + 0.5) / Double(count) - 1
    return (x, 2 * x + 1 + 0.1 * sin(Double(97 * index + client)))
  }
}

/// Some steps of gradient descent on a client's squared errors.
func descend(_ parameters: [Double], _ points: [(x: Double, y: Double)]) -> [Double] {
  var parameters = parameters
  for _ in 0..<5 {
    var gradient = [0.0, 0.0]
    for (x, y) in points {
      let error = parameters[0] * x + parameters[1] - y
      gradient = [gradient[0] + error * x, gradient[1] + error]
    }
    for i in 0..<2 { parameters[i] -= 0.5 * gradient[i] / Double(points.count) }
  }
  return parameters
}

let clients = (0..<5).map(points)
var server = [0.0, 0.0]
for round in 1...20 {
  let updates = clients.map { descend(server, $0) }
  // Weighted by the number of points, as in McMahan et al. (2017); nil if nobody has any.
  server = weightedMean(updates, weights: clients.map { Double($0.count) })!
  if round.isMultiple(of: 5) { print(String(format: "round %2d: y = %.3f x + %.3f", round, server[0], server[1])) }
}

guard abs(server[0] - 2) < 0.05, abs(server[1] - 1) < 0.05 else {
  print("AverageVectors: the line should be y = 2 x + 1 to within 0.05")
  exit(1)
}
