import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct AtomicFileTests {
  @Test func aFileAppearsWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("text")
    do {
      let file = try AtomicFile(replacing: path)
      try file.write("one ")
      try file.write("two")
      let names = try folder.names()
      #expect(names.count == 1 && names[0].hasPrefix("text.") && names[0].hasSuffix(".part"))
      try file.commit()
    }
    #expect(try folder.bytes("text") == Array("one two".utf8))
    #expect(try folder.names() == ["text"])
  }

  @Test func whatIsAbandonedLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("text"))
    do {
      let file = try AtomicFile(replacing: folder.file("text"))
      try file.write("new and longer")
      #expect(try folder.bytes("text") == Array("old".utf8))
    }
    #expect(try folder.bytes("text") == Array("old".utf8))
    #expect(try folder.names() == ["text"])
    try AtomicFile.write("new", to: folder.file("text"))
    #expect(try folder.bytes("text") == Array("new".utf8))
  }

  @Test func severalWritersOfOneFileDoNotMeet() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("text")
    let first = try AtomicFile(replacing: path)
    let second = try AtomicFile(replacing: path)
    try first.write("first, which is longer")
    try second.write("second")
    #expect(try folder.names().count == 2)
    try first.commit()
    #expect(try folder.bytes("text") == Array("first, which is longer".utf8))
    try second.commit()
    #expect(try folder.bytes("text") == Array("second".utf8))
    #expect(try folder.names() == ["text"])
  }

  @Test func whatAKilledWriterLeftIsNeitherUsedNorFollowed() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("precious", to: folder.file("other"))
    let probe = try AtomicFile(replacing: folder.file("text"))
    let last = probe.temporaryPath.dropLast(5).split(separator: "-").last.map(String.init)
    let number = try #require(last.flatMap { Int($0) })
    let stem = "\(folder.file("text")).\(getpid())-"
    // The names that come next are taken, one of them by a link to a file that must not be written through.
    for next in 1...200 {
      if next % 2 == 0 {
        try folder.write([7], to: "text.\(getpid())-\(number + next).part")
      } else {
        #expect(unsafe symlink(folder.file("other"), "\(stem)\(number + next).part") == 0)
      }
    }
    try AtomicFile.write("new", to: folder.file("text"))
    #expect(try folder.bytes("text") == Array("new".utf8) && folder.bytes("other") == Array("precious".utf8))
    #expect(try folder.names().filter { $0.hasSuffix(".part") }.count == 201)
    withExtendedLifetime(probe) {}
  }

  @Test func manyThreadsWriteOneFile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("text")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for i in 0..<16 { group.addTask { try AtomicFile.write(String(repeating: "\(i % 10)", count: 1000), to: path) } }
      try await group.waitForAll()
    }
    let bytes = try folder.bytes("text")
    #expect(bytes.count == 1000 && Set(bytes).count == 1)
    #expect(try folder.names() == ["text"])
  }

  @Test func aFolderThatIsMissingIsNamed() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { try AtomicFile.write("text", to: folder.file("missing/text")) }
    #expect(error?.description.hasPrefix(folder.file("missing/text") + ": cannot be written") == true)
    // A folder in the place of the target stays, and the temporary file goes.
    #expect(throws: FileError.self) { try AtomicFile.write("text", to: folder.path) }
    #expect(try folder.names().isEmpty)
  }

  @Test func anEmptyFileIsAFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("", to: folder.file("empty"))
    #expect(try folder.bytes("empty").isEmpty)
  }
}
