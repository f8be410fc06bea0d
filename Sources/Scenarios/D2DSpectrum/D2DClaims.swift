import Agents
import Tensor

/// The paper's statements with their pre-stated tests.
///
/// Tests that need schemes which a run leaves out are not judged here; the harness lists them as not covered.
struct D2DClaims {
  let pack: D2DPack
  let table: MetricTable
  let request: RunRequest
  private let settings: D2DSettings

  init(pack: D2DPack, table: MetricTable, request: RunRequest) {
    self.pack = pack
    self.table = table
    self.request = request
    settings = D2DSettings(request.parameters)
  }

  static let descriptions: [ClaimDescription] = [
    ClaimDescription("D2D-01", figure: 6, text: "MAAC and NAAC converge to the maximum total reward (above AC, DQN and Q-learning; N = 10)."),
    ClaimDescription("D2D-02", figure: 6, text: "MAAC and NAAC converge with only 60 time slots."),
    ClaimDescription("D2D-03", figure: 6, text: "The convergence of MAAC and NAAC is the most stable."),
    ClaimDescription("D2D-04", figure: 6, text: "Q-learning is the worst; AC is better than Q-learning and DQN."),
    ClaimDescription("D2D-05", figure: 7, text: "MAAC has the lowest cellular outage, 0.005 lower than NAAC."),
    ClaimDescription("D2D-06", figure: 7, text: "The outage of cellular links increases as the number of D2D links grows."),
    ClaimDescription("D2D-07", figure: 7, text: "The two proposed methods have a lower cellular outage than the other four."),
    ClaimDescription("D2D-08", figure: 8, text: "The outage of D2D links increases as their number grows."),
    ClaimDescription(
      "D2D-09", figure: 8,
      text: "The D2D outage of Q-learning, DQN and AC increases significantly, that of the proposed methods and SLA does not."),
    ClaimDescription("D2D-10", figure: 9, text: "NAAC is slightly better than MAAC in D2D outage and D2D sum rate."),
    ClaimDescription("D2D-11", figure: 9, text: "The sum rate of D2D links increases with their number, with a decreasing slope."),
    ClaimDescription("D2D-12", figure: 9, text: "The proposed methods' sum rates are above the other four, the more the more D2D links there are."),
    ClaimDescription("D2D-13", figure: 10, text: "NAAC's cellular outage is above MAAC's for a small lambda and decreases until it is equal."),
    ClaimDescription("D2D-14", figure: 10, text: "NAAC's D2D outage is below MAAC's for a small lambda and increases until it is equal."),
    ClaimDescription("D2D-15", figure: 11, text: "NAAC's cellular sum rate is 2 bit/s/Hz below MAAC's at lambda = 2 and increases with lambda."),
    ClaimDescription("D2D-16", figure: 11, text: "NAAC's D2D sum rate is above MAAC's for a small lambda and decreases until it is equal."),
    ClaimDescription(
      "D2D-17", figure: 5, text: "Pairs that are close together are allocated different blocks; pairs far apart may share one (N = 20)."),
    ClaimDescription("D2D-18", text: "The weights of each actor are about 300 KB."),
    ClaimDescription("D2D-19", text: "The history of one pair in one slot is only a few kilobytes."),
    ClaimDescription("D2D-20", text: "NAAC is cheaper to train than MAAC, and its critic does not depend on the number of pairs."),
    ClaimDescription("D2D-21", text: "NAAC's weights can continue to be used when the number of pairs changes."),
    ClaimDescription("D2D-22", text: "The probability of a gradient step in the right direction is proportional to 0.5^N (Proposition 1)."),
    ClaimDescription("D2D-23", text: "Fine-tuning with the experience of execution improves the policy (section III-C)."),
  ]

  var results: [ClaimResult] {
    var results: [ClaimResult] = []
    func add(_ number: Int, _ judgement: Judgement?) {
      guard let judgement else { return }
      let id = "D2D-" + (number < 10 ? "0" : "") + "\(number)"
      results.append(ClaimResult(pack.claim(id), judgement))
    }
    let learnt = request.schemes.contains("maac") && request.schemes.contains("naac") && request.scale != .smoke
    let numbers = pack.sweep(request)
    if learnt, request.schemes.contains("random"), numbers.contains(10) { add(2, convergenceTime) }
    if learnt { add(5, outageGap(numbers)) }
    if request.scale != .smoke, numbers.count >= 3 {
      add(6, growth("cellularOutage", numbers, threshold: 0.9))
      add(8, growth("d2dOutage", numbers, threshold: 0.8))
    }
    if learnt { add(10, neighbourAdvantage(numbers)) }
    if learnt, numbers.count >= 3 { add(11, concavity(numbers)) }
    add(18, actorSize)
    add(19, historySize)
    add(20, trainingCost)
    return results
  }

  private func point(_ scheme: String, _ pairs: Int) -> SweepPoint { D2DPack.point(scheme, pairs: pairs, neighbours: settings.neighbours) }

  private func values(_ metric: String, _ scheme: String, _ pairs: Int) -> SeedValues { table.values(metric, of: scheme, at: point(scheme, pairs)) }

  /// The mean over the sweep for each seed that has all of it.
  private func sweepMean(_ metric: String, _ scheme: String, _ numbers: [Int]) -> SeedValues {
    let parts = numbers.map { values(metric, scheme, $0) }
    var total = parts[0]
    for part in parts.dropFirst() { total = total.paired(with: part) { $0 + $1 } }
    return total.map { $0 / Double(numbers.count) }
  }

  private func noted(_ judgement: Judgement, _ note: String) -> Judgement {
    var judgement = judgement
    judgement.note = judgement.note.isEmpty ? note : judgement.note + " " + note
    return judgement
  }

  private func dropsNote(_ judgement: Judgement) -> Judgement {
    judgement.seeds >= 20 ? judgement : noted(judgement, "At least 20 drops are wanted for this claim; this run has \(judgement.seeds).")
  }

  /// Learning slots below which nothing can be said about convergence.
  static let fewestLearningSlots = 80

  /// The mean of the last quarter: what a curve ends at.
  static func final(_ gain: [Double]) -> Double { Statistics.mean(Array(gain.suffix(max(1, gain.count / 4)))) }

  /// The first learning slot at whose end the mean of the last 20 slots of (reward − random reward on the same fading) reaches 90 % of
  /// its final value. Nil for a curve that ends without a gain, which never settles, and for one that is too short.
  static func settlingSlot(_ gain: [Double]) -> Double? {
    guard gain.count >= fewestLearningSlots else { return nil }
    let goal = 0.9 * final(gain)
    guard goal > 0 else { return nil }
    var window = 0.0
    for (index, value) in gain.enumerated() {
      window += value
      if index >= 20 { window -= gain[index - 20] }
      if index >= 19, window / 20 >= goal { return Double(index + 1) }
    }
    return nil
  }

  /// What a scheme gains over random allocation on the same fading, slot by slot, for each seed.
  private func gains(_ scheme: String) -> [(seed: Int, gain: [Double])] {
    let random = table.curves("trainingReward", of: "random", at: point("random", 10))
    return table.curves("trainingReward", of: scheme, at: point(scheme, 10)).compactMap { curve in
      guard let other = random.first(where: { $0.seed == curve.seed }), other.steps == curve.steps else { return nil }
      return (curve.seed, zip(curve.values, other.values).map { $0 - $1 })
    }
  }

  private var convergenceTime: Judgement {
    var parts: [Judgement] = []
    var notes = ["Counted from the end of the random slots (deviation 26)."]
    for scheme in ["maac", "naac"] {
      let name = "slots to 90 % of the final gain, \(scheme.uppercased())"
      let all = gains(scheme)
      let long = all.filter { $0.gain.count >= D2DClaims.fewestLearningSlots }
      guard long.count == all.count else {
        let note = "At least \(D2DClaims.fewestLearningSlots) learning slots are needed to tell where a curve ends."
        parts.append(Judgement(.inconclusive, statistic: nil, threshold: 60, seeds: long.count, note: note))
        continue
      }
      // A seed that never settles counts with all of its slots: leaving it out would flatter the rest.
      let slots = SeedValues(seeds: all.map(\.seed), values: all.map { D2DClaims.settlingSlot($0.gain) ?? Double($0.gain.count) })
      parts.append(ClaimTest.mean(name, of: slots, is: .atMost, than: 60))
      let lost = all.count { D2DClaims.settlingSlot($0.gain) == nil }
      if lost > 0 { notes.append("\(scheme.uppercased()) gained nothing in \(lost) of \(all.count) seeds, which count with their whole length.") }
      // Twenty slots are noisy and may cross by chance; eighty behind slot 60, over all seeds, hardly do.
      let final = all.isEmpty ? 0 : Statistics.mean(all.map { D2DClaims.final($0.gain) })
      if final > 0, all.allSatisfy({ $0.gain.count >= 140 }) {
        let share = 100 * Statistics.mean(all.map { Statistics.mean(Array($0.gain[60..<140])) }) / final
        notes.append("In slots 61 to 140 \(scheme.uppercased()) has \(fixedText(share, digits: 0)) % of its final gain, on average over the seeds.")
      }
    }
    return noted(ClaimTest.every(parts), notes.joined(separator: " "))
  }

  /// For the names of statistics over a sweep.
  private func place(_ numbers: [Int]) -> String {
    (numbers.count > 1 ? "mean over N = " : "N = ") + numbers.map { "\($0)" }.joined(separator: ", ")
  }

  private func outageGap(_ numbers: [Int]) -> Judgement {
    let gap = sweepMean("cellularOutage", "naac", numbers) - sweepMean("cellularOutage", "maac", numbers)
    return dropsNote(ClaimTest.within("cellular outage of NAAC minus MAAC, \(place(numbers))", gap, in: 0.002...0.008))
  }

  private func growth(_ metric: String, _ numbers: [Int], threshold: Double) -> Judgement? {
    // The paper's curves: yardsticks are not among them.
    let parts = pack.schemes.filter { request.schemes.contains($0.name) && !$0.isReference }.map { scheme -> Judgement in
      let scheme = scheme.name
      let parts = numbers.map { values(metric, scheme, $0) }
      let seeds = parts[0].seeds.filter { seed in parts.allSatisfy { $0[seed] != nil } }
      let correlations = seeds.map { seed in
        // A curve that is flat does not grow.
        let correlation = Statistics.spearmanCorrelation(numbers.map { Double($0) }, parts.map { $0[seed]! })
        return correlation.isFinite ? correlation : 0
      }
      return ClaimTest.mean(
        "Spearman correlation with N, \(scheme.uppercased())", of: SeedValues(seeds: seeds, values: correlations), is: .atLeast, than: threshold)
    }
    return parts.isEmpty ? nil : ClaimTest.every(parts)
  }

  private func neighbourAdvantage(_ numbers: [Int]) -> Judgement {
    func compare(_ metric: String, _ words: String, _ side: ClaimTest.Side) -> Judgement {
      let (naac, maac) = (sweepMean(metric, "naac", numbers), sweepMean(metric, "maac", numbers))
      return ClaimTest.difference("\(words) of NAAC minus MAAC, \(place(numbers))", naac, minus: maac, is: side)
    }
    return ClaimTest.every([compare("d2dOutage", "D2D outage", .less), compare("d2dSumRate", "D2D sum rate", .greater)])
  }

  private func concavity(_ numbers: [Int]) -> Judgement {
    var parts: [Judgement] = []
    for scheme in ["maac", "naac"] {
      let rates = numbers.map { values("d2dSumRate", scheme, $0) }
      let slopes = (1..<numbers.count).map { index in
        (rates[index] - rates[index - 1]).map { $0 / Double(numbers[index] - numbers[index - 1]) }
      }
      for slope in slopes { parts.append(ClaimTest.mean("slope of the sum rate, \(scheme.uppercased())", of: slope, is: .greater, than: 0)) }
      for (first, second) in zip(slopes, slopes.dropFirst()) {
        parts.append(ClaimTest.difference("change of slope, \(scheme.uppercased())", second, minus: first, is: .less))
      }
    }
    return dropsNote(ClaimTest.every(parts))
  }

  /// Networks of this request's size, for the statements that are computed.
  private func learner(pairs: Int, neighbours: Int?) -> (actor: Int, critic: Int) {
    var system = settings.system
    system.pairs = pairs
    return MADDPG.parameterCounts(
      settings.learner, members: min((neighbours ?? pairs - 1) + 1, pairs), observationSize: system.observationSize,
      choices: system.resourceBlocks)
  }

  private var actorSize: Judgement {
    let kilobytes = Double(learner(pairs: 10, neighbours: nil).actor) * 4 / 1000
    let note = "Single precision; the state's size was chosen because it fits (deviation 11)."
    return ClaimTest.exact("actor weights in kB", kilobytes, in: 280...320, note: note)
  }

  private var historySize: Judgement {
    let bytes = Double(2 * settings.system.observationSize + 2) * 4
    return ClaimTest.exact("bytes of one tuple", bytes, is: .less, than: 4000, note: "Two states, an action and a reward in single precision.")
  }

  /// Computed for the paper's numbers of pairs, whatever was run. With all others as neighbours NAAC is MAAC: nothing to compare.
  private var trainingCost: Judgement? {
    let numbers = [10, 20, 30, 40, 50].filter { $0 > settings.neighbours + 1 }
    guard !numbers.isEmpty else { return nil }
    let parts = numbers.map { pairs in
      let all = Double(learner(pairs: pairs, neighbours: nil).critic)
      let near = Double(learner(pairs: pairs, neighbours: settings.neighbours).critic)
      return ClaimTest.exact("critic parameters of MAAC over NAAC at N = \(pairs)", all / near, is: .greater, than: 1)
    }
    let near = learner(pairs: numbers[0], neighbours: settings.neighbours).critic
    return noted(
      ClaimTest.every(parts),
      "Parameters are compared, which set the products of an update, and no times. With lambda = \(settings.neighbours) NAAC's critic has "
        + "\(near) of them for every larger N. Execution is the same actor for both.")
  }
}
