import Foundation
import Tensor
import TestSupport

/// A saved state with one number changed.
struct DamagedState {
  private let folder: TemporaryFolder
  private let bytes: [UInt8]

  init(_ state: inout some Archivable) throws {
    folder = try TemporaryFolder()
    try Archive.save(&state, to: folder.file("state"))
    bytes = try folder.bytes("state")
  }

  /// Restores the state with element `place` of one part changed.
  func restore<Number: FixedWidthInteger>(_ state: inout some Archivable, _ part: String, _ place: Int = 0, _ number: Number) throws {
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<(8 + length)])) as? [String: Any]
    guard let entry = header?[part] as? [String: Any], let offsets = entry["data_offsets"] as? [Int] else { throw CocoaError(.coderValueNotFound) }
    let size = Number.bitWidth / 8
    let start = 8 + length + offsets[0] + place * size
    var changed = bytes
    for i in 0..<size { changed[start + i] = UInt8(truncatingIfNeeded: number >> (8 * i)) }
    try folder.write(changed, to: "changed")
    try Archive.restore(&state, from: folder.file("changed"))
  }
}
