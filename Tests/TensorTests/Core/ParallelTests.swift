import Synchronization
import Tensor
import Testing

@Suite struct ParallelTests {
  /// As many counters as indices, one for each call.
  private final class Counters: Sendable {
    let counts = Mutex<[Int]>([])
    let threads = Mutex<Set<Int>>([])
    init(_ count: Int) { counts.withLock { $0 = Array(repeating: 0, count: count) } }
  }

  @Test(arguments: [0, 1, 2, 3, 7, 64, 1000], [0, 1, 2, 3, 5, 16, 100]) func everyIndexIsCalledOnce(count: Int, threads: Int) {
    let counters = Counters(count)
    Parallel.forEach(count, threads: threads) { index, thread in
      counters.counts.withLock { $0[index] += 1 }
      _ = counters.threads.withLock { $0.insert(thread) }
    }
    #expect(counters.counts.withLock { $0.allSatisfy { $0 == 1 } })
    #expect(counters.threads.withLock { $0.allSatisfy { $0 >= 0 && $0 < max(min(threads, count), 1) } })
  }

  @Test(arguments: [1, 2, 3, 8]) func anIndexHasItsThread(threads: Int) {
    // A worker's memory may be indexed by `thread`: within one call no two threads share a number.
    let busy = Mutex<Set<Int>>([])
    let clash = Mutex(false)
    Parallel.forEach(200, threads: threads) { _, thread in
      if !busy.withLock({ $0.insert(thread).inserted }) { clash.withLock { $0 = true } }
      for _ in 0..<50 { _ = busy.withLock { $0.count } }
      _ = busy.withLock { $0.remove(thread) }
    }
    #expect(clash.withLock { $0 } == false)
  }

  @Test(arguments: [1, 2, 3, 8]) func itemsAreChangedInPlace(threads: Int) {
    var items = (0..<101).map { [Float($0)] }
    Parallel.forEach(&items, threads: threads) { item, index, _ in item.append(item[0] * 3 + Float(index)) }
    let expected: [[Float]] = (0..<101).map { (i: Int) -> [Float] in [Float(i), Float(i) * 4] }
    #expect(items == expected)
    var none: [Int] = []
    Parallel.forEach(&none, threads: threads) { item, _, _ in item += 1 }
    #expect(none.isEmpty)
  }
}
