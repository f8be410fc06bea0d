/// The natural logarithm of a positive normal number in single precision, with the same bits on every machine.
///
/// x = 2ᵏ m with √½ ≤ m < √2 and ln m = 2 artanh(s), s = (m − 1) / (m + 1), by five terms of its series (the sixth is
/// below 3 · 10⁻⁹ of the result). Only +, −, ×, ÷ in a fixed order and no branch, so that loops over arrays vectorise.
@inline(__always)
func floatLogarithm(_ x: Float) -> Float {
  let bits = Int32(bitPattern: x.bitPattern)
  let exponent = (bits &- 0x3F35_04F3) &>> 23
  let m = Float(bitPattern: UInt32(bitPattern: bits &- (exponent &<< 23)))
  let f = m - 1
  let s = f / (m + 1)
  let z = s * s
  var p: Float = 2.0 / 9
  p = p * z + 2.0 / 7
  p = p * z + 2.0 / 5
  p = p * z + 2.0 / 3
  // ln 2 = 0.693359375 − 2.12194440 · 10⁻⁴: the first part has ten bits, so that its product with k is exact.
  let k = Float(exponent)
  return k * 0.693359375 + (f - (s * (f - z * p) - k * -2.12194440e-4))
}
