import Agents
import Channels
import Foundation
import Scenarios
import Tensor

/// A downlink without cells: in every slot each user chooses one of its nearest access points. A point shares its time among its users, is silent
/// without any, and disturbs everybody else's. All users get the mean spectral efficiency as their reward.
struct AccessPoints: Environment {
  static let offered = 3
  static let slots = 50
  let specification: EnvironmentSpecification
  let sites = (0..<16).map { Position(x: 62.5 + 125 * Double($0 % 4), y: 62.5 + 125 * Double($0 / 4)) }
  let noise = Watts(ThermalNoise(figure: Decibels(9)).power(in: Hertz(20e6))).value
  private let seed: UInt64
  private var step = 0
  /// Received power in watts. `[E, users, sites]`
  private var received: [Float]
  /// The nearest sites of each user. `[E, users, offered]`
  private var nearest: [Int32]

  init(users: Int, copies: Int, seed: UInt64) {
    specification = EnvironmentSpecification(
      copies: copies, agents: users, observationSize: Self.offered, actions: .discrete(Self.offered), metrics: ["efficiency", "activeSites"])
    self.seed = seed
    received = Array(repeating: 0, count: copies * users * 16)
    nearest = Array(repeating: 0, count: copies * users * Self.offered)
  }

  /// Users at new places in every episode; Rayleigh fading anew in every slot.
  private mutating func advance(_ observations: inout [Float], episode: Int) {
    FadingDraws.fillExponential(&received, in: received.indices, stream: RandomStream(seed: seed, purpose: .fading), step: step)
    for row in 0..<specification.copies * specification.agents {
      var random = RandomStream(seed: seed, purpose: .drop, index: row).generator(step: episode)
      let user = Position(x: 500 * random.uniform(), y: 500 * random.uniform())
      let distances = sites.map { max($0.distance(to: user).value, 10) }
      for site in sites.indices {
        let loss = MacroPathLoss().loss(at: Meters(distances[site]))
        received[row * 16 + site] *= Float(Watts(PowerDBm(23) - loss).value)
      }
      for (place, site) in sites.indices.sorted(by: { distances[$0] < distances[$1] }).prefix(Self.offered).enumerated() {
        nearest[row * Self.offered + place] = Int32(site)
        observations[row * Self.offered + place] = Float((Decibels(linear: Double(received[row * 16 + site])).value + 100) / 20)
      }
    }
  }

  mutating func reset(into batch: inout StepBatch) { advance(&batch.observations, episode: 0) }

  mutating func step(_ actions: ActionBatch, into batch: inout StepBatch) {
    let users = specification.agents
    for copy in 0..<specification.copies {
      let rows = copy * users..<(copy + 1) * users
      let served = rows.map { Int(nearest[$0 * Self.offered + Int(actions.choices[$0])]) }
      let load = sites.indices.map { site in served.count { $0 == site } }
      var sum = 0.0
      for (row, own) in zip(rows, served) {
        let interference = sites.indices.reduce(0.0) { $0 + (load[$1] > 0 && $1 != own ? Double(received[row * 16 + $1]) : 0) }
        sum += Math.log2(1 + Double(received[row * 16 + own]) / (interference + noise)) / Double(load[own])
      }
      for row in rows { batch.rewards[row] = Float(sum / Double(users)) }
      (batch.metrics[copy * 2], batch.metrics[copy * 2 + 1]) = (Float(sum / Double(users)), Float(load.count { $0 > 0 }))
      (batch.terminated[copy], batch.truncated[copy]) = (false, (step + 1) % Self.slots == 0)
    }
    step += 1
    advance(&batch.finalObservations, episode: (step - 1) / Self.slots)
    batch.observations = batch.finalObservations
    if step % Self.slots == 0 { advance(&batch.observations, episode: step / Self.slots) }
  }

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.value("step", &step)
    try archive.array("received", &received)
    try archive.array("nearest", &nearest)
  }
}

let pack = ScenarioPack(
  "cellfree", title: "Access-point selection without cells",
  parameters: [.integer("users", default: 6, in: 1...100, description: "users, the agents")],
  algorithms: [.dqn, .ppo, .ppo.federated(every: 500), .random], steps: 20_000
) { parameters, copies, seed in AccessPoints(users: parameters.integer("users"), copies: copies, seed: seed) }

CommandLineTool(name: "cellfree", packs: [pack]).main()
