import Channels
import Testing

@Suite struct NetworkLanesTests {
  /// Every network has a place of its own, and its group reads the gains of its realisation.
  @Test(arguments: [(1, 1), (8, 1), (13, 1), (3, 2), (2, 8), (3, 20)]) func placesAreDistinct(realizations: Int, initializations: Int) {
    let lanes = NetworkLanes(realizations: realizations, initializations: initializations)
    var taken = Set<Int>()
    for network in 0..<lanes.count {
      let (group, lane) = lanes.place(of: network)
      #expect(group < lanes.groups && lane < 8 && taken.insert(group * 8 + lane).inserted)
      let realization = network / initializations
      #expect(lanes.gainGroup(of: group) == (initializations == 1 ? realization / 8 : realization))
    }
    #expect(lanes.gainGroup(of: lanes.groups - 1) == lanes.gainGroups - 1)
  }
}
