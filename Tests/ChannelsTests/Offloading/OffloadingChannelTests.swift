import CAllocations
import Channels
import Tensor
import TestSupport
import Testing

@Suite struct OffloadingChannelTests {
  /// Gains over their large-scale values are exponential, on own channels and at other SBSs; kilobytes and cycles per bit are uniform.
  @Test func fadingAndTasksHaveTheirLaws() throws {
    var channel = try OffloadingChannel(OffloadingCells(), dropSeeds: [1, 2], fadingSeed: 3)
    var still = OffloadingCells()
    still.fading = .none
    let scale = try OffloadingChannel(still, dropSeeds: [1, 2], fadingSeed: 3)
    #expect(scale.links == 60 * 22)
    let drop = channel.drops[1]
    for user in [0, 17, 59] {
      #expect(scale.gains[scale.own(1, user: user) + 5] == Float(drop.gains[user * 6 + user / 10]))
      for site in 0..<6 {
        #expect(scale.gains[1320 + 960 + user * 6 + site] == (site == user / 10 ? 0 : Float(drop.gains[user * 6 + site])))
      }
    }
    var (own, cross, sizes, densities) = ([Double](), [Double](), [Double](), [Double]())
    for _ in 0..<40 {
      for link in 0..<2640 where scale.gains[link] > 0 {
        let fading = Double(channel.gains[link]) / Double(scale.gains[link])
        if link % 1320 < 960 { own.append(fading) } else { cross.append(fading) }
      }
      for task in 0..<120 {
        sizes.append((channel.bits[task] / 8000 - 200) / 100)
        densities.append((channel.cycles[task] / channel.bits[task] - 500) / 500)
      }
      channel.advance()
    }
    #expect(cross.count == 40 * 600)
    for fading in [own, cross] { #expect(KolmogorovSmirnov.agrees(fading) { 1 - Math.exp(-$0) }) }
    for uniform in [sizes, densities] { #expect(KolmogorovSmirnov.agrees(uniform) { min(max($0, 0), 1) }) }
    // Independent uniforms: E uv = 1/4 with variance 7/144 a product; 5.5 deviations.
    #expect(abs(Moments.meanProduct(sizes, densities) - 0.25) < 5.5 * (7 / 144 / Double(sizes.count)).squareRoot())
    // Neighbouring channels and slots are independent: E = 1, variance 3.
    #expect(abs(Moments.meanProduct(own, Array(own.dropFirst())) - 1) < 5.5 * (3 / Double(own.count)).squareRoot())
    #expect(abs(Moments.meanProduct(own, Array(own.dropFirst(1920))) - 1) < 5.5 * (3 / Double(own.count - 1920)).squareRoot())
  }

  @Test func copiesTogetherHaveTheBitsOfEachApart() throws {
    var together = try OffloadingChannel(OffloadingCells(), dropSeeds: [5, 6, 7], fadingSeed: 3)
    var apart: [OffloadingChannel] = []
    for copy in 0..<3 { apart.append(try OffloadingChannel(OffloadingCells(), dropSeeds: [UInt64(5 + copy)], fadingSeed: 3, firstCopy: copy)) }
    for _ in 0..<4 {
      #expect(together.gains == apart.flatMap(\.gains) && together.cycles == apart.flatMap(\.cycles) && together.bits == apart.flatMap(\.bits))
      together.advance()
      for copy in 0..<3 { apart[copy].advance() }
    }
  }

  @Test func tasksOfAnEpisodeStayAndPositionsAreRedrawnOnRequest() throws {
    var cells = OffloadingCells()
    cells.tasks = .everyEpisode
    var channel = try OffloadingChannel(cells, dropSeeds: [1], fadingSeed: 3)
    let (bits, gains, drops) = (channel.bits, channel.gains, channel.drops)
    channel.advance()
    #expect(channel.bits == bits && channel.gains != gains)
    channel.beginEpisode(1, redrawingPositions: false)
    #expect(channel.bits != bits && channel.drops == drops)
    let fading = channel.gains
    channel.beginEpisode(2, redrawingPositions: true)
    let third = try OffloadingDrop(cells, seed: 1, episode: 2)
    #expect(channel.drops[0] == third && channel.gains != fading && channel.slot == 1)
  }

  @Test func placesWithoutAUserHaveNoTask() throws {
    var cells = OffloadingCells()
    cells.cells = 2
    cells.usersPerCell = PerCell(each: [1, 3])
    let channel = try OffloadingChannel(cells, dropSeeds: [1], fadingSeed: 3)
    #expect(channel.bits.map { $0 > 0 } == [true, false, false, true, true, true])
    #expect(channel.cycles.map { $0 > 0 } == [true, false, false, true, true, true])
  }

  @Test(arguments: OffloadingCells.TaskRenewal.allCases) func aSavedChannelContinuesBitForBit(tasks: OffloadingCells.TaskRenewal) throws {
    let folder = try TemporaryFolder()
    var cells = OffloadingCells()
    cells.tasks = tasks
    var original = try OffloadingChannel(cells, dropSeeds: [3, 4], fadingSeed: 1, firstCopy: 5)
    for _ in 0..<7 { original.advance() }
    original.beginEpisode(2, redrawingPositions: false)
    // Slots later, tasks are still those of the episode.
    for _ in 0..<2 { original.advance() }
    try Archive.save(&original, to: folder.file("channel.safetensors"))
    var restored = try OffloadingChannel(cells, dropSeeds: [3, 4], fadingSeed: 1, firstCopy: 5)
    try Archive.restore(&restored, from: folder.file("channel.safetensors"))
    for _ in 0..<3 {
      #expect(restored.slot == original.slot && restored.gains == original.gains && restored.bits == original.bits)
      #expect(restored.cycles == original.cycles)
      original.advance()
      restored.advance()
    }
  }

  @Test func aSlotAllocatesNothing() throws {
    var channel = try OffloadingChannel(OffloadingCells(), dropSeeds: [3, 4], fadingSeed: 1)
    channel.advance()
    allocations_watch()
    for _ in 0..<5 { channel.advance() }
    #expect(allocations_seen().requests == 0)
  }
}
