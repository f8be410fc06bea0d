/// Finds places for small texts that cover neither signs nor each other.
struct LabelPlacer {
  struct Box: Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func overlaps(_ other: Box) -> Bool { left < other.right && other.left < right && top < other.bottom && other.top < bottom }
  }

  let frame: Box
  private(set) var occupied: [Box] = []

  init(frame: Box) { self.frame = frame }

  mutating func occupy(x: Double, y: Double, halfWidth: Double, halfHeight: Double) {
    occupied.append(Box(left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight))
  }

  /// Keeps a straight line free, by small boxes along it.
  mutating func occupy(from a: (x: Double, y: Double), to b: (x: Double, y: Double)) {
    let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
    let parts = min(200, max(1, Int(length / 4)))
    for part in 0...parts {
      let share = Double(part) / Double(parts)
      occupy(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y), halfWidth: 1.5, halfHeight: 1.5)
    }
  }

  /// A free box of a size beside a point: right, left, above, below, then at the corners, then the same a little farther off; it is
  /// occupied from then on. Nil where nothing is free.
  ///
  /// - Parameter distance: From the point to the box.
  mutating func place(width: Double, height: Double, around point: (x: Double, y: Double), distance: Double) -> Box? {
    let directions = [(1.0, 0.0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)]
    for reach in [distance, distance + 5] {
      for (x, y) in directions {
        // Corners are a little nearer, for the signs are round.
        let step = x != 0 && y != 0 ? 0.8 * reach : reach
        let center = (x: point.x + x * (step + width / 2), y: point.y + y * (step + height / 2))
        let box = Box(left: center.x - width / 2, top: center.y - height / 2, right: center.x + width / 2, bottom: center.y + height / 2)
        guard box.left > frame.left, box.right < frame.right, box.top > frame.top, box.bottom < frame.bottom else { continue }
        guard !occupied.contains(where: box.overlaps) else { continue }
        occupied.append(box)
        return box
      }
    }
    return nil
  }
}
