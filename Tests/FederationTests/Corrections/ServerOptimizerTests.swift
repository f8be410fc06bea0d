import Federation
import Testing

@Suite struct ServerOptimizerTests {
  /// Momentum without momentum is federated averaging.
  @Test func momentumOfZeroIsAveraging() {
    var optimizer = ServerOptimizer(.momentum, parameters: 2, firstDecay: 0)
    var w = [1.0, 2]
    optimizer.update(&w, along: [0.5, -1])
    #expect(w == [1.5, 1])
    var heavy = ServerOptimizer(.momentum, parameters: 1, rate: 2, firstDecay: 0.5)
    var x = [0.0]
    heavy.update(&x, along: [1])
    heavy.update(&x, along: [1])
    // m = 1, then 1.5
    #expect(x == [5])
  }

  /// Two steps by hand with β₁ = β₂ = ½, τ = 1: v begins as 1.
  @Test(arguments: [
    // Δ = 2, then 1: squares 4 and 1; v = 2.5, 1.75 (Adam); 3, 2.5 (Yogi); 5, 6 (Adagrad); m = 1, 1.
    (ServerOptimizer.Rule.adam, 2.5, 1.75), (.yogi, 3, 2.5), (.adagrad, 5, 6),
  ])
  func twoStepsByHand(rule: ServerOptimizer.Rule, first: Double, second: Double) {
    var optimizer = ServerOptimizer(rule, parameters: 1, rate: 0.1, firstDecay: 0.5, secondDecay: 0.5, adaptivity: 1)
    var w = [0.0]
    optimizer.update(&w, along: [2])
    #expect(abs(w[0] - 0.1 / (first.squareRoot() + 1)) < 1e-15)
    let before = w[0]
    optimizer.update(&w, along: [1])
    #expect(abs(w[0] - before - 0.1 / (second.squareRoot() + 1)) < 1e-15)
  }

  /// Clients that no longer move: nothing becomes infinite, which programs of others did after a few rounds.
  @Test(arguments: ServerOptimizer.Rule.allCases) func withoutChangeItStaysFinite(rule: ServerOptimizer.Rule) {
    var optimizer = ServerOptimizer(rule, parameters: 1)
    var w = [1.0]
    optimizer.update(&w, along: [1])
    for _ in 0..<2000 { optimizer.update(&w, along: [0]) }
    #expect(w[0].isFinite)
    let rest = w[0]
    optimizer.update(&w, along: [0])
    #expect(abs(w[0] - rest) < 1e-12)
  }

  @Test func itsStateIsSaved() throws {
    var optimizer = ServerOptimizer(.yogi, parameters: 2)
    var w = [0.0, 0]
    optimizer.update(&w, along: [1, -2])
    var restored = ServerOptimizer(.yogi, parameters: 2)
    try restore(&restored, from: savedBytes(optimizer))
    var v = w
    optimizer.update(&w, along: [0.3, 0.1])
    restored.update(&v, along: [0.3, 0.1])
    #expect(v == w)
  }
}
