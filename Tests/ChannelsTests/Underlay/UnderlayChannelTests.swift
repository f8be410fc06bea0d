import CAllocations
import Channels
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct UnderlayChannelTests {
  private func cell(pairs: Int = 6, _ change: (inout UnderlayCell) -> Void = { _ in }) -> UnderlayCell {
    var cell = UnderlayCell()
    cell.pairs = pairs
    change(&cell)
    return cell
  }

  /// The covariance of |h|² over k slots is J₀² − 1/S for a sum of S = 32 waves of independent phases. J₀ by its integral. Products of two
  /// powers with c = J₀² have the variance 3 + 14c + 3c² (nearly: of a normal process); 5.5 deviations are left by one run in 10⁷.
  @Test func jakesFadingHasClarkesAutocorrelation() {
    let cell = cell(pairs: 100) {
      $0.resourceBlocks = 100
      $0.fading = .jakes
      $0.speedMetersPerSecond = 30
    }
    var channel = UnderlayChannel(cell, dropSeeds: [1, 1, 1, 1], fadingSeed: 4)
    let scale = channel.drops.flatMap(\.powers)
    func fading() -> [Double] { zip(channel.powers, scale).map { Double($0) / Double($1) } }
    let first = fading()
    let count = Double(first.count)
    #expect(abs(Moments.mean(first) - 1) < 5.5 / count.squareRoot())
    for slot in 1...8 {
      channel.advance()
      let doppler = 30.0 * 2e9 / 299_792_458
      let x: Double = 2 * Double.pi * doppler * 1e-3 * Double(slot)
      let steps = 2000
      var j0 = 0.0
      for step in 0..<steps { j0 += cos(x * sin(Double.pi * (Double(step) + 0.5) / Double(steps))) / Double(steps) }
      let c: Double = j0 * j0
      let variance: Double = 3 + 14 * c + 3 * c * c
      let bound = 5.5 * (variance / count).squareRoot()
      #expect(abs(Moments.meanProduct(first, fading()) - (1 + c - 1.0 / 32)) < bound, "slot \(slot)")
    }
  }

  @Test func gaussMarkovAndJakesAgreeOnNeighbouringSlotsOnly() {
    // With the same speed the first-order process has J₀⁴ over two slots, where Clarke's has J₀(2x)².
    let cell = cell(pairs: 100) {
      $0.resourceBlocks = 100
      $0.fading = .gaussMarkov
      $0.speedMetersPerSecond = 30
    }
    var channel = UnderlayChannel(cell, dropSeeds: [1, 1, 1, 1], fadingSeed: 4)
    let scale = channel.drops.flatMap(\.powers)
    func fading() -> [Double] { zip(channel.powers, scale).map { Double($0) / Double($1) } }
    let first = fading()
    let rho = 0.6426
    for slot in 1...2 {
      channel.advance()
      let c = slot == 1 ? rho * rho : rho * rho * rho * rho
      let variance: Double = 3 + 14 * c + 3 * c * c
      let bound = 5.5 * (variance / Double(first.count)).squareRoot() + 1e-3
      #expect(abs(Moments.meanProduct(first, fading()) - (1 + c)) < bound)
    }
  }

  @Test func partsOfASlotMakeTheWhole() {
    let cell = cell { $0.fading = .jakes }
    var whole = UnderlayChannel(cell, dropSeeds: [3, 4], fadingSeed: 1)
    var parts = whole
    for _ in 0..<4 {
      whole.advance()
      parts.beginSlot()
      parts.receive(0)
      parts.receive(1)
      #expect(parts.slot == whole.slot && parts.powers == whole.powers)
    }
  }

  @Test(arguments: UnderlayCell.Fading.allCases) func slotsWithoutFadingHaveTheDropsPowers(fading: UnderlayCell.Fading) {
    let cell = cell { $0.fading = fading }
    var channel = UnderlayChannel(cell, dropSeeds: [3, 4], fadingSeed: 1)
    #expect(channel.drops == [UnderlayDrop(cell, seed: 3), UnderlayDrop(cell, seed: 4)])
    for _ in 0..<3 { channel.advance() }
    #expect((channel.powers == channel.drops.flatMap(\.powers)) == (fading == .none))
    channel.redraw(episode: 2)
    #expect(channel.drops == [UnderlayDrop(cell, seed: 3, episode: 2), UnderlayDrop(cell, seed: 4, episode: 2)])
    #expect(channel.slot == 3)
  }

  @Test(arguments: UnderlayCell.Fading.allCases, UnderlayCell.Movement.allCases)
  func aSavedChannelContinuesBitForBit(fading: UnderlayCell.Fading, movement: UnderlayCell.Movement) throws {
    let folder = try TemporaryFolder()
    let cell = cell {
      $0.fading = fading
      $0.movement = movement
      $0.speedMetersPerSecond = 30
      $0.slotMilliseconds = 700
      $0.turnSeconds = 3
      $0.shadowingDeviationDB = 6
    }
    var original = UnderlayChannel(cell, dropSeeds: [3, 4], fadingSeed: 1, firstCopy: 5)
    for _ in 0..<17 { original.advance() }
    try Archive.save(&original, to: folder.file("channel.safetensors"))
    var restored = UnderlayChannel(cell, dropSeeds: [3, 4], fadingSeed: 1, firstCopy: 5)
    try Archive.restore(&restored, from: folder.file("channel.safetensors"))
    for _ in 0..<20 {
      #expect(restored.slot == original.slot && restored.powers == original.powers && restored.drops == original.drops)
      original.advance()
      restored.advance()
    }
  }

  @Test(arguments: UnderlayCell.Fading.allCases, UnderlayCell.Movement.allCases)
  func aSlotAllocatesNothing(fading: UnderlayCell.Fading, movement: UnderlayCell.Movement) {
    var cell = cell {
      $0.fading = fading
      $0.movement = movement
      $0.blocksPerSet = 2
      $0.powerLevels = 2
      // Everybody turns in every slot.
      $0.turnSeconds = 0.001
    }
    for (blocksPerSet, powerLevels, ownFading) in [(1, 1, .flat), (3, 2, .flat), (1, 1, UnderlayCell.OwnFading.perBlock)] {
      (cell.blocksPerSet, cell.powerLevels, cell.ownFading) = (blocksPerSet, powerLevels, ownFading)
      var channel = UnderlayChannel(cell, dropSeeds: [3, 4], fadingSeed: 1)
      let links = UnderlayLinks(cell)
      var outcome = links.outcome()
      let allocation = (0..<2 * cell.pairs).map { Int32($0 % links.actions.count) }
      var heard = Array(repeating: Float(0), count: cell.pairs * cell.resourceBlocks)
      func slot() {
        channel.advance()
        for copy in 0..<2 {
          links.evaluate(channel.powers, allocation: allocation, copy: copy, into: &outcome)
          links.interferenceOnBlocks(channel.powers, allocation: allocation, copy: copy, into: &heard)
        }
      }
      slot()
      allocations_watch()
      for _ in 0..<10 { slot() }
      #expect(allocations_seen().requests == 0)
    }
  }
}
