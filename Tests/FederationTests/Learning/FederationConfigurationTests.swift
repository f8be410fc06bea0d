import Federation
import Testing

@Suite struct FederationConfigurationTests {
  private func objection(_ change: (inout FederationConfiguration) -> Void) -> String? {
    var configuration = FederationConfiguration()
    change(&configuration)
    return configuration.objection(clients: 3, networks: DriftingClients(clients: 3).exchangeableNetworks)
  }

  @Test func whatDoesNotFitIsObjectedTo() {
    #expect(objection { _ in } == nil)
    #expect(objection { $0.roundSteps = 0 }?.contains("at least one step") == true)
    #expect(objection { $0.participation.fraction = 2 } != nil)
    #expect(objection { $0.groups = .clustered([[0]]) }?.contains("3 clients") == true)
    #expect(objection { $0.part = .only([.path("policy")]) }?.contains("policy") == true)
  }
}
