import Dispatch

/// Runs independent pieces of work on several threads.
///
/// Every piece writes only what belongs to it, so that the number of threads changes time and nothing else.
public enum Parallel {
  /// Calls `body` once for every index below `count`, on at most `threads` threads.
  public static func forEach(_ count: Int, threads: Int, _ body: @Sendable (_ index: Int, _ thread: Int) -> Void) {
    let workers = min(threads, count)
    if workers <= 1 {
      for index in 0..<count { body(index, 0) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { thread in
      // A fixed share for each thread: neighbours in index stay on one core's cache from call to call.
      for index in (thread * count / workers)..<((thread + 1) * count / workers) { body(index, thread) }
    }
  }

  /// Calls `body` once for every element of `items`, which it may change, on at most `threads` threads.
  public static func forEach<Item>(_ items: inout [Item], threads: Int, _ body: @Sendable (_ item: inout Item, _ index: Int, _ thread: Int) -> Void) {
    let count = items.count
    unsafe items.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let start = buffer.baseAddress
      forEach(count, threads: threads) { index, thread in unsafe body(&start![index], index, thread) }
    }
  }
}
