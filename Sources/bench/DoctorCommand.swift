import CKernels
import Foundation
import Scenarios
import Tensor

/// `doctor`: what this machine offers, what is used of it, and whether it computes what it should.
struct DoctorCommand: Command {
  let name = "doctor"
  let summary = "shows the machine, the CPU level in use and a self-check"
  let arguments: [String] = []
  let options: [OptionDescription] = []
  let example = "doctor"

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let levels = ProcessorLevel.allCases.filter { $0 <= .highest }
    var lines = [
      ("version", context.version + (context.revision().map { ", revision \($0)" } ?? "")),
      ("processor", Machine.processor),
      ("CPU level", "\(ProcessorLevel.current.name) in use; this CPU can run \(levels.map(\.name).joined(separator: ", "))"),
      ("cores", "\(ProcessInfo.processInfo.activeProcessorCount)"),
      ("memory", PerfCommand.rounded(Machine.memory, 1) + " GiB"),
      ("system", Machine.system),
      ("Swift", Machine.compiler),
    ]
    if ProcessorLevel.environmentIsRefused {
      let wanted = context.environment["MARCONI_CPU"] ?? ""
      lines.append(("warning", "MARCONI_CPU=\(wanted) names no level of this CPU; \(ProcessorLevel.current.name) is used"))
    }
    var healthy = true
    for check in DoctorCommand.checks(levels) {
      lines.append((check.passed ? "ok" : "FAILED", check.name))
      healthy = healthy && check.passed
    }
    for (title, text) in lines { context.console.output(title + String(repeating: " ", count: 11 - title.count) + text + "\n") }
    return healthy ? .done : .failed
  }

  private static func checks(_ levels: [ProcessorLevel]) -> [(name: String, passed: Bool)] {
    let known = Philox.rounds((0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    let expected: Philox.Block = (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    let before = ck_level()
    let results = levels.map { level in
      _ = ck_use_level(level.rawValue)
      return trainedNumbers()
    }
    _ = ck_use_level(before)
    return [
      ("random numbers match the published vector", known == expected),
      ("\(levels.map(\.name).joined(separator: ", ")) train to the same bits", results.allSatisfy { $0 == results[0] }),
    ]
  }

  /// The parameters of a small network after a few steps, as bits.
  private static func trainedNumbers() -> [UInt32] {
    let network = Network([.dense(7, 33, .tanh), .dense(33, 19, .relu), .dense(19, 3)])
    var parameters = network.initialized(from: RandomStream(seed: 1, purpose: .initialization))
    var optimizer = Adam(count: parameters.count, learningRate: 1e-2)
    var gradient = Tensor(zeros: [parameters.count])
    var input = [Float](repeating: 0, count: 5 * 7)
    var goal = [Float](repeating: 0, count: 5 * 3)
    RandomStream(seed: 2, purpose: .environment).fill(&input, with: .normal)
    RandomStream(seed: 3, purpose: .environment).fill(&goal, with: .gumbel)
    let tape = Tape()
    for _ in 0..<5 {
      tape.gradient(of: parameters, into: &gradient) { p in
        meanSquaredError(network(tape.constant(input, shape: [5, 7]), p), tape.constant(goal, shape: [5, 3]))
      }
      optimizer.update(&parameters, along: gradient)
    }
    return parameters.values.array.map(\.bitPattern)
  }
}
