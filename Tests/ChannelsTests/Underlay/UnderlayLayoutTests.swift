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

  /// With a place for each block the own links follow all others, whose places stay what they were.
  @Test func ownLinksMayHaveAPlaceForEachBlock() {
    let (flat, layout) = (UnderlayLayout(pairs: 3, blocks: 2), UnderlayLayout(pairs: 3, blocks: 2, separatesBlocks: true))
    let own = (0..<3).flatMap { pair in (0..<2).map { layout.own(pair, on: $0) } }
    #expect(own == Array(flat.count..<layout.count) && layout.count == flat.count + 6)
    #expect((0..<3).allSatisfy { flat.own($0, on: 1) == flat.transmitter($0, toReceiver: $0) })
    #expect(layout.transmitter(2, toReceiver: 1) == flat.transmitter(2, toReceiver: 1))
    var cell = UnderlayCell()
    #expect(UnderlayLayout(cell) == UnderlayLayout(pairs: 10, blocks: 10))
    cell.ownFading = .perBlock
    #expect(UnderlayLayout(cell) == UnderlayLayout(pairs: 10, blocks: 10, separatesBlocks: true))
  }
}
