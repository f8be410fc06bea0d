import Tensor
import Testing

@testable import Federation

@Suite struct MetaConfigurationTests {
  private let layout = Network(widths: [1, 4, 1]).layout

  @Test func presetsFitAndAreThePapers() {
    for configuration in [MetaConfiguration.maml, .firstOrder, .reptile, .joint, .anil(head: ["layer1"])] {
      #expect(configuration.objection(to: layout) == nil)
    }
    #expect(MetaConfiguration.maml.innerRate == 0.01 && MetaConfiguration.maml.tasks == .fresh(25))
    #expect(MetaConfiguration.firstOrder.algorithm == .maml(.dropped))
    #expect(MetaConfiguration.reptile.innerSteps == 5 && MetaConfiguration.reptile.support == .fresh)
  }

  @Test func adaptedPartsAreSlicesByName() {
    #expect(AdaptedPart.everything.ranges(in: layout) == nil)
    #expect(AdaptedPart.only(["layer1"]).ranges(in: layout) == [8..<12, 12..<13])
    #expect(AdaptedPart.only(["layer0.bias"]).ranges(in: layout) == [4..<8])
    // A name is not meant by its beginning alone.
    #expect(AdaptedPart.only(["layer"]).objection(to: layout)?.hasPrefix("no slice is meant by 'layer'; there are layer0.weights,") == true)
    #expect(AdaptedPart.only([]).objection(to: layout) == "no slice is to be adapted")
  }

  @Test func whatDoesNotFitIsNamed() {
    func objection(_ change: (inout MetaConfiguration) -> Void) -> String? {
      var configuration = MetaConfiguration()
      change(&configuration)
      return configuration.objection(to: layout)
    }
    #expect(objection { $0.innerSteps = 0 } == "an adaptation needs at least one inner step, got 0")
    #expect(objection { ($0.innerSteps, $0.algorithm) = (0, .joint) } == nil)
    #expect(objection { $0.innerRate = 0 } == "the inner rate must be positive, got 0.0")
    #expect(objection { $0.innerRate = .nan } == "the inner rate must be positive, got nan")
    #expect(objection { $0.algorithm = .maml(.difference(-1)) } == "the difference δ must be positive, got -1.0")
    #expect(objection { $0.tasksTogether = 0 } == "at least one task makes a model, got 0")
    #expect(objection { $0.maximumNorm = 0 } == "the largest norm must be positive, got 0.0")
    #expect(objection { $0.tasks = .fresh(0) } == "an iteration needs at least one task, got 0")
  }
}
