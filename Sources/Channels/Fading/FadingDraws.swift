import Tensor

/// The random numbers of small-scale fading, many at a time.
///
/// Number j of a slot depends on the stream, the slot and j alone: whoever asks for the same slot of the same copy gets the
/// same fading, whatever was done before (common random numbers across algorithms).
public enum FadingDraws {
  /// Fills a part of `values` with independent exponential numbers of mean one: the power of Rayleigh fading.
  ///
  /// E = −ln u with u = (⌊w / 2⁹⌋ + ½) / 2²³ and w the j-th 32-bit word of `stream.generator(step:)`, so that E lies
  /// between 6 · 10⁻⁸ and 16.7 and is never zero.
  ///
  /// - Parameters:
  ///   - range: The part; number j goes to its j-th place.
  ///   - stream: Purpose fading; its index is the copy.
  ///   - step: The slot.
  public static func fillExponential(_ values: inout [Float], in range: Range<Int>, stream: RandomStream, step: Int) {
    var values = values.mutableSpan
    fillWords(&values, in: range, stream: stream, step: step)
    for i in range { values[i] = exponential(values[i].bitPattern) }
  }

  /// Fills two arrays with the parts of independent circularly symmetric normal numbers h with E|h|² = 1.
  ///
  /// h = √E (cos 2πv + i sin 2πv): words 2j and 2j + 1 of `stream.generator(step:)` give E (as above) and v.
  public static func fillComplexNormal(real: inout [Float], imaginary: inout [Float], stream: RandomStream, step: Int) {
    precondition(
      real.count == imaginary.count, "FadingDraws.fillComplexNormal: \(real.count) real and \(imaginary.count) imaginary parts")
    var generator = stream.generator(step: step)
    for i in real.indices {
      let radius = exponential(generator.next32()).squareRoot()
      let (sine, cosine) = Math.sinCos(Double(generator.next32()) * (2 * Double.pi * 0x1p-32))
      real[i] = radius * Float(cosine)
      imaginary[i] = radius * Float(sine)
    }
  }

  /// The uniform number lies strictly between zero and one, and is exact: no word rounds up to one and gives zero.
  @inline(__always)
  private static func exponential(_ word: UInt32) -> Float {
    -floatLogarithm((Float(word >> 9) + 0.5) * 0x1p-23)
  }

  /// The words of one step of a stream as bit patterns, four to a block.
  private static func fillWords(_ values: inout MutableSpan<Float>, in range: Range<Int>, stream: RandomStream, step: Int) {
    let key = (UInt32(truncatingIfNeeded: stream.seed), UInt32(truncatingIfNeeded: stream.seed >> 32))
    let slot = UInt32(truncatingIfNeeded: step)
    var place = range.lowerBound
    var block: UInt32 = 0
    while place < range.upperBound {
      let words = Philox.rounds((block, slot, stream.index, stream.purpose.rawValue), key: key)
      values[place] = Float(bitPattern: words.0)
      if place + 1 < range.upperBound { values[place + 1] = Float(bitPattern: words.1) }
      if place + 2 < range.upperBound { values[place + 2] = Float(bitPattern: words.2) }
      if place + 3 < range.upperBound { values[place + 3] = Float(bitPattern: words.3) }
      place += 4
      block &+= 1
    }
  }
}
