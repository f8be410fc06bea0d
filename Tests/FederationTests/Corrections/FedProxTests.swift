import Federation
import Testing

@Suite struct FedProxTests {
  @Test func thePullIsTheGradientOfTheSquare() {
    var gradient = [1.0, -2]
    addProximalPull(to: &gradient, at: [3, 5], toward: [1, 9], strength: 0.5)
    #expect(gradient == [2, -4])
    var single: [Float] = [1]
    addProximalPull(to: &single, at: [4], toward: [4], strength: 7)
    #expect(single == [1])
  }

  /// Local losses minimised to the end: the fixed point that A (A + μ)⁻¹ gives.
  @Test func quadraticClientsComeToTheKnownPoint() {
    var w = [0.0, 0.0]
    for _ in 0..<300 {
      let locals = (0..<3).map { client in
        QuadraticClients.descend(client, from: w, steps: 300, rate: 0.2) { gradient, place in
          addProximalPull(to: &gradient, at: place, toward: w, strength: 0.5)
        }
      }
      w = weightedMean(locals, weights: QuadraticClients.weights)!
    }
    #expect(QuadraticClients.distance(w, [-0.0691893278, 0.2732226853]) < 1e-10)
  }
}
