import Foundation
import Tensor

/// Where a run is: which jobs are whole, how much of the metrics belongs to what is done, and the jobs in between.
struct Checkpoint: Archivable {
  /// The first job that is not whole in the metrics.
  var job = 0
  /// The length of `metrics.jsonl`, and the hash of these bytes.
  var metricsLength = 0
  var metricsHash = ContentHash()
  /// The hash of the plan and the parameters.
  var plan = ContentHash()
  /// Jobs that have begun, from `job` on.
  var begun: [BegunJob] = []

  mutating func archive(in archive: Archive) throws(FileError) {
    var head = CheckpointHead(job: job, metricsLength: metricsLength, metricsHash: metricsHash, plan: plan, running: begun.map { $0.run != nil })
    try head.archive(in: archive)
    for place in begun.indices {
      try archive.group("job\(place)") { () throws(FileError) in
        try archive.array("recorded", &begun[place].recorded, resizable: true)
        if begun[place].run != nil { try begun[place].run!.archive(in: archive) }
      }
    }
  }
}

/// The part of a checkpoint that can be read before its jobs are started.
struct CheckpointHead: Archivable {
  var job = 0
  var metricsLength = 0
  var metricsHash = ContentHash()
  var plan = ContentHash()
  /// For each job that has begun whether it goes on.
  var running: [Bool] = []

  mutating func archive(in archive: Archive) throws(FileError) {
    try archive.group("harness") { () throws(FileError) in
      try archive.value("job", &job)
      try archive.value("metricsLength", &metricsLength)
      try archive.array("running", &running, resizable: true)
      var hashes = [Int(bitPattern: UInt(metricsHash.value)), Int(bitPattern: UInt(plan.value))]
      try archive.value("metricsHash", &hashes[0])
      try archive.value("plan", &hashes[1])
      metricsHash = ContentHash(value: UInt64(UInt(bitPattern: hashes[0])))
      plan = ContentHash(value: UInt64(UInt(bitPattern: hashes[1])))
    }
  }
}

/// The last two checkpoints of a run. The name of each carries the hash of its content, so that a damaged one is known.
struct CheckpointStore {
  let folder: String
  static let suffix = ".safetensors"

  /// A checkpoint file: `NUMBER-HASH.safetensors`.
  struct File: Equatable {
    let name: String
    let number: Int
    let hash: String
  }

  /// The files, newest first.
  func files() throws(FileError) -> [File] {
    try RunFolder.contents(of: folder).compactMap { name in
      guard name.hasSuffix(CheckpointStore.suffix) else { return nil }
      let parts = name.dropLast(CheckpointStore.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, let number = Int(parts[0]) else { return nil }
      return File(name: name, number: number, hash: String(parts[1]))
    }.sorted { $0.number > $1.number }
  }

  func path(of file: File) -> String { folder + "/" + file.name }

  /// Writes a checkpoint, then removes all but the last two.
  func save(_ checkpoint: inout Checkpoint, metadata: [String: String]) throws(FileError) {
    let temporary = folder + "/new" + CheckpointStore.suffix
    try Archive.save(&checkpoint, to: temporary, metadata: metadata)
    let hash = try ContentHash.ofFile(temporary)
    let present = try files()
    let digits = "\((present.first?.number ?? 0) + 1)"
    let name = "\(String(repeating: "0", count: max(0, 6 - digits.count)) + digits)-\(hash.text)\(CheckpointStore.suffix)"
    if unsafe rename(temporary, folder + "/" + name) != 0 {
      throw FileError(path: temporary, reason: "cannot be renamed (\(systemMessage()))")
    }
    for old in present.dropFirst() { remove(old) }
  }

  func remove(_ file: File) { unsafe unlink(path(of: file)) }

  /// Removes what a run that was killed while it wrote left behind.
  func removeUnfinished() { unsafe unlink(folder + "/new" + CheckpointStore.suffix) }

  /// Reads the head of a checkpoint after its content has been compared with the hash in its name.
  func head(of file: File) throws(FileError) -> (head: CheckpointHead, metadata: [String: String]) {
    let path = path(of: file)
    guard try ContentHash.ofFile(path).text == file.hash else { throw FileError(path: path, reason: "is damaged (its hash differs)") }
    var head = CheckpointHead()
    let metadata = try Archive.restore(&head, from: path)
    return (head, metadata)
  }
}

/// When the next checkpoint is due: often enough to lose little, rarely enough that writing takes at most 2 % of the time.
struct CheckpointSchedule {
  static let share = 0.02
  static let firstSeconds = 3.0
  static let shortestSeconds = 5.0
  /// A fixed interval instead, for tests; zero means after every chunk.
  let forcedSeconds: Double?
  private var next: Double
  private var nextBetweenJobs: Double

  init(forcedSeconds: Double?, now: Double) {
    self.forcedSeconds = forcedSeconds
    next = now + (forcedSeconds ?? CheckpointSchedule.firstSeconds)
    nextBetweenJobs = now
  }

  func isDue(at now: Double) -> Bool { now >= next }

  /// Between two jobs a checkpoint is small; it is left out only where jobs are so short that it would still cost too much.
  func isDueBetweenJobs(at now: Double) -> Bool { now >= nextBetweenJobs }

  /// Takes note of a checkpoint that was written from `begin` to `end`.
  mutating func wrote(from begin: Double, to end: Double) {
    let pause = forcedSeconds ?? max(CheckpointSchedule.shortestSeconds, (end - begin) / CheckpointSchedule.share)
    next = end + pause
    nextBetweenJobs = end + min(forcedSeconds ?? .infinity, (end - begin) / CheckpointSchedule.share)
  }
}
