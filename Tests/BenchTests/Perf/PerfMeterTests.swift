import CAllocations
import Testing

@testable import bench

/// Whether a sanitizer is at work, which has allocation functions of its own: nothing is counted then.
let isSanitized = allocations_sanitized() == 1

@Suite struct PerfMeterTests {
  @Test func sharesFollowFromRateAndLimit() {
    // 10⁹ operations, 50 times a second, on a core of 10¹¹: half of it, and a quarter of two cores.
    #expect(PerfMeter.share(of: .operations(1e9), callsPerSecond: 50, peak: 1e11, copyBandwidth: 1) == 0.5)
    #expect(PerfMeter.share(of: .operations(1e9, threads: 2), callsPerSecond: 50, peak: 1e11, copyBandwidth: 1) == 0.25)
    // A copy of 20 GB/s moves 30, of which 15 are half.
    #expect(PerfMeter.share(of: .bytes(1e9), callsPerSecond: 15, peak: 1, copyBandwidth: 2e10) == 0.5)
    #expect(PerfMeter.share(of: .other, callsPerSecond: 15, peak: 1, copyBandwidth: 1) == nil)
  }

  @Test func unitsTurnRatesAround() {
    #expect(PerfUnit.rate("steps/s").value(callsPerSecond: 8) == 8)
    #expect(PerfUnit.rate("GFLOP/s", perCall: 0.25).value(callsPerSecond: 8) == 2)
    #expect(PerfUnit.time("us", perSecond: 1e6).value(callsPerSecond: 8) == 125_000)
  }

  /// Other tests allocate meanwhile, so that only a lower bound is certain.
  @Test func everyKindOfAllocationIsCounted() {
    let meter = PerfMeter()
    var calls = 0
    func once() -> Int? {
      meter.allocations {
        let plain = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
        let aligned = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        unsafe plain.deallocate()
        unsafe aligned.deallocate()
        calls += 1
      }
    }
    let counted = once()
    #if os(Linux)
      #expect(isSanitized ? counted == nil : counted ?? 0 >= 2)
    #endif
    #expect(calls == PerfMeter.countedCalls)
  }

  @Test func measurementThatBeatsTheMachineIsRefused() throws {
    let meter = PerfMeter()
    // Nothing does 10¹⁸ operations in the time of an empty call.
    #expect(throws: (any Error).self) { _ = try meter.measure("impossible", unit: .rate("x"), work: .operations(1e18), samples: 1) {} }
  }
}
