import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct NpyTests {
  /// Arrays as NumPy 2.4.6 (Python 3.11) writes them with `numpy.lib.format.write_array`, in base64:
  ///
  ///     float32 [[1.5, -2.25, 3e-40], [inf, -0.0, 7e30]], float64 [0.1, -1e300], int32 [[3], [-1], [2**31 - 1]], int64 -2**40 - 5 of
  ///     no extent, uint8 [[[0, 1], [128, 255]]], bool [True, False, True], empty float32 zeros(0, 4); [1, 2] in the versions 2.0 and 3.0;
  ///     asfortranarray(arange(6).reshape(2, 3)) as float32; arange(3) in '>f4', '<f2' and '<c8'; zeros(2) of records and of texts
  private static let foreign: [String: String] = [
    "float32":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAQwEdEAwAAAIB/AAAAgHG0sHI=",
    "float64":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqamZmZmZm5P5x1AIg85Df+",
    "int32":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoDAAAA/////////38=",
    "int64":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr7//////7//w==",
    "uint8":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAYD/",
    "bool":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAE=",
    "empty":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDQpLCB9ICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=",
    "version2":
      "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQA==",
    "version3":
      "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQA==",
    "fortran":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAABAQAAAgD8AAIBAAAAAQAAAoEA=",
    "big":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAP4AAAEAAAAA=",
    "half":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA8AEA=",
    "complex":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAgD8AAAAAAAAAQAAAAAA=",
    "record":
      "k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxmNCcpLCAoJ2InLCAnPGk0JyldLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAA",
    "object":
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPFUzJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  ]

  private static func bytes(_ name: String) throws -> [UInt8] {
    let text = try #require(foreign[name])
    return [UInt8](try #require(Data(base64Encoded: text)))
  }

  private static func file(_ name: String) throws -> NpyFile { try NpyFile(source: ByteSource(bytes: bytes(name), path: name)) }

  @Test func aFileOnTheDiskIsRead() throws {
    let folder = try TemporaryFolder()
    try folder.write(try Self.bytes("int32"), to: "x.npy")
    #expect(try NpyFile(path: folder.file("x.npy")).int32s() == [3, -1, .max])
    #expect(throws: FileError.self) { try NpyFile(path: folder.file("missing.npy")) }
    #expect(throws: FileError.self) { try NpyFile(path: folder.path) }
  }

  @Test func whatIsWrittenHasTheBytesOfNumPy() throws {
    let folder = try TemporaryFolder()
    try Npy.write(Tensor([1.5, -2.25, Float(bitPattern: 214087), .infinity, -0.0, 7e30], shape: [2, 3]), to: folder.file("a"))
    #expect(try folder.bytes("a") == Self.bytes("float32"))
    try Npy.write([0.1, -1e300], to: folder.file("a"))
    #expect(try folder.bytes("a") == Self.bytes("float64"))
    try Npy.write([3, -1, .max] as [Int32], shape: [3, 1], to: folder.file("a"))
    #expect(try folder.bytes("a") == Self.bytes("int32"))
    try Npy.write(Tensor(zeros: [0, 4]), to: folder.file("a"))
    #expect(try folder.bytes("a") == Self.bytes("empty"))
    try Npy.write([7.5], shape: [], to: folder.file("a"))
    #expect(try NpyFile(path: folder.file("a")).shape == [] && NpyFile(path: folder.file("a")).doubles() == [7.5])
    #expect(try folder.names() == ["a"])
  }

  @Test(arguments: [
    ("fortran", "Fortran order; save numpy.ascontiguousarray(x)"), ("big", "big-endian numbers ('>f4'); save x.astype('<f4')"),
    ("half", "'<f2'"), ("complex", "'<c8'"), ("record", "save the fields as single arrays"), ("object", "'<U3'"),
  ])
  func whatIsNotReadIsRefusedWithAWayOut(name: String, reason: String) throws {
    let error = #expect(throws: FileError.self) { try Self.file(name) }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("\(name): ") && text.contains(reason), "\(text)")
  }

  @Test func anotherTypeThanTheAskedIsRefused() throws {
    let file = try Self.file("float64")
    #expect(throws: FileError.self) { try file.floats() }
    #expect(throws: FileError.self) { try file.tensor() }
    #expect(throws: FileError.self) { try file.int32s() }
    #expect(throws: FileError.self) { try file.int64s() }
    #expect(throws: FileError.self) { try file.bytes() }
    #expect(throws: FileError.self) { try file.bools() }
    #expect(throws: FileError.self) { try Self.file("bool").doubles() }
  }

  /// A file of version 1.0 with this header and so many zero bytes behind it.
  private static func file(header: String, body: Int) throws -> NpyFile {
    let text = Array(header.utf8)
    let bytes = NpyFile.magic + [1, 0, UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)] + text
    return try NpyFile(source: ByteSource(bytes: bytes + Array(repeating: 0, count: body), path: "file"))
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3), }", 12, "no tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }", 12, "no whole number"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1e3,), }", 12, "a comma or a closing parenthesis"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (nan,), }", 12, "no whole number"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 12, "too large"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 0, "impossible shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }", 0, "impossible shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2305843009213693951,), }", 0, "cut off"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 11, "cut off"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 13, "1 bytes follow"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'shape': (3,), }", 12, "repeated"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'more': 'x', }", 12, "unknown"),
    ("{'descr': '<f4', 'fortran_order': False, }", 12, "missing"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }", 12, "True nor False"),
    ("{'descr': '\u{e4}', 'fortran_order': False, 'shape': (3,), }", 12, "holds the byte"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } x", 12, "something follows"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1, ", count: 65))), }", 4, "more than 64"),
    ("{'descr': '<f4", 12, "does not end"), ("[[[[[[[[", 12, "brace"), ("", 12, "brace"),
  ])
  func anImpossibleHeaderIsRefused(header: String, body: Int, reason: String) throws {
    let error = #expect(throws: FileError.self) { try Self.file(header: header, body: body) }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("file: ") && text.contains(reason) && error?.offset != nil, "\(text)")
  }

  @Test func headersOfOtherWritersAreRead() throws {
    #expect(try Self.file(header: "{\"shape\":(3L,),\"descr\":\"<f4\",\"fortran_order\":True}", body: 12).shape == [3])
    #expect(
      try Self.file(header: "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9223372036854775807)}", body: 0).count == 0)
  }

  @Test func aTensorHasAtMostFourExtents() throws {
    let five = try Self.file(header: "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 2), }", body: 8)
    #expect(try five.floats().count == 2)
    #expect(throws: FileError.self) { try five.tensor() }
    let long = try Self.file(header: "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2147483648), }", body: 0)
    #expect(throws: FileError.self) { try long.tensor() }
  }

  @Test func otherBytesThanTruthValuesAreRefused() throws {
    let error = #expect(throws: FileError.self) {
      var bytes = try Self.bytes("bool")
      bytes[bytes.count - 2] = 2
      _ = try NpyFile(source: ByteSource(bytes: bytes, path: "file")).bools()
    }
    #expect(error?.offset == 129)
  }

  @Test(arguments: ["float32", "version2", "version3", "empty"]) func aFileCutAtAnyByteIsRefused(name: String) throws {
    let bytes = try Self.bytes(name)
    for length in bytes.indices {
      #expect(throws: FileError.self, "cut to \(length)") { try NpyFile(source: ByteSource(bytes: Array(bytes.prefix(length)), path: "file")) }
    }
    #expect(throws: FileError.self) { try NpyFile(source: ByteSource(bytes: bytes + [0], path: "file")) }
    for version: [UInt8] in [[0, 0], [1, 1], [4, 0], [255, 255]] {
      let other = Array(bytes.prefix(6)) + version + bytes.dropFirst(8)
      #expect(throws: FileError.self) { try NpyFile(source: ByteSource(bytes: other, path: "file")) }
    }
  }

  @Test func aShapeThatDoesNotFitIsAnErrorOfTheProgram() async {
    await #expect(processExitsWith: .failure) { try Npy.write([1.0, 2], shape: [3], to: "/nowhere/at/all") }
    await #expect(processExitsWith: .failure) { try Npy.write([1, 2] as [Int32], shape: [-1, -2], to: "/nowhere/at/all") }
  }
}
