import Federation
import Testing

@Suite struct ParticipationTests {
  private func schedule(fraction: Double = 1, dropout: Double = 0, lateness: Double = 0) -> Participation {
    var participation = Participation()
    (participation.fraction, participation.dropout, participation.lateness) = (fraction, dropout, lateness)
    return participation
  }

  @Test func everybodyIsPresentByDefault() {
    for round in 0..<20 { #expect(Participation().attendance(clients: 5, round: round, seed: 1) == Array(repeating: .present, count: 5)) }
  }

  @Test func theShareIsRoundedAndNeverEmpty() {
    #expect(schedule(fraction: 0.5).chosenCount(of: 10) == 5)
    #expect(schedule(fraction: 0.01).chosenCount(of: 10) == 1)
    #expect(schedule(fraction: 1).chosenCount(of: 7) == 7)
    #expect(schedule(fraction: 0.26).chosenCount(of: 10) == 3)
  }

  /// Each client is chosen as often as the others, and exactly as many in each round. 4 of 10 in 5000 rounds: the deviation of one
  /// client's count is √(5000 · 0.4 · 0.6) = 35, and 6 deviations are passed by one of ten with a probability of 2 · 10⁻⁸.
  @Test func clientsAreChosenAlike() {
    var counts = [Int](repeating: 0, count: 10)
    for round in 0..<5000 {
      let attendance = schedule(fraction: 0.4).attendance(clients: 10, round: round, seed: 9)
      #expect(attendance.count { $0 == .present } == 4 && attendance.count { $0 == .notChosen } == 6)
      for client in 0..<10 where attendance[client] == .present { counts[client] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 2000) < 208 })
  }

  /// A fifth drops out, and of the others a half is late. Of 40000: deviations are 80 and 98, bounds 6 of them (2 · 10⁻⁹).
  @Test func ratesAreKept() {
    let schedule = schedule(dropout: 0.2, lateness: 0.5)
    var (dropped, late) = (0, 0)
    for round in 0..<4000 {
      let attendance = schedule.attendance(clients: 10, round: round, seed: 2)
      dropped += attendance.count { $0 == .dropped }
      late += attendance.count { $0 == .late }
    }
    #expect(abs(dropped - 8000) < 480 && abs(late - 16000) < 588)
    let always = self.schedule(dropout: 1, lateness: 1).attendance(clients: 3, round: 0, seed: 1)
    #expect(always == [.dropped, .dropped, .dropped])
    #expect(self.schedule(lateness: 1).attendance(clients: 2, round: 5, seed: 1) == [.late, .late])
  }

  /// The choice is the same whatever the rates, a higher rate only adds to those who drop out, and seed and round decide everything.
  @Test func drawsBelongToTheirNames() {
    for round in 0..<50 {
      let plain = schedule(fraction: 0.5).attendance(clients: 8, round: round, seed: 4)
      let some = schedule(fraction: 0.5, dropout: 0.3).attendance(clients: 8, round: round, seed: 4)
      let more = schedule(fraction: 0.5, dropout: 0.6, lateness: 0.5).attendance(clients: 8, round: round, seed: 4)
      for client in 0..<8 {
        #expect((plain[client] == .notChosen) == (some[client] == .notChosen))
        if some[client] == .dropped { #expect(more[client] == .dropped) }
      }
      #expect(some == schedule(fraction: 0.5, dropout: 0.3).attendance(clients: 8, round: round, seed: 4))
    }
    let bySeed = (0..<6).map { schedule(fraction: 0.5).attendance(clients: 20, round: 0, seed: UInt64($0)) }
    let byRound = (0..<6).map { schedule(fraction: 0.5).attendance(clients: 20, round: $0, seed: 0) }
    #expect(Set(bySeed).count == 6 && Set(byRound).count == 6)
  }

  @Test func impossibleNumbersAreObjectedTo() {
    #expect(Participation().objection == nil && schedule(fraction: 0.1, dropout: 1, lateness: 1).objection == nil)
    #expect(schedule(fraction: 0).objection?.contains("(0, 1]") == true && schedule(fraction: .nan).objection != nil)
    #expect(schedule(dropout: 1.1).objection?.contains("dropout") == true && schedule(lateness: -0.1).objection?.contains("lateness") == true)
  }
}
