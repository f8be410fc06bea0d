import Foundation

/// Known answers in double precision, computed in float64 with NumPy by an independent program; `Resources/agents_golden.json` says of each what it is.
struct GoldenVectors: Decodable {
  struct Advantages: Decodable {
    let gamma, lam: Double
    let reward, value: [Double]
    let terminated, truncated: [Int]
    let value_of_true_successor, advantage, returns: [Double]
  }
  struct DQN: Decodable {
    let q, q_next_online, q_next_target: [[Double]]
    let action: [Int]
    let reward, terminated: [Double]
    let gamma: Double
    let target_dqn, target_double: [Double]
    let huber_delta1_mean_loss_double: Double
    let grad_q: [[Double]]
  }
  struct Gumbel: Decodable {
    let logits, gumbel_noise: [[Double]]
    let temperature: Double
    let soft, forward_hard, upstream_grad, grad_logits: [[Double]]
  }
  struct RewardInaction: Decodable {
    let step: Double
    let start: [Double]
    /// Pairs of an action and its reward.
    let action_reward: [[Double]]
    let after: [[Double]]
  }
  let gae: Advantages
  let dqn: DQN
  let gumbel_st: Gumbel
  let lri: RewardInaction

  static func load() throws -> GoldenVectors {
    let url = Bundle.module.url(forResource: "agents_golden", withExtension: "json", subdirectory: "Resources")!
    return try JSONDecoder().decode(GoldenVectors.self, from: Data(contentsOf: url))
  }
}
