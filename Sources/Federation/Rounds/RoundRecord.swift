import Tensor

/// How a round ended.
public enum RoundOutcome: Int, Sendable, CaseIterable {
  /// There was a mean, for some clients at least.
  case averaged
  /// All weights were zero: everybody kept what he had.
  case keptForZeroWeight
  /// No contribution was accepted: everybody kept what he had.
  case keptForNoReplies
}

/// What happened in one round.
public struct RoundRecord: Hashable, Sendable {
  /// The number of the round, from 0.
  public var round: Int
  /// How each client took part. `[A]`
  public var attendance: [Attendance]
  /// Contributions in the mean or means.
  public var accepted: Int
  public var refusals: RefusalCounts
  public var outcome: RoundOutcome
  /// Clients that got a mean.
  public var updated: Int
  /// Messages that clients sent, and received.
  public var messagesUp: Int
  public var messagesDown: Int
  /// Their bytes, headers of ``Contribution/headerBytes`` each among them.
  public var bytesUp: Int
  public var bytesDown: Int

  /// Clients that sent in time.
  public var participants: Int { attendance.count { $0 == .present } }
  /// Clients that were not chosen or dropped out.
  public var absent: Int { attendance.count { $0 == .notChosen || $0 == .dropped } }
  /// Clients that were late.
  public var late: Int { attendance.count { $0 == .late } }
}

extension Archive {
  /// Visits the records of rounds so far: round r is the r-th.
  ///
  /// - Parameter clients: A
  func rounds(_ name: String, _ records: inout [RoundRecord], clients: Int) throws(FileError) {
    let reasons = Refusal.Reason.allCases.count
    let width = 7 + reasons
    // Counts are whole numbers far below 2⁵³.
    var numbers = records.flatMap { record in
      [record.accepted, record.outcome.rawValue, record.updated, record.messagesUp, record.messagesDown, record.bytesUp, record.bytesDown]
        .map { Double($0) } + record.refusals.counts.map { Double($0) }
    }
    var attendance = records.flatMap { $0.attendance.map(\.rawValue) }
    try array("\(name).numbers", &numbers, resizable: true)
    try array("\(name).attendance", &attendance, resizable: true)
    guard isReading else { return }
    let count = numbers.count / width
    guard numbers.count == count * width, attendance.count == count * clients, numbers.allSatisfy({ $0 >= 0 && $0 < 0x1p53 && $0 == $0.rounded() })
    else { throw failure("the records of rounds do not fit \(clients) clients") }
    var restored: [RoundRecord] = []
    for round in 0..<count {
      let row = numbers[(round * width)..<((round + 1) * width)].map { Int($0) }
      let present = attendance[(round * clients)..<((round + 1) * clients)].compactMap { Attendance(rawValue: $0) }
      guard let outcome = RoundOutcome(rawValue: row[1]), present.count == clients else {
        throw failure("the record of round \(round) holds an unknown outcome or attendance")
      }
      restored.append(
        RoundRecord(
          round: round, attendance: present, accepted: row[0], refusals: RefusalCounts(Array(row[7...])), outcome: outcome, updated: row[2],
          messagesUp: row[3], messagesDown: row[4], bytesUp: row[5], bytesDown: row[6]))
    }
    records = restored
  }
}
