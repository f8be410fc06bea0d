import Tensor

/// The law of the effective environment height h_E of urban macro links (3GPP TR 38.901, Table 7.4.1-1, note 1).
///
/// h_E = 1 m with probability 1 / (1 + C), otherwise one of 12, 15, … m up to h_UT − 1.5 m, all equally likely, where
/// C = C'(h_UT) g(d₂D), C' = ((h_UT − 13)/10)^1.5 from 13 m on and 0 below, and g = 5/4 (d₂D/100)³ e^(−d₂D/150) beyond 18 m and 0 below.
///
/// The heights of the standard's users are 1.5 + 3k metres, for which the list ends at h_UT − 1.5 m exactly; for others it ends at the last
/// multiple of three that is not above. Between 13 m and 13.5 m the list is empty, and h_E = 1 m.
/// It is drawn once for a link and kept with the positions: drawn again, the loss of a standing user would flicker.
public struct EnvironmentHeightLaw: Hashable, Sendable {
  /// The probability that h_E = 1 m.
  public let probabilityOfOneMeter: Double
  /// How many other heights there are.
  public let others: Int

  public init(horizontalDistance: Meters, userHeight: Meters) {
    let d = horizontalDistance.value
    precondition(d >= 0 && d.isFinite, "EnvironmentHeightLaw: the horizontal distance must be finite and not negative, got \(d) m")
    precondition(
      userHeight.value > 0 && userHeight.value.isFinite, "EnvironmentHeightLaw: the user's height must be positive, got \(userHeight.value) m")
    let highest = userHeight.value - 1.5
    others = highest < 12 ? 0 : Int(((highest - 12) / 3).rounded(.down)) + 1
    let hundreds = d / 100
    let g = d <= 18 ? 0 : 1.25 * hundreds * hundreds * hundreds * Math.exp(-d / 150)
    probabilityOfOneMeter = others == 0 ? 1 : 1 / (1 + UrbanMacro.heightFactor(userHeight: userHeight) * g)
  }

  /// The probability of a height; zero for one that cannot be.
  public func probability(of height: Meters) -> Double {
    if height.value == 1 { return probabilityOfOneMeter }
    let place = (height.value - 12) / 3
    return place >= 0 && place < Double(others) && place == place.rounded() ? (1 - probabilityOfOneMeter) / Double(others) : 0
  }

  /// The height that a number uniform on (0, 1) stands for.
  public func height(uniform: Double) -> Meters {
    if others == 0 || uniform < probabilityOfOneMeter { return Meters(1) }
    let place = Int((uniform - probabilityOfOneMeter) / (1 - probabilityOfOneMeter) * Double(others))
    return Meters(Double(12 + 3 * min(place, others - 1)))
  }

  /// Draws the heights of a drop in metres; link i takes number i of the stream's step. Allocates nothing.
  ///
  /// - Parameters:
  ///   - horizontalDistances: d₂D in metres. `[links]`
  ///   - userHeights: h_UT in metres. `[links]`
  ///   - stream: Of the purpose `RandomPurpose.environmentHeight`; its index is the copy.
  ///   - step: Which drop.
  ///   - heights: `[links]`
  /// - Complexity: O(links)
  public static func draw(
    horizontalDistances: Span<Float>, userHeights: Span<Float>, stream: RandomStream, step: Int = 0,
    into heights: inout MutableSpan<Float>
  ) {
    precondition(
      horizontalDistances.count == heights.count && userHeights.count == heights.count,
      "EnvironmentHeightLaw.draw: \(horizontalDistances.count) distances, \(userHeights.count) users' heights, \(heights.count) results")
    precondition(
      stream.purpose == .environmentHeight,
      "EnvironmentHeightLaw.draw: the stream is of purpose \(stream.purpose.rawValue), not environmentHeight")
    stream.fill(&heights, with: .uniform, step: step)
    for i in 0..<heights.count {
      let law = EnvironmentHeightLaw(
        horizontalDistance: Meters(Double(horizontalDistances[i])), userHeight: Meters(Double(userHeights[i])))
      heights[i] = Float(law.height(uniform: Double(heights[i])).value)
    }
  }
}
