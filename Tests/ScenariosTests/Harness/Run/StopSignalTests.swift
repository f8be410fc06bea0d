import Foundation
import Scenarios
import Testing

@Suite struct StopSignalTests {
  /// Sends a signal to the whole process, because the thread of a test may have it blocked, and waits for what it does.
  static func send(_ number: Int32, until isDone: () -> Bool) {
    kill(getpid(), number)
    for _ in 0..<2000 where !isDone() { usleep(5000) }
  }

  @Test func theFirstSignalIsNoted() async {
    await #expect(processExitsWith: .exitCode(7)) {
      StopSignal.install()
      precondition(!StopSignal.isRaised)
      StopSignalTests.send(SIGTERM) { StopSignal.isRaised }
      exit(StopSignal.isRaised ? 7 : 1)
    }
  }

  @Test func theSecondSignalEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(130)) {
      StopSignal.install()
      StopSignalTests.send(SIGINT) { StopSignal.isRaised }
      StopSignalTests.send(SIGTERM) { false }
    }
  }
}
