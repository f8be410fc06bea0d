import Foundation
import Scenarios
import Tensor

if ProcessorLevel.environmentIsRefused, CommandLine.arguments.dropFirst().first != "doctor" {
  let wanted = ProcessInfo.processInfo.environment["MARCONI_CPU"] ?? ""
  let known = ProcessorLevel.allCases.filter { $0 <= .highest }.map(\.name).joined(separator: ", ")
  Console.standard.error("bench: MARCONI_CPU=\(wanted) names no level that this CPU can run (\(known)); choose one of these or leave it out\n")
  exit(ExitCode.usage.rawValue)
}

CommandLineTool(
  name: "bench", packs: [D2DPack(), EdgePack(), AllocationPack(), MulticellPack()], extraCommands: [PerfCommand(), VerifyCommand(), DoctorCommand()]
).main()
