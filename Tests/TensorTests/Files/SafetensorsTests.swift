import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct SafetensorsTests {
  /// A file written by the Python package safetensors 0.8.0 (NumPy 2.4.6):
  ///
  ///     save({"weights": f32 [[1.5, -2.25, 3e-40], [inf, -0.0, 7e30]], "steps": i64 [-2**40 - 5], "choices": i32 [3, -1, 2**31 - 1],
  ///           "mask": u8 [0, 1, 255], "exact": f64 [0.1], "empty": f32 zeros(0, 4), "half": f16 [1, 2]},
  ///          metadata={"seed": "7", "note": "α \"quoted\"\n"})
  private static let foreign = """
    2AEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJub3RlIjoizrEgXCJxdW90ZWRcIlxuIiwic2VlZCI6IjcifSwic3RlcHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFw
    ZSI6WzFdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiZXhhY3QiOnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls4LDE2XX0sImVt
    cHR5Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlswLDRdLCJkYXRhX29mZnNldHMiOlsxNiwxNl19LCJ3ZWlnaHRzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUi
    OlsyLDNdLCJkYXRhX29mZnNldHMiOlsxNiw0MF19LCJjaG9pY2VzIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNDAsNTJd
    fSwiaGFsZiI6eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzUyLDU2XX0sIm1hc2siOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpb
    M10sImRhdGFfb2Zmc2V0cyI6WzU2LDU5XX19ICAg+//////+//+amZmZmZm5PwAAwD8AABDAR0QDAAAAgH8AAACAcbSwcgMAAAD/////////fwA8AEAAAf8=
    """

  /// The parts of that file that an archive can hold.
  private struct Foreign: Archivable {
    var weights = Tensor(zeros: [2, 3])
    var steps = 0
    var choices: [Int32] = [0, 0, 0]
    var mask: [UInt8] = []
    var exact = 0.0
    var empty: [Float] = []

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.tensor("weights", &weights)
      try archive.value("steps", &steps)
      try archive.array("choices", &choices)
      try archive.array("mask", &mask, resizable: true)
      try archive.value("exact", &exact)
      try archive.array("empty", &empty)
    }
  }

  @Test func aFileFromPythonIsRead() throws {
    let folder = try TemporaryFolder()
    let bytes = try #require(Data(base64Encoded: Self.foreign, options: .ignoreUnknownCharacters))
    try folder.write([UInt8](bytes), to: "foreign")
    var state = Foreign()
    let metadata = try Archive.restore(&state, from: folder.file("foreign"))
    #expect(metadata == ["seed": "7", "note": "α \"quoted\"\n"])
    let weights: [Float] = [1.5, -2.25, Float(bitPattern: 214087), .infinity, -0.0, 7e30]
    #expect(state.weights.array.map(\.bitPattern) == weights.map(\.bitPattern))
    #expect(state.steps == -1_099_511_627_781)
    #expect(state.choices == [3, -1, 2_147_483_647] && state.mask == [0, 1, 255] && state.exact == 0.1 && state.empty.isEmpty)
    let file = try SafetensorsFile(path: folder.file("foreign"))
    #expect(file.header["weights"]?.shape == [2, 3] && file.header["half"]?.type == "F16" && file.header["empty"]?.shape == [0, 4])
    #expect(try file.floats("weights").count == 6)
    #expect(throws: FileError.self) { try file.floats("choices") }
    #expect(throws: FileError.self) { try file.floats("nothing") }
  }

  private struct Small: Archivable {
    var numbers: [Float] = [1, -2]
    var flags = [true, false, true]

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("numbers", &numbers)
      try archive.array("flags", &flags)
    }
  }

  @Test func ourFileIsLaidOutAsTheFormatSays() throws {
    let folder = try TemporaryFolder()
    var state = Small()
    try Archive.save(&state, to: folder.file("small"), metadata: ["b": "2\t\"", "a": "\u{1}"])
    let bytes = try folder.bytes("small")
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    #expect((8 + length) % 64 == 0 && bytes.count == 8 + length + 8 + 3)
    let text = try #require(String(validating: bytes[8..<(8 + length)], as: UTF8.self))
    let expected =
      #"{"__metadata__":{"a":"\u0001","b":"2\t\""},"numbers":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""flags":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}"#
    #expect(text.trimmingCharacters(in: .whitespaces) == expected && text.first == "{")
    // 1 and −2 in IEEE 754, low byte first; then the flags.
    #expect(Array(bytes[(8 + length)...]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 0, 1])
  }

  /// A file with this header and so many bytes behind it.
  private func file(_ header: String, body: Int) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + Array(repeating: 0, count: body)
  }

  private static let refused: [(String, Int, String)] = [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "overlap"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, "overlap"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "gap"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 12, "follow"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "cut off"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "offsets"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "offsets"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, 8, "offsets"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#, 8, "offsets"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "shape"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "shape"),
    (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}"#, 4, "shape"),
    (#"{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#, 8, "known type"),
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "offsets"),
    (#"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, 8, "JSON"),
    (#"{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}"#, 8, "JSON"),
    (#"{"__metadata__":{"a":1}}"#, 0, "JSON"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#, 8, "'a' twice"),
    // Two spellings of é that Swift holds for one text.
    (
      "{\"\u{E9}\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"e\u{301}\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      0,
      "twice"
    ),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, "'dtype' of 'a' is repeated"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":{}}}"#, 8, "unknown field 'more'"),
    (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "'k' is repeated"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "'__metadata__' is repeated"),
    (#"{"__metadata__":{"k":["1"]}}"#, 0, "a string is missing"),
    (#"{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}"#, 4, "whole number is missing"),
    (#"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, 8, "begins with zero"),
    (#"{"a":{"dtype":"F32","shape":[18446744073709551618],"data_offsets":[0,8]}}"#, 8, "too large"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551624]}}"#, 8, "too large"),
    (#"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, 4, "more than 32"),
    (#"{"a":{"dtype":"F32","shape":[[[[[[[[[["#, 0, "whole number is missing"),
    (#"{"a":[[[[[[[[[["#, 0, "no object"), (#"{"\ud800":"#, 0, "half of a character"), (#"{"\ud83dx"#, 0, "half of a character"),
    (#"{"\u12g4":"#, 0, "hexadecimal"), (#"{"\x":"#, 0, "escape"), ("{\"\u{1}\":", 0, "control character"), (#"{} {}"#, 0, "something follows"),
    (#" {}"#, 0, "opening brace"),
    (#"["a"]"#, 0, "JSON"),
    (#"{"a":{"dtype":"F32""#, 0, "JSON"),
    ("", 0, "JSON"),
  ]

  @Test(arguments: refused)
  func anImpossibleHeaderIsRefused(header: String, body: Int, reason: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(file(header, body: body), to: "file")
    let error = #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("file")) }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix(folder.file("file") + ": ") && text.contains(reason), "\(text)")
    let offset = try #require(error?.offset)
    #expect((8...(8 + header.utf8.count + body)).contains(offset) && text.hasSuffix("(at byte \(offset))"))
  }

  @Test func namesThatAreNoUTF8AreRefused() throws {
    var bytes = file(#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, body: 0)
    for byte: UInt8 in [0x80, 0xC0, 0xFF] {
      bytes[10] = byte
      let error = #expect(throws: FileError.self) { try SafetensorsFile(source: ByteSource(bytes: bytes, path: "file")) }
      #expect(error?.reason.contains("no UTF-8") == true)
    }
  }

  @Test func escapesAreRead() throws {
    let text = #"{"__metadata__":{"\u03b1\/\b\f":"\ud83d\ude00\\\""}}"#
    let header = try SafetensorsFile(source: ByteSource(bytes: file(text, body: 0), path: "file")).header
    #expect(header.metadata == ["α/\u{8}\u{C}": "😀\\\""])
  }

  @Test func anEmptyHeaderIsAFileWithoutArrays() throws {
    let folder = try TemporaryFolder()
    try folder.write(file("{}", body: 0), to: "file")
    #expect(try SafetensorsFile(path: folder.file("file")).header.entries.isEmpty)
  }

  @Test func aHeaderLongerThanTheFileIsRefusedBeforeItIsRead() throws {
    let folder = try TemporaryFolder()
    for length: [UInt8] in [
      [255, 255, 255, 255, 255, 255, 255, 255], [0, 0, 0, 0, 0, 0, 0, 128], [0, 225, 245, 5, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0],
    ] {
      try folder.write(length + [123, 125], to: "file")
      #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("file")) }
    }
  }

  @Test func nestedBracketsExhaustNoStack() throws {
    let folder = try TemporaryFolder()
    let deep = String(repeating: "[", count: 1_000_000)
    try folder.write(file(#"{"a":\#(deep)"#, body: 0), to: "file")
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("file")) }
  }

  @Test func whatIsNoRegularFileIsRefused() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.path) }
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("missing")) }
    // A pipe that nobody writes to must not be waited for.
    #expect(unsafe mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("pipe")) }
  }
}
