import TestSupport
import Testing

@testable import Tensor

@Suite struct ArchiveTests {
  /// A state with a part of every type.
  struct Everything: Archivable, Equatable {
    var floats: [Float] = [1, .infinity, -0.0, .leastNonzeroMagnitude]
    var doubles = [0.1, -1e300]
    var integers: [Int32] = [.min, 0, .max]
    var bytes: [UInt8] = [0, 128, 255]
    var flags = [true, false, true]
    var integer = Int.min
    var double = Double.pi
    var float = Float(0.3)
    var flag = true
    var text = "α β\n\"γ\""
    var tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    var inner = Inner()
    var scalar = Tensor([7], shape: .scalar)

    struct Inner: Archivable, Equatable {
      var floats: [Float] = [9]
      mutating func archive(in archive: Archive) throws(FileError) { try archive.array("floats", &floats) }
    }

    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("floats", &floats, resizable: true)
      try archive.array("doubles", &doubles, resizable: true)
      try archive.array("integers", &integers, resizable: true)
      try archive.array("bytes", &bytes, resizable: true)
      try archive.array("flags", &flags, resizable: true)
      try archive.value("integer", &integer)
      try archive.value("double", &double)
      try archive.value("float", &float)
      try archive.value("flag", &flag)
      try archive.value("text", &text)
      try archive.tensor("tensor", &tensor)
      try archive.group("inner") { () throws(FileError) in
        try archive.group("deep") { () throws(FileError) in try inner.archive(in: archive) }
      }
      try archive.tensor("scalar", &scalar)
    }

    static let other = Everything(
      floats: [], doubles: [], integers: [], bytes: [1], flags: [], integer: 0, double: 0, float: 0, flag: false, text: "",
      tensor: Tensor(zeros: [2, 3]), inner: Inner(floats: [0]), scalar: Tensor(zeros: .scalar))
  }

  @Test func everyTypeComesBack() throws {
    let folder = try TemporaryFolder()
    var state = Everything()
    try Archive.save(&state, to: folder.file("state"), metadata: ["note": "β"])
    #expect(state == Everything())
    var restored = Everything.other
    #expect(try Archive.restore(&restored, from: folder.file("state")) == ["note": "β"])
    #expect(restored == state && restored.floats[2].sign == .minus)
    let header = try SafetensorsFile(path: folder.file("state")).header
    #expect(header["inner.deep.floats"]?.count == 1 && header["scalar"]?.shape == [] && header["tensor"]?.shape == [2, 3])
  }

  @Test func theSameStateGivesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    var state = Everything()
    let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("key\($0)", "value") })
    try Archive.save(&state, to: folder.file("a"), metadata: metadata)
    try Archive.save(&state, to: folder.file("b"), metadata: metadata)
    #expect(try folder.bytes("a") == folder.bytes("b"))
  }

  /// A state whose parts are given from outside.
  private struct Parts: Archivable {
    let visit: (Archive) throws(FileError) -> Void
    mutating func archive(in archive: Archive) throws(FileError) { try visit(archive) }
  }

  private func reason(_ folder: TemporaryFolder, _ visit: @escaping (Archive) throws(FileError) -> Void) throws -> String {
    var state = Parts(visit: visit)
    let error = #expect(throws: FileError.self) { try Archive.restore(&state, from: folder.file("state")) }
    return "\(try #require(error))"
  }

  @Test func aFileThatHoldsSomethingElseIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    var state = Everything()
    try Archive.save(&state, to: folder.file("state"))
    let missing = try reason(folder) { archive throws(FileError) in
      var values: [Float] = []
      try archive.group("inner") { () throws(FileError) in try archive.array("absent", &values) }
    }
    #expect(missing.contains("'inner.absent' is missing") && missing.hasPrefix(folder.path))
    let wrongType = try reason(folder) { archive throws(FileError) in
      var values: [Float] = [0, 0]
      try archive.array("doubles", &values)
    }
    #expect(wrongType.contains("'doubles' holds F64 where F32 is expected"))
    let wrongSize = try reason(folder) { archive throws(FileError) in
      var values: [Double] = [0, 0, 0]
      try archive.array("doubles", &values)
    }
    #expect(wrongSize.contains("'doubles' holds 2 numbers where 3 are expected"))
    let wrongTensor = try reason(folder) { archive throws(FileError) in
      var tensor = Tensor(zeros: [7])
      try archive.tensor("tensor", &tensor)
    }
    #expect(wrongTensor.contains("'tensor' holds 6 numbers where 7 are expected"))
    let wrongValue = try reason(folder) { archive throws(FileError) in
      var value = 0.0
      try archive.value("doubles", &value)
    }
    #expect(wrongValue.contains("'doubles' holds 2 numbers where 1 are expected"))
    let noText = try reason(folder) { archive throws(FileError) in
      var text = ""
      try archive.value("bytes", &text)
    }
    #expect(noText.contains("'bytes' is no text"))
    let noTruth = try reason(folder) { archive throws(FileError) in
      var flags = [true, false, true]
      try archive.array("bytes", &flags)
    }
    #expect(noTruth.contains("'bytes' holds the byte 128 for a truth value"))
  }

  @Test func twoPartsOfOneNameAreRefused() throws {
    let folder = try TemporaryFolder()
    var state = Parts { archive throws(FileError) in
      var value = 1
      try archive.value("a", &value)
      try archive.value("a", &value)
    }
    #expect(throws: FileError.self) { try Archive.save(&state, to: folder.file("state")) }
    #expect(try folder.names().isEmpty)
  }

  @Test func aPartCannotHaveTheNameOfTheMetadata() throws {
    let folder = try TemporaryFolder()
    var state = Parts { archive throws(FileError) in
      var value = 1
      try archive.value("__metadata__", &value)
    }
    #expect(throws: FileError.self) { try Archive.save(&state, to: folder.file("state")) }
    #expect(try folder.names().isEmpty)
  }

  /// A state that grows each time it is visited.
  private struct Growing: Archivable {
    var values: [Float] = []
    mutating func archive(in archive: Archive) throws(FileError) {
      values.append(0)
      try archive.array("values", &values, resizable: true)
    }
  }

  @Test func aStateThatChangesMeanwhileLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    var first = Everything()
    try Archive.save(&first, to: folder.file("state"))
    let before = try folder.bytes("state")
    var state = Growing()
    #expect(throws: FileError.self) { try Archive.save(&state, to: folder.file("state")) }
    #expect(try folder.bytes("state") == before)
    #expect(try folder.names() == ["state"])
  }

  @Test func aFileCutAtAnyByteIsRefused() throws {
    let folder = try TemporaryFolder()
    var state = Everything()
    try Archive.save(&state, to: folder.file("whole"))
    let bytes = try folder.bytes("whole")
    for length in bytes.indices {
      try folder.write(Array(bytes.prefix(length)), to: "cut")
      var restored = Everything.other
      #expect(throws: FileError.self, "cut to \(length) of \(bytes.count) bytes") { try Archive.restore(&restored, from: folder.file("cut")) }
    }
    try folder.write(bytes + [0], to: "cut")
    #expect(throws: FileError.self) { try Archive.restore(&state, from: folder.file("cut")) }
  }

  /// Two parts, one of a length of its own: a short header, of which a random damage hits something that matters.
  private struct Two: Archivable {
    var numbers: [Float] = [1, 2, 3]
    var text = "αβ"
    mutating func archive(in archive: Archive) throws(FileError) {
      try archive.array("numbers", &numbers, resizable: true)
      try archive.value("text", &text)
    }
  }

  /// Whatever the bytes, restoring ends with a state or with an error of the file.
  @Test func damagedFilesDoNoHarm() throws {
    let folder = try TemporaryFolder()
    var state = Two()
    try Archive.save(&state, to: folder.file("whole"))
    let whole = try folder.bytes("whole")
    var generator = RandomStream(seed: 17, purpose: .environment).generator()
    let digits = Array("0123456789-.eE[]{},:\"\\ ".utf8)
    var refused = 0
    for _ in 0..<20000 {
      var bytes = whole
      for _ in 0...generator.integer(below: 3) {
        // The first bytes and the header are damaged more often than the numbers behind them.
        let place = generator.integer(below: generator.integer(below: 4) == 0 ? 8 : bytes.count)
        switch generator.integer(below: 6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next32())
        case 1: bytes[place] ^= 1 << UInt8(generator.integer(below: 8))
        case 2: bytes[place] = digits[generator.integer(below: digits.count)]
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(digits[generator.integer(below: digits.count)], at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
        }
      }
      try folder.write(bytes, to: "damaged")
      var restored = Two()
      do {
        try Archive.restore(&restored, from: folder.file("damaged"))
      } catch let error {
        #expect(error.path == folder.file("damaged"))
        refused += 1
      }
    }
    // Damage of a number cannot be seen, damage of the header nearly always.
    #expect(refused > 15000 && refused < 20000)
  }
}
