import Foundation
import Scenarios
import Testing

@Suite struct StopSignalTests {
  @Test func theSecondSignalEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(130)) {
      StopSignal.install()
      precondition(!StopSignal.isRaised)
      raise(SIGINT)
      precondition(StopSignal.isRaised)
      raise(SIGTERM)
    }
  }

  @Test func theFirstOneDoesNot() async {
    await #expect(processExitsWith: .exitCode(7)) {
      StopSignal.install()
      raise(SIGTERM)
      exit(StopSignal.isRaised ? 7 : 1)
    }
  }
}
