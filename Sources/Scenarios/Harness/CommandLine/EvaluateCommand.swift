import Agents
import Foundation
import Tensor

/// `evaluate`: learned policies on fresh fading, or under conditions that they were not trained in.
struct EvaluateCommand: Command {
  let name = "evaluate"
  let summary = "lets saved policies of a run act on fresh or changed conditions"
  let arguments = ["DIR"]
  let options = [
    OptionDescription("set", value: "name=value", summary: "a condition to change", isRepeatable: true),
    OptionDescription("steps", value: "N", summary: "steps of each policy (default 1000)"),
    OptionDescription("episodes", value: "N", summary: "in their place so many whole episodes, with the mean return of one"),
    OptionDescription("scheme", value: "a,b", summary: "the schemes to look at (default all)"),
    OptionDescription("seed", value: "N", summary: "added to the seeds of the conditions: other fading than that of the run's own tests (default 0)"),
    OptionDescription("actions", value: "FILE.csv", summary: "write what agents saw and did in the first hundred steps"),
    OptionDescription("csv", value: "FILE.csv", summary: "write one line for each policy and metric"),
    OptionDescription("json", summary: "print the result as JSON"),
  ]
  let example = "evaluate runs/first --set pairPowerDBm=7 --steps 2000"

  /// What one policy reached.
  private struct Result {
    let job: Job
    let values: [(metric: String, value: Double)]
    /// Step, agent, observations, actions.
    let actions: [[String]]
  }
  private static let shownSteps = 100

  /// How long a policy acts.
  private enum Length {
    case steps(Int)
    case episodes(Int)

    var text: String {
      switch self {
      case .steps(let count): "\(count) steps"
      case .episodes(let count): "\(count) episodes"
      }
    }

    func isOver(steps: Int, episodes: Int) -> Bool {
      switch self {
      case .steps(let count): steps >= count
      case .episodes(let count): episodes >= count
      }
    }
  }
  /// After so many steps without the end of an episode there is none.
  private static let longestEpisode = 1_000_000

  func run(_ arguments: ParsedArguments, in context: ToolContext) throws -> ExitCode {
    let folder = arguments.positional[0]
    let manifest = try Manifest(path: folder + "/manifest.json")
    guard let pack = try context.pack(manifest.pack, algorithms: manifest.algorithms) as? any EnvironmentPack else {
      throw UsageError("the pack '\(manifest.pack)' has no environment in which policies could be evaluated")
    }
    let request = try manifest.request(for: pack)
    var plan = try request.plan(of: pack)
    if let shard = manifest.shard { plan = shard.part(of: plan) }
    if arguments.has("steps") && arguments.has("episodes") { throw UsageError("--steps and --episodes say different things; leave one out") }
    let episodes = try arguments.integer("episodes", atLeast: 1)
    let length: Length = try episodes.map { .episodes($0) } ?? .steps(arguments.integer("steps", atLeast: 1) ?? 1000)
    let offset = UInt64(try arguments.integer("seed", atLeast: 0) ?? 0)
    let wanted = try arguments.names("scheme")
    if let missing = wanted?.first(where: { !request.schemes.contains($0) }) {
      throw UsageError.unknown("scheme", missing, known: request.schemes, of: "run in \(folder)")
    }
    var results: [Result] = []
    for job in plan.jobs where wanted?.contains(job.scheme) ?? true {
      let path = "\(folder)/policies/\(job.fileName).safetensors"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      var parameters = try pack.parameters(of: job, in: try job.parameters(from: request.parameters))
      for setting in arguments.all("set") { try parameters.set(setting) }
      let environment = try pack.environment(parameters, copies: 1, seed: UInt64(job.seed) &+ offset, isTest: true)
      let policy = try GreedyPolicy(path: path, copies: 1)
      if let objection = policy.objection(to: environment.specification) { throw RunError("\(path): \(objection)") }
      results.append(try EvaluateCommand.evaluate(policy, of: job, in: environment, length))
    }
    guard !results.isEmpty else {
      throw RunError(
        "\(folder) holds no saved policy of these schemes; run with --save-policies, with a scheme whose policy is made of dense networks")
    }
    let table = EvaluateCommand.table(results)
    if let file = arguments.value("actions") { try AtomicFile.write(EvaluateCommand.actions(results), to: file) }
    if let file = arguments.value("csv") { try AtomicFile.write(EvaluateCommand.csv(results), to: file) }
    context.console.output(
      arguments.has("json")
        ? EvaluateCommand.json(results).indented
        : "\(MarkdownText.table(table))\n\(table.caption.replacing("LENGTH", with: length.text))\n")
    return .done
  }

  private static func evaluate<Task: Environment>(_ policy: GreedyPolicy, of job: Job, in environment: Task, _ length: Length) throws -> Result {
    var (policy, environment) = (policy, environment)
    let specification = environment.specification
    var batch = StepBatch(for: specification)
    var actions = ActionBatch(for: specification)
    var means = StepMeans(of: specification)
    var seen: [[String]] = []
    environment.reset(into: &batch)
    var observations = batch.observations
    var (step, episodes, begun) = (0, 0, 0)
    while !length.isOver(steps: step, episodes: episodes) {
      swap(&observations, &batch.observations)
      policy.act(observations, step: step, into: &actions)
      for agent in 0..<(step < shownSteps ? specification.agents : 0) {
        func row<Value>(_ values: [Value], _ width: Int) -> [String] { values[agent * width..<(agent + 1) * width].map { "\($0)" } }
        seen.append(
          ["\(step)", "\(agent)"] + row(observations, specification.observationSize) + row(actions.choices, specification.actions.choices.count)
            + row(actions.values, specification.actions.bounds.count))
      }
      environment.step(actions, into: &batch)
      means.add(batch)
      step += 1
      if batch.terminated[0] || batch.truncated[0] { (episodes, begun) = (episodes + 1, step) }
      if case .episodes = length, step - begun >= longestEpisode {
        throw RunError("no episode of '\(job.scheme)' ends within \(longestEpisode) steps: use --steps")
      }
    }
    var values = means.means(over: step)
    if case .episodes(let count) = length { values.append(("return", means.sums[0] / Double(count))) }
    return Result(job: job, values: values.map { ($0.name, $0.value) }, actions: seen)
  }

  // MARK: Texts

  /// One row for each scheme and point, one column for each metric, at most eight.
  private static func table(_ results: [Result]) -> ReportTable {
    let metrics = Array(results[0].values.map(\.metric).prefix(8))
    var groups: [(scheme: String, place: SweepPoint, results: [Result])] = []
    for result in results {
      if let index = groups.firstIndex(where: { $0.scheme == result.job.scheme && $0.place == result.job.place }) {
        groups[index].results.append(result)
      } else {
        groups.append((result.job.scheme, result.job.place, [result]))
      }
    }
    let rows = groups.map { group -> [ReportTable.Cell] in
      let sorted = group.results.sorted { $0.job.seed < $1.job.seed }
      let cells = metrics.map { metric -> ReportTable.Cell in
        let values = sorted.compactMap { result in result.values.first { $0.metric == metric }.map { (result.job.seed, $0.value) } }
        return .interval(SeedValues(seeds: values.map(\.0), values: values.map(\.1)))
      }
      return [.text(group.scheme), .text(group.place.description), .number(Double(sorted.count))] + cells
    }
    return ReportTable(
      name: "evaluation", title: "Saved policies", caption: "Means over LENGTH and over seeds, with 95 % intervals.",
      columns: ["scheme", "point", "seeds"].map { .init($0) } + metrics.map { .init($0) }, rows: rows)
  }

  private static func actions(_ results: [Result]) -> String {
    CSVText.text(
      [["policy", "step", "agent", "observations and actions"]]
        + results.flatMap { result in result.actions.map { [result.job.fileName] + $0 } })
  }

  private static func csv(_ results: [Result]) -> String {
    CSVText.text(
      [["scheme", "point", "seed", "metric", "value"]]
        + results.flatMap { result in
          result.values.map { [result.job.scheme, result.job.place.description, "\(result.job.seed)", $0.metric, "\($0.value)"] }
        })
  }

  private static func json(_ results: [Result]) -> JSON {
    [
      "results": .array(
        results.map { result in
          [
            "scheme": .string(result.job.scheme), "point": .string(result.job.place.description), "seed": JSON(result.job.seed),
            "metrics": .object(result.values.map { .init($0.metric, JSON($0.value)) }),
          ]
        })
    ]
  }
}
