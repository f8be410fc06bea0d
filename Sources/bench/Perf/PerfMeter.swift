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
  /// The share of the limit measured beside it: floating-point operations of the peak, or bytes of the copy bandwidth.
  var ofPeak: Double?
  /// Heap allocations in one call after warm-up.
  var allocations: Int?

  var json: JSON {
    [
      "name": .string(name), "unit": .string(unit), "value": JSON(value), "ofPeak": JSON(ofPeak), "allocations": JSON(allocations),
      "median": JSON(median), "low": JSON(low), "high": JSON(high),
    ]
  }
}

/// What a measured call does, which says what limits it.
enum PerfWork {
  /// Floating-point operations, on so many cores.
  case operations(Double, threads: Int = 1)
  /// Bytes read and written.
  case bytes(Double)
  case other
}

/// Measures calls against the limits of the machine, which are measured again beside every one: the machine drifts.
final class PerfMeter {
  /// Samples of one measurement, and the shortest time of one.
  static let samples = 15
  static let sampleSeconds = 0.006

  private let clock = ContinuousClock()
  /// The best that was seen so far: operations a second of one core, and bytes a second of a copy.
  private(set) var peak = 0.0
  private(set) var copyBandwidth = 0.0
  private var source = [Float](repeating: 1, count: 16 << 20)
  private var target = [Float](repeating: 0, count: 16 << 20)

  init() {
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

  /// Measures a call.
  ///
  /// - Parameters:
  ///   - work: What one call does.
  ///   - scale: Turns calls a second into the unit; by default the seconds of one call into microseconds.
  /// - Throws: `RunError` when the call seems faster than the machine can be.
  func measure(
    _ name: String, unit: String, work: PerfWork = .other, samples: Int = PerfMeter.samples, value scale: (_ callsPerSecond: Double) -> Double,
    _ body: () -> Void
  ) throws -> PerfResult {
    body()
    body()
    var calls = 1
    while calls < 1 << 24, seconds({ for _ in 0..<calls { body() } }) < PerfMeter.sampleSeconds { calls *= 2 }
    allocations_start()
    body()
    body()
    let allocations = allocations_stop()
    var rates: [Double] = []
    var nearPeak = 0.0
    var nearCopy = 0.0
    for _ in 0..<samples {
      nearPeak = max(nearPeak, measurePeak())
      if case .bytes = work { nearCopy = max(nearCopy, measureCopy()) }
      rates.append(Double(calls) / seconds { for _ in 0..<calls { body() } })
    }
    nearPeak = max(nearPeak, measurePeak())
    rates.sort()
    let best = rates[rates.count - 1]
    var share: Double?
    switch work {
    case .operations(let operations, let threads): share = operations * best / (nearPeak * Double(threads))
    case .bytes(let bytes): share = bytes * best / nearCopy
    case .other: break
    }
    if case .operations = work, let share, share > 1 {
      throw RunError("\(name) measured \(share) of the peak rate beside it, which cannot be; the machine is too busy to measure on")
    }
    let values = rates.map(scale)
    return PerfResult(
      name: name, unit: unit, value: scale(best), median: values[values.count / 2], low: values.min()!, high: values.max()!, ofPeak: share,
      allocations: allocations < 0 ? nil : Int(allocations) / 2)
  }
}
