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
      #expect(try folder.names() == ["text.part"])
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

  @Test func theRestOfAKilledWriterIsReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(repeating: 7, count: 100), to: "text.part")
    try AtomicFile.write("new", to: folder.file("text"))
    #expect(try folder.bytes("text") == Array("new".utf8))
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
