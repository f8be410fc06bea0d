import Foundation
import Tensor
import Testing

@testable import Scenarios

@Suite struct RunFolderTests {
  @Test func isMadeWithItsParents() throws {
    let scratch = try ScratchFolder()
    let folder = try RunFolder(creating: scratch.path + "/a/b")
    #expect(try RunFolder.contents(of: folder.path) == [".lock", "checkpoints", "figures"])
  }

  @Test func aFolderWithFilesIsRefused() throws {
    let scratch = try ScratchFolder()
    try scratch.write("mine", to: "notes.txt")
    let error = #expect(throws: FileError.self) { try RunFolder(creating: scratch.path) }
    #expect(error?.reason.contains("holds files already") == true)
    #expect(try content(scratch.path + "/notes.txt") == "mine")
    try FileManager.default.removeItem(atPath: scratch.path + "/notes.txt")
    // What a run leaves that ended before it began is nothing.
    try scratch.write("{", to: "manifest.json.part")
    _ = try RunFolder(creating: scratch.path)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/manifest.json.part"))
  }

  @Test func aFolderBelowAFileCannotBeMade() throws {
    let scratch = try ScratchFolder()
    try scratch.write("", to: "file")
    for path in ["/file", "/file/below"] {
      let error = #expect(throws: FileError.self) { try RunFolder(creating: scratch.path + path) }
      #expect(error?.reason.hasPrefix("cannot be created") == true)
    }
  }

  @Test func onlyOneHoldsAFolder() throws {
    let scratch = try ScratchFolder()
    do {
      let folder = try RunFolder(creating: scratch.path + "/run")
      let error = #expect(throws: FileError.self) { try RunFolder(creating: folder.path) }
      #expect(error?.reason.contains("in use by another process") == true)
      withExtendedLifetime(folder) {}
    }
    _ = try RunFolder(creating: scratch.path + "/run")
  }

  /// A child that is being started holds copies of its parent's descriptors for a moment, and a lock outlives a mere `close` with them.
  @Test func aFolderThatIsLetGoIsFreeWhateverCopiesOfItsLockThereAre() throws {
    let scratch = try ScratchFolder()
    var copy: Int32 = -1
    do {
      let folder = try RunFolder(creating: scratch.path + "/run")
      copy = dup(folder.lock)
      withExtendedLifetime(folder) {}
    }
    defer { close(copy) }
    #expect(copy >= 0)
    _ = try RunFolder(creating: scratch.path + "/run")
  }

  @Test func onlyARunCanBeOpened() throws {
    let scratch = try ScratchFolder()
    let error = #expect(throws: FileError.self) { try RunFolder(opening: scratch.path) }
    #expect(error?.reason.contains("no run to resume") == true)
    try scratch.write("{}", to: "manifest.json")
    try scratch.write("", to: "claims.json.part")
    let folder = try RunFolder(opening: scratch.path)
    #expect(try RunFolder.contents(of: folder.path) == [".lock", "checkpoints", "figures", "manifest.json"])
  }

  @Test func theFolderOfTablesIsMadeWhenAskedForAndCleanedLikeTheOthers() throws {
    let scratch = try ScratchFolder()
    do {
      let folder = try RunFolder(creating: scratch.path + "/run")
      try folder.makeTablesFolder()
      try folder.makeTablesFolder()
    }
    for name in ["manifest.json", "tables/a.csv", "tables/b.csv.part"] { try scratch.write("", to: "run/" + name) }
    let folder = try RunFolder(opening: scratch.path + "/run")
    #expect(try RunFolder.contents(of: folder.tablesPath) == ["a.csv"])
  }

  @Test func theFirstFreeNumberIsTaken() throws {
    let scratch = try ScratchFolder()
    let first = try RunFolder.firstFree(prefix: scratch.path + "/runs/x-")
    let second = try RunFolder.firstFree(prefix: scratch.path + "/runs/x-")
    #expect(first.path.hasSuffix("/x-1") && second.path.hasSuffix("/x-2"))
  }
}
