import Agents
import Tensor
import Testing

@testable import Federation

@Suite struct ExchangedPartTests {
  /// actor: layer0.weights 0..<4, layer0.bias 4..<6, layer1.weights 6..<8, layer1.bias 8; critic: hidden.weights 0..<3, value.weights 3..<5.
  private let networks = DriftingClients(clients: 1).exchangeableNetworks

  private func ranges(_ part: ExchangedPart) -> [[Range<Int>]] { networks.map { part.ranges(of: $0) } }

  @Test func partsAreTheirRanges() {
    #expect(ranges(.everything) == [[0..<9], [0..<5]])
    #expect(ranges(.only([.path("actor")])) == [[0..<9], []])
    #expect(ranges(.only([.path("critic")])) == [[], [0..<5]])
    #expect(ranges(.everything(but: [.lastLayer(of: "actor")])) == [[0..<6], [0..<5]])
    #expect(ranges(.everything(but: [.path("actor.layer0.bias"), .path("critic.hidden")])) == [[0..<4, 6..<9], [3..<5]])
    #expect(ranges(ExchangedPart.only([.path("actor")]).without([.lastLayer(of: "actor")])) == [[0..<6], []])
    #expect(ranges(.only([.lastLayer(of: "critic"), .path("actor.layer1.bias")])) == [[8..<9], [3..<5]])
  }

  /// A path is one of whole names: "layer1" does not mean "layer10".
  @Test func pathsEndBetweenNames() {
    var layout = Layout()
    layout.append("layer1.weights", [2], fanIn: 1)
    layout.append("layer10.weights", [3], fanIn: 1)
    let network = ExchangeableNetwork("net", layout)
    #expect(ExchangedPart.only([.path("net.layer1")]).ranges(of: network) == [0..<2])
    #expect(ExchangedPart.only([.path("net.layer1.")]).ranges(of: network) == [])
    #expect(ExchangedPart.everything(but: [.lastLayer(of: "net")]).ranges(of: network) == [0..<2])
  }

  @Test func whatMeansNothingIsObjectedTo() {
    #expect(ExchangedPart.everything.objection(to: networks) == nil)
    let unknown = ExchangedPart.everything(but: [.path("actor.head")]).objection(to: networks)
    #expect(unknown?.contains("actor.head") == true && unknown?.contains("actor.layer1.bias") == true)
    #expect(ExchangedPart.only([.lastLayer(of: "policy")]).objection(to: networks)?.contains("policy") == true)
    let empty = ExchangedPart.everything(but: [.path("actor"), .path("critic")])
    #expect(empty.objection(to: networks)?.contains("nothing is left") == true)
  }
}
