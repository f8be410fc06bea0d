import Tensor

/// The paper's statements, each beside its pre-stated test: a pure function of the metrics of a run.
struct MulticellClaims {
  let table: MetricTable
  let scale: Scale

  init(table: MetricTable, request: RunRequest) {
    self.table = table
    scale = request.scale
  }

  private static let list = ClaimList<MulticellClaims>(
    "MIMO",
    [
      (1, 5, "TD3-MIX does not deliver better performance than SSWF (at most 5 % more).", { $0.learningAlone }),
      (2, 5, "SSWF and TD3-MIX outperform random allocation only very slightly (by 0 to 7 %).", { $0.slightlyAboveRandom }),
      (3, 5, "FLWF over random initialisations is much better than SSWF (more than 1.5 times).", { $0.game }),
      (
        4, 5, "TD3-MIX+FLWF improves the capacity considerably in the largest network (more than 1.3 times FLWF from random starts).",
        { $0.largeGain }
      ),
      (5, 6, "The capacity grows with the number of channels, and that of TD3-MIX+FLWF grows fastest.", { $0.fastestGrowth }),
      (6, 6, "In the largest network with 6 channels TD3-MIX+FLWF has 4 times the capacity of TD3-MIX (3.5 to 4.5).", { $0.fourTimes }),
      (7, 6, "With 12 channels it still has about 3 times (2.5 to 3.5, and less than with 6).", { $0.threeTimes }),
      (8, 6, "In the smallest network it has more than two times the capacity of TD3-MIX.", { $0.moreThanTwice }),
      (9, 6, "Its gain over TD3-MIX is greater in the largest network than in the smallest.", { $0.greaterGain }),
      (10, 6, "FLWF is unpredictable: its result depends on the initialisation (deviation over starts above 2 % of the mean).", { $0.unpredictable }),
      (11, 7, "The capacity grows with the SIR for all methods but TD3-MIX+FLWF.", { $0.ratioHelps }),
      (12, 7, "The gap between TD3-MIX+FLWF and SSWF gets smaller as the SIR grows.", { $0.gapShrinks }),
      (13, 7, "With a larger SIR cells avoid each other less (effective cells on a channel rise by 0.05 from 0 to 3 dB).", { $0.lessAvoidance }),
      (14, 8, "SSWF, TD3-MIX and random allocation do not depend on the number of slots (by 2 %).", { $0.invariantOverSlots }),
      (15, 8, "The capacity of TD3-MIX+FLWF grows with the number of slots.", { $0.growsWithSlots }),
      (16, 8, "It grows more in the smallest network than in the largest (ratio of 10 slots to one).", { $0.moreForTheSmall }),
      (17, 9, "At 0 dB the game converges in less than 20 iterations (90 % of the capacity after 100).", { $0.fewIterations }),
      (18, 9, "At 3 dB it needs more iterations than at 0 dB.", { $0.moreIterations }),
      (19, 9, "TD3-MIX+FLWF is near the top end of FLWF (above 90 % of its starts after 20 and 100 iterations).", { $0.topEnd }),
      (20, 9, "In the smallest network at 3 dB it reaches the mean of FLWF (30 to 70 % of its starts after 100 iterations).", { $0.meanOfStarts }),
      (21, 9, "100 random explorations help only a little (their best is at most 5 % above their mean).", { $0.exploration }),
      (22, 9, "Methods that do not iterate are invariant over the iterations.", { $0.invariantOverIterations }),
      (23, nil, "TD3-MIX+FLWF is above the mean of FLWF and above TD3-MIX in every network (abstract, VI).", { $0.everywhere }),
      (24, nil, "Online, cells exchange nothing (III, IV-C): no action depends on what another cell observes.", { $0.distributed }),
      (25, nil, "Twin critics reduce overestimation (IV-B): their value is less above what follows than that of one critic.", { $0.overestimation }),
    ])

  static let descriptions = list.descriptions

  var results: [ClaimResult] { MulticellClaims.list.results(of: self) }

  // MARK: Readings

  /// A scheme in words.
  static func name(_ scheme: String) -> String { MulticellPack.legends[scheme] ?? scheme }

  private static let proposed = "td3mix+flwf"
  private var smallest: Int { MulticellPlan.antennas(at: scale)[0] }
  private var largest: Int { MulticellPlan.antennas(at: scale).last ?? 0 }
  private var usual: Int { MulticellPlan.usualFrequencies(at: scale) }
  private var many: Int { MulticellPlan.manyFrequencies(at: scale) }

  private func place(_ antennas: Int, _ frequencies: Int? = nil, sir: Double = 0) -> MulticellPlace {
    MulticellPlace(antennas: antennas, frequencies: frequencies ?? usual, sir: sir)
  }

  static func words(_ place: MulticellPlace) -> String {
    "(\(place.antennas), \(place.antennas / 2)), \(place.frequencies) channels, \(shortText(place.sir)) dB"
  }

  private func reading(_ scheme: String, _ place: MulticellPlace, _ metric: String = MulticellMetric.capacity) -> Reading {
    Reading(name: MulticellClaims.name(scheme), place: MulticellClaims.words(place), values: table.values(metric, of: scheme, at: place.point))
  }

  /// A curve's number for each seed.
  private func reading(_ scheme: String, _ place: MulticellPlace, _ metric: String, _ number: (MetricCurve) -> Double?) -> Reading {
    var values: [(seed: Int, value: Double)] = []
    for curve in table.curves(metric, of: scheme, at: place.point) { if let value = number(curve) { values.append((curve.seed, value)) } }
    return Reading(
      name: MulticellClaims.name(scheme), place: MulticellClaims.words(place),
      values: SeedValues(seeds: values.map(\.seed), values: values.map(\.value)))
  }

  private func ratio(_ a: Reading, _ b: Reading) -> SeedValues { a.values.paired(with: b.values) { $1 > 0 ? $0 / $1 : .infinity } }

  private func ratios(of scheme: String, to other: String, at places: [MulticellPlace], is side: ClaimTest.Side, than threshold: Double) -> Judgement?
  {
    var readings: [Reading] = []
    let parts = places.map { place -> Judgement in
      let (a, b) = (reading(scheme, place), reading(other, place))
      readings += [a, b]
      return ClaimTest.ratio("capacity of \(a.name) over \(b.name), \(a.place)", a.values, to: b.values, is: side, than: threshold)
    }
    return ClaimTest.together(parts, of: readings)
  }

  private func within(_ scheme: String, over other: String, at places: [MulticellPlace], _ range: ClosedRange<Double>) -> (
    parts: [Judgement], readings: [Reading]
  ) {
    var readings: [Reading] = []
    let parts = places.map { place -> Judgement in
      let (a, b) = (reading(scheme, place), reading(other, place))
      readings += [a, b]
      return ClaimTest.within("capacity of \(a.name) over \(b.name), \(a.place)", ratio(a, b), in: range)
    }
    return (parts, readings)
  }

  // MARK: Figure 5

  private var sizes: [MulticellPlace] { MulticellPlan.places(of: 5, at: scale) }

  private var learningAlone: Judgement? { ratios(of: "td3mix", to: "sswf", at: sizes, is: .atMost, than: 1.05) }

  private var slightlyAboveRandom: Judgement? {
    let (a, b) = (within("sswf", over: "random", at: sizes, 1...1.07), within("td3mix", over: "random", at: sizes, 1...1.07))
    return ClaimTest.together(a.parts + b.parts, of: a.readings + b.readings)
  }

  private var game: Judgement? { ratios(of: "flwf", to: "sswf", at: sizes, is: .greater, than: 1.5) }

  private var largeGain: Judgement? {
    let carried = ratio(reading(MulticellClaims.proposed, place(largest)), reading("flwf-carry", place(largest)))
    let note = carried.isEmpty ? "" : "Over FLWF that goes on from slot to slot: \(fixedText(Statistics.mean(carried.values), digits: 2)) times."
    return ratios(of: MulticellClaims.proposed, to: "flwf", at: [place(largest)], is: .greater, than: 1.3)?.noted(note)
  }

  // MARK: Figure 6

  private var fastestGrowth: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    let numbers = MulticellPlan.frequencies(at: scale)
    for size in [smallest, largest] {
      func growth(_ scheme: String) -> SeedValues {
        let (low, high) = (reading(scheme, place(size, numbers[0])), reading(scheme, place(size, numbers[numbers.count - 1])))
        readings += [low, high]
        return high.values - low.values
      }
      let own = growth(MulticellClaims.proposed)
      parts.append(ClaimTest.mean("growth with the channels, TD3-MIX+FLWF, M = \(size)", of: own, is: .greater, than: 0))
      for other in ["flwf", "sswf", "td3mix", "random"] {
        let theirs = growth(other)
        parts.append(ClaimTest.mean("growth with the channels, \(MulticellClaims.name(other)), M = \(size)", of: theirs, is: .greater, than: 0))
        parts.append(
          ClaimTest.difference("growth of TD3-MIX+FLWF minus \(MulticellClaims.name(other)), M = \(size)", own, minus: theirs, is: .greater))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var fourTimes: Judgement? {
    let found = within(MulticellClaims.proposed, over: "td3mix", at: [place(largest)], 3.5...4.5)
    return ClaimTest.together(found.parts, of: found.readings)
  }

  private var threeTimes: Judgement? {
    let found = within(MulticellClaims.proposed, over: "td3mix", at: [place(largest, many)], 2.5...3.5)
    let few = within(MulticellClaims.proposed, over: "td3mix", at: [place(largest)], 0...1).readings
    let fall = ClaimTest.difference(
      "ratio to TD3-MIX with \(many) channels minus \(usual)", ratio(found.readings[0], found.readings[1]), minus: ratio(few[0], few[1]), is: .less)
    return ClaimTest.together(found.parts + [fall], of: found.readings + few)
  }

  private var moreThanTwice: Judgement? {
    let places = MulticellPlan.frequencies(at: scale).map { place(smallest, $0) }
    return ratios(of: MulticellClaims.proposed, to: "td3mix", at: places, is: .greater, than: 2)
  }

  private var greaterGain: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for frequencies in [usual, many] {
      let ratios = [largest, smallest].map { size -> SeedValues in
        let (a, b) = (reading(MulticellClaims.proposed, place(size, frequencies)), reading("td3mix", place(size, frequencies)))
        readings += [a, b]
        return ratio(a, b)
      }
      parts.append(
        ClaimTest.difference(
          "ratio to TD3-MIX of the largest minus the smallest network, \(frequencies) channels", ratios[0], minus: ratios[1], is: .greater))
    }
    return ClaimTest.together(parts, of: readings)
  }

  // MARK: Figures 7 and 8

  private var ratioHelps: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for scheme in ["random", "sswf", "td3mix", "flwf", MulticellClaims.proposed] {
      let (low, high) = (reading(scheme, place(largest)), reading(scheme, place(largest, sir: 3)))
      readings += [low, high]
      let side: ClaimTest.Side = scheme == MulticellClaims.proposed ? .less : .greater
      parts.append(ClaimTest.difference("capacity at 3 dB minus 0 dB, \(low.name)", high.values, minus: low.values, is: side))
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var gapShrinks: Judgement? {
    var readings: [Reading] = []
    let gaps = MulticellPlan.ratios(at: scale).map { sir -> SeedValues in
      let (a, b) = (reading(MulticellClaims.proposed, place(largest, sir: sir)), reading("sswf", place(largest, sir: sir)))
      readings += [a, b]
      return a.values - b.values
    }
    let parts = zip(gaps, gaps.dropFirst()).enumerated().map { index, pair in
      let (low, high) = (MulticellPlan.ratios(at: scale)[index], MulticellPlan.ratios(at: scale)[index + 1])
      return ClaimTest.difference("gap to SSWF at \(shortText(high)) dB minus \(shortText(low)) dB", pair.1, minus: pair.0, is: .less)
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var lessAvoidance: Judgement? {
    let (low, high) = (
      reading(MulticellClaims.proposed, place(largest), MulticellMetric.overlap),
      reading(MulticellClaims.proposed, place(largest, sir: 3), MulticellMetric.overlap)
    )
    let part = ClaimTest.difference("effective cells on a channel at 3 dB minus 0 dB", high.values, minus: low.values, is: .greater, than: 0.05)
    return ClaimTest.together([part], of: [low, high])
  }

  /// Mean over the first slots of a block, for each seed.
  private func horizon(_ scheme: String, _ place: MulticellPlace, _ slots: Int) -> Reading {
    let found = reading(scheme, place, MulticellMetric.slot) { $0.values.count >= slots ? Statistics.mean(Array($0.values.prefix(slots))) : nil }
    return Reading(name: found.name, place: "\(found.place), \(slots) slots", values: found.values)
  }

  private var invariantOverSlots: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in MulticellPlan.places(of: 8, at: scale) {
      for scheme in ["sswf", "td3mix", "random"] {
        let (few, more) = (horizon(scheme, place, 1), horizon(scheme, place, 20))
        readings += [few, more]
        parts.append(
          ClaimTest.within("capacity over 20 slots over that of one, \(few.name), \(MulticellClaims.words(place))", ratio(more, few), in: 0.98...1.02)
        )
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var growsWithSlots: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in MulticellPlan.places(of: 8, at: scale) {
      let found = MulticellPlan.horizons.map { horizon(MulticellClaims.proposed, place, $0) }
      readings += found
      for (few, more) in zip(found, found.dropFirst()) {
        parts.append(ClaimTest.difference("capacity of \(more.place) minus \(few.place)", more.values, minus: few.values, is: .greater))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var moreForTheSmall: Judgement? {
    var readings: [Reading] = []
    let gains = [smallest, largest].map { size -> SeedValues in
      let (one, ten) = (horizon(MulticellClaims.proposed, place(size), 1), horizon(MulticellClaims.proposed, place(size), 10))
      readings += [one, ten]
      return ratio(ten, one)
    }
    let part = ClaimTest.difference("ratio of ten slots to one, smallest minus largest network", gains[0], minus: gains[1], is: .greater)
    return ClaimTest.together([part], of: readings)
  }

  // MARK: Figure 9

  /// The first iteration that reaches 90 % of the last one's capacity.
  private func settling(_ scheme: String, _ place: MulticellPlace) -> Reading {
    reading(scheme, place, MulticellMetric.iteration) { curve in
      guard let last = curve.values.last else { return nil }
      return zip(curve.steps, curve.values).first { $0.1 >= 0.9 * last }.map { Double($0.0) }
    }
  }

  private var fewIterations: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for size in [smallest, largest] {
      for scheme in [MulticellClaims.proposed, "flwf"] {
        let found = settling(scheme, place(size, many))
        readings.append(found)
        parts.append(ClaimTest.mean("iterations to 90 %, \(found.name), \(found.place)", of: found.values, is: .less, than: 20))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var moreIterations: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for size in [smallest, largest] {
      for scheme in [MulticellClaims.proposed, "flwf"] {
        let (low, high) = (settling(scheme, place(size, many)), settling(scheme, place(size, many, sir: 3)))
        readings += [low, high]
        parts.append(
          ClaimTest.difference("iterations to 90 % at 3 dB minus 0 dB, \(low.name), M = \(size)", high.values, minus: low.values, is: .greater))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private func percentile(_ place: MulticellPlace, _ iteration: Int) -> Reading {
    let found = reading(MulticellClaims.proposed, place, MulticellMetric.percentile) { curve in
      curve.steps.firstIndex(of: iteration).map { curve.values[$0] }
    }
    return Reading(name: found.name, place: "\(found.place), \(iteration) iterations", values: found.values)
  }

  private var topEnd: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in MulticellPlan.places(of: 9, at: scale) where place.antennas != smallest || place.sir == 0 {
      for iteration in [20, 100] {
        let found = percentile(place, iteration)
        readings.append(found)
        parts.append(ClaimTest.mean("share of FLWF's starts below, \(found.place)", of: found.values, is: .atLeast, than: 90))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var meanOfStarts: Judgement? {
    let found = percentile(place(smallest, many, sir: 3), 100)
    return ClaimTest.together([ClaimTest.within("share of FLWF's starts below, \(found.place)", found.values, in: 30...70)], of: [found])
  }

  private func spread(_ scheme: String, _ place: MulticellPlace, _ metric: String, after iteration: Int) -> (Reading, SeedValues) {
    let mean = reading(scheme, place, MulticellMetric.iteration) { curve in curve.steps.firstIndex(of: iteration).map { curve.values[$0] } }
    let other = reading(scheme, place, metric) { curve in curve.steps.firstIndex(of: iteration).map { curve.values[$0] } }
    return (mean, ratio(other, mean))
  }

  private var unpredictable: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in MulticellPlan.places(of: 9, at: scale) {
      let (mean, relative) = spread("flwf", place, MulticellMetric.iterationDeviation, after: 100)
      readings.append(mean)
      parts.append(ClaimTest.mean("deviation over starts after 100 iterations, \(mean.place)", of: relative, is: .greater, than: 0.02))
    }
    let early = MulticellPlan.places(of: 9, at: scale).compactMap { place -> String? in
      let relative = spread("flwf", place, MulticellMetric.iterationDeviation, after: 10).1
      return relative.isEmpty ? nil : "\(fixedText(100 * Statistics.mean(relative.values), digits: 1)) %"
    }
    return ClaimTest.together(parts, of: readings)?.noted(early.isEmpty ? "" : "After 10 iterations: \(early.joined(separator: ", ")).")
  }

  private var exploration: Judgement? {
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in MulticellPlan.places(of: 9, at: scale) {
      let (mean, best) = spread("random", place, MulticellMetric.iterationBest, after: 0)
      readings.append(mean)
      parts.append(ClaimTest.mean("best of the explorations over their mean, \(mean.place)", of: best, is: .atMost, than: 1.05))
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var invariantOverIterations: Judgement? {
    var (greatest, count) = (0.0, 0)
    for place in MulticellPlan.places(of: 9, at: scale) {
      for scheme in ["td3mix", "sswf", "random"] {
        for curve in table.curves(MulticellMetric.iteration, of: scheme, at: place.point) {
          for value in curve.values { (greatest, count) = (max(greatest, abs(value - curve.values[0])), count + 1) }
        }
      }
    }
    return count == 0
      ? nil : ClaimTest.exact("greatest change over the iterations", greatest, is: .atMost, than: 0, note: "\(count) numbers, by construction.")
  }

  // MARK: Claims about everything

  private var everywhere: Judgement? {
    var places: [MulticellPlace] = []
    for figure in 5...9 { for place in MulticellPlan.places(of: figure, at: scale) where !places.contains(place) { places.append(place) } }
    var (parts, readings): ([Judgement], [Reading]) = ([], [])
    for place in places {
      let own = reading(MulticellClaims.proposed, place)
      for other in ["flwf", "td3mix"] {
        let theirs = reading(other, place)
        readings += [own, theirs]
        parts.append(
          ClaimTest.difference("capacity of \(own.name) minus \(theirs.name), \(own.place)", own.values, minus: theirs.values, is: .greater))
      }
    }
    return ClaimTest.together(parts, of: readings)
  }

  private var distributed: Judgement? {
    var (greatest, count) = (0.0, 0)
    for scheme in MulticellExperiment.learners {
      for point in table.points(of: scheme) {
        for value in table.values(MulticellMetric.foreignInfluence, of: scheme, at: point).values {
          (greatest, count) = (max(greatest, value), count + 1)
        }
      }
    }
    return count == 0
      ? nil
      : ClaimTest.exact(
        "actions that change with what others observe", greatest, is: .atMost, than: 0,
        note: "\(count) actors; the game itself reads c of eq. (7), which a cell measures. 0 bytes are exchanged.")
  }

  private var overestimation: Judgement? {
    let twin = reading(MulticellClaims.proposed, MulticellPlan.places(of: 8, at: scale)[0], MulticellMetric.valueBias)
    func single(_ metric: String) -> SeedValues { table.values(metric, of: MulticellClaims.proposed, at: ["variant": 1]) }
    let one = Reading(name: "one critic", place: "variant 1", values: single(MulticellMetric.valueBias))
    let part = ClaimTest.difference("bias of the value, one critic minus twins", one.values, minus: twin.values, is: .greater)
    let gain = reading(MulticellClaims.proposed, MulticellPlan.places(of: 8, at: scale)[0]).values - single(MulticellMetric.capacity)
    let note = gain.isEmpty ? "" : "Capacity of twins minus one critic: \(fixedText(Statistics.mean(gain.values), digits: 2)) bit/s/Hz."
    return ClaimTest.together([part], of: [twin, one])?.noted(note)
  }
}
