import Testing

@testable import Agents

@Suite struct GroupActionsTests {
  @Test func membersFindTheirPlaces() {
    let head = ActorHead(ActionSpace(choices: [4, 4], bounds: [0...1]))
    var group = GroupActions(rows: 4, others: 2, head)
    // Two agents with a batch of two; each number tells the agent, the member, the row and the component.
    for block in 0..<2 {
      for member in 0..<3 {
        var actions = AgentActions(rows: 2, head)
        for row in 0..<2 {
          for c in 0..<2 { actions.choices[2 * row + c] = Int32(1000 * block + 100 * member + 10 * row + c) }
          actions.numbers[row] = Float(1000 * block + 100 * member + 10 * row)
        }
        group.take(actions, member: member, first: 2 * block, size: 2, head)
      }
    }
    #expect(group.ownChoices == [0, 10, 1000, 1010, 1, 11, 1001, 1011])
    #expect(group.otherChoices == [100, 200, 110, 210, 1100, 1200, 1110, 1210, 101, 201, 111, 211, 1101, 1201, 1111, 1211])
    #expect(group.ownNumbers == [0, 10, 1000, 1010])
    #expect(group.otherNumbers == [100, 200, 110, 210, 1100, 1200, 1110, 1210])
  }
}
