import Testing

@testable import Scenarios

@Suite struct MatchedMethodsTests {
  @Test func pointsAreMatched() throws {
    func tasks(_ places: [SweepPoint]...) -> [SweepPoint]? { MatchedMethods.match(places)?.tasks }
    let (ten, twenty): (SweepPoint, SweepPoint) = (["pairs": 10], ["pairs": 20])
    #expect(tasks([ten, twenty], [twenty]) == [twenty])
    // A coordinate of one method alone, and one that tells methods apart.
    let near: [SweepPoint] = [["pairs": 10, "reach": 1], ["pairs": 20, "reach": 1]]
    let far: [SweepPoint] = [["pairs": 10, "reach": 2], ["pairs": 20, "reach": 2]]
    #expect(tasks(near, [twenty]) == [twenty])
    #expect(tasks(near, far) == [ten, twenty])
    #expect(try #require(MatchedMethods.match([near, far])).points == [near, far])
    #expect(tasks([near[0]], [far[1]]) == [[:]])
    // Not where it would put two points into one task.
    #expect(tasks([["pairs": 10, "reach": 1], ["pairs": 10, "reach": 2]], [twenty]) == nil)
    #expect(tasks([ten, twenty], [["pairs": 30]]) == nil)
  }
}
