import Tensor

/// The losses of links that differ in heights, carrier or even scenario, in single precision: one set of lines a link, prepared once a drop.
///
/// Heights stay while users walk and states change, so that what depends on them is computed once (in double precision) and a step
/// costs one logarithm a link. That is also the form for urban macro links with drawn environment heights:
/// `table.set(model.lines(heights: heights[i], carrier: carrier), at: i)` for each link of a new drop.
public struct LossTable: Sendable {
  public let count: Int
  private var heightSquared: [Float]
  private var near: [Float]
  private var nearSlope: [Float]
  private var nearPerMeter: [Float]
  private var far: [Float]
  private var farSlope: [Float]
  private var blocked: [Float]
  private var blockedSlope: [Float]
  private var bound: [Float]
  private var breakpoint: [Float]
  private var lower: [Float]
  private var losUpper: [Float]
  private var nlosUpper: [Float]

  /// A table of links that all have the same lines to begin with.
  public init(count: Int, lines: LossLines) {
    precondition(count >= 0, "LossTable: \(count) links")
    self.count = count
    let single = SingleLines(lines)
    func all(_ value: Float) -> [Float] { Array(repeating: value, count: count) }
    heightSquared = all(single.heightSquared)
    near = all(single.near)
    nearSlope = all(single.nearSlope)
    nearPerMeter = all(single.nearPerMeter)
    far = all(single.far)
    farSlope = all(single.farSlope)
    blocked = all(single.blocked)
    blockedSlope = all(single.blockedSlope)
    bound = all(single.bound)
    breakpoint = all(single.breakpoint)
    lower = all(single.lower)
    losUpper = all(single.losUpper)
    nlosUpper = all(single.nlosUpper)
  }

  /// Gives one link its lines. Allocates nothing.
  public mutating func set(_ lines: LossLines, at link: Int) {
    precondition(link >= 0 && link < count, "LossTable.set: link \(link) of \(count)")
    let single = SingleLines(lines)
    heightSquared[link] = single.heightSquared
    near[link] = single.near
    nearSlope[link] = single.nearSlope
    nearPerMeter[link] = single.nearPerMeter
    far[link] = single.far
    farSlope[link] = single.farSlope
    blocked[link] = single.blocked
    blockedSlope[link] = single.blockedSlope
    bound[link] = single.bound
    breakpoint[link] = single.breakpoint
    lower[link] = single.lower
    losUpper[link] = single.losUpper
    nlosUpper[link] = single.nlosUpper
  }

  /// The losses in decibels, with the bits that ``LossLines/losses(horizontalDistances:states:into:)`` gives each link. Allocates nothing.
  ///
  /// - Parameters:
  ///   - horizontalDistances: d₂D in metres. `[links]`
  ///   - states: `[links]`
  ///   - losses: `[links]`
  /// - Precondition: Equal counts; every distance in range.
  /// - Complexity: O(links)
  public func losses(
    horizontalDistances: Span<Float>, states: Span<LineOfSight>, into losses: inout MutableSpan<Float>
  ) {
    let count = self.count
    precondition(
      horizontalDistances.count == count && states.count == count && losses.count == count,
      "LossTable.losses: \(horizontalDistances.count) distances, \(states.count) states, \(losses.count) losses of \(count) links")
    square(horizontalDistances, states, into: &losses)
    VectorMath.apply(.log, to: &losses)
    let (heightSquared, near, nearSlope, nearPerMeter) = (heightSquared.span, near.span, nearSlope.span, nearPerMeter.span)
    let (far, farSlope, blocked, blockedSlope) = (far.span, farSlope.span, blocked.span, blockedSlope.span)
    let (bound, breakpoint) = (bound.span, breakpoint.span)
    for i in 0..<count {
      let d = horizontalDistances[i]
      let logSquare = losses[i]
      let slant = (d * d + heightSquared[i]).squareRoot()
      let nearLoss = near[i] + nearSlope[i] * logSquare + nearPerMeter[i] * slant
      let farLoss = far[i] + farSlope[i] * logSquare
      let clear = d <= breakpoint[i] ? nearLoss : farLoss
      let blockedLoss = blocked[i] + blockedSlope[i] * logSquare
      let least = clear + bound[i]
      losses[i] = states[i] == .los ? clear : (blockedLoss > least ? blockedLoss : least)
    }
  }

  /// d₃D², after a look at the ranges.
  private func square(_ distances: Span<Float>, _ states: Span<LineOfSight>, into squares: inout MutableSpan<Float>) {
    let (lower, losUpper, nlosUpper, heightSquared) = (lower.span, losUpper.span, nlosUpper.span, heightSquared.span)
    var refused: Int32 = 0
    for i in 0..<squares.count {
      let d = distances[i]
      let upper = states[i] == .los ? losUpper[i] : nlosUpper[i]
      refused &+= d >= lower[i] && d <= upper ? 0 : 1
      squares[i] = d * d + heightSquared[i]
    }
    if refused == 0 { return }
    for i in 0..<squares.count {
      let upper = states[i] == .los ? losUpper[i] : nlosUpper[i]
      precondition(
        distances[i] >= lower[i] && distances[i] <= upper,
        "LossTable.losses: the horizontal distance \(distances[i]) m of link \(i) is outside \(lower[i])...\(upper) m for its state and heights")
    }
  }
}
