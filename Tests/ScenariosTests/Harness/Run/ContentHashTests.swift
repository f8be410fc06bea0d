import Foundation
import Testing

@testable import Scenarios

@Suite struct ContentHashTests {
  /// Test vectors of the FNV authors for FNV-1a, 64 bits.
  @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
  func agreesWithPublishedVectors(text: String, expected: String) {
    var hash = ContentHash()
    hash.update(text.utf8)
    #expect(hash.text == expected)
  }

  @Test func everyByteOfAFileCounts() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/file"
    var seen: Set<ContentHash> = []
    var bytes = (0..<203).map { UInt8(truncatingIfNeeded: $0 * 31) }
    for place in [nil, 0, 7, 8, 99, 199, 200, 202] {
      var changed = bytes
      if let place { changed[place] ^= 0x10 }
      try Data(changed).write(to: URL(fileURLWithPath: path))
      seen.insert(try ContentHash.ofFile(path))
    }
    bytes.append(0)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    seen.insert(try ContentHash.ofFile(path))
    try Data().write(to: URL(fileURLWithPath: path))
    seen.insert(try ContentHash.ofFile(path))
    #expect(seen.count == 10)
  }
}
