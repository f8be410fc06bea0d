import Foundation
import Tensor

/// The folder of one run, held against every other process for as long as this object lives.
final class RunFolder {
  let path: String
  let lock: Int32

  var manifestPath: String { path + "/manifest.json" }
  var metricsPath: String { path + "/metrics.jsonl" }
  var claimsPath: String { path + "/claims.json" }
  var reportPath: String { path + "/report.html" }
  var textReportPath: String { path + "/report.md" }
  var checkpointsPath: String { path + "/checkpoints" }
  var figuresPath: String { path + "/figures" }
  /// Made with the first table: most packs have none.
  var tablesPath: String { path + "/tables" }

  /// A new folder, or one that exists and is empty. Its parents are made where they are missing.
  ///
  /// - Throws: `FileError` when it holds anything, cannot be written, or another process has it.
  init(creating path: String) throws(FileError) {
    self.path = path
    try RunFolder.makeDirectory(path)
    lock = try RunFolder.lock(path)
    // A run that was ended before its manifest stood leaves nothing but these.
    let present = try RunFolder.contents(of: path).filter { $0 != ".lock" && !$0.hasSuffix(".part") }
    guard present.allSatisfy({ RunFolder.isEmptyDirectory(path + "/" + $0) }) else {
      RunFolder.release(lock)
      throw FileError(path: path, reason: "holds files already; give an empty folder with --out, or go on with --resume \(path)")
    }
    try makeParts()
  }

  /// A folder that holds a run.
  ///
  /// - Throws: `FileError` when it holds none, or another process has it.
  init(opening path: String) throws(FileError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path + "/manifest.json") else {
      throw FileError(path: path, reason: "holds no run to resume (there is no manifest.json)")
    }
    lock = try RunFolder.lock(path)
    try makeParts()
  }

  deinit { RunFolder.release(lock) }

  /// The first free folder `PREFIX1`, `PREFIX2`, ...
  static func firstFree(prefix: String) throws(FileError) -> RunFolder {
    var number = 1
    while FileManager.default.fileExists(atPath: "\(prefix)\(number)") { number += 1 }
    return try RunFolder(creating: "\(prefix)\(number)")
  }

  private func makeParts() throws(FileError) {
    for part in [checkpointsPath, figuresPath] { try RunFolder.makeDirectory(part) }
    let tables = FileManager.default.fileExists(atPath: tablesPath) ? [tablesPath] : []
    for folder in [path, checkpointsPath, figuresPath] + tables {
      for name in try RunFolder.contents(of: folder) where name.hasSuffix(".part") { unsafe unlink(folder + "/" + name) }
    }
  }

  /// Makes the folder of tables where it is missing.
  func makeTablesFolder() throws(FileError) { try RunFolder.makeDirectory(tablesPath) }

  /// The names in a folder, in the order of their bytes.
  static func contents(of path: String) throws(FileError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw FileError(path: path, reason: "cannot be listed")
    }
  }

  private static func isEmptyDirectory(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
  }

  static func makeDirectory(_ path: String) throws(FileError) {
    var place = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      place += place.isEmpty || place == "/" ? part : "/" + part
      if unsafe mkdir(place, 0o777) == 0 || errno == EEXIST || errno == EISDIR { continue }
      // A parent that exists but cannot be written (a mounted root) is no obstacle to the folder below it.
      let reason = systemMessage()
      if !FileManager.default.fileExists(atPath: place) { throw FileError(path: path, reason: "cannot be created (\(reason))") }
    }
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw FileError(path: path, reason: "cannot be created (a file of this name or in this path is no folder)")
    }
  }

  private static func lock(_ path: String) throws(FileError) -> Int32 {
    let file = unsafe open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError(path: path, reason: "cannot be written (\(systemMessage()))") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw FileError(path: path, reason: "is in use by another process; wait for it, or end it")
    }
    return file
  }

  /// Unlocks before it closes: a child that this process is just starting holds a copy of every descriptor until its program is loaded,
  /// and a lock lives for as long as any copy.
  private static func release(_ lock: Int32) {
    flock(lock, LOCK_UN)
    close(lock)
  }
}
