import Agents
import Scenarios
import Tensor

func main() {
let arguments = CommandLine.arguments
let pairs = Int(arguments[1])!, neighbours = Int(arguments[2])!, threads = Int(arguments[3])!, updates = Int(arguments[4])!, seed = UInt64(arguments[5])!
var parameters = D2DParameters()
parameters.pairs = pairs
let clock = ContinuousClock()
func seconds(_ d: Duration) -> Double { Double(d.components.seconds) + Double(d.components.attoseconds) / 1e18 }
let environment = D2DEnvironment(parameters, dropSeeds: [seed], fadingSeed: seed)
let drop = environment.drops[0]
func test(_ policy: some Policy) -> [Double] {
  var policy = policy
  var environment = D2DEnvironment(parameters, dropSeeds: Array(repeating: seed, count: 20), fadingSeed: seed + 1000)
  return evaluate(&policy, in: &environment, steps: 250)
}
let spec20 = D2DEnvironment(parameters, dropSeeds: Array(repeating: seed, count: 20), fadingSeed: seed + 1000).specification
let random = test(RandomPolicy(for: spec20, seed: 9))
let oracle = test(FixedPolicy(D2DOracle(parameters, drop: drop, seed: seed + 5).allocation))
print("random", random)
print("oracle", oracle)
var configuration = MADDPGConfiguration()
if neighbours >= 0 { configuration.neighbours = neighbours }
let order = (0..<pairs).map { drop.neighbourOrder(of: $0) }
var trainer = Trainer(MADDPG(configuration, for: environment.specification, proximity: order, seed: seed, threads: threads), in: environment)
var start = clock.now
while trainer.learner.isWarmingUp { trainer.advance() }
print("random phase", seconds(clock.now - start))
start = clock.now
for i in 1...updates {
  trainer.advance()
  if i % 50 == 0 || i == updates {
    let rate = Double(i) / seconds(clock.now - start)
    let e = test(trainer.learner.executed(copies: 20)), o = test(trainer.learner.online(copies: 20))
    print(i, "updates/s", rate, "executed gap", (e[0] - random[0]) / (oracle[0] - random[0]), "online", (o[0] - random[0]) / (oracle[0] - random[0]), "out", e[1], "blocks", e[5])
  }
}
}
main()
