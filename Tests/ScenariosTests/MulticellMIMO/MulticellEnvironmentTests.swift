import Agents
import CAllocations
import Channels
import Foundation
import Scenarios
import Tensor
import TestSupport
import Testing

@Suite struct MulticellEnvironmentTests {
  private func parameters(_ change: (inout MulticellParameters) -> Void = { _ in }) -> MulticellParameters {
    var parameters = MulticellParameters()
    (parameters.users, parameters.antennas, parameters.frequencies, parameters.slots, parameters.moves) = (2, 3, 4, 3, 2)
    change(&parameters)
    return parameters
  }

  private func fill(_ actions: inout ActionBatch, _ environment: MulticellEnvironment, step: Int) {
    let width = actions.values.count / environment.specification.copies
    for copy in 0..<environment.specification.copies {
      var values = actions.values.mutableSpan
      var mine = values._mutatingExtracting(copy * width..<(copy + 1) * width)
      RandomStream(seed: 99, purpose: .exploration, index: environment.channel.firstCopy + copy).fill(&mine, with: .uniform, step: step)
    }
  }

  private func run(_ environment: inout MulticellEnvironment, slots: Int) -> [StepBatch] {
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    var batches = [batch]
    for slot in 0..<slots {
      fill(&actions, environment, step: slot)
      environment.step(actions, into: &batch)
      batches.append(batch)
    }
    return batches
  }

  @Test(arguments: MulticellParameters.Features.allCases, [0, 2]) func keepsTheContractOfEnvironments(
    features: MulticellParameters.Features, moves: Int
  ) throws {
    let folder = try TemporaryFolder()
    let parameters = parameters { ($0.features, $0.moves) = (features, moves) }
    let found = defects(archivePath: folder.file("multicell.safetensors")) { MulticellEnvironment(parameters, copies: 2, seed: 4) }
    #expect(found == [])
  }

  /// A slot in plain loops and double precision: powers by shares, moves of the game, capacities, and what agents see then.
  @Test func aSlotIsWhatThePageSays() {
    for moves in [0, 2] {
      let parameters = parameters { ($0.moves, $0.sirDB) = (moves, 2) }
      var environment = MulticellEnvironment(parameters, copies: 2, seed: 8)
      var batch = StepBatch(for: environment.specification)
      var actions = ActionBatch(for: environment.specification)
      environment.reset(into: &batch)
      fill(&actions, environment, step: 0)
      let gains = environment.channel.gains
      environment.step(actions, into: &batch)
      for copy in 0..<2 {
        var powers = (0..<6).map { user -> [Double] in
          let row = actions.values[(copy * 6 + user) * 4..<(copy * 6 + user + 1) * 4].map { Double($0) }
          return row.map { 400 * $0 / row.reduce(0, +) }
        }
        func interference(_ user: Int, _ f: Int) -> Double {
          var sum = 1.0
          for sender in 0..<6 where sender / 2 != user / 2 {
            sum += powers[sender][f] * gains.cross(realization: copy, frequency: f, from: sender, to: user)
          }
          return sum / gains.own(realization: copy, frequency: f, user: user)
        }
        for _ in 0..<moves {
          powers = (0..<6).map { user in
            let levels = (0..<4).map { f -> Double in
              let (c, p) = (interference(user, f), powers[user][f])
              let phi = -sqrt(c / (2 * c + p))
              return (c * c + phi * p * p) / (c - phi * p)
            }
            // The water by halving.
            var (low, high) = (levels.min()!, levels.min()! + 400)
            for _ in 0..<100 {
              let middle = (low + high) / 2
              if levels.map({ max(0, middle - $0) }).reduce(0, +) > 400 { high = middle } else { low = middle }
            }
            return levels.map { max(0, low - $0) }
          }
        }
        var capacity = 0.0
        for user in 0..<6 { for f in 0..<4 { capacity += log2(1 + powers[user][f] / interference(user, f)) / 3 } }
        // Single precision of powers up to 400 over interference of 0.1 and more.
        #expect(abs(Double(batch.metrics[copy]) - capacity) < 1e-2)
        for cell in 0..<3 {
          #expect(abs(Double(batch.rewards[copy * 3 + cell]) - capacity) < 1e-2)
          let row = (copy * 3 + cell) * 64
          var planes = [[Double]](repeating: [], count: 2)
          for u in 0..<2 {
            for f in 0..<4 {
              planes[0].append(0.5 * log(interference(cell * 2 + u, f)))
              planes[1].append(log(gains.own(realization: copy, frequency: f, user: cell * 2 + u)))
            }
          }
          for plane in 0..<2 {
            for u in 0..<2 {
              for f in 0..<4 {
                let values = planes[plane]
                let overChannels = values[u * 4..<u * 4 + 4].reduce(0, +) / 4
                let overUsers = (values[f] + values[4 + f]) / 2
                for (index, expected) in [values[u * 4 + f], overChannels, overUsers, values.reduce(0, +) / 8].enumerated() {
                  #expect(abs(Double(batch.finalObservations[row + (2 * index + plane) * 8 + u * 4 + f]) - expected) < 5e-3)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Equation 17: c, channels and beams of the own cell; a beam meets its own channel with the own gain.
  @Test func channelsAndBeamsAreSeen() {
    let parameters = parameters { $0.features = .channels }
    var environment = MulticellEnvironment(parameters, copies: 2, seed: 8)
    var batch = StepBatch(for: environment.specification)
    environment.reset(into: &batch)
    let (size, plane) = (environment.specification.observationSize, 24)
    for copy in 0..<2 {
      for user in 0..<6 {
        for f in 0..<4 {
          let row = (copy * 3 + user / 2) * size + 8
          var (real, imaginary) = (0.0, 0.0)
          for antenna in 0..<3 {
            let place = row + (f * 2 + user % 2) * 3 + antenna
            let (hx, hy) = (Double(batch.observations[place]), Double(batch.observations[place + plane]))
            let (wx, wy) = (Double(batch.observations[place + 2 * plane]), Double(batch.observations[place + 3 * plane]))
            real += wx * hx + wy * hy
            imaginary += wx * hy - wy * hx
          }
          let gain = environment.channel.gains.own(realization: copy, frequency: f, user: user)
          #expect(abs((real * real + imaginary * imaginary) / 3 / gain - 1) < 1e-3)
        }
      }
    }
  }

  /// Blocks end after T slots; budgets stay what they are, since all is spent.
  @Test func blocksEndAndBudgetsStay() {
    var environment = MulticellEnvironment(parameters(), copies: 9, seed: 3)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 1...7 {
      fill(&actions, environment, step: slot)
      environment.step(actions, into: &batch)
      #expect(batch.truncated.allSatisfy { $0 == (slot % 3 == 0) } && batch.terminated.allSatisfy { !$0 })
      #expect(environment.channel.block == slot / 3)
      #expect((batch.observations == batch.finalObservations) == (slot % 3 != 0))
      for user in 0..<6 { #expect(abs(environment.powers.budget(network: 8, user: user) - 400) < 1e-3) }
    }
  }

  @Test(arguments: MulticellParameters.Features.allCases) func copiesTogetherHaveTheBitsOfEachApart(features: MulticellParameters.Features) {
    let parameters = parameters { $0.features = features }
    var all = MulticellEnvironment(parameters, copies: 10, seed: 5)
    let together = run(&all, slots: 5)
    for copy in [0, 9] {
      var alone = MulticellEnvironment(parameters, copies: 1, seed: 5, firstCopy: copy)
      for (a, b) in zip(run(&alone, slots: 5), together) {
        let width = a.observations.count
        #expect(a.observations == Array(b.observations[copy * width..<(copy + 1) * width]) && a.metrics[0] == b.metrics[copy])
        #expect(a.rewards == Array(b.rewards[copy * 3..<(copy + 1) * 3]))
      }
    }
  }

  @Test(arguments: MulticellParameters.Features.allCases) func aStepAllocatesNothing(features: MulticellParameters.Features) {
    var environment = MulticellEnvironment(parameters { $0.features = features }, copies: 9, seed: 5)
    var batch = StepBatch(for: environment.specification)
    var actions = ActionBatch(for: environment.specification)
    environment.reset(into: &batch)
    for slot in 0..<4 {
      fill(&actions, environment, step: slot)
      environment.step(actions, into: &batch)
    }
    allocations_watch()
    for _ in 0..<7 { environment.step(actions, into: &batch) }
    #expect(allocations_seen().requests == 0)
  }
}
