import Agents
import Tensor

/// Jobs that follow each other, each made from what the one before has become.
public struct JobChain: PolicyKeeping {
  /// Makes the job of a place in the chain. The job before is nil where the new one is going to be restored from a checkpoint.
  public typealias Make = (_ place: Int, _ previous: (any JobRun)?) -> any JobRun

  private var place = 0
  private var run: any JobRun
  private let lengths: [Int]
  private let make: Make

  /// - Parameters:
  ///   - lengths: What each job counts in all, for the progress shown.
  ///   - make: Makes the job of each place, when it begins or is restored.
  public init(lengths: [Int], make: @escaping Make) {
    precondition(!lengths.isEmpty, "JobChain: needs at least one job")
    self.lengths = lengths
    self.make = make
    run = make(0, nil)
  }

  public var progress: JobProgress {
    var progress = run.progress
    progress.completed = min(progress.completed, lengths[place]) + lengths[..<place].reduce(0, +)
    progress.total = lengths.reduce(0, +)
    return progress
  }

  public mutating func advance(_ log: MetricLog) throws -> Bool {
    guard try run.advance(log) else { return false }
    guard place + 1 < lengths.count else { return true }
    place += 1
    run = make(place, run)
    return false
  }

  /// That of the last job.
  public var learnedPolicy: GreedyPolicy? { (run as? any PolicyKeeping)?.learnedPolicy }

  public mutating func archive(in archive: Archive) throws(FileError) {
    let here = place
    try archive.value("place", &place)
    guard lengths.indices.contains(place) else { throw archive.failure("the chain of jobs has \(lengths.count) places, none is \(place)") }
    if place != here { run = make(place, nil) }
    try archive.group("job\(place)") { () throws(FileError) in try run.archive(in: archive) }
  }
}
