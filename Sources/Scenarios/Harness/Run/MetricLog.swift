import Foundation
import Tensor

/// The metrics of a run, written one JSON object a line:
/// `{"scheme":"maac","seed":0,"point":{"pairs":50},"step":10,"metric":"reward","value":1.5}`.
///
/// A log only grows. It belongs to one run; between jobs the runner names the next one.
public final class MetricLog {
  private(set) var job = Job(scheme: "", seed: 0, estimatedSeconds: 0)
  private var prefix = ""
  private var pending: [UInt8] = []
  private let file: FileDescriptor?
  /// The bytes written and pending so far.
  private(set) var byteCount = 0
  /// The hash of all these bytes, of a log in a file.
  private(set) var hash = ContentHash()

  /// An open file that is closed with its log.
  private final class FileDescriptor {
    let path: String
    let number: Int32

    init(path: String, number: Int32) {
      self.path = path
      self.number = number
    }

    deinit { close(number) }
  }

  /// A log in memory.
  public init() { file = nil }

  /// A log in the file at `path`, which keeps its first `length` bytes and loses the rest. It is created where it is missing.
  ///
  /// - Throws: `FileError` when the file cannot be written or is shorter than `length`.
  init(path: String, keeping length: Int) throws(FileError) {
    let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw FileError(path: path, reason: "cannot be written (\(systemMessage()))") }
    let file = FileDescriptor(path: path, number: number)
    self.file = file
    hash = try MetricLog.hash(ofFirst: length, of: number, path: path)
    byteCount = length
    guard ftruncate(number, off_t(length)) == 0, lseek(number, off_t(length), SEEK_SET) == off_t(length) else {
      throw FileError(path: path, reason: "cannot be cut to \(length) bytes (\(systemMessage()))")
    }
  }

  /// The hash of the first bytes of a log's file.
  static func hash(ofFirst length: Int, in path: String) throws(FileError) -> ContentHash {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw FileError(path: path, reason: "cannot be read (\(systemMessage()))") }
    defer { close(number) }
    return try hash(ofFirst: length, of: number, path: path)
  }

  private static func hash(ofFirst length: Int, of number: Int32, path: String) throws(FileError) -> ContentHash {
    var hash = ContentHash()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var done = 0
    while done < length {
      let count = unsafe pread(number, &block, min(block.count, length - done), off_t(done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path, reason: "ends at byte \(done) where \(length) bytes are expected") }
      hash.update(block[..<count])
      done += count
    }
    return hash
  }

  /// Names the job that records from now on.
  public func begin(_ job: Job) {
    self.job = job
    prefix = MetricLog.prefix(of: job, at: job.point)
  }

  /// Records one number of the present job.
  ///
  /// - Parameters:
  ///   - metric: Its name in the log.
  ///   - value: Finite, in the unit of the metric.
  ///   - step: The slot, update or episode that the number belongs to.
  ///   - point: The place in the sweep where it is not the job's own.
  /// - Throws: `RunError` for a number that is not finite.
  public func record(_ metric: String, _ value: Double, step: Int, at point: SweepPoint? = nil) throws(RunError) {
    guard value.isFinite else {
      throw RunError("the metric '\(metric)' of the scheme '\(job.scheme)', seed \(job.seed), became \(value) at step \(step)")
    }
    let prefix = point.map { MetricLog.prefix(of: job, at: $0) } ?? prefix
    let line = "\(prefix)\(step),\"metric\":\(JSON.quoted(metric)),\"value\":\(value)}\n"
    append(Array(line.utf8))
  }

  /// Takes what was recorded in memory so far out of the log.
  func takeLines() -> [UInt8] {
    precondition(file == nil, "MetricLog.takeLines: only a log in memory can give its lines away")
    defer { pending.removeAll() }
    return pending
  }

  /// Appends lines, perhaps of another log. In memory nobody asks for their hash.
  func append(_ lines: [UInt8]) {
    pending.append(contentsOf: lines)
    if file != nil { hash.update(lines[...]) }
    byteCount += lines.count
  }

  /// Everything that is recorded in memory, as a table.
  public func table() throws(FileError) -> MetricTable {
    precondition(file == nil, "MetricLog.table: only a log in memory has its whole content at hand")
    return try MetricTable(parsing: pending, path: "metrics in memory")
  }

  private static func prefix(of job: Job, at point: SweepPoint) -> String {
    let coordinates = (point.coordinates + job.sweep.coordinates).map { "\(JSON.quoted($0.name)):\(JSON.text($0.value))" }.joined(separator: ",")
    return "{\"scheme\":\(JSON.quoted(job.scheme)),\"seed\":\(job.seed),\"point\":{\(coordinates)},\"step\":"
  }

  /// Hands what is pending to the system.
  func flush() throws(FileError) {
    guard let file, !pending.isEmpty else { return }
    var done = 0
    while done < pending.count {
      let count = unsafe pending.withUnsafeBytes { unsafe write(file.number, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: file.path, reason: "cannot be written (\(systemMessage()))") }
      done += count
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Hands what is pending to the system and waits until the disk has it.
  func synchronize() throws(FileError) {
    try flush()
    guard let file else { return }
    if fsync(file.number) != 0 { throw FileError(path: file.path, reason: "cannot be flushed to the disk (\(systemMessage()))") }
  }
}

/// The system's words for the last error.
func systemMessage() -> String { unsafe String(cString: strerror(errno)) }
