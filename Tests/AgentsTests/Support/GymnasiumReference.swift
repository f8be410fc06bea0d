import Foundation

/// Tables and single steps of Gymnasium, made by Tests/Scripts/gymnasium-reference.py; `origin` has the versions.
struct GymnasiumReference: Decodable {
  struct Table: Decodable {
    let states, choices: Int
    let starts: [Double]
    /// Outcomes of each state and choice.
    let counts: [Int]
    /// The probabilities that occur, and which of them each outcome has.
    let probabilities: [Double]
    let likelihoods, successors, rewards, terminated: [Int]
  }
  struct Episode: Decodable {
    /// One more than steps.
    let states: [[Double]]
    let observations: [[Float]]
    let actions: [Float]
    let rewards: [Double]
    let terminated: [Int]
  }
  let origin: String
  let tables: [String: Table]
  let steps: [String: [Episode]]

  static let loaded: Result<GymnasiumReference, any Error> = Result {
    let url = Bundle.module.url(forResource: "gymnasium", withExtension: "json", subdirectory: "Resources")!
    return try JSONDecoder().decode(GymnasiumReference.self, from: Data(contentsOf: url))
  }
}
