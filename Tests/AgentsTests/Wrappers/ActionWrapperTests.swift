import Agents
import Tensor
import TestSupport
import Testing

@Suite struct ActionWrapperTests {
  @Test func jointChoices() throws {
    let space = ActionSpace(choices: [2, 3], bounds: [0...1])
    var play = Play(JointChoices(CountingTask(copies: 1, agents: 2, actions: space)))
    #expect(play.task.specification.actions == ActionSpace(choices: [6], bounds: [0...1]))
    for joint in 0..<6 {
      play.step([Int32(joint), 5 - Int32(joint)], [0.25, 0.75])
      let other = 5 - joint
      #expect(play.task.base.last.choices == [Int32(joint / 3), Int32(joint % 3), Int32(other / 3), Int32(other % 3)])
      #expect(play.task.base.last.values == [0.25, 0.75])
    }
    try TaskChecks.keepsTheContract { JointChoices(CountingTask(copies: $0, firstCopy: $1, actions: space)) }
  }

  @Test func discretizedActions() throws {
    let space = ActionSpace.continuous(-1...1, 0...10)
    var joint = Play(DiscretizedActions(CountingTask(copies: 1, agents: 2, actions: space), levels: 3))
    #expect(joint.task.specification.actions == .discrete(9))
    joint.step([5, 0])
    #expect(joint.task.base.last.values == [0, 10, -1, 0])
    joint.step([8, 3])
    #expect(joint.task.base.last.values == [1, 10, 0, 0])
    var several = Play(DiscretizedActions(CountingTask(copies: 1, agents: 2, actions: space), levels: 5, isJoint: false))
    #expect(several.task.specification.actions == ActionSpace(choices: [5, 5]))
    several.step([0, 4, 3, 1])
    #expect(several.task.base.last.values == [-1, 10, 0.5, 2.5])
    for isJoint in [false, true] {
      try TaskChecks.keepsTheContract {
        DiscretizedActions(CountingTask(copies: $0, firstCopy: $1, actions: space), levels: 4, isJoint: isJoint)
      }
    }
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = JointChoices(CountingTask(actions: .continuous(0...1))) }
    await #expect(processExitsWith: .failure) { _ = DiscretizedActions(CountingTask(), levels: 3) }
    await #expect(processExitsWith: .failure) { _ = DiscretizedActions(CountingTask(actions: .continuous(0...1)), levels: 1) }
    await #expect(processExitsWith: .failure) {
      var play = Play(JointChoices(CountingTask(actions: ActionSpace(choices: [2, 3]))))
      play.step([6, 0, 0, 0])
    }
  }
}
