import Tensor

/// Cellular users and pairs that walk, and the large-scale powers of where they are.
///
/// Cellular users and D2D transmitters walk at random within the ring in which they were dropped, reflected by its two borders; the receiver of a
/// pair keeps its offset from its transmitter and may leave the cell, as in a drop. The shadowing of a link stays what it was.
///
/// A power is c (d²)^(−n/2) with the link's power c at one metre and its exponent n, lengths below one metre counted as one: a logarithm and an
/// exponential of whole arrays in single precision, within 10⁻⁵ of what ``UnderlayDrop`` gives for the same positions.
struct UnderlayMotion: Archivable, Sendable {
  private var mobility: Mobility
  private let layout: UnderlayLayout
  private let model: MobilityModel
  /// Receiver minus transmitter in metres. `[E, N]`
  private let offsetX: [Double]
  private let offsetY: [Double]
  /// The power of each link at one metre, in watts. `[E, links]`
  private let atOneMeter: [Float]
  /// −n/2 of the links of the base station and of those of pairs.
  private let baseSlope: Float
  private let pairSlope: Float
  /// Coordinates of one copy's users, receivers and transmitters. `[K + 2N]`
  private var x: [Double]
  private var y: [Double]

  /// - Parameters:
  ///   - drops: Where nodes begin.
  ///   - stream: Of the first copy; copy e takes its index plus e.
  init(_ cell: UnderlayCell, drops: [UnderlayDrop], stream: RandomStream) {
    layout = UnderlayLayout(cell)
    let speed = MetersPerSecond(cell.speedMetersPerSecond)
    model = .randomWalk(speed...speed, turnEvery: Seconds(cell.turnSeconds))
    let region = Region.ring(cell.area)
    var nodes = NodePositions(copies: drops.count, nodes: cell.resourceBlocks + cell.pairs)
    for (copy, drop) in drops.enumerated() {
      // A place drawn on the border may have been rounded to beyond it.
      for (node, place) in (drop.cellularUsers + drop.transmitters).enumerated() { nodes[copy, node] = region.clamped(place) }
    }
    mobility = Mobility(model, in: region, at: nodes, stream: stream)
    offsetX = drops.flatMap { drop in drop.transmitters.indices.map { drop.receivers[$0].x - drop.transmitters[$0].x } }
    offsetY = drops.flatMap { drop in drop.transmitters.indices.map { drop.receivers[$0].y - drop.transmitters[$0].y } }
    x = Array(repeating: 0, count: cell.resourceBlocks + 2 * cell.pairs)
    y = x
    baseSlope = Float(-cell.baseLossPerDecadeDB / 20)
    pairSlope = Float(-cell.pairPathLossExponent / 2)
    let layout = layout
    let base = Double(cell.basePowerOnBlock.value) * (-cell.basePathLoss.loss(at: Meters(1))).linear
    let pair = Double(cell.pairPower.value) * (-cell.pairPathLoss.loss(at: Meters(1))).linear
    atOneMeter = drops.flatMap { drop in
      (0..<layout.count).map { Float(($0 < layout.pairsToCellular ? base : pair) * (-drop.shadows[$0]).linear) }
    }
  }

  /// Lets everybody walk on.
  mutating func walk(seconds: Double, stream: RandomStream) { mobility.advance(seconds: Seconds(seconds), stream: stream, step: 0) }

  /// Writes the positions of one copy, and the powers there. Allocates nothing.
  mutating func place(_ copy: Int, in drop: inout UnderlayDrop) {
    let (users, pairs) = (layout.blocks, layout.pairs)
    let first = copy * (users + pairs)
    for m in 0..<users { put(Position(x: mobility.positions.x[first + m], y: mobility.positions.y[first + m]), m, &drop.cellularUsers[m]) }
    for n in 0..<pairs {
      let sender = Position(x: mobility.positions.x[first + users + n], y: mobility.positions.y[first + users + n])
      let receiver = Position(x: sender.x + offsetX[copy * pairs + n], y: sender.y + offsetY[copy * pairs + n])
      put(receiver, users + n, &drop.receivers[n])
      put(sender, users + pairs + n, &drop.transmitters[n])
    }
    UnderlayMotion.squares(layout, x, y, into: &drop.powers)
    UnderlayMotion.attenuate(&drop.powers, from: copy * layout.count, atOneMeter, layout.pairsToCellular, baseSlope, pairSlope)
  }

  private mutating func put(_ place: Position, _ node: Int, _ target: inout Position) {
    x[node] = place.x
    y[node] = place.y
    target = place
  }

  /// d² in square metres of all links, from differences in double precision: single precision would round those of near nodes far from the origin.
  private static func squares(_ layout: UnderlayLayout, _ x: [Double], _ y: [Double], into squares: inout [Float]) {
    let (users, pairs) = (layout.blocks, layout.pairs)
    let (x, y) = (x.span, y.span)
    var squares = squares.mutableSpan
    for node in x.indices { squares[node] = Float(x[node] * x[node] + y[node] * y[node]) }
    for i in 0..<pairs {
      let sender = users + pairs + i
      let (fromX, fromY) = (x[sender], y[sender])
      for m in 0..<users {
        let (dx, dy) = (x[m] - fromX, y[m] - fromY)
        squares[layout.pairsToCellular + i * users + m] = Float(dx * dx + dy * dy)
      }
      for n in 0..<pairs {
        let (dx, dy) = (x[users + n] - fromX, y[users + n] - fromY)
        squares[layout.pairsToReceivers + i * pairs + n] = Float(dx * dx + dy * dy)
      }
    }
    for place in layout.ownOnBlocks..<layout.count {
      squares[place] = squares[layout.pairsToReceivers + (place - layout.ownOnBlocks) / users * (pairs + 1)]
    }
  }

  /// From d² to c (d²)^(−n/2).
  private static func attenuate(
    _ powers: inout [Float], from first: Int, _ atOneMeter: [Float], _ pairsToCellular: Int, _ baseSlope: Float, _ pairSlope: Float
  ) {
    var values = powers.mutableSpan
    for i in values.indices { values[i] = values[i] > 1 ? values[i] : 1 }
    VectorMath.apply(.log, to: &values)
    for i in 0..<pairsToCellular { values[i] *= baseSlope }
    for i in pairsToCellular..<values.count { values[i] *= pairSlope }
    VectorMath.apply(.exp, to: &values)
    VectorMath.multiply(&values, by: atOneMeter.span.extracting(first..<first + values.count))
  }

  mutating func archive(in archive: Archive) throws(FileError) { try mobility.archive(in: archive) }
}
