/// Weights of places, their sum, and the place in which a part of the sum falls: a binary tree of sums.
///
/// Every node is the sum of its two children, computed anew whenever one of them changes. So each sum has one fixed order, no error builds up,
/// and the tree follows from the weights alone: a restored one has the same bits. It doubles when a place beyond its end gets a weight.
public struct SumTree: Sendable {
  /// A power of two.
  private var width: Int
  /// Node 1 is the root, node i has the children 2i and 2i + 1, place k is node width + k. `[2 · width]`
  private var nodes: [Double]

  /// All weights are zero.
  public init() {
    width = 1
    nodes = [0, 0]
  }

  /// The weights of the first places.
  public init(_ weights: [Double]) {
    self.init()
    reserve(weights.count)
    for (place, weight) in weights.enumerated() { nodes[width + place] = weight }
    addUp()
  }

  /// The sum of all weights.
  public var total: Double { nodes[1] }

  /// The weight of a place; zero if it never got one.
  public subscript(place: Int) -> Double {
    get { place < width ? nodes[width + place] : 0 }
    set {
      precondition(place >= 0 && newValue >= 0 && newValue.isFinite, "SumTree: the weight \(newValue) for place \(place)")
      reserve(place + 1)
      var node = width + place
      nodes[node] = newValue
      while node > 1 {
        node /= 2
        nodes[node] = nodes[2 * node] + nodes[2 * node + 1]
      }
    }
  }

  /// The first place k with mass < w_0 + ... + w_k, up to the rounding of the sums; always one with a positive weight.
  ///
  /// - Parameter mass: In 0 ..< total.
  /// - Precondition: The sum of the weights is positive.
  /// - Complexity: O(log n)
  public func place(of mass: Double) -> Int {
    precondition(total > 0, "SumTree.place: all weights are zero")
    var (node, rest) = (1, mass)
    while node < width {
      let left = nodes[2 * node]
      // Where rounding has left more than there is on the right, it belongs to the left.
      if rest < left || nodes[2 * node + 1] == 0 {
        node = 2 * node
      } else {
        rest -= left
        node = 2 * node + 1
      }
    }
    return node - width
  }

  /// The weights of the first places.
  public func weights(_ count: Int) -> [Double] { (0..<count).map { self[$0] } }

  private mutating func reserve(_ places: Int) {
    guard places > width else { return }
    let old = weights(width)
    while width < places { width *= 2 }
    nodes = Array(repeating: 0, count: 2 * width)
    for place in old.indices { nodes[width + place] = old[place] }
    addUp()
  }

  private mutating func addUp() {
    var node = width - 1
    while node > 0 {
      nodes[node] = nodes[2 * node] + nodes[2 * node + 1]
      node -= 1
    }
  }
}
