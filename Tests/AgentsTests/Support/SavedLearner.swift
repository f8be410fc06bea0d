import Agents
import Tensor
import TestSupport

/// What a learner saves: its whole state, as seen from outside.
struct SavedLearner {
  let bytes: [UInt8]
  private let file: SafetensorsFile
  private let folder: TemporaryFolder

  init(_ state: inout some Archivable) throws {
    folder = try TemporaryFolder()
    try Archive.save(&state, to: folder.file("state"))
    bytes = try folder.bytes("state")
    file = try SafetensorsFile(path: folder.file("state"))
  }

  /// The numbers of one part.
  func numbers(_ name: String) throws -> [Double] { try file.floats(name).map(Double.init) }

  /// Restores the state into another learner.
  func restore(_ state: inout some Archivable) throws { try Archive.restore(&state, from: folder.file("state")) }
}
