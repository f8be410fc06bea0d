/// The settings of a pack: a structure whose properties users set by name.
///
/// Each property is stated once: its default where it is declared, its name, unit and range in `settings`.
public protocol PackSettings: Sendable {
  init()
  static var settings: [Setting<Self>] { get }
}

extension PackSettings {
  /// The parameters behind `settings`, in their order.
  public static var parameters: [ParameterDescription] { settings.map(\.description) }

  /// The values of a set that was made from `parameters`.
  public init(_ set: ParameterSet) {
    self.init()
    for setting in Self.settings { setting.write(set[setting.description.name], &self) }
  }
}

/// A parameter that is bound to a property of a pack's settings, whose initial value is its default.
public struct Setting<Settings: PackSettings>: Sendable {
  public let description: ParameterDescription
  let write: @Sendable (_ value: ParameterValue, _ settings: inout Settings) -> Void

  /// A real number.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Settings, Double> & Sendable, unit: String = "", in range: ClosedRange<Double>, _ description: String,
    deviation: Int? = nil
  ) -> Self {
    Self(
      description: .number(
        name, unit: unit, default: Settings()[keyPath: path], in: range, description: description, deviation: deviation)
    ) { value, settings in
      if case .number(let number) = value { settings[keyPath: path] = number }
    }
  }

  /// A real number in single precision. Its default is the shortest text that gives the property's value.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Settings, Float> & Sendable, unit: String = "", in range: ClosedRange<Double>, _ description: String,
    deviation: Int? = nil
  ) -> Self {
    Self(
      description: .number(
        name, unit: unit, default: Double("\(Settings()[keyPath: path])")!, in: range, description: description, deviation: deviation)
    ) { value, settings in
      if case .number(let number) = value { settings[keyPath: path] = Float(number) }
    }
  }

  /// A whole number.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Settings, Int> & Sendable, unit: String = "", in range: ClosedRange<Int>, _ description: String,
    deviation: Int? = nil
  ) -> Self {
    Self(
      description: .integer(
        name, unit: unit, default: Settings()[keyPath: path], in: range, description: description, deviation: deviation)
    ) { value, settings in
      if case .integer(let number) = value { settings[keyPath: path] = number }
    }
  }

  /// Yes or no.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Settings, Bool> & Sendable, _ description: String, deviation: Int? = nil
  ) -> Self {
    Self(description: .flag(name, default: Settings()[keyPath: path], description: description, deviation: deviation)) { value, settings in
      if case .flag(let flag) = value { settings[keyPath: path] = flag }
    }
  }

  /// The path of a file; empty for none.
  public static func file(
    _ name: String, _ path: WritableKeyPath<Settings, String> & Sendable, _ description: String, deviation: Int? = nil
  ) -> Self {
    Self(description: .file(name, description: description, deviation: deviation)) { value, settings in
      if case .choice(let text) = value { settings[keyPath: path] = text }
    }
  }

  /// One of the cases of an enumeration, by their raw values.
  public static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Settings, Choice> & Sendable, _ description: String, deviation: Int? = nil
  ) -> Self where Choice.RawValue == String {
    Self(
      description: .choice(
        name, default: Settings()[keyPath: path].rawValue, of: Choice.allCases.map(\.rawValue), description: description, deviation: deviation)
    ) { value, settings in
      if case .choice(let word) = value, let choice = Choice(rawValue: word) { settings[keyPath: path] = choice }
    }
  }
}
