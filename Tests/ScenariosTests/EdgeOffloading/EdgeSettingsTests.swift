import Channels
import Testing

@testable import Scenarios

@Suite struct EdgeSettingsTests {
  @Test func defaultsAreThoseOfTheSystem() {
    #expect(EdgeSettings().system == EdgeParameters())
    #expect(Set(EdgeSettings.parameters.map(\.name)).count == EdgeSettings.parameters.count)
    #expect(EdgeSettings().contradiction == nil)
  }

  /// Every setting writes to its own property: no two give the same settings.
  @Test func everySettingChangesSomethingOfItsOwn() {
    var seen: Set<String> = ["\(EdgeSettings())"]
    for setting in EdgeSettings.settings {
      var settings = EdgeSettings()
      switch setting.description.standard {
      case .number(let number): setting.write(.number(number + 1), &settings)
      case .integer(let number): setting.write(.integer(number + 1), &settings)
      case .flag(let flag): setting.write(.flag(!flag), &settings)
      case .choice(let word):
        guard let other = setting.description.choices.first(where: { $0 != word }) else { break }
        setting.write(.choice(other), &settings)
      }
      #expect(seen.insert("\(settings)").inserted, "\(setting.description.name)")
    }
  }

  @Test func zeroMeansWithout() throws {
    var settings = EdgeSettings()
    for setting in EdgeSettings.settings {
      if setting.description.name == "penaltyCap" { setting.write(.number(0), &settings) }
      if setting.description.name == "episodeSlots" { setting.write(.integer(0), &settings) }
    }
    #expect(settings.system.penaltyCap == nil && settings.system.episodeSlots == nil)
  }
}
