import Foundation
import Synchronization

/// Ctrl-C (and SIGTERM) as a question that a run asks between two chunks. A second one ends the process at once.
public enum StopSignal {
  private static let count = Atomic<Int>(0)

  /// Whether the user wants the run to stop.
  public static var isRaised: Bool { count.load(ordering: .relaxed) > 0 }

  /// Catches the two signals from now on.
  public static func install() {
    // Touched here so that the handler itself never initialises anything.
    _ = isRaised
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if StopSignal.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }
}
