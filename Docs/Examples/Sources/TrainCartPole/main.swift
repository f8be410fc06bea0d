import Agents
import Foundation

// Trains PPO on CartPole-v1 and looks at the policy without exploration now and then.

let task = CartPole(copies: 8, seed: 1)
let learner = PPO(.stableBaselines3CartPole, for: task.specification, seed: 1)
var course = TrainingCourse(
  Trainer(learner, in: task), evaluatedIn: CartPole(copies: 20, seed: 1001),
  plan: TrainingPlan(steps: 12_500, evaluationInterval: 2500, evaluationEpisodes: 100),
  callbacks: [ReportEvaluations { evaluation, _ in print("step \(evaluation.step): a mean return of \(evaluation.meanReturn)") }])
try course.run()

guard let last = course.evaluations.last, last.meanReturn >= 475 else {
  print("TrainCartPole: the mean return should end at 475 or more")
  exit(1)
}
