import Tensor
import TestSupport
import Testing

@testable import Federation

@Suite struct RoundRecordTests {
  private struct Records: Archivable {
    var records: [RoundRecord]
    var clients = 3
    mutating func archive(in archive: Archive) throws(FileError) { try archive.rounds("rounds", &records, clients: clients) }
  }

  private func record(_ round: Int, _ outcome: RoundOutcome) -> RoundRecord {
    var refusals = RefusalCounts()
    for _ in 0..<(round + 2) { refusals.add(.stale) }
    refusals.add(.notFinite)
    return RoundRecord(
      round: round, attendance: [.late, .dropped, round == 0 ? .present : .notChosen], accepted: 4, refusals: refusals, outcome: outcome, updated: 5,
      messagesUp: 6, messagesDown: 7, bytesUp: 1 << 40, bytesDown: 9)
  }

  @Test func countsAreThoseOfTheAttendance() {
    #expect((record(0, .averaged).participants, record(0, .averaged).absent, record(0, .averaged).late) == (1, 1, 1))
    #expect((record(1, .averaged).participants, record(1, .averaged).absent, record(1, .averaged).late) == (0, 2, 1))
  }

  @Test func recordsAreSavedAndBroughtBack() throws {
    let records = [record(0, .averaged), record(1, .keptForNoReplies), record(2, .keptForZeroWeight)]
    var restored = Records(records: [])
    try restore(&restored, from: savedBytes(Records(records: records)))
    #expect(restored.records == records)
    try restore(&restored, from: savedBytes(Records(records: [])))
    #expect(restored.records.isEmpty)
  }

  /// Files for other numbers of clients, and any changed byte: refused, or read without a trap.
  @Test func otherFilesAreRefused() throws {
    let bytes = try savedBytes(Records(records: [record(0, .averaged), record(1, .averaged)]))
    for clients in [2, 4] {
      #expect(throws: FileError.self) {
        var other = Records(records: [], clients: clients)
        try restore(&other, from: bytes)
      }
    }
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let mutator = ByteMutator(
      [.init(bytes, lengthField: 0..<8, header: 8..<(8 + length))], tokens: ["shape", "dtype", "data_offsets", "F64", "U8"], seed: 8)
    for number in 0..<500 {
      var other = Records(records: [])
      do { try restore(&other, from: mutator.bytes(number)) } catch { continue }
      #expect(other.records.allSatisfy { $0.attendance.count == 3 })
    }
  }
}
