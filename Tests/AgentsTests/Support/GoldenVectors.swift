import Foundation

/// Known answers in double precision, computed in float64 with NumPy by an independent program; `Resources/agents_golden.json` says of each what it is.
struct GoldenVectors: Decodable {
  struct Advantages: Decodable {
    let gamma, lam: Double
    let reward, value: [Double]
    let terminated, truncated: [Int]
    let valueOfTrueSuccessor, advantage, returns: [Double]
  }
  struct DQN: Decodable {
    let q, qNextOnline, qNextTarget: [[Double]]
    let action: [Int]
    let reward, terminated: [Double]
    let gamma: Double
    let targetDqn, targetDouble: [Double]
    let huberDelta1MeanLossDouble: Double
    let gradQ: [[Double]]
  }
  struct Gumbel: Decodable {
    let logits, gumbelNoise: [[Double]]
    let temperature: Double
    let soft, forwardHard, upstreamGrad, gradLogits: [[Double]]
  }
  struct RewardInaction: Decodable {
    let step: Double
    let start: [Double]
    /// Pairs of an action and its reward.
    let actionReward: [[Double]]
    let after: [[Double]]
  }
  let gae: Advantages
  let dqn: DQN
  let gumbelSt: Gumbel
  let lri: RewardInaction

  static func load() throws -> GoldenVectors {
    let url = Bundle.module.url(forResource: "agents_golden", withExtension: "json", subdirectory: "Resources")!
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GoldenVectors.self, from: Data(contentsOf: url))
  }
}
