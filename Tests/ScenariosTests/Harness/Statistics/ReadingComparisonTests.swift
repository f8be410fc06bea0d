import Testing

@testable import Scenarios

@Suite struct ReadingComparisonTests {
  private func reading(_ name: String, _ values: [Double], place: String = "U = 10") -> Reading {
    Reading(name: name, place: place, values: SeedValues(seeds: Array(values.indices), values: values))
  }

  private var low: Reading { reading("low", [1, 2, 3]) }
  private var high: Reading { reading("high", [11, 12, 13]) }
  private var none: Reading { reading("none", []) }

  @Test func eachAgainstEach() {
    let parts = ClaimTest.differences("outage", of: [low, reading("other", [5, 6, 7], place: "U = 20")], minus: [high, none], are: .less)
    #expect(parts.map(\.verdict) == [.holds, .inconclusive, .holds, .inconclusive])
    #expect(parts.map(\.seeds) == [3, 0, 3, 0])
    #expect(parts[0].statistic?.name == "outage of low minus high, U = 10" && parts[0].statistic?.value == -10)
    #expect(parts[2].statistic?.name == "outage of other minus high, U = 20" && parts[2].statistic?.value == -6)
    var names: [String] = []
    _ = ClaimTest.each("spread", of: [low], and: [high], joint: "over") { name, first, second in
      names.append("\(name): \(first.name), \(second.name)")
      return ClaimTest.notCovered(run: "")
    }
    #expect(names == ["spread of low over high, U = 10: low, high"])
  }

  @Test func togetherTheyHoldOrFail() {
    let holds = ClaimTest.differences("x", of: [high], minus: [low], are: .greater)
    let fails = ClaimTest.differences("x", of: [low], minus: [high], are: .greater)
    #expect(ClaimTest.together(holds, of: [low, high])?.verdict == .holds)
    #expect(ClaimTest.together(holds, of: [low, high])?.note.isEmpty == true)
    #expect(ClaimTest.together(holds + fails, of: [low, high])?.verdict == .fails)
    #expect(ClaimTest.together(holds + holds, of: [low, high])?.note == "2 of 2 comparisons hold.")
  }

  @Test func whatIsMissingCannotHold() {
    let far = reading("far", [], place: "mean over U = 10, 20")
    let all = [high, low, none, far, reading("void", [])]
    let holds = ClaimTest.together(ClaimTest.differences("x", of: [high], minus: [low, none], are: .greater), of: all)
    #expect(holds?.verdict == .inconclusive && holds?.seeds == 3)
    #expect(holds?.note == "Needs none, void at U = 10; far at U = 10, 20.")
    // What is there can fail already.
    let fails = ClaimTest.together(ClaimTest.differences("x", of: [low], minus: [high, none], are: .greater), of: all)
    #expect(fails?.verdict == .fails)
    let nothing = ClaimTest.together(ClaimTest.differences("x", of: [low], minus: [none], are: .greater), of: [low, none])
    #expect(nothing == Judgement(.inconclusive, statistic: nil, threshold: nil, seeds: 0, note: "Needs none at U = 10."))
    #expect(ClaimTest.together([], of: [none, far]) == nil)
  }

  @Test func seedsThatNobodyShares() {
    let late = Reading(name: "late", place: "U = 10", values: [7: 1, 8: 2, 9: 3])
    let parts = ClaimTest.differences("x", of: [high], minus: [low, late], are: .greater)
    let judgement = ClaimTest.together(parts, of: [high, low, late])
    #expect(judgement?.verdict == .inconclusive && judgement?.note == "Some comparisons have no seed in common.")
  }

  @Test(arguments: [(2.0, Verdict.holds), (1, .tie), (-1, .tie), (-2, .fails)])
  func asGoodIsNotBetter(gap: Double, verdict: Verdict) {
    let (base, far) = (reading("base", [90, 100, 110]), reading("far", [10, 20, 30]))
    let judgement = ClaimTest.superiority("reward", of: [reading("new", [90, 100, 110].map { $0 + gap })], over: [far, base], tieWithin: 0.015)
    #expect(judgement?.verdict == verdict && judgement?.seeds == 3)
    let words = verdict == .holds ? "holds: new above far, new above base." : "holds: new above far; \(verdict.rawValue): new above base."
    #expect(judgement?.note.hasSuffix(words) == true, "\(judgement?.note ?? "")")
    if verdict != .holds { #expect(judgement?.statistic?.name == "reward of new minus base, U = 10") }
    if verdict == .tie { #expect(judgement?.threshold == 1.5) }
  }

  @Test func superiorityNeedsTheOthers() {
    #expect(ClaimTest.superiority("x", of: [high], over: [low, none], tieWithin: 0.01)?.verdict == .inconclusive)
    #expect(ClaimTest.superiority("x", of: [high], over: [none], tieWithin: 0.01)?.note == "Needs none at U = 10.")
    #expect(ClaimTest.superiority("x", of: [none], over: [none], tieWithin: 0.01) == nil)
  }

  @Test func notes() {
    let judgement = Judgement(.holds, statistic: nil, threshold: nil, seeds: 3, note: "One.")
    #expect(judgement.noted("", "Two.", "").note == "One. Two." && judgement.noted([]) == judgement)
    #expect(judgement.wanting(3) == judgement)
    #expect(judgement.wanting(4, "drops").note == "One. At least 4 drops are wanted for this claim; this run has 3.")
    #expect(judgement.wanting(4).verdict == .holds)
    // A claim that is computed exactly wants no seeds.
    let exact = ClaimTest.exact("kB", 1, is: .less, than: 2)
    #expect(exact.wanting(4) == exact)
  }
}
