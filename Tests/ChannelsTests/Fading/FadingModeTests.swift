import Channels
import Testing

@Suite struct FadingModeTests {
  @Test func resultsNameTheMode() {
    #expect("\(FadingMode.block())" == "block (independent redraw every slot)")
    #expect("\(FadingMode.block(slots: 20))" == "block (independent redraw every 20 slots)")
    #expect("\(FadingMode.clarke(dopplerPerSlot: 0.01))" == "Clarke (autocorrelation J0, Doppler 0.01 per slot, 32 sinusoids)")
    #expect("\(FadingMode.gaussMarkov(correlation: 0.5))" == "Gauss-Markov (correlation 0.5 of neighbouring slots)")
    #expect(
      "\(FadingLaw.rayleigh), \(FadingLaw.rician(directToScattered: 3)), \(FadingLaw.nakagami(shape: 0.5))"
        == "Rayleigh, Rician (K = 3.0), Nakagami (m = 0.5)")
  }

  @Test func aWalkingUserAtTwoGigahertz() {
    // f_D = 6.671 Hz: 0.99956 after 1 ms (published), the first zero of J₀ (2.405) at 57 ms.
    let clarke = FadingMode.clarke(speedMetersPerSecond: 1, carrier: Hertz(2e9), slotSeconds: 1e-3)
    let memory = FadingMode.gaussMarkov(speedMetersPerSecond: 1, carrier: Hertz(2e9), slotSeconds: 1e-3)
    #expect(abs(clarke.autocorrelation(slots: 1) - 0.99956) < 5e-6)
    #expect(clarke.autocorrelation(slots: 1) == memory.autocorrelation(slots: 1))
    #expect(clarke.autocorrelation(slots: 57) > 0 && clarke.autocorrelation(slots: 58) < 0)
    #expect(memory.autocorrelation(slots: 57) > 0.97)
    #expect(FadingMode.block(slots: 4).autocorrelation(slots: 1) == 0.75)
    #expect(FadingMode.block().autocorrelation(slots: 1) == 0 && FadingMode.block().autocorrelation(slots: 0) == 1)
  }

  @Test func impossibleSettingsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = SmallScaleFading(law: .rayleigh, mode: .block(slots: 0), links: 1) }
    await #expect(processExitsWith: .failure) { _ = SmallScaleFading(law: .rayleigh, mode: .clarke(dopplerPerSlot: .nan), links: 1) }
    await #expect(processExitsWith: .failure) {
      _ = SmallScaleFading(law: .rayleigh, mode: .clarke(dopplerPerSlot: 0.1, sinusoids: 7), links: 1)
    }
    await #expect(processExitsWith: .failure) { _ = SmallScaleFading(law: .rayleigh, mode: .gaussMarkov(correlation: 1.01), links: 1) }
    await #expect(processExitsWith: .failure) { _ = SmallScaleFading(law: .rician(directToScattered: -1), mode: .block(), links: 1) }
    await #expect(processExitsWith: .failure) { _ = SmallScaleFading(law: .nakagami(shape: 0.4), mode: .block(), links: 1) }
  }
}
