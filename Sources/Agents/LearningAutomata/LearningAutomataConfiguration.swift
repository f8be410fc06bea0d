/// Everything that a team of learning automata leaves open.
public struct LearningAutomataConfiguration: Sendable {
  public var scheme = AutomatonScheme.rewardInaction(step: 0.1)
  public var response = AutomatonResponse.reward
  /// How often each action is tried in turn before probabilities move, so that pursuit has estimates of all.
  public var initialTrials = 0

  public init() {}

  /// Uncoupled stochastic learning, the game-theoretic baseline of Li and Guo (IEEE TVT 2020), which gives no rule but "estimates the interference and
  /// takes an action based on this estimate": L_R-I of every agent by itself with the step 0.02, and rewards divided by their decaying maximum. Power control by
  /// such a rule reaches a Nash equilibrium through the mean differential equation (Xing and Chandramouli 2008).
  public static var uncoupledStochasticLearning: LearningAutomataConfiguration {
    var configuration = LearningAutomataConfiguration()
    configuration.scheme = .rewardInaction(step: 0.02)
    configuration.response = .runningMaximum(decay: 0.999)
    return configuration
  }
}
