import CAllocations
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Damaged files: a reader says what it read, or throws a `FileError`; it never stops the process, and never asks for memory that the file cannot fill.
///
/// By default a million files in all; `MARCONI_FUZZ_CASES` sets another number.
@Suite struct FuzzTests {
  private static let cases = ProcessInfo.processInfo.environment["MARCONI_FUZZ_CASES"].flatMap(Int.init) ?? 1_000_000

  /// What one request may exceed the file's size by: small objects, texts of errors, growing lists of parts.
  private static let margin = 1024
  /// What all requests of one case together may take: a few copies of the file's content, and those objects.
  private static func most(_ size: Int) -> Int { 16 * size + 4096 }

  /// Reads so many cases; `read` throws what is inconsistent.
  private func run(_ mutator: ByteMutator, count: Int, _ read: (ByteSource) throws -> Void) throws {
    var (accepted, refused) = (0, 0)
    var (largest, total) = (0, 0)
    for number in 0..<count {
      let source = ByteSource(bytes: mutator.bytes(number), path: "file")
      var failure: (any Error)?
      var seen = allocations_t()
      // The language's run-time system grows tables of its own in whichever thread needs them; what a reader asks for, it asks for each time.
      for _ in 0..<3 {
        failure = nil
        allocations_watch()
        do { try read(source) } catch { failure = error }
        seen = allocations_seen()
        if seen.largest <= source.size + Self.margin && seen.bytes <= Self.most(source.size) { break }
      }
      largest = max(largest, Int(seen.largest) - source.size)
      total = max(total, Int(seen.bytes) - 16 * source.size)
      if seen.largest > source.size + Self.margin || seen.bytes > Self.most(source.size) {
        Issue.record("case \(number) of \(source.size) bytes asked for \(seen.largest) at once and \(seen.bytes) in all")
        return
      }
      guard let failure else {
        accepted += 1
        continue
      }
      guard let error = failure as? FileError, error.path == "file", (0...source.size).contains(error.offset ?? 0), !error.reason.isEmpty else {
        Issue.record("case \(number): \(failure)")
        return
      }
      refused += 1
    }
    print("\(count) files: \(accepted) accepted, \(refused) refused; largest request \(largest) above the size, \(total) above 16 sizes in all")
    // Damage of a number cannot be seen, damage of a header nearly always.
    if count >= 10000 { #expect(accepted > count / 500 && refused > count / 2) }
  }

  private struct Inconsistency: Error { let what: String }

  private func check(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw Inconsistency(what: what()) }
  }

  /// A sanitizer has allocation functions of its own.
  @Test(.disabled(if: allocations_sanitized() == 1)) func allocationsAreCounted() {
    #expect(allocations_supported() == 1)
    allocations_watch()
    let values = [UInt8](repeating: 1, count: 100_000)
    let seen = allocations_seen()
    #expect(values.count == 100_000 && seen.largest >= 100_000 && seen.bytes >= seen.largest && seen.requests > 0)
  }

  // MARK: safetensors

  private static func safetensors(_ header: String, body: Int) -> ByteMutator.Original {
    let text = Array(header.utf8)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + (0..<body).map { UInt8(truncatingIfNeeded: $0 * 7) }
    return .init(bytes, lengthField: 0..<8, header: 8..<(8 + text.count))
  }

  private static let jsonTokens = [
    "{", "}", "[", "]", "\"", ":", ",", " ", "null", "true", "{}", "[]", "[[[[[[[[", "\"a\":", "\"\"", "\\", "\\u0000", "\\ud800", "\\ud83d\\ude00",
    "\\\"",
    "\u{0}", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F64\"", "\"BOOL\"", "\"__metadata__\":{\"k\":\"v\"},", "\u{e9}",
    "e\u{301}",
    "\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},",
  ]

  @Test func damagedSafetensors() throws {
    let mutator = ByteMutator(
      [
        Self.safetensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, body: 8),
        Self.safetensors(
          #"{"__metadata__":{"seed":"7","α":"\"β\"\n"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
            + #""b":{"dtype":"U8","shape":[3],"data_offsets":[40,43]},"empty":{"dtype":"F32","shape":[0,4],"data_offsets":[24,24]},"#
            + #""c":{"dtype":"I64","shape":[1,2,1],"data_offsets":[24,40]}}     "#, body: 43),
        Self.safetensors("{}", body: 0),
      ], tokens: Self.jsonTokens, seed: 101)
    try run(mutator, count: Self.cases / 3) { source in
      let file = try SafetensorsFile(source: source)
      var place = 0
      for entry in file.header.entries {
        guard let size = SafetensorsHeader.elementSizes[entry.type] else { throw Inconsistency(what: entry.type) }
        try check(entry.begin == place && entry.count >= 0 && entry.count * size == entry.end - entry.begin, "\(entry)")
        place = entry.end
        try check(file.header[entry.name] == entry, "the name \(entry.name)")
        if entry.type == "F32" { try check(file.floats(entry.name).count == entry.count, "the numbers of \(entry)") }
      }
      try check(place <= source.size - 8, "the end")
    }
  }

  // MARK: checkpoints

  /// A state with a part of every kind.
  private struct Everything: Archivable {
    var floats: [Float] = [1, -2]
    var doubles = [0.1]
    var flags = [true, false]
    var integer = 7
    var text = "αβ"
    var tensor = Tensor([1, 2], shape: [2, 1])

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("f", &floats, resizable: true)
      try archive.array("d", &doubles, resizable: true)
      try archive.array("b", &flags, resizable: true)
      try archive.group("g") { () throws(FileError) in
        try archive.value("i", &integer)
        try archive.value("s", &text)
      }
      try archive.tensor("t", &tensor)
    }
  }

  @Test func damagedCheckpoints() throws {
    let folder = try TemporaryFolder()
    var state = Everything()
    try Archive.save(&state, to: folder.file("state"), metadata: ["note": "n"])
    let bytes = try folder.bytes("state")
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let original = ByteMutator.Original(bytes, lengthField: 0..<8, header: 8..<(8 + length))
    try run(ByteMutator([original], tokens: Self.jsonTokens, seed: 102), count: Self.cases / 3) { source in
      var restored = Everything()
      _ = try Archive.restore(&restored, from: source)
      let held = 4 * restored.floats.count + 8 * restored.doubles.count + restored.flags.count + restored.text.utf8.count
      try check(held + 8 + 8 <= source.size && restored.tensor.shape == [2, 1], "the sizes")
    }
  }

  // MARK: NumPy

  private static func npy(_ type: NpyFile.ElementType, _ shape: [Int], version: UInt8 = 1) -> ByteMutator.Original {
    var header = Npy.header(type, shape: shape)
    let body = (0..<(shape.reduce(1, *) * type.size)).map { UInt8($0 % 2) }
    if version > 1 {
      header[6] = version
      header.insert(contentsOf: [0, 0], at: 10)
      return .init(header + body, lengthField: 8..<12, header: 12..<header.count)
    }
    return .init(header + body, lengthField: 8..<10, header: 10..<header.count)
  }

  @Test func damagedNumPyFiles() throws {
    let mutator = ByteMutator(
      [
        Self.npy(.float32, [2, 3]), Self.npy(.float64, [3]), Self.npy(.int32, [0, 4]), Self.npy(.int64, []), Self.npy(.uint8, [1, 1, 1, 1, 5]),
        Self.npy(.bool, [7], version: 2), Self.npy(.float32, [1, 1], version: 3),
      ],
      tokens: [
        "{", "}", "(", ")", "'", "\"", ":", ",", " ", "\n", "\\", "True", "False", "None", "(((((((", "()", "[('a', '<f4')]", "'descr'",
        "'fortran_order'",
        "'shape'", "'<f4'", "'>f8'", "'|b1'", "'|O'", "9L", "\u{0}", "\u{e9}", "1, 1, 1, 1, 1, 1, 1, 1, ",
      ], seed: 103)
    try run(mutator, count: Self.cases / 3) { source in
      let file = try NpyFile(source: source)
      try check(file.shape.allSatisfy { $0 >= 0 } && file.count * file.type.size <= source.size - 10, "\(file.shape)")
      let count: Int
      switch file.type {
      case .float32:
        count = try file.floats().count
        if file.shape.count <= 4 { try check(file.tensor().count == count, "the tensor") }
      case .float64: count = try file.doubles().count
      case .int32: count = try file.int32s().count
      case .int64: count = try file.int64s().count
      case .uint8: count = try file.bytes().count
      case .bool: count = try file.bools().count
      }
      try check(count == file.count, "the count")
    }
  }
}
