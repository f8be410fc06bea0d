import Federation
import Tensor

/// A decision process of one or two steps whose every course can be written down: expected returns and their derivatives without sampling.
///
/// In the first state there are two choices; each leads to a state of its own with two choices more. Rewards differ for every choice. The policy has
/// a logit for each state and choice: `[3, 2]`.
struct TwoStepChoice {
  static let rewards: [[Double]] = [[1, 0.4], [0.3, 2], [-1, 0.7]]
  static let discount = 0.9
  static let layout: Layout = {
    var layout = Layout()
    layout.append("logits", [3, 2], fanIn: 1)
    return layout
  }()

  /// 1 or 2.
  let steps: Int

  /// Every course of events: the places of its choices among the six logits.
  var courses: [[Int]] {
    steps == 1 ? [[0], [1]] : [[0, 2], [0, 3], [1, 4], [1, 5]]
  }

  static func probability(_ place: Int, _ logits: [Double]) -> Double {
    let other = place ^ 1
    return 1 / (1 + Math.exp(logits[other] - logits[place]))
  }

  func probability(of course: [Int], _ logits: [Double]) -> Double { course.reduce(1) { $0 * TwoStepChoice.probability($1, logits) } }

  static func reward(_ place: Int) -> Double { rewards[place / 2][place % 2] }

  static func discountedReturn(_ course: [Int]) -> Double {
    course.enumerated().reduce(0) { $0 + ($1.offset == 0 ? 1 : discount) * reward($1.element) }
  }

  /// E Σ γᵗ r_t
  func expectedReturn(_ logits: [Double]) -> Double {
    courses.reduce(0) { $0 + probability(of: $1, logits) * TwoStepChoice.discountedReturn($1) }
  }
}

/// The surrogate loss of a policy, either with every course weighted by its probability at the place where the data were drawn (what infinitely many
/// samples would give), or with so many sampled courses.
struct ChoiceFamily: TaskFamily {
  let process: TwoStepChoice
  let surrogate: PolicySurrogate
  /// b_t for every place of a choice, nil for none; it depends on the state alone.
  var baseline: [Float]?
  /// 0: all courses, weighted.
  var samples = 0
  /// Whether tasks with odd numbers pay the negative of every reward.
  var hasOpposites = false

  init(steps: Int, _ kind: PolicySurrogate.Kind, baseline: [Float]? = nil, samples: Int = 0, hasOpposites: Bool = false) {
    process = TwoStepChoice(steps: steps)
    surrogate = PolicySurrogate(kind, horizon: steps, discount: Float(TwoStepChoice.discount))
    (self.baseline, self.samples, self.hasOpposites) = (baseline, samples, hasOpposites)
  }

  struct Batch {
    /// `[courses, T]`
    var places: [Int32] = []
    /// `[courses]`
    var weights: [Float] = []
    var sign: Float = 1
  }

  func makeBatch() -> Batch { Batch() }

  func draw(_ request: BatchRequest, at parameters: Parameters, into batch: inout Batch) {
    let logits = parameters.doubles
    let weights = process.courses.map { process.probability(of: $0, logits) }
    defer { batch.sign = hasOpposites && request.tasks[0] % 2 == 1 ? -1 : 1 }
    if samples == 0 {
      batch = Batch(places: process.courses.joined().map { Int32($0) }, weights: weights.map { Float($0) })
      return
    }
    var generator = RandomStream(seed: 9, purpose: .environment, index: request.tasks[0]).generator(step: request.number)
    batch = Batch(weights: Array(repeating: 1 / Float(samples), count: samples))
    for _ in 0..<samples {
      var (rest, course) = (generator.uniform(), 0)
      while course < weights.count - 1, rest >= weights[course] {
        rest -= weights[course]
        course += 1
      }
      batch.places += process.courses[course].map { Int32($0) }
    }
  }

  func losses(of batch: Batch, _ parameters: PlacedParameters, on tape: Tape) -> Variable {
    let count = batch.weights.count
    let shape: Shape = [count, process.steps]
    let x = parameters[0].logSoftmax().reshaped([6]).gathering(batch.places.span).reshaped(shape)
    let rewards = tape.constant(batch.places.map { batch.sign * Float(TwoStepChoice.reward(Int($0))) }, shape: shape)
    let baseline = baseline.map { values in tape.constant(batch.places.map { values[Int($0)] }, shape: shape) }
    let objective = surrogate(logProbabilities: x, rewards: rewards, baseline: baseline, on: tape)
    return -(objective * tape.constant(batch.weights, shape: [count, 1])).sum()
  }
}
