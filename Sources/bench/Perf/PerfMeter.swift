import CAllocations
import CKernels
import Scenarios
import Tensor

/// One measured speed.
struct PerfResult {
  var name: String
  var unit: String
  /// The best of all samples: what the code can do when nobody else uses the machine.
  var value: Double
  var median: Double
  var low: Double
  var high: Double
  /// The share of the limit measured in the same run: floating-point operations of the peak beside it, or bytes of what a copy moves.
  var ofPeak: Double?
  /// Heap allocations in one call after warm-up, rounded up: 0 means that none was made.
  var allocations: Int?

  var json: JSON {
    [
      "name": .string(name), "unit": .string(unit), "value": JSON(value), "ofPeak": JSON(ofPeak), "allocations": JSON(allocations),
      "median": JSON(median), "low": JSON(low), "high": JSON(high),
    ]
  }
}

/// What a measurement is given in.
enum PerfUnit {
  /// So much of the named unit for every call in a second.
  case rate(String, perCall: Double = 1)
  /// The time of one call, of which a second holds so many units.
  case time(String, perSecond: Double)

  var name: String {
    switch self {
    case .rate(let name, _), .time(let name, _): name
    }
  }

  func value(callsPerSecond: Double) -> Double {
    switch self {
    case .rate(_, let perCall): callsPerSecond * perCall
    case .time(_, let perSecond): perSecond / callsPerSecond
    }
  }
}

/// What a measured call does, which says what limits it.
enum PerfWork {
  /// Floating-point operations, on so many cores.
  case operations(Double, threads: Int = 1)
  /// Bytes read and written in place, where every line that is written has been read.
  case bytes(Double)
  case other
}

/// Measures calls against the limits of the machine, which are measured again beside every one: the machine drifts.
final class PerfMeter {
  /// Samples of one measurement, and the shortest time of one.
  static let samples = 15
  static let sampleSeconds = 0.006
  /// Calls over which allocations are counted.
  static let countedCalls = 4
  /// Measurements that may fail, for the machine being too busy, before the failure is final.
  static let attempts = 3

  /// How the names of the measurements begin that are wanted; nil for all.
  private let only: String?
  private let clock = ContinuousClock()
  /// The best that was seen so far: operations a second of one core, and bytes a second of a copy.
  private(set) var peak = 0.0
  private(set) var copyBandwidth = 0.0
  private var source = [Float](repeating: 1, count: 10 << 20)
  private var target = [Float](repeating: 0, count: 10 << 20)

  init(only: String? = nil) {
    self.only = only
    for _ in 0..<20 { _ = measurePeak() }
    for _ in 0..<5 { _ = measureCopy() }
  }

  private func seconds(_ body: () -> Void) -> Double {
    let duration = clock.measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// Fused multiply-adds on registers alone.
  func measurePeak() -> Double {
    var operations = 0.0
    let rounds = ProcessorLevel.current == .portable ? 2000 : 60_000
    let time = seconds { operations = ck_peak(rounds) }
    peak = max(peak, operations / time)
    return operations / time
  }

  /// A copy between arrays that fit no cache of one core.
  func measureCopy() -> Double {
    let time = seconds {
      unsafe target.withUnsafeMutableBufferPointer { target in
        unsafe source.withUnsafeBufferPointer { unsafe target.baseAddress!.update(from: $0.baseAddress!, count: $0.count) }
      }
    }
    let rate = 2 * 4 * Double(source.count) / time
    copyBandwidth = max(copyBandwidth, rate)
    return rate
  }

  /// Whether the measurement is to be made.
  func isWanted(_ name: String) -> Bool { only.map { name.hasPrefix($0) } ?? true }

  /// Measures a call.
  ///
  /// - Parameters:
  ///   - work: What one call does.
  /// - Returns: The result, or nil when the name is not wanted.
  /// - Throws: `RunError` when the call seems faster than the machine can be.
  func measure(
    _ name: String, unit: PerfUnit, work: PerfWork = .other, samples: Int = PerfMeter.samples, _ body: () -> Void
  ) throws -> PerfResult? {
    guard isWanted(name) else { return nil }
    body()
    body()
    var calls = 1
    while calls < 1 << 24, seconds({ for _ in 0..<calls { body() } }) < PerfMeter.sampleSeconds { calls *= 2 }
    let allocations = allocations(body)
    var rates: [Double] = []
    var nearPeak = 0.0
    var share: Double?
    for attempt in 1...PerfMeter.attempts {
      rates.removeAll(keepingCapacity: true)
      for _ in 0..<samples {
        nearPeak = max(nearPeak, measurePeak())
        if case .bytes = work { _ = measureCopy() }
        rates.append(Double(calls) / seconds { for _ in 0..<calls { body() } })
      }
      nearPeak = max(nearPeak, measurePeak())
      share = PerfMeter.share(of: work, callsPerSecond: rates.max()!, peak: nearPeak, copyBandwidth: copyBandwidth)
      guard case .operations = work, let measured = share, measured > 1 else { break }
      guard attempt < PerfMeter.attempts else {
        throw RunError("\(name) measured \(measured) of the peak rate beside it, which cannot be; the machine is too busy to measure on")
      }
    }
    rates.sort()
    let best = rates[rates.count - 1]
    let values = rates.map(unit.value)
    return PerfResult(
      name: name, unit: unit.name, value: unit.value(callsPerSecond: best), median: values[values.count / 2], low: values.min()!, high: values.max()!,
      ofPeak: share,
      allocations: allocations)
  }

  /// Heap allocations of one call, rounded up, so that one in several calls shows; nil where they cannot be counted.
  func allocations(_ body: () -> Void) -> Int? {
    allocations_start()
    for _ in 0..<PerfMeter.countedCalls { body() }
    let total = Int(allocations_stop())
    return total < 0 ? nil : (total + PerfMeter.countedCalls - 1) / PerfMeter.countedCalls
  }

  /// The share of the limit that calls at a given rate use.
  ///
  /// A copy moves half as much again as it counts, for the lines that it writes are read first; work in place has no such reads.
  /// Even so a copy need not be the fastest traffic there is: the share of bytes may pass 1 by a little, that of operations cannot.
  static func share(of work: PerfWork, callsPerSecond: Double, peak: Double, copyBandwidth: Double) -> Double? {
    switch work {
    case .operations(let operations, let threads): operations * callsPerSecond / (peak * Double(threads))
    case .bytes(let bytes): bytes * callsPerSecond / (1.5 * copyBandwidth)
    case .other: nil
    }
  }
}
