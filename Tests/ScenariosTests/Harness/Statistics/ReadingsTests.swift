import Testing

@testable import Scenarios

@Suite struct ReadingsTests {
  @Test func specialJobsAreNoPartOfTheSweep() throws {
    let run = MadeRun()
    for users in [50, 10, 20] { run.add("x", "near", at: MadeRun.point("near", users), [1, 2]) }
    run.add("x", "near", at: ["users": 30, "reach": 3, "variant": 1], [1])
    run.add("x", "near", at: ["users": 40, "reach": 5], [1])
    run.add("x", "near", at: ["users": 10.5, "reach": 3], [1])
    run.add("y", "near", at: MadeRun.point("near", 60), [1])
    for users in [10, 50] { run.add("x", "all", at: MadeRun.point("all", users), [1]) }
    let read = try run.readings()
    #expect(read.numbers("x", of: ["near"]) == [10, 20, 50])
    #expect(read.numbers("x", of: ["near", "all"]) == [10, 50])
    #expect(read.numbers("x", of: ["all", "none"]).isEmpty && read.numbers("x", of: []).isEmpty)
    #expect(read.present("x", of: ["none", "all", "near"]) == ["all", "near"])
    #expect(read.present("x", of: ["none", "all", "near"], atLeast: 3) == ["near"])
    #expect(read.reading("x", of: "near", at: 30).values.isEmpty)
    #expect(read.reading("x", of: "near", at: 30, and: ["variant": 1]) == Reading(name: "NEAR", place: "U = 30", values: [0: 1]))
  }

  @Test func numbersOverASweep() throws {
    let run = MadeRun()
    run.add("x", "all", at: ["users": 10], [1, 2, 3])
    run.add("x", "all", at: ["users": 20], [10, 20])
    run.add("x", "near", at: MadeRun.point("near", 20), [5])
    let read = try run.readings()
    #expect(read.reading("x", of: "all", over: [10, 20]) { $0[1] - $0[0] } == Reading(name: "ALL", place: "U = 10, 20", values: [0: 9, 1: 18]))
    #expect(read.reading("x", of: "all", over: []) { $0[0] }.values.isEmpty)
    #expect(read.mean("x", of: "all", over: [10, 20]) == Reading(name: "ALL", place: "mean over U = 10, 20", values: [0: 5.5, 1: 11]))
    #expect(read.mean("x", of: "all", over: [10]).place == "U = 10")
    // A scheme that measured nothing narrows no sweep; one that measured a part does.
    let (numbers, means) = read.means("x", of: ["all", "near", "none"])
    #expect(numbers == [20] && means.map(\.name) == ["ALL", "NEAR", "NONE"])
    #expect(means.map(\.values) == [[0: 10, 1: 20], [0: 5], [:]])
  }

  @Test func theFirstAndTheLast() throws {
    let run = MadeRun()
    run.add("x", "all", at: ["users": 10, "phase": 3], [1, 2], step: 50)
    run.add("x", "all", at: ["users": 10, "phase": 3], [3, 4], step: 100)
    let read = try run.readings()
    #expect(read.firstReading("x", of: "all", at: 10, and: ["phase": 3]).values == [0: 1, 1: 2])
    #expect(read.reading("x", of: "all", at: 10, and: ["phase": 3]).values == [0: 3, 1: 4])
    #expect(read.firstReading("x", of: "all", at: 10).values.isEmpty)
  }

  @Test func gainsAreOverTheReferenceOfTheSweep() throws {
    let run = MadeRun()
    run.addCurve("reward", "near", at: ["users": 10, "reach": 3, "transfer": 1], seed: 0, [5, 7, 9])
    run.addCurve("reward", "near", at: ["users": 10, "reach": 3], seed: 0, [5, 5, 5])
    run.addCurve("reward", "random", at: ["users": 10], seed: 0, [1, 2, 3, 100])
    let read = try run.readings()
    #expect(read.gains("reward", of: "near", over: "random", at: 10) == [LearningCurve(seed: 0, gains: [4, 3, 2])])
    #expect(read.gains("reward", of: "near", over: "random", at: 10, and: ["transfer": 1]) == [LearningCurve(seed: 0, gains: [4, 5, 6])])
    #expect(read.gains("reward", of: "near", over: "oracle", at: 10).isEmpty)
  }
}
