/// How long to train, and when to look how it goes.
public struct TrainingPlan: Sendable, Hashable {
  /// Steps of all copies.
  public var steps: Int
  /// Steps between evaluations; nil for none. There is one at the end in any case where it is set.
  public var evaluationInterval: Int?
  /// Episodes of one evaluation; the episodes are the same each time.
  public var evaluationEpisodes: Int
  /// Where `last.safetensors` and `best.safetensors` are written; nil for nowhere. It must exist.
  public var folder: String?
  /// Steps between checkpoints; nil for one with each evaluation and at the end.
  public var checkpointInterval: Int?

  public init(
    steps: Int, evaluationInterval: Int? = nil, evaluationEpisodes: Int = 32, folder: String? = nil, checkpointInterval: Int? = nil
  ) {
    precondition(
      steps > 0 && evaluationInterval ?? 1 > 0 && evaluationEpisodes > 0 && checkpointInterval ?? 1 > 0,
      "TrainingPlan: steps, intervals and episodes must be positive")
    self.steps = steps
    self.evaluationInterval = evaluationInterval
    self.evaluationEpisodes = evaluationEpisodes
    self.folder = folder
    self.checkpointInterval = checkpointInterval
  }

  /// The file with the whole state of the course, to go on from.
  public var lastPath: String? { folder.map { $0 + "/last.safetensors" } }
  /// The file with the parameters of the best policy so far.
  public var bestPath: String? { folder.map { $0 + "/best.safetensors" } }
}
