import Agents
import Tensor
import TestSupport
import Testing

@Suite struct SumTreeTests {
  /// The first place whose running sum exceeds a mass.
  private func slowPlace(_ weights: [Double], _ mass: Double) -> Int {
    var sum = 0.0
    for (place, weight) in weights.enumerated() {
      sum += weight
      if mass < sum { return place }
    }
    return weights.lastIndex { $0 > 0 }!
  }

  @Test func itAgreesWithASlowProgram() {
    var tree = SumTree()
    var weights: [Double] = []
    var random = RandomStream(seed: 4, purpose: .environment).generator()
    for round in 0..<600 {
      let place = round < 100 ? round : random.integer(below: 100)
      // Multiples of 1/64: every order of the sums is exact.
      let weight = Double(random.integer(below: 1000)) / 64
      if place == weights.count { weights.append(weight) } else { weights[place] = weight }
      tree[place] = weight
      let total = weights.reduce(0, +)
      #expect(tree.total == total && tree[place] == weight)
      guard total > 0 else { continue }
      for _ in 0..<5 {
        let mass = Double(random.integer(below: Int(total * 64))) / 64
        #expect(tree.place(of: mass) == slowPlace(weights, mass))
      }
      #expect(tree.place(of: 0) == slowPlace(weights, 0))
    }
    #expect(tree.weights(100) == weights && tree[100] == 0 && tree[1000] == 0)
  }

  @Test func itsBitsFollowFromTheWeights() {
    var tree = SumTree()
    var random = RandomStream(seed: 5, purpose: .environment).generator()
    for _ in 0..<2000 { tree[random.integer(below: 77)] = random.uniform() * (random.uniform() < 0.1 ? 1e9 : 1e-3) }
    let rebuilt = SumTree(tree.weights(77))
    #expect(rebuilt.total == tree.total)
    // A wider tree adds zeros only.
    var wide = rebuilt
    wide[5000] = 0
    #expect(wide.total == tree.total)
    for _ in 0..<200 {
      let mass = random.uniform() * tree.total
      #expect(rebuilt.place(of: mass) == tree.place(of: mass) && wide.place(of: mass) == tree.place(of: mass))
    }
  }

  @Test func onlyPlacesWithAWeightAreFound() {
    var tree = SumTree([0, 0, 1e-300, 0, 1e300, 0, 0])
    #expect(tree.place(of: 0) == 2)
    #expect(tree.place(of: 1e-300) == 4)
    #expect(tree.place(of: tree.total) == 4 && tree.place(of: 2 * tree.total) == 4)
    tree[4] = 0
    #expect(tree.place(of: 0) == 2 && tree.place(of: 5) == 2)
    // Rounding: 0.1 thrice is more than the sum of the tree, and less than it.
    let tenths = SumTree([0.1, 0.1, 0.1, 0])
    #expect(tenths.place(of: tenths.total.nextDown) == 2 && tenths.place(of: tenths.total) == 2)
  }

  @Test func misuseIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = SumTree([0, 0]).place(of: 0) }
    await #expect(processExitsWith: .failure) {
      var tree = SumTree()
      tree[3] = -1
    }
    await #expect(processExitsWith: .failure) {
      var tree = SumTree()
      tree[3] = .nan
    }
  }
}
