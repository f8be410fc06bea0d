import Tensor
import TestSupport

/// The bytes that a state saves.
func savedBytes(_ state: some Archivable) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  var state = state
  try Archive.save(&state, to: folder.file("state"))
  return try folder.bytes("state")
}

/// Brings a state back from bytes.
func restore(_ state: inout some Archivable, from bytes: [UInt8]) throws {
  let folder = try TemporaryFolder()
  try folder.write(bytes, to: "state")
  try Archive.restore(&state, from: folder.file("state"))
}
