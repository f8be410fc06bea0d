import Foundation
import Tensor

/// The file `manifest.json` of a run: what was asked for, with what, when.
struct Manifest: Sendable, Equatable {
  var pack: String
  var kind: RunRequest.Kind
  var scale: Scale
  var schemes: [String]
  var seeds: [Int]
  var figures: [Int]
  /// Every parameter with its value, in the pack's order.
  var parameters: [JSON.Member]
  /// The names of those that the user set.
  var changed: [String]
  /// What a sweep varies: `name=v1,v2,...`; empty for everything else.
  var grid: [String]
  /// Algorithms in the place of the pack's schemes; empty for its schemes.
  var algorithms: [String]
  /// The part of the plan that this folder holds; nil for all of it.
  var shard: Shard?
  /// The hash of the plan, so that a run is never resumed by a program that would do something else.
  var plan: String
  var version: String
  var revision: String?
  var cpuLevel: String
  var threads: Int
  var commandLine: [String]
  /// ISO 8601, UTC.
  var start: String
  /// Nil until the run is finished.
  var end: String?
  /// The time spent on the run, over all its parts.
  var seconds: Double
  /// When the run was taken up again.
  var resumed: [String]

  init(
    pack: any Pack, request: RunRequest, plan: String, version: String, revision: String?, cpuLevel: String, threads: Int, commandLine: [String]
  ) {
    self.pack = pack.name
    kind = request.kind
    scale = request.scale
    schemes = request.schemes
    seeds = request.seeds
    figures = request.figures
    parameters = request.parameters.descriptions.map { .init($0.name, request.parameters[$0.name].json) }
    changed = request.parameters.descriptions.map(\.name).filter { request.parameters.origin(of: $0) == .user }
    grid = request.grid?.texts ?? []
    algorithms = request.algorithms
    self.plan = plan
    self.version = version
    self.revision = revision
    self.cpuLevel = cpuLevel
    self.threads = threads
    self.commandLine = commandLine
    start = Manifest.now()
    end = nil
    seconds = 0
    resumed = []
  }

  /// Reads the manifest of a folder.
  init(path: String) throws(FileError) {
    guard let data = FileManager.default.contents(atPath: path) else { throw FileError(path: path, reason: "cannot be read") }
    let json: JSON
    do {
      json = try JSON(parsing: data)
    } catch {
      throw FileError(path: path, reason: "is no JSON: \(error)")
    }
    func value<Value>(_ name: String, _ value: Value?) throws(FileError) -> Value {
      guard let value else { throw FileError(path: path, reason: "lacks a proper '\(name)'") }
      return value
    }
    func list<Value>(_ name: String, _ element: (JSON) -> Value?) throws(FileError) -> [Value] {
      let elements = try value(name, json[name]?.elements)
      let values = elements.compactMap(element)
      return try value(name, values.count == elements.count ? values : nil)
    }
    pack = try value("pack", json["pack"]?.stringValue)
    kind = try value("command", json["command"]?.stringValue.flatMap(RunRequest.Kind.init))
    scale = try value("scale", json["scale"]?.stringValue.flatMap(Scale.init))
    schemes = try list("schemes", \.stringValue)
    seeds = try list("seeds", \.intValue)
    figures = try list("figures", \.intValue)
    parameters = try value("parameters", json["parameters"]?.members)
    changed = try list("changed", \.stringValue)
    // Runs of earlier versions have none of these.
    grid = json["grid"] == nil ? [] : try list("grid", \.stringValue)
    algorithms = json["algorithms"] == nil ? [] : try list("algorithms", \.stringValue)
    if let text = json["shard"]?.stringValue { shard = try value("shard", Shard(text)) }
    plan = try value("plan", json["plan"]?.stringValue)
    version = try value("version", json["version"]?.stringValue)
    revision = json["revision"]?.stringValue
    cpuLevel = try value("cpuLevel", json["cpuLevel"]?.stringValue)
    threads = try value("threads", json["threads"]?.intValue)
    commandLine = try list("commandLine", \.stringValue)
    start = try value("start", json["start"]?.stringValue)
    end = json["end"]?.stringValue
    seconds = try value("seconds", json["seconds"]?.doubleValue)
    resumed = try list("resumed", \.stringValue)
  }

  var json: JSON {
    [
      "pack": .string(pack), "command": .string(kind.rawValue), "scale": .string(scale.rawValue), "schemes": JSON(schemes),
      "seeds": .array(seeds.map { JSON($0) }), "figures": .array(figures.map { JSON($0) }), "parameters": .object(parameters),
      "changed": JSON(changed), "grid": JSON(grid), "algorithms": JSON(algorithms), "shard": JSON(shard?.description), "plan": .string(plan),
      "version": .string(version),
      "revision": JSON(revision), "cpuLevel": .string(cpuLevel),
      "threads": JSON(threads), "commandLine": JSON(commandLine), "start": .string(start), "end": JSON(end), "seconds": JSON(seconds),
      "resumed": JSON(resumed),
    ]
  }

  func write(to path: String) throws(FileError) { try AtomicFile.write(json.indented, to: path) }

  /// What the run was asked for, in terms of the pack as it is now.
  ///
  /// - Throws: `RunError` when a parameter that the user left alone no longer has the value of that time; `UsageError` when a
  ///   name is gone.
  func request(for pack: any Pack) throws -> RunRequest {
    var settings: [String] = []
    for name in changed {
      guard let member = parameters.first(where: { $0.name == name }) else { throw RunError("the manifest has no value of '\(name)'") }
      settings.append("\(name)=\(ParameterValue.text(of: member.value))")
    }
    var request = try RunRequest(
      kind, of: pack, scale: scale, schemes: schemes, seeds: seeds, figures: kind == .reproduce ? figures : nil, settings: settings, grid: grid)
    request.algorithms = algorithms
    let present = request.parameters.descriptions.map { JSON.Member($0.name, request.parameters[$0.name].json) }
    guard present == parameters else {
      throw RunError("the run was started with other parameters or defaults than this program has; start a new run")
    }
    return request
  }

  /// The present time as ISO 8601, UTC.
  static func now() -> String { Date().formatted(.iso8601) }
}

extension ParameterValue {
  /// As in a manifest.
  var json: JSON {
    switch self {
    case .number(let value): JSON(value)
    case .integer(let value): JSON(value)
    case .choice(let value): .string(value)
    case .flag(let value): .bool(value)
    }
  }

  static func text(of json: JSON) -> String {
    switch json {
    case .string(let text): text
    default: json.compact
    }
  }
}
