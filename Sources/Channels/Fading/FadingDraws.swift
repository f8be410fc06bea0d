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
  ///   - values: Receives E in the part; places outside are left alone.
  ///   - range: The part; number j goes to its j-th place.
  ///   - stream: Purpose fading; its index is the copy.
  ///   - step: The slot.
  public static func fillExponential(_ values: inout [Float], in range: Range<Int>, stream: RandomStream, step: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= values.count, "FadingDraws.fillExponential: places \(range) of \(values.count)")
    var span = values.mutableSpan
    var part = span._mutatingExtracting(range)
    stream.fill(&part, with: .exponential, step: step)
  }

  /// Fills two arrays with the parts of independent circularly symmetric normal numbers h with E|h|² = 1.
  ///
  /// h = √E (cos 2πv + i sin 2πv): words 2j and 2j + 1 of `stream.generator(step:)` give E (as above) and, made like u, v.
  public static func fillComplexNormal(real: inout [Float], imaginary: inout [Float], stream: RandomStream, step: Int) {
    precondition(
      real.count == imaginary.count, "FadingDraws.fillComplexNormal: \(real.count) real and \(imaginary.count) imaginary parts")
    stream.fillComplexNormal(real: &real, imaginary: &imaginary, step: step)
  }
}
