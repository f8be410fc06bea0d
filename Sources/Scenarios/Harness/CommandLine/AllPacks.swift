import Foundation
import Tensor

/// `reproduce all`: one run folder for each pack, side by side in one folder.
struct AllPacks {
  let session: RunSession
  static let file = "all.json"

  /// Whether a folder holds the runs of all packs.
  static func holds(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + file) }

  func start(_ arguments: ParsedArguments) throws -> ExitCode {
    for option in ["figure", "scheme", "set", "shard", "config"] where arguments.has(option) {
      throw UsageError("--\(option) needs one pack, not all of them")
    }
    let scale = try arguments.scale() ?? .quick
    let seeds = try arguments.seeds()
    let folder = arguments.value("out") ?? AllPacks.firstFree(scale)
    let present = FileManager.default.fileExists(atPath: folder) ? try RunFolder.contents(of: folder) : []
    guard present.isEmpty else {
      throw FileError(path: folder, reason: "holds files already; give an empty folder with --out, or go on with --resume \(folder)")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder, reason: "cannot be created")
    }
    let json: JSON = ["scale": .string(scale.rawValue), "seeds": seeds.map { .array($0.map { JSON($0) }) } ?? .null]
    try AtomicFile.write(json.indented, to: folder + "/" + AllPacks.file)
    return try run(folder, scale: scale, seeds: seeds)
  }

  func resume(_ folder: String, _ arguments: ParsedArguments) throws -> ExitCode {
    let path = folder + "/" + AllPacks.file
    guard let data = FileManager.default.contents(atPath: path), let json = try? JSON(parsing: data),
      let scale = json["scale"]?.stringValue.flatMap(Scale.init)
    else { throw FileError(path: path, reason: "cannot be read") }
    let seeds = json["seeds"]?.elements?.compactMap(\.intValue)
    if let name = arguments.positional.first, name != "all" { throw UsageError("\(folder) holds runs of all packs, not of '\(name)' alone") }
    for option in ["figure", "scheme", "set", "out"] where arguments.has(option) {
      throw UsageError("--\(option) does not go with --resume \(folder)")
    }
    if let given = try arguments.scale(), given != scale { throw UsageError("\(folder) was started with --scale \(scale), not \(given)") }
    if let given = try arguments.seeds(), given != seeds { throw UsageError("\(folder) was started with other seeds than --seeds says") }
    return try run(folder, scale: scale, seeds: seeds)
  }

  private func run(_ folder: String, scale: Scale, seeds: [Int]?) throws -> ExitCode {
    var results: [RunSession.Result] = []
    for pack in session.context.packs {
      let place = folder + "/" + pack.name
      let result: RunSession.Result
      if FileManager.default.fileExists(atPath: place + "/manifest.json") {
        result = try session.resume(place, kind: .reproduce, pack: pack.name, try ParsedArguments([], for: RunCommand(kind: .reproduce)))
      } else {
        result = try session.start(pack, try RunRequest(.reproduce, of: pack, scale: scale, seeds: seeds), out: place)
      }
      results.append(result)
      if result.outcome == .interrupted { break }
    }
    return try session.finish(results, resumeFolder: folder)
  }

  private static func firstFree(_ scale: Scale) -> String {
    var number = 1
    while FileManager.default.fileExists(atPath: "runs/all-\(scale.rawValue)-\(number)") { number += 1 }
    return "runs/all-\(scale.rawValue)-\(number)"
  }
}
