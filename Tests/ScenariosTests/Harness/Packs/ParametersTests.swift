import Testing

@testable import Scenarios

@Suite struct ParametersTests {
  let descriptions = [
    ParameterDescription.number("power", unit: "dBm", default: 13, in: -30...46, description: ""),
    ParameterDescription.number("gain", unit: "dB", default: 0, in: -(.infinity) ... .infinity, description: ""),
    ParameterDescription.integer("pairs", unit: "pair", default: 10, in: 1...50, description: ""),
    ParameterDescription.choice("fading", default: "rayleigh", of: ["rayleigh", "none", "ar1"], description: ""),
    ParameterDescription.flag("shadowing", default: false, description: ""),
  ]

  @Test(arguments: [
    ("power=20.5", ParameterValue.number(20.5)), ("power=-30", .number(-30)), ("power=1e1", .number(10)), ("pairs=50", .integer(50)),
    ("fading=none", .choice("none")), ("shadowing=yes", .flag(true)), ("shadowing=0", .flag(false)), ("gain=-1e9", .number(-1e9)),
  ])
  func takesWhatLiesInRange(setting: String, value: ParameterValue) throws {
    var set = ParameterSet(descriptions)
    try set.set(setting)
    let name = String(setting.prefix { $0 != "=" })
    #expect(set[name] == value)
    #expect(set.origin(of: name) == .user)
  }

  @Test(arguments: [
    ("power=46.1", "-30 to 46 dBm"), ("power=nan", "-30 to 46 dBm"), ("power=high", "-30 to 46 dBm"), ("pairs=0", "1 to 50 pair"),
    ("pairs=2.5", "a whole number"), ("fading=rice", "rayleigh, none, ar1"), ("fading=non", "the nearest is 'none'"),
    ("shadowing=maybe", "true, false"), ("gain=inf", "any number of dB"), ("powr=3", "the nearest is 'power'"), ("power", "name=value"),
  ])
  func refusesTheRestAndSaysWhatIsPossible(setting: String, words: String) {
    var set = ParameterSet(descriptions)
    let error = #expect(throws: UsageError.self) { try set.set(setting) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func scaleStandsAboveDefaultsAndBelowTheUser() throws {
    var set = ParameterSet(descriptions, scaleDefaults: ["pairs": 4, "power": 20])
    #expect(set.integer("pairs") == 4)
    #expect(set.number("power") == 20)
    #expect(set.origin(of: "pairs") == .scale)
    #expect(set.origin(of: "gain") == .standard)
    try set.set("pairs", to: "7")
    #expect(set.integer("pairs") == 7)
    #expect(set.number("pairs") == 7)
    #expect(set.origin(of: "pairs") == .user)
    #expect(!set.flag("shadowing"))
    #expect(set.choice("fading") == "rayleigh")
  }

  @Test func domainsAreReadable() {
    #expect(ParameterDescription.number("a", unit: "m", default: 1, in: 0.5...(.infinity), description: "").domain == "at least 0.5 m")
    #expect(ParameterDescription.number("a", default: 1, in: -(.infinity)...2, description: "").domain == "at most 2")
  }
}
