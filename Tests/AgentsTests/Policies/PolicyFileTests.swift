import Foundation
import Tensor
import Testing

@testable import Agents

@Suite struct PolicyFileTests {
  private static let path = FileManager.default.temporaryDirectory.path + "/policy-\(ProcessInfo.processInfo.processIdentifier)"

  /// Actions of a policy on some made-up observations.
  private func actions(_ policy: some Policy, _ specification: EnvironmentSpecification) -> ActionBatch {
    var (policy, actions) = (policy, ActionBatch(for: specification))
    let count = specification.copies * specification.agents * specification.observationSize
    var observations = [Float](repeating: 0, count: count)
    RandomStream(seed: 5, purpose: .environment).fill(&observations, with: .normal)
    policy.act(observations, step: 0, into: &actions)
    return actions
  }

  /// What is read acts as what was saved, also for another number of copies.
  private func check(_ policy: some SavablePolicy, _ specification: EnvironmentSpecification, name: String) throws {
    let path = "\(PolicyFileTests.path)-\(name).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let dense = try #require(policy.dense)
    try dense.save(to: path, metadata: ["scheme": "x"])
    let read = try GreedyPolicy(path: path, copies: specification.copies)
    let (before, after) = (actions(policy, specification), actions(read, specification))
    #expect(before.choices == after.choices && before.values == after.values)
    #expect(read.objection(to: specification) == nil)
  }

  private func specification(_ actions: ActionSpace, agents: Int) -> EnvironmentSpecification {
    EnvironmentSpecification(copies: 7, agents: agents, observationSize: 5, actions: actions)
  }

  @Test func learnersOfManyKinds() throws {
    let hybrid = ActionSpace(choices: [3, 4], bounds: [-1...2, 0...10])
    let many = specification(hybrid, agents: 3)
    try check(MADDPG(MADDPGConfiguration(), for: many, seed: 1).greedy(copies: 7), many, name: "maddpg")
    let independent = IndependentLearners(for: many, seed: 1) { sizes, seed, _ in PPO(PPOConfiguration(), for: sizes, seed: seed) }
    try check(independent.greedy(copies: 7), many, name: "independent")
    let shared = SharedParameters(for: many) { PPO(PPOConfiguration(), for: $0, seed: 2) }
    try check(shared.greedy(copies: 7), many, name: "shared")
    var trunk = PPOConfiguration()
    trunk.networks.trunkWidths = [9]
    trunk.networks.deviationsDependOnState = true
    for bounding in [ActionBounding.squashed, .clipped, .scaled] {
      trunk.networks.bounding = bounding
      let one = specification(hybrid, agents: 1)
      try check(PPO(trunk, for: one, seed: 3).greedy(copies: 7), one, name: "trunk")
    }
    let choice = specification(.discrete(6), agents: 1)
    try check(DQN(for: choice, seed: 1).greedy(copies: 7), choice, name: "dqn")
    let numbers = specification(.continuous(-2...2, 0...1), agents: 1)
    try check(SAC(SACConfiguration(), for: numbers, seed: 1).greedy(copies: 7), numbers, name: "sac")
    try check(TD3(TD3Configuration(), for: numbers, seed: 1).greedy(copies: 7), numbers, name: "td3")
  }

  private func team(_ change: (inout TD3MixConfiguration) -> Void) -> TD3MixConfiguration {
    var configuration = TD3MixConfiguration()
    (configuration.actorWidths, configuration.criticWidths, configuration.mixingWidth, configuration.batchSize) = ([9, 7], [8], 4, 2)
    change(&configuration)
    return configuration
  }

  @Test func teamsWithItemsAndShares() throws {
    let shares = EnvironmentSpecification(
      copies: 7, agents: 3, observationSize: 12, actions: ActionSpace(choices: [], bounds: Array(repeating: 0...1, count: 6)))
    for isCentred in [true, false] {
      let configuration = team {
        ($0.items, $0.shares, $0.seesAgentIndex) = (
          ItemGrid(rows: 2, columns: 3, features: 2), ShareHead(parts: 3, logitLimit: 2, isCentred: isCentred), false
        )
      }
      let policy = TD3Mix(configuration, for: shares, seed: 1).greedy(copies: 7)
      try check(policy, shares, name: "items")
      // Three shares of a whole each, not all alike.
      let values = actions(try #require(policy.dense), shares).values
      for first in stride(from: 0, to: values.count, by: 3) { #expect(abs(values[first..<first + 3].reduce(0, +) - 1) < 1e-5) }
      #expect(Set(values).count > 20)
    }
    let flat = team { ($0.shares, $0.seesAgentIndex, $0.sharesNetworks) = (ShareHead(parts: 2), false, false) }
    try check(TD3Mix(flat, for: shares, seed: 2).greedy(copies: 7), shares, name: "shares")
  }

  /// What a shared actor learnt of an agent's number becomes a bias: the same actions but for roundings.
  @Test func numbersOfAgentsBecomeBiases() throws {
    let many = specification(.continuous(-2...2, 0...1), agents: 3)
    let policy = TD3Mix(team { _ in }, for: many, seed: 3).greedy(copies: 7)
    let dense = try #require(policy.dense)
    #expect(dense.parameters.count == 3)
    let (before, after) = (actions(policy, many).values, actions(dense, many).values)
    for (a, b) in zip(before, after) { #expect(abs(a - b) < 1e-5) }
    let first = stride(from: 0, to: before.count, by: 6).map { before[$0] }
    #expect(Set(first).count > 5)
  }

  @Test func damagedItemsAndSharesAreRefused() throws {
    let path = PolicyFileTests.path + "-shares.safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shares = EnvironmentSpecification(
      copies: 1, agents: 2, observationSize: 12, actions: ActionSpace(choices: [], bounds: Array(repeating: 0...1, count: 6)))
    let configuration = team {
      ($0.items, $0.shares, $0.seesAgentIndex) = (ItemGrid(rows: 2, columns: 3, features: 2), ShareHead(parts: 3), false)
    }
    let dense = try #require(TD3Mix(configuration, for: shares, seed: 1).greedy(copies: 1).dense)
    func reason(_ name: String, _ value: String) throws -> String {
      try dense.save(to: path)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let old = name == "items" ? "2:3:2" : "3:3.0:centred"
      let place = try #require(bytes.firstRange(of: Array("\"\(name)\":\"\(old)\"".utf8)))
      // As long as before, so that the header's length stays.
      let text = "\"\(name)\":\"\(value)\"" + String(repeating: " ", count: old.count - value.count)
      bytes.replaceSubrange(place, with: Array(text.utf8))
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try GreedyPolicy(path: path, copies: 1)
        return ""
      } catch { return error.reason }
    }
    #expect(try reason("items", "2:3:2") == "")
    for wrong in ["2:3", "2:x:2", "0:3:2", "2:3:-"] { #expect(try reason("items", wrong).contains("'items' cannot be understood")) }
    for wrong in ["2:2:2", "2:3:3"] { #expect(try reason("items", wrong).contains("items of")) }
    for wrong in ["3", "3:nan", "3:0", "3:-1", "3:inf", "0:3", "3:3:central", ":3"] {
      #expect(try reason("shares", wrong).contains("'shares' cannot be understood"))
    }
    #expect(try reason("shares", "4:3:centred").contains("shares of 4 parts"))
  }

  @Test func whatIsNotDenseIsNotSaved() {
    let one = specification(.discrete(6), agents: 1)
    var dueling = DQNConfiguration()
    dueling.dueling = true
    #expect(DQN(dueling, for: one, seed: 1).greedy(copies: 1).dense == nil)
    #expect(PPO(PPOConfiguration(), for: one, seed: 1).sampled(copies: 1, seed: 3).dense == nil)
  }

  /// The layout that other programs read, by hand in double precision.
  @Test func filesAreWhatTheySay() throws {
    let one = specification(.continuous(-2...2), agents: 1)
    let policy = TD3(TD3Configuration(), for: one, seed: 4).greedy(copies: 7)
    let path = PolicyFileTests.path + "-layout.safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try policy.save(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.header.metadata["activations"] == "relu,relu,tanh" && file.header.metadata["bounds"] == "-2.0:2.0")
    var observations = [Float](repeating: 0, count: 35)
    RandomStream(seed: 5, purpose: .environment).fill(&observations, with: .normal)
    let expected = actions(policy, one).values
    for copy in 0..<7 {
      var x = observations[copy * 5..<copy * 5 + 5].map { Double($0) }
      for layer in 0..<3 {
        let (weights, bias) = (try file.floats("agent0.layer\(layer).weights"), try file.floats("agent0.layer\(layer).bias"))
        x = bias.indices.map { column in
          let sum = x.indices.reduce(Double(bias[column])) { $0 + x[$1] * Double(weights[$1 * bias.count + column]) }
          return layer < 2 ? max(sum, 0) : tanh(sum)
        }
      }
      #expect(abs(2 * x[0] - Double(expected[copy])) < 1e-5)
    }
  }

  @Test func otherFilesAreRefused() throws {
    let path = PolicyFileTests.path + "-bad.safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let one = specification(.discrete(3), agents: 1)
    let policy = DQN(for: one, seed: 1).greedy(copies: 1)
    func sentence(_ metadata: (inout [UInt8]) -> Void) throws -> String {
      try policy.save(to: path)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      metadata(&bytes)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try GreedyPolicy(path: path, copies: 1)
        return ""
      } catch { return error.reason }
    }
    func replace(_ old: String, _ new: String) -> (inout [UInt8]) -> Void {
      { bytes in
        let place = bytes.firstRange(of: Array(old.utf8))!
        bytes.replaceSubrange(place, with: Array(new.utf8))
      }
    }
    #expect(try sentence(replace("marconi-policy-1", "marconi-policy-9")).contains("its format is 'marconi-policy-9'"))
    #expect(try sentence(replace("\"relu,relu,linear\"", "\"relu,rely,linear\"")).contains("its layers or actions cannot be understood"))
    #expect(try sentence(replace("\"choices\":\"3\"", "\"choices\":\"9\"")).contains("it has a network of 5 → 3 for 5 observations and"))
    #expect(try sentence(replace("agent0.layer1.bias", "agent0.layer1.bios")).contains("'agent0.layer1.bias' is missing"))
    #expect(try sentence { $0.removeLast(9) } != "")
    #expect(try sentence { bytes in for i in 1...4 { bytes[bytes.count - i] = 0xFF } }.contains("not finite"))
    #expect(try sentence { _ in } == "")
    let read = try GreedyPolicy(path: path, copies: 1)
    var other = one
    other.agents = 2
    #expect(read.objection(to: other) == "the policy is for 1 agents, the environment has 2")
    other = one
    other.observationSize = 9
    #expect(read.objection(to: other) == "the policy takes 5 observations, the environment gives 9")
    other = one
    other.actions = .discrete(4)
    #expect(read.objection(to: other) == "the policy is for one choice of 3, the environment takes one choice of 4")
  }
}
