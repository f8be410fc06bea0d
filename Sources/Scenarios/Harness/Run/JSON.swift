import Tensor

/// A JSON value whose objects keep their order and whose numbers keep their spelling, so that written files have the same bytes.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number as it is spelled.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  public struct Member: Sendable, Hashable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A number by Swift's shortest description; null for one that JSON cannot hold.
  public init(_ value: Double) { self = value.isFinite ? .number("\(value)") : .null }
  public init(_ value: Int) { self = .number("\(value)") }
  public init(_ value: Double?) { self = value.map { JSON($0) } ?? .null }
  public init(_ value: Int?) { self = value.map { JSON($0) } ?? .null }
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
  public init(_ values: [String]) { self = .array(values.map { .string($0) }) }

  /// The spelling of a number that is often whole: without a fraction where it has none.
  static func text(_ value: Double) -> String {
    guard let whole = Int(exactly: value), abs(value) < 0x1p53 else { return "\(value)" }
    return "\(whole)"
  }

  /// The value of a member of an object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  public var doubleValue: Double? { if case .number(let text) = self { Double(text) } else { nil } }
  public var intValue: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  public var elements: [JSON]? { if case .array(let values) = self { values } else { nil } }
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// In one line without spaces.
  public var compact: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// Over several lines; objects and arrays that hold only plain values stay on one.
  public var indented: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  private var isPlain: Bool {
    switch self {
    case .array(let values): values.isEmpty
    case .object(let members): members.isEmpty
    default: true
    }
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number): text += number
    case .string(let string): text += JSON.quoted(string)
    case .array(let values):
      let items = values.map { value in { (text: inout String, indent: Int?) in value.write(to: &text, indent: indent) } }
      JSON.write(items, "[", "]", spread: !values.allSatisfy(\.isPlain), to: &text, indent: indent)
    case .object(let members):
      let separator = indent == nil ? ":" : ": "
      let items = members.map { member in
        { (text: inout String, indent: Int?) in
          text += JSON.quoted(member.name) + separator
          member.value.write(to: &text, indent: indent)
        }
      }
      JSON.write(items, "{", "}", spread: true, to: &text, indent: indent)
    }
  }

  private static func write(
    _ items: [(inout String, Int?) -> Void], _ open: String, _ close: String, spread: Bool, to text: inout String, indent: Int?
  ) {
    text += open
    let inner = spread && !items.isEmpty ? indent.map { $0 + 2 } : nil
    for (index, item) in items.enumerated() {
      if index > 0 { text += indent != nil && inner == nil ? ", " : "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      item(&text, inner ?? indent)
    }
    if inner != nil { text += "\n" + String(repeating: " ", count: indent!) }
    text += close
  }

  /// A text as a JSON string.
  static func quoted(_ text: String) -> String { jsonQuoted(text) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0.0, $0.1) }) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}
