import Tensor

/// A homogeneous Poisson point process in a region.
///
/// The number N of points has the Poisson law of mean λ |A|, and given N the points are independent and uniform (Haenggi,
/// "Stochastic Geometry for Wireless Networks", 2012, chapter 2). N is the number of arrivals of a process of rate one up to time λ |A|:
/// exact for every mean, without the underflow of exp(−mean). Points and arrivals have names of their own in the stream, so that
/// a denser process of the same stream contains the points of the thinner one.
public struct PoissonPoints: Hashable, Sendable {
  public let region: Region
  /// The mean number of points, λ |A|.
  public let mean: Double

  /// - Parameters:
  ///   - region: A, where the points lie.
  ///   - mean: The mean number of points in the whole region.
  /// - Precondition: 0 ≤ mean ≤ 10⁶.
  public init(in region: Region, mean: Double) {
    precondition(mean >= 0 && mean <= 1e6, "PoissonPoints: the mean number of points must lie in 0...1e6, got \(mean)")
    self.region = region
    self.mean = mean
  }

  /// - Parameters:
  ///   - region: A, where the points lie.
  ///   - intensity: λ in points per square kilometre.
  public init(in region: Region, perSquareKilometer intensity: Double) {
    self.init(in: region, mean: intensity * region.squareMeters * 1e-6)
  }

  /// How many points there are.
  ///
  /// - Parameters:
  ///   - stream: Purpose drop; its index is the copy.
  ///   - step: Which of the drops.
  ///   - part: Which of up to 16 sets of nodes of one drop.
  /// - Complexity: O(mean)
  public func count(stream: RandomStream, step: Int = 0, part: Int = 0) -> Int {
    var generator = generator(stream, step, part, block: 1 << 27)
    var time = 0.0
    var count = -1
    while time <= mean {
      time -= Math.log(1 - generator.uniform())
      count += 1
    }
    return count
  }

  /// The points.
  public func points(stream: RandomStream, step: Int = 0, part: Int = 0) -> [Position] {
    var generator = generator(stream, step, part, block: 0)
    return (0..<count(stream: stream, step: step, part: part)).map { _ in region.uniform(using: &generator) }
  }

  /// Point n takes block n of its part, as two numbers are one block; arrivals begin at block 2²⁷.
  private func generator(_ stream: RandomStream, _ step: Int, _ part: Int, block: UInt32) -> Philox {
    precondition(part >= 0 && part < 16, "PoissonPoints: the part must lie in 0...15, got \(part)")
    return Philox(
      seed: stream.seed,
      counter: (UInt32(part) << 28 | block, UInt32(truncatingIfNeeded: step), stream.index, stream.purpose.rawValue))
  }
}
