/// The value of a parameter.
public enum ParameterValue: Sendable, Hashable, CustomStringConvertible {
  case number(Double)
  case integer(Int)
  case choice(String)
  case flag(Bool)

  /// As a user would type it.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .choice(let value): value
    case .flag(let value): "\(value)"
    }
  }
}

extension ParameterValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .choice(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// A parameter of a pack: its name, unit, default and what values it takes.
public struct ParameterDescription: Sendable, Hashable {
  public let name: String
  /// Empty for a number without unit.
  public let unit: String
  public let standard: ParameterValue
  /// Of numbers and integers. An infinite end is open: no value is infinite.
  public let range: ClosedRange<Double>?
  /// Of choices.
  public let choices: [String]
  public let description: String
  /// The number of the deviation that explains the default.
  public let deviation: Int?

  init(_ name: String, unit: String, standard: ParameterValue, range: ClosedRange<Double>?, choices: [String], description: String, deviation: Int?) {
    self.name = name
    self.unit = unit
    self.standard = standard
    self.range = range
    self.choices = choices
    self.description = description
    self.deviation = deviation
    precondition(problem(with: standard) == nil, "the default of the parameter '\(name)' is not one of its values")
  }

  /// A real number.
  public static func number(
    _ name: String, unit: String = "", default value: Double, in range: ClosedRange<Double>, description: String, deviation: Int? = nil
  ) -> Self {
    Self(name, unit: unit, standard: .number(value), range: range, choices: [], description: description, deviation: deviation)
  }

  /// A whole number.
  public static func integer(
    _ name: String, unit: String = "", default value: Int, in range: ClosedRange<Int>, description: String, deviation: Int? = nil
  ) -> Self {
    let ends = Double(range.lowerBound)...Double(range.upperBound)
    return Self(name, unit: unit, standard: .integer(value), range: ends, choices: [], description: description, deviation: deviation)
  }

  /// One of several words.
  public static func choice(_ name: String, default value: String, of choices: [String], description: String, deviation: Int? = nil) -> Self {
    Self(name, unit: "", standard: .choice(value), range: nil, choices: choices, description: description, deviation: deviation)
  }

  /// The path of a file, or nothing.
  public static func file(_ name: String, description: String, deviation: Int? = nil) -> Self {
    Self(name, unit: "", standard: .choice(""), range: nil, choices: [], description: description, deviation: deviation)
  }

  /// Whether the parameter is the path of a file.
  public var isFile: Bool { standard == .choice("") && choices.isEmpty }

  /// Yes or no.
  public static func flag(_ name: String, default value: Bool, description: String, deviation: Int? = nil) -> Self {
    Self(name, unit: "", standard: .flag(value), range: nil, choices: ["true", "false"], description: description, deviation: deviation)
  }

  /// The values that the parameter takes, in words, for example `0 to 60 dB`.
  public var domain: String {
    guard let range else { return isFile ? "the path of a file" : choices.joined(separator: ", ") }
    let isInteger = if case .integer = standard { true } else { false }
    func text(_ bound: Double) -> String { isInteger || Int(exactly: bound) != nil ? "\(Int(bound))" : "\(bound)" }
    let suffix = unit.isEmpty ? "" : " " + unit
    switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (true, true): return "\(text(range.lowerBound)) to \(text(range.upperBound))\(suffix)"
    case (true, false): return "at least \(text(range.lowerBound))\(suffix)"
    case (false, true): return "at most \(text(range.upperBound))\(suffix)"
    case (false, false): return "any number" + (unit.isEmpty ? "" : " of \(unit)")
    }
  }

  /// Why `value` cannot be taken, or nil.
  func problem(with value: ParameterValue) -> String? {
    switch (value, standard) {
    case (.number(let number), .number):
      return number.isFinite && range!.contains(number) ? nil : domain
    case (.integer(let integer), .integer):
      return range!.contains(Double(integer)) ? nil : domain
    case (.choice(let choice), .choice):
      return isFile || choices.contains(choice) ? nil : domain
    case (.flag, .flag):
      return nil
    default:
      return domain
    }
  }

  /// Reads a value as a user types it, in the parameter's own type. Nil for a text that is no such value.
  func parse(_ text: String) -> ParameterValue? {
    switch standard {
    case .number: Double(text).map { .number($0) }
    case .integer: Int(text).map { .integer($0) }
    case .choice: .choice(text)
    case .flag:
      switch text.lowercased() {
      case "true", "yes", "on", "1": .flag(true)
      case "false", "no", "off", "0": .flag(false)
      default: nil
      }
    }
  }
}

/// The values of all parameters of a pack.
public struct ParameterSet: Sendable {
  public let descriptions: [ParameterDescription]
  private var values: [ParameterValue]
  private var origins: [Origin]

  /// Where a value comes from.
  public enum Origin: String, Sendable {
    case standard = "default"
    case scale
    case user
  }

  /// The defaults of `descriptions`, and above them what the scale says.
  public init(_ descriptions: [ParameterDescription], scaleDefaults: [String: ParameterValue] = [:]) {
    self.descriptions = descriptions
    values = descriptions.map(\.standard)
    origins = descriptions.map { _ in .standard }
    for name in scaleDefaults.keys.sorted() {
      let index = place(of: name)
      var value = scaleDefaults[name]!
      if case .integer(let integer) = value, case .number = descriptions[index].standard { value = .number(Double(integer)) }
      if let domain = descriptions[index].problem(with: value) {
        preconditionFailure("the scale sets '\(name)' to \(value), which must be \(domain)")
      }
      values[index] = value
      origins[index] = value == descriptions[index].standard ? .standard : .scale
    }
  }

  /// Takes a setting `name=value` of a user.
  public mutating func set(_ setting: String) throws(UsageError) {
    guard let separator = setting.firstIndex(of: "=") else {
      throw UsageError("--set needs name=value, got '\(setting)'")
    }
    try set(String(setting[..<separator]), to: String(setting[setting.index(after: separator)...]))
  }

  /// Takes a value of a user for the parameter `name`.
  ///
  /// - Throws: `UsageError` that names the nearest known parameter, or the values that this one takes.
  public mutating func set(_ name: String, to text: String) throws(UsageError) {
    guard let index = descriptions.firstIndex(where: { $0.name == name }) else {
      throw .unknown("parameter", name, known: descriptions.map(\.name), of: nil)
    }
    let description = descriptions[index]
    guard let value = description.parse(text), description.problem(with: value) == nil else {
      var message = "the parameter '\(name)' cannot be '\(text)'; it must be \(description.choices.isEmpty ? "" : "one of ")\(description.domain)"
      if case .integer = description.standard { message += " (a whole number)" }
      if case .choice = description.standard, let near = nearestName(to: text, in: description.choices) { message += "; the nearest is '\(near)'" }
      throw UsageError(message)
    }
    values[index] = value
    origins[index] = .user
  }

  /// The value of a parameter.
  public subscript(name: String) -> ParameterValue { values[place(of: name)] }

  /// Where the value of a parameter comes from.
  public func origin(of name: String) -> Origin { origins[place(of: name)] }

  /// The value of a real parameter, or of a whole one as a real number.
  public func number(_ name: String) -> Double {
    switch self[name] {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: preconditionFailure("the parameter '\(name)' is no number")
    }
  }

  /// The value of a whole-numbered parameter.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = self[name] else { preconditionFailure("the parameter '\(name)' is no whole number") }
    return value
  }

  /// The value of a parameter that is one of several words.
  public func choice(_ name: String) -> String {
    guard case .choice(let value) = self[name] else { preconditionFailure("the parameter '\(name)' is no choice") }
    return value
  }

  /// The value of a parameter that is yes or no.
  public func flag(_ name: String) -> Bool {
    guard case .flag(let value) = self[name] else { preconditionFailure("the parameter '\(name)' is no flag") }
    return value
  }

  private func place(of name: String) -> Int {
    guard let index = descriptions.firstIndex(where: { $0.name == name }) else { preconditionFailure("there is no parameter '\(name)'") }
    return index
  }
}
