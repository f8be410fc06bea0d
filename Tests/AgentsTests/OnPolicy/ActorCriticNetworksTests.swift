import Tensor
import Testing

@testable import Agents

@Suite struct ActorCriticNetworksTests {
  private func networks(
    _ actions: ActionSpace = .discrete(3), agents: Int = 1, view: CriticView = .own, perAgent: Bool = false,
    _ adjust: (inout ActorCriticNetworksConfiguration) -> Void = { _ in }
  ) -> ActorCriticNetworks {
    var configuration = ActorCriticNetworksConfiguration()
    (configuration.actorWidths, configuration.criticWidths) = ([8, 8], [6])
    adjust(&configuration)
    let specification = EnvironmentSpecification(copies: 1, agents: agents, observationSize: 5, actions: actions)
    return ActorCriticNetworks(configuration, for: specification, view: view, perAgent: perAgent)
  }

  /// The largest distance of Wᵀ W, or W Wᵀ where that is smaller, from g² I.
  private func distance(_ weights: Tensor, gain: Double) -> Double {
    let (rows, columns) = (weights.shape[0], weights.shape[1])
    let count = min(rows, columns)
    var largest = 0.0
    for a in 0..<count {
      for b in 0..<count {
        var sum = a == b ? -gain * gain : 0
        for i in 0..<max(rows, columns) {
          let (x, y) = rows >= columns ? (weights[i, a], weights[i, b]) : (weights[a, i], weights[b, i])
          sum += Double(x) * Double(y)
        }
        largest = max(largest, abs(sum))
      }
    }
    return largest
  }

  @Test func weightsBeginOrthogonalWithTheGainsOfTheirLayers() {
    let networks = networks()
    let (actor, critic) = (networks.initialActor(seed: 3), networks.initialCritic(seed: 3))
    for (name, gain) in [("actor.layer0.weights", 2.0.squareRoot()), ("actor.layer1.weights", 2.0.squareRoot()), ("actor.layer2.weights", 0.01)] {
      #expect(distance(actor[name], gain: gain) < 1e-6)
    }
    #expect(distance(critic["layer0.weights"], gain: 2.0.squareRoot()) < 1e-6)
    #expect(distance(critic["layer1.weights"], gain: 1) < 1e-6)
    for slice in actor.layout.slices where slice.role == .bias { #expect(actor[slice.name].array.allSatisfy { $0 == 0 }) }
    #expect(networks.initialActor(seed: 4).values != actor.values)
  }

  @Test func behindATrunkTheGainsAreTheSame() {
    let networks = networks { $0.trunkWidths = [7] }
    let actor = networks.initialActor(seed: 3)
    #expect(distance(actor["trunk.layer0.weights"], gain: 2.0.squareRoot()) < 1e-6)
    #expect(distance(actor["actor.layer2.weights"], gain: 0.01) < 1e-6)
    #expect(distance(actor["critic.layer0.weights"], gain: 2.0.squareRoot()) < 1e-6)
    #expect(distance(actor["critic.layer1.weights"], gain: 1) < 1e-6)
    #expect(networks.initialCritic(seed: 3).count == 0)
  }

  @Test func deviationsBeginWhereTheyShould() {
    let free = networks(.continuous(-1...1, 0...1)) { $0.initialLogDeviation = -0.7 }.initialActor(seed: 1)
    #expect(free["logDeviation"].array == [-0.7, -0.7])
    let dependent = networks(ActionSpace(choices: [3], bounds: [-1...1])) {
      ($0.initialLogDeviation, $0.deviationsDependOnState, $0.valuesDependOnChoice) = (-0.7, true, true)
    }.initialActor(seed: 1)
    #expect(dependent["actor.layer2.bias"].array == [0, 0, 0, 0, 0, 0, -0.7, -0.7, -0.7])
  }

  @Test func actorsSideBySideAreThoseOfEachAgent() {
    let space = ActionSpace.continuous(-1...1)
    let together = networks(space, agents: 2, view: .joint(withIndex: true), perAgent: true)
    let single = networks(space)
    let parameters = together.initialActor(seed: 5)
    var outputs = ActorOutputs(together, copies: 3)
    let observations = (0..<30).map { Float($0 % 7) / 3 - 1 }
    outputs.evaluate(observations, together, parameters)
    for agent in 0..<2 {
      var alone = ActorOutputs(single, copies: 3)
      let mine: [Float] = (0..<3).flatMap { copy in
        let row = copy * 2 + agent
        return Array(observations[(row * 5)..<(row * 5 + 5)])
      }
      alone.evaluate(mine, single, parameters[copy: agent])
      for copy in 0..<3 {
        let row = copy * 2 + agent
        #expect(Array(alone.rows[(copy * 2)..<(copy * 2 + 2)]) == Array(outputs.rows[(row * 2)..<(row * 2 + 2)]))
      }
    }
    #expect(parameters[copy: 0].values != parameters[copy: 1].values)
  }

  @Test(arguments: [false, true]) func valuesOfManyRowsAreThoseOfEach(isShared: Bool) {
    let networks = networks { if isShared { $0.trunkWidths = [7] } }
    let model = OnPolicyModel(networks, rule: .descent, seed: 2)
    let count = 700
    var observations = [Float](repeating: 0, count: count * 5)
    RandomStream(seed: 8, purpose: .environment).fill(&observations, with: .normal)
    var critic = CriticOutputs(networks)
    var values = [Float](repeating: 0, count: count)
    critic.evaluate(observations, jointSteps: count, model, into: &values)
    for row in [0, 255, 256, 511, 512, 699] {
      var one: [Float] = [0]
      critic.evaluate(Array(observations[(row * 5)..<(row * 5 + 5)]), jointSteps: 1, model, into: &one)
      #expect(one[0] == values[row])
    }
  }

  @Test func productsAreCounted() {
    // Actor 5·8 + 8·8 + 8·3, critic 5·6 + 6·1; both first layers need no gradient of their inputs.
    let products = networks().productsPerRow
    #expect(products.acting == 256 && products.valuing == 72 && products.learning == 3 * 328 - 80 - 60)
  }

  @Test func aTrunkForManyIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = ActorCriticNetworksConfiguration()
      configuration.trunkWidths = [4]
      let specification = EnvironmentSpecification(copies: 1, agents: 2, observationSize: 5, actions: .discrete(2))
      _ = ActorCriticNetworks(configuration, for: specification, view: .joint(withIndex: true))
    }
  }
}
