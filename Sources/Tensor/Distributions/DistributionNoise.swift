import CKernels

/// Noise of distributions: the numbers of one step of a stream, of which each part of an action has a range of its own.
extension RandomStream {
  /// The most parts that one action can have.
  static let parts = 64
  /// Blocks of four numbers in the range of a part: 2³² blocks of a step over 64 parts.
  private static let blocksOfPart = 1 << 26

  /// Writes the numbers `first ..< first + count` of one part. `first` is a multiple of four.
  func draw(_ distribution: Distribution, step: Int, part: Int, first: Int = 0, count: Int, into values: UnsafeMutablePointer<Float>) {
    precondition(part >= 0 && part < RandomStream.parts, "RandomStream.draw: part \(part) of \(RandomStream.parts)")
    precondition(first + count <= 4 * RandomStream.blocksOfPart, "RandomStream.draw: \(first + count) numbers for one part")
    unsafe ck_random(
      distribution.rawValue, count, seed, UInt32(truncatingIfNeeded: step), index, purpose.rawValue,
      UInt64(part * RandomStream.blocksOfPart + first / 4), values)
  }
}

extension Tape {
  /// A constant of independent random numbers: for part 0 those of `RandomStream.fill`.
  ///
  /// - Parameters:
  ///   - distribution: The law of every number.
  ///   - shape: The extents of the constant.
  ///   - stream: Names the random numbers that are drawn.
  ///   - step: Which numbers of the stream.
  ///   - part: Parts of one step, 0..<64, never share a number.
  public func noise(_ distribution: Distribution, shape: Shape, from stream: RandomStream, step: Int, part: Int = 0) -> Variable {
    let values = unsafe arena.floats(shape.count)
    unsafe stream.draw(distribution, step: step, part: part, count: shape.count, into: values)
    return Variable(tape: self, node: unsafe push(.leaf, shape, values, needsGradient: false))
  }
}
