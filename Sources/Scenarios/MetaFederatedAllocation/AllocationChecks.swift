import Agents
import Federation
import Tensor

/// Claims that are computed, that speak of the system's description, and that are checks of ours.
extension AllocationClaims {
  var overhead: Judgement {
    let overhead = AllocationOverhead(settings: settings)
    let full = overhead.reports(every: 1)
    let words = [overhead.federation, full, overhead.reports(every: settings.system.cell.blockMilliseconds)].map { fixedText($0 / 1000, digits: 1) }
    return ClaimTest.exact(
      "bytes a second of averaging over those of reports in every millisecond", overhead.federation / full, is: .less, than: 1,
      note:
        "A user sends \(overhead.modelBytes) bytes every \(shortText(overhead.roundSeconds)) s, \(words[0]) kB/s, and receives as many; reports take "
        + "\(words[1]) kB/s in every millisecond and \(words[2]) kB/s in every block. Behind training nothing is sent.")
  }

  var complexity: Judgement {
    let subchannels = Double(settings.system.cell.subchannels)
    func operations(_ users: Double) -> Double { users * users * subchannels }
    return ClaimTest.exact(
      "factor in the operations of the assignment from 5 to 10 users", operations(10) / operations(5), is: .atLeast, than: 32,
      note: "Rectangular assignment takes of the order of I² N operations; doubling with every user would be a factor of 32.")
  }

  var networkSize: Judgement {
    let count = settings.work.parameters(observation: settings.system.observationSize, subchannels: settings.system.cell.subchannels)
    return ClaimTest.exact("parameters of a model", Double(count), in: 174_093...174_093)
  }

  /// The chance with which right code is said to exceed the ceiling, one-sided and for each scheme and point.
  static let ceilingRisk = 1e-6

  var ceiling: Judgement? {
    guard settings.system.redrops && !settings.system.agentIndex else {
      return Judgement(
        .inconclusive, statistic: nil, threshold: nil, seeds: 0, note: "It needs users that are dropped anew and observe no number of their own.")
    }
    var greatest: (excess: Double, threshold: Double, place: String)?
    var count = 0
    for scheme in AllocationScheme.all where scheme.isUnderCeiling {
      for point in readings.points(scheme.name) {
        let means = readings.table.values(AllocationMetric.averagedFree, of: scheme.name, at: point)
        let errors = readings.table.values(AllocationMetric.averagedFreeError, of: scheme.name, at: point)
        guard !means.isEmpty, settings.work.testDrops > 1 else { continue }
        count += 1
        let seeds = Double(means.count)
        let error = Math.sqrt(errors.values.reduce(0) { $0 + $1 * $1 }) / seeds
        let ceiling = AllocationCeiling.free(users: readings.users(at: point), subchannels: settings.system.cell.subchannels)
        let difference = Statistics.mean(means.values) - ceiling
        let excess = difference <= 0 && error == 0 ? 0 : difference / error
        let threshold = Statistics.studentQuantile(
          1 - AllocationClaims.ceilingRisk, degreesOfFreedom: seeds * Double(settings.work.testDrops - 1))
        if greatest.map({ excess - threshold > $0.excess - $0.threshold }) ?? true {
          greatest = (
            excess, threshold, "\(AllocationReadings.name(scheme.name)) at \(point): \(shortText(ceiling + difference)) of \(shortText(ceiling))"
          )
        }
      }
    }
    guard let greatest else { return nil }
    return ClaimTest.exact(
      "greatest excess over the ceiling in standard errors", greatest.excess.isFinite ? greatest.excess : 1e9, is: .atMost, than: greatest.threshold,
      note: "Of \(count) places; at \(greatest.place).")
  }

  var bound: Judgement? {
    var greatest: (ratio: Double, place: String)?
    var count = 0
    for scheme in readings.table.schemes {
      for point in readings.points(scheme) where point["equal"] == nil && point["delay"] == nil {
        let bounds = readings.table.values(AllocationMetric.testBound, of: "hungarian", at: readings.boundPoint(of: point))
        for metric in [
          AllocationMetric.testEfficiency, AllocationMetric.greedyEfficiency, AllocationMetric.firstEfficiency, AllocationMetric.averagedEfficiency,
        ] {
          let ratios = readings.table.values(metric, of: scheme, at: point).paired(with: bounds) { $0 / $1 }
          for (seed, ratio) in zip(ratios.seeds, ratios.values) {
            count += 1
            if ratio > greatest?.ratio ?? -1 { greatest = (ratio, "\(AllocationReadings.name(scheme)), \(metric), \(point), seed \(seed)") }
          }
        }
      }
    }
    guard let greatest else { return nil }
    return ClaimTest.exact(
      "greatest efficiency over the bound on the same drops", greatest.ratio, is: .atMost, than: 1 + 1e-6,
      note: "Of \(count) tests; \(greatest.place). Metrics are in single precision.")
  }

  var fingerprint: Judgement? {
    var (parts, used): ([Judgement], [Reading]) = ([], [])
    for scheme in ["mfrl", "marl"] {
      let (with, without) = (
        readings.reading(AllocationMetric.testEfficiency, scheme, "inh"),
        readings.reading(AllocationMetric.testEfficiency, scheme, "inh", [("variant", 1)])
      )
      guard !without.values.isEmpty else { continue }
      used += [with, without]
      parts.append(ClaimTest.difference("Mbit/J with the fingerprint minus without, \(with.name)", with.values, minus: without.values, is: .greater))
    }
    return parts.isEmpty ? nil : ClaimTest.together(parts, of: used)
  }

  var weights: Judgement {
    let size = min(settings.work.minibatch, settings.work.updateEpisodes * settings.system.episodeMilliseconds)
    let users = settings.system.cell.users
    let shares = averagingShares(Array(repeating: Double(size), count: users))!
    let pair = [[("variant", 2.0)], []].map { readings.values(AllocationMetric.testEfficiency, "mfrl", "inh", $0) }
    let difference = pair[0] - pair[1]
    let note =
      difference.isEmpty
      ? "" : " Eq. 20 minus eq. 19: \(shortText(Statistics.pairedInterval(pair[0], minus: pair[1]).value)) Mbit/J over \(difference.count) seeds."
    return ClaimTest.exact(
      "greatest weight of a user times the number of users, less one", shares.map { abs($0 * Double(users) - 1) }.max()!, is: .atMost, than: 1e-12,
      note: "All users learn from minibatches of \(size)." + note)
  }
}
