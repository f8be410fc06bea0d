import Channels
import Scenarios
import Testing

@Suite struct MulticellParametersTests {
  /// A user's power by each reading of the SNR of 20 dB, (32, 16) with 12 channels.
  @Test func budgetsAreWhatTheyMean() {
    var parameters = MulticellParameters()
    (parameters.antennas, parameters.users, parameters.frequencies) = (32, 16, 12)
    for (budget, power) in [(MulticellParameters.Budget.perChannel, 1200.0), (.fixed, 100), (.arrayPerChannel, 37.5), (.array, 3.125)] {
      parameters.budget = budget
      #expect(abs(parameters.userBudget - power) < 1e-9)
    }
  }

  /// 792 and 12 384 numbers of c, channels and beams with six channels, twice that with twelve.
  @Test(arguments: [(4, 8, 6, 792), (4, 8, 12, 1584), (16, 32, 6, 12_384), (16, 32, 12, 24_768)])
  func observationsHaveTheSizesOfEquation17(users: Int, antennas: Int, frequencies: Int, size: Int) {
    var parameters = MulticellParameters()
    (parameters.users, parameters.antennas, parameters.frequencies) = (users, antennas, frequencies)
    parameters.features = .channels
    #expect(parameters.observationSize == size)
    parameters.features = .gains
    #expect(parameters.observationSize == 2 * users * frequencies)
    parameters.features = .pooled
    #expect(parameters.observationSize == 8 * users * frequencies)
  }

  @Test func tooManyUsersAreRefusedOrRotated() {
    var parameters = MulticellParameters()
    parameters.users = 9
    #expect(parameters.contradiction?.contains("rotateUsers") == true)
    parameters.rotatesUsers = true
    #expect(parameters.contradiction == nil && parameters.network.users == [8, 8, 8])
    parameters.frequencies = 2
    #expect(parameters.contradiction?.contains("raise frequencies") == true)
  }

  @Test func choicesHaveTheirNames() {
    #expect(MulticellParameters.Budget.allCases.map(\.rawValue) == ["perChannel", "fixed", "arrayPerChannel", "array"])
    #expect(MulticellParameters.Features.allCases.map(\.rawValue) == ["gains", "pooled", "channels"])
    #expect(RandomAllocation.allCases.map(\.rawValue) == ["uniform", "unscaled", "dirichlet", "oneFrequency"])
  }
}
