import CKernels
import Foundation
import Tensor

/// Computes on each CPU level in turn.
///
/// The level is one variable of the process: those who change it wait for each other. Others may compute meanwhile, for what comes out does not depend on the
/// level, which is what its tests show.
public enum EveryLevel {
  private static let turn = NSLock()

  /// Runs `body` on each level that this CPU has and returns the results, portable first. O(levels) calls; must not be nested.
  public static func results<Result>(_ body: () throws -> Result) rethrows -> [Result] {
    try turn.withLock {
      let before = ck_level()
      defer { ck_use_level(before) }
      var results: [Result] = []
      for level in ProcessorLevel.allCases {
        guard level <= ProcessorLevel.highest else {
          print("skipped: this CPU has no \(level.name)")
          continue
        }
        let taken = ck_use_level(level.rawValue)
        precondition(taken == level.rawValue && ProcessorLevel.current == level, "the level did not become \(level.name)")
        results.append(try body())
        precondition(ProcessorLevel.current == level, "the level \(level.name) was changed meanwhile")
      }
      return results
    }
  }

  /// Runs `body` while nobody changes the level.
  public static func fixed<Result>(_ body: () throws -> Result) rethrows -> Result { try turn.withLock(body) }
}
