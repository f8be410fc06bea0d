import Tensor

/// How beams are scaled.
public enum BeamNormalization: Sendable, CaseIterable {
  /// ‖w_k‖ = 1 for each: powers are given out to the beams afterwards.
  case unitBeams
  /// Σ_k ‖w_k‖² = 1: one factor for all, which keeps their proportions.
  case totalPower
  /// As they come.
  case none
}

/// Scratch memory for ``Precoding`` and ``BeamGains``: it grows to what the largest call needs and is kept for the next.
public struct BeamWorkspace: Sendable {
  var complex = ComplexWorkspace()
  var products = ComplexMatrices(count: 0, rows: 0, columns: 0)
  var sums: [Double] = []

  public init() {}

  mutating func reserveSums(_ count: Int) {
    if sums.count < count { sums = Array(repeating: 0, count: count) }
  }

  mutating func reserveProducts(count: Int, rows: Int, columns: Int) {
    if products.count != count || products.rows != rows || products.columns != columns {
      products = ComplexMatrices(count: count, rows: rows, columns: columns)
    }
  }
}

/// Linear precoders of a transmitter with M antennas for K users of one antenna each, for E realisations of the channel at once.
///
/// Row k of a channel H, `[K, M]`, is what leads from the antennas to user k: y = H W s + noise. A paper that writes the received signal as
/// h_kᴴ w has h_k* in these rows. Column k of the beams W, `[M, K]`, carries the symbols of user k. Realisations never meet.
public enum Precoding {
  /// Zero-forcing: W = Hᴴ (H Hᴴ)⁻¹, by which users do not disturb each other: H W is diagonal.
  ///
  /// With unit beams and independent CN(0, 1) channels the own gains |h_k w_k|² = 1 / [(H Hᴴ)⁻¹]_kk are Gamma(M − K + 1, 1).
  /// (Spencer, Swindlehurst and Haardt 2004; Wiesel, Eldar and Shamai 2008)
  ///
  /// - Parameters:
  ///   - channels: H. `[E, K, M]`, K ≤ M
  ///   - normalization: How W is scaled.
  ///   - beams: Receives W, NaN where H is short of full rank. `[E, M, K]`
  ///   - isFullRank: Receives whether H has rank K, as `ComplexMatrices.formPseudoInverse` decides it. `[E]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E K² M). Allocates nothing once the workspace has grown.
  public static func formZeroForcing(
    _ channels: ComplexMatrices, _ normalization: BeamNormalization = .unitBeams, into beams: inout ComplexMatrices,
    isFullRank: inout [Bool], workspace: inout BeamWorkspace
  ) {
    precondition(channels.rows <= channels.columns, "Precoding.formZeroForcing: \(channels.rows) users for \(channels.columns) antennas")
    check("formZeroForcing", channels, beams)
    channels.formPseudoInverse(into: &beams, isFullRank: &isFullRank, workspace: &workspace.complex)
    normalize(&beams, normalization, workspace: &workspace)
  }

  /// Regularised zero-forcing: W = Hᴴ (H Hᴴ + λ I)⁻¹, which weighs interference against noise.
  ///
  /// λ = K N / P, noise over power a user, maximises the ratio of signal to interference and noise for many users (Peel, Hochwald and
  /// Swindlehurst 2005) and gives the transmitter's MMSE filter; λ → 0 is zero-forcing, λ → ∞ maximum ratio transmission.
  ///
  /// - Parameters:
  ///   - channels: H, with any K and M. `[E, K, M]`
  ///   - loading: λ, positive.
  ///   - normalization: How W is scaled.
  ///   - beams: Receives W. `[E, M, K]`
  ///   - isFullRank: Receives whether H Hᴴ + λ I could be inverted, which fails only where λ is lost in rounding. `[E]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E min(K, M)² max(K, M)). Allocates nothing once the workspace has grown.
  public static func formRegularizedZeroForcing(
    _ channels: ComplexMatrices, loading: Double, _ normalization: BeamNormalization = .unitBeams, into beams: inout ComplexMatrices,
    isFullRank: inout [Bool], workspace: inout BeamWorkspace
  ) {
    precondition(loading > 0, "Precoding.formRegularizedZeroForcing: a loading of \(loading)")
    check("formRegularizedZeroForcing", channels, beams)
    channels.formPseudoInverse(loading: loading, into: &beams, isFullRank: &isFullRank, workspace: &workspace.complex)
    normalize(&beams, normalization, workspace: &workspace)
  }

  /// Maximum ratio transmission: W = Hᴴ, which gives every user the most power, whatever the others receive of it (Lo 1999).
  ///
  /// The own gain of a unit beam is |h_k w_k|² = ‖h_k‖². A user whose channel is zero has a beam of zero.
  ///
  /// - Parameters:
  ///   - channels: H. `[E, K, M]`
  ///   - normalization: How W is scaled.
  ///   - beams: Receives W. `[E, M, K]`
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E K M). Allocates nothing once the workspace has grown.
  public static func formMaximumRatio(
    _ channels: ComplexMatrices, _ normalization: BeamNormalization = .unitBeams, into beams: inout ComplexMatrices,
    workspace: inout BeamWorkspace
  ) {
    check("formMaximumRatio", channels, beams)
    channels.formConjugateTranspose(into: &beams)
    normalize(&beams, normalization, workspace: &workspace)
  }

  /// Scales beams in place. Beams of zero stay zero, those with a NaN are NaN.
  ///
  /// - Parameters:
  ///   - beams: W. `[E, M, K]`
  ///   - normalization: Whether by one factor for each beam or for all; `.none` leaves them as they are.
  ///   - workspace: Memory that is reused from call to call.
  /// - Complexity: O(E K M). Allocates nothing once the workspace has grown.
  public static func normalize(_ beams: inout ComplexMatrices, _ normalization: BeamNormalization, workspace: inout BeamWorkspace) {
    if normalization == .none { return }
    let (users, antennas, stride) = (beams.columns, beams.rows, beams.stride)
    // The users whose beams share one factor, and realisations of which a beam stays in the nearest cache.
    let width = normalization == .unitBeams ? 1 : users
    let portion = 64
    workspace.reserveSums(portion)
    var sums = workspace.sums.mutableSpan
    beams.withMutablePlanes { real, imaginary in
      var first = 0
      while first < stride {
        let length = min(portion, stride - first)
        var user = 0
        while user < users {
          for e in 0..<length { sums[e] = 0 }
          for m in 0..<antennas {
            for k in user..<user + width {
              addSquares(of: real, at: (m * users + k) * stride + first, length, to: &sums)
              addSquares(of: imaginary, at: (m * users + k) * stride + first, length, to: &sums)
            }
          }
          invertRoots(&sums, length)
          for m in 0..<antennas {
            for k in user..<user + width {
              scale(&real, at: (m * users + k) * stride + first, length, by: sums)
              scale(&imaginary, at: (m * users + k) * stride + first, length, by: sums)
            }
          }
          user += width
        }
        first += length
      }
    }
  }

  // The next three work on local pointers: a span in a closure's argument is read again after every store, which keeps loops scalar.

  private static func addSquares(of values: borrowing MutableSpan<Double>, at start: Int, _ length: Int, to sums: inout MutableSpan<Double>) {
    precondition(start >= 0 && length >= 0 && start + length <= values.count && length <= sums.count)
    unsafe values.withUnsafeBufferPointer { x in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for e in 0..<length { unsafe sums[e] += x[start &+ e] * x[start &+ e] }
      }
    }
  }

  /// x ← 1 / √x, but 0 for 0.
  private static func invertRoots(_ values: inout MutableSpan<Double>, _ length: Int) {
    precondition(length >= 0 && length <= values.count)
    unsafe values.withUnsafeMutableBufferPointer { x in
      for e in 0..<length {
        let (sum, inverse) = unsafe (x[e], 1 / x[e].squareRoot())
        unsafe x[e] = sum == 0 ? 0 : inverse
      }
    }
  }

  private static func scale(_ values: inout MutableSpan<Double>, at start: Int, _ length: Int, by factors: borrowing MutableSpan<Double>) {
    precondition(start >= 0 && length >= 0 && start + length <= values.count && length <= factors.count)
    unsafe values.withUnsafeMutableBufferPointer { x in
      unsafe factors.withUnsafeBufferPointer { factors in
        for e in 0..<length { unsafe x[start &+ e] *= factors[e] }
      }
    }
  }

  private static func check(_ name: String, _ channels: ComplexMatrices, _ beams: ComplexMatrices) {
    precondition(
      beams.count == channels.count && beams.rows == channels.columns && beams.columns == channels.rows,
      "Precoding.\(name): channels [\(channels.count), \(channels.rows), \(channels.columns)] into beams "
        + "[\(beams.count), \(beams.rows), \(beams.columns)]")
  }
}
