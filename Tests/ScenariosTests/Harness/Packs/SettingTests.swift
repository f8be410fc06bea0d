import Testing

@testable import Scenarios

@Suite struct SettingTests {
  enum Color: String, CaseIterable { case red, green = "grass" }

  struct Paint: PackSettings, Equatable {
    var thickness = 0.1
    var rate: Float = 1e-4
    var coats = 2
    var isGlossy = false
    var color = Color.green

    static var settings: [Setting<Paint>] {
      [
        .number("thickness", \.thickness, unit: "mm", in: 0...5, "how thick", deviation: 3),
        .number("rate", \.rate, in: 0...1, "how quick"),
        .integer("coats", \.coats, unit: "coats", in: 1...9, "how often"),
        .flag("glossy", \.isGlossy, "whether it shines"),
        .choice("color", \.color, "which one"),
      ]
    }
  }

  @Test func defaultsAreThoseOfTheProperties() {
    #expect(
      Paint.parameters == [
        .number("thickness", unit: "mm", default: 0.1, in: 0...5, description: "how thick", deviation: 3),
        // The shortest text of the single-precision number, not its digits in double precision.
        .number("rate", default: 1e-4, in: 0...1, description: "how quick"),
        .integer("coats", unit: "coats", default: 2, in: 1...9, description: "how often"),
        .flag("glossy", default: false, description: "whether it shines"),
        .choice("color", default: "grass", of: ["red", "grass"], description: "which one"),
      ])
    #expect(Paint(ParameterSet(Paint.parameters)) == Paint())
  }

  @Test func valuesReachTheirProperties() throws {
    var set = ParameterSet(Paint.parameters, scaleDefaults: ["coats": 5])
    for setting in ["thickness=0.25", "rate=0.001", "glossy=yes", "color=red"] { try set.set(setting) }
    #expect(Paint(set) == Paint(thickness: 0.25, rate: 1e-3, coats: 5, isGlossy: true, color: .red))
  }
}
