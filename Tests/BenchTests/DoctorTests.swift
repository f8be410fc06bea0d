import Testing

@Suite struct DoctorTests {
  @Test func doctorFindsThisMachineHealthy() throws {
    let run = try CommandLineTests.Run("doctor")
    #expect(run.code == 0 && run.error.isEmpty)
    for title in ["version", "processor", "CPU level", "cores", "memory", "system", "Swift", "optional"] {
      #expect(run.output.contains("\(title) "), "\(title)")
    }
    #expect(run.output.contains("random numbers match the published vector") && !run.output.contains("FAILED"))
  }

  @Test func levelsAreNamedAndRefused() throws {
    let portable = try CommandLineTests.Run("doctor", environment: ["MARCONI_CPU": "portable"])
    #expect(portable.code == 0 && portable.output.contains("portable in use"))
    let unknown = try CommandLineTests.Run("doctor", environment: ["MARCONI_CPU": "abacus"])
    #expect(unknown.code == 0 && unknown.output.contains("MARCONI_CPU=abacus names no level of this CPU"))
  }
}
