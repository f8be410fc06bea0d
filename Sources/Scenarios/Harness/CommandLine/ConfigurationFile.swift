import Foundation
import Tensor

/// A file that says what the options of a run say: a JSON object with any of `pack`, `scale`, `schemes`, `seeds`, `figures`, `parameters`,
/// `grid` and `algorithms`. The manifest of a run is such a file, so that a run can be made again from it. Options go above it.
///
///     {"pack": "d2d", "scale": "quick", "schemes": ["maac", "dqn"], "seeds": 3, "parameters": {"pairs": 20, "powerDBm": 20}}
struct ConfigurationFile: Equatable {
  var pack: String?
  var scale: Scale?
  var schemes: [String]?
  var seeds: [Int]?
  var figures: [Int]?
  /// `name=value`
  var settings: [String] = []
  var grid: [String] = []
  var algorithms: [String] = []

  /// What a manifest says beside these, which is no setting.
  private static let ignored = [
    "command", "changed", "plan", "version", "revision", "cpuLevel", "threads", "commandLine", "start", "end", "seconds", "resumed", "shard",
  ]
  private static let known = ["pack", "scale", "schemes", "seeds", "figures", "parameters", "grid", "algorithms"]

  init() {}

  /// - Throws: `FileError` for a file that cannot be read or holds anything else; whether the values fit a pack is not asked here.
  init(path: String) throws(FileError) {
    guard let data = FileManager.default.contents(atPath: path) else { throw FileError(path: path, reason: "cannot be read") }
    let json: JSON
    do {
      json = try JSON(parsing: data)
    } catch {
      throw FileError(path: path, reason: "is no JSON: \(error)")
    }
    guard let members = json.members else {
      throw FileError(path: path, reason: "must be an object with any of \(Self.known.joined(separator: ", "))")
    }
    // A manifest names every parameter; those that nobody changed have the values of their scale.
    let changed = json["changed"]?.elements?.compactMap(\.stringValue)
    for member in members where !Self.ignored.contains(member.name) {
      func fails(_ what: String) -> FileError { FileError(path: path, reason: "'\(member.name)' must be \(what)") }
      switch member.name {
      case "pack":
        guard let name = member.value.stringValue else { throw fails("the name of a pack") }
        pack = name
      case "scale":
        guard let value = member.value.stringValue.flatMap(Scale.init) else {
          throw fails("one of \(Scale.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        scale = value
      case "schemes":
        guard let names = Self.list(member.value, \.stringValue), !names.isEmpty else { throw fails("a list of names") }
        schemes = names
      case "seeds":
        if let count = member.value.intValue, (1...10_000).contains(count) {
          seeds = Array(0..<count)
        } else if let list = Self.list(member.value, \.intValue), !list.isEmpty, list.allSatisfy({ $0 >= 0 }) {
          seeds = list
        } else {
          throw fails("a number of seeds from 1 to 10000, or a list of seeds of at least 0")
        }
      case "figures":
        guard let numbers = Self.list(member.value, \.intValue) else { throw fails("a list of numbers") }
        if !numbers.isEmpty { figures = numbers }
      case "grid":
        guard let texts = Self.list(member.value, \.stringValue) else { throw fails("a list of texts name=v1,v2") }
        grid = texts
      case "algorithms":
        guard let names = Self.list(member.value, \.stringValue) else { throw fails("a list of names") }
        algorithms = names
      case "parameters":
        guard let values = member.value.members else { throw fails("an object of names and values") }
        for value in values where changed?.contains(value.name) ?? true {
          switch value.value {
          case .array, .object, .null: throw FileError(path: path, reason: "the parameter '\(value.name)' must be a number, a text, true or false")
          default: settings.append("\(value.name)=\(ParameterValue.text(of: value.value))")
          }
        }
      default:
        let near = nearestName(to: member.name, in: Self.known).map { "; the nearest is '\($0)'" } ?? ""
        throw FileError(path: path, reason: "'\(member.name)' is nothing that can be set\(near) (known: \(Self.known.joined(separator: ", ")))")
      }
    }
  }

  private static func list<Value>(_ json: JSON, _ element: (JSON) -> Value?) -> [Value]? {
    guard let elements = json.elements else { return nil }
    let values = elements.compactMap(element)
    return values.count == elements.count ? values : nil
  }
}
