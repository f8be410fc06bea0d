import Channels
import Testing

@Suite struct UnderlayLayoutTests {
  /// Every link has a place of its own, in the order that is promised, and there are no others.
  @Test(arguments: [(1, 1), (3, 2), (2, 5), (7, 7)]) func linksFillTheArrayInOrder(pairs: Int, blocks: Int) {
    let layout = UnderlayLayout(pairs: pairs, blocks: blocks)
    var places = (0..<blocks).map { layout.base(toCellular: $0) }
    places += (0..<pairs).map { layout.base(toReceiver: $0) }
    places += (0..<pairs).map { layout.base(toTransmitter: $0) }
    for i in 0..<pairs { places += (0..<blocks).map { layout.transmitter(i, toCellular: $0) } }
    for i in 0..<pairs { places += (0..<pairs).map { layout.transmitter(i, toReceiver: $0) } }
    #expect(places == Array(0..<layout.count))
    #expect(layout.baseToReceivers == layout.base(toReceiver: 0) && layout.baseToTransmitters == layout.base(toTransmitter: 0))
    #expect(layout.pairsToCellular == layout.transmitter(0, toCellular: 0) && layout.pairsToReceivers == layout.transmitter(0, toReceiver: 0))
  }
}
