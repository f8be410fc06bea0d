import Foundation
import Tensor

/// The metrics of a run as event files of TensorBoard, one for each scheme, point and seed: `tensorboard/SCHEME/POINT/seedN/`.
///
/// A file is a row of records: the length of the data (8 bytes, little-endian), its masked CRC-32C, the data, its masked CRC-32C. The data are events in
/// the encoding of Protocol Buffers: wall time (1), step (2), and either the version (3) or a summary (5) whose values (1) have a tag (1) and a number (2).
final class EventFiles {
  let folder: String
  private let clock: () -> Double
  /// What is not in the files yet, file by file in the order of their first lines.
  private var pending: [(path: String, bytes: [UInt8])] = []
  private var begun: Set<String> = []

  /// - Parameters:
  ///   - folder: Lost with everything in it when the files begin.
  ///   - clock: Seconds since 1970.
  init(folder: String, clock: @escaping () -> Double = { Date().timeIntervalSince1970 }) {
    self.folder = folder
    self.clock = clock
  }

  /// Begins anew with a run's metrics.
  ///
  /// - Parameter length: How many of their first bytes count; nil for all.
  func begin(metrics path: String, length: Int? = nil) throws {
    try? FileManager.default.removeItem(atPath: folder)
    (pending, begun) = ([], [])
    if length == 0 { return }
    guard let data = FileManager.default.contents(atPath: path), data.count >= length ?? 0 else {
      throw FileError(path: path, reason: "cannot be read")
    }
    try add([UInt8](data.prefix(length ?? data.count)))
    try flush()
  }

  /// Takes whole lines of metrics.
  func add(_ lines: [UInt8]) throws {
    for line in lines.split(separator: 0x0A) {
      let json = try JSON(parsing: line)
      guard let scheme = json["scheme"]?.stringValue, let seed = json["seed"]?.intValue, let point = json["point"]?.members,
        let step = json["step"]?.intValue, let metric = json["metric"]?.stringValue, let value = json["value"]?.doubleValue
      else { throw RunError("a line of metrics is not what a log writes") }
      let place = point.map { "\($0.name)=\($0.value.compact)" }.joined(separator: " ")
      let path = [folder, scheme, place, "seed\(seed)"].filter { !$0.isEmpty }.joined(separator: "/")
      var bytes = begun.contains(path) ? [] : EventFiles.record(EventFiles.event(time: clock(), step: 0, version: "brain.Event:2"))
      begun.insert(path)
      bytes += EventFiles.record(EventFiles.event(time: clock(), step: step, tag: metric, value: Float(value)))
      // Lines of one job follow each other.
      if pending.last?.path == path { pending[pending.count - 1].bytes += bytes } else { pending.append((path, bytes)) }
    }
  }

  /// Hands what is pending to the system.
  func flush() throws(FileError) {
    for (path, bytes) in pending {
      try RunFolder.makeDirectory(path)
      let file = path + "/events.out.tfevents.0.marconi"
      guard let handle = FileHandle(forWritingAtPath: file) ?? EventFiles.made(file) else {
        throw FileError(path: file, reason: "cannot be written (\(systemMessage()))")
      }
      do {
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
      } catch { throw FileError(path: file, reason: "cannot be written") }
    }
    pending.removeAll()
  }

  private static func made(_ file: String) -> FileHandle? {
    FileManager.default.createFile(atPath: file, contents: nil) ? FileHandle(forWritingAtPath: file) : nil
  }

  // MARK: Encoding

  static func record(_ data: [UInt8]) -> [UInt8] {
    let length = bytes(of: UInt64(data.count))
    return length + bytes(of: CRC32C.masked(length)) + data + bytes(of: CRC32C.masked(data))
  }

  static func event(time: Double, step: Int, version: String) -> [UInt8] { head(time, step) + field(3, Array(version.utf8)) }

  static func event(time: Double, step: Int, tag: String, value: Float) -> [UInt8] {
    let number: [UInt8] = [2 << 3 | 5] + bytes(of: value.bitPattern)
    return head(time, step) + field(5, field(1, field(1, Array(tag.utf8)) + number))
  }

  private static func head(_ time: Double, _ step: Int) -> [UInt8] {
    // Zero is what a field without number has.
    [1 << 3 | 1] + bytes(of: time.bitPattern) + (step == 0 ? [] : [2 << 3 | 0] + variable(UInt64(bitPattern: Int64(step))))
  }

  /// A field with a length.
  private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { [number << 3 | 2] + variable(UInt64(content.count)) + content }

  /// Seven bits a byte, the lowest first.
  private static func variable(_ value: UInt64) -> [UInt8] {
    var (rest, result) = (value, [UInt8]())
    while rest >= 0x80 {
      result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
