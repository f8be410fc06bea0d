import Testing

@testable import Scenarios

@Suite struct RunRequestTests {
  @Test func fillsInThePacksDefaults() throws {
    let request = try RunRequest(.reproduce, of: HillClimberPack(), scale: .standard)
    #expect(request.schemes == ["careful", "bold", "still"])
    #expect(request.seeds == [0, 1, 2, 3, 4])
    #expect(request.figures == [3, 4, 5])
    #expect(request.parameters.integer("steps") == 60)
    #expect(try RunRequest(.run, of: HillClimberPack(), scale: .smoke).parameters.integer("steps") == 30)
    #expect(try RunRequest(.run, of: HillClimberPack()).figures == [])
  }

  @Test func sortsAndSiftsWhatTheUserNames() throws {
    let request = try RunRequest(.reproduce, of: HillClimberPack(), schemes: ["still", "careful", "still"], seeds: [5, 2, 5], figures: [4])
    #expect(request.schemes == ["careful", "still"])
    #expect(request.seeds == [2, 5])
    #expect(request.figures == [4])
  }

  @Test func namesTheNearest() {
    let scheme = #expect(throws: UsageError.self) { try RunRequest(.run, of: HillClimberPack(), schemes: ["carful"]) }
    #expect(scheme?.message.contains("the nearest is 'careful'") == true)
    let figure = #expect(throws: UsageError.self) { try RunRequest(.reproduce, of: HillClimberPack(), figures: [7]) }
    #expect(figure?.message.contains("no figure '7'") == true)
  }
}
