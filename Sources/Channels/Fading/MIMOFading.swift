import Tensor

/// Rayleigh channels between arrays of antennas, one matrix for each link: H = L_r W L_tᴴ with R_r = L_r L_rᴴ, R_t = L_t L_tᴴ.
///
/// The Kronecker model (Kermoal et al., IEEE JSAC 20, 2002) with Cholesky factors for the roots of the correlation matrices, which give the same
/// law: E[H_ij H_kl*] = R_r,ik R_t,lj, so E[H Hᴴ] = tr(R_t) R_r. The elements of W are independent CN(0, 1) processes in one of the
/// modes of ``FadingMode``. Without correlation matrices H is W. Element (r, c) of link l takes what element (l, r M_t + c) of
/// ``SmallScaleFading`` with as many blocks as antenna pairs takes. A step allocates nothing.
public struct MIMOFading: Archivable, Sendable {
  /// The channels of the present slot, link after link, copy after copy. `[E · links, M_r, M_t]`
  public private(set) var channels: ComplexMatrices
  public var mode: FadingMode { fading.mode }
  private var fading: SmallScaleFading
  private let receiveFactor: ComplexMatrices?
  private let transmitFactor: ComplexMatrices?
  private var white: ComplexMatrices
  private var half: ComplexMatrices
  private var workspace = ComplexWorkspace()

  /// Channels that are all zero before ``start(stream:slot:)``.
  ///
  /// - Parameters:
  ///   - mode: How the elements of W change from slot to slot.
  ///   - copies: Copies of an environment, E.
  ///   - links: Links of each copy.
  ///   - receiveAntennas: M_r
  ///   - transmitAntennas: M_t
  ///   - receiveCorrelation: R_r, one for all or one for each link, `[1 or links, M_r, M_r]`; Hermitian and positive definite. Its trace is M_r
  ///     where the mean power of an element shall be one.
  ///   - transmitCorrelation: R_t, `[1 or links, M_t, M_t]`.
  public init(
    mode: FadingMode, copies: Int = 1, links: Int, receiveAntennas: Int, transmitAntennas: Int,
    receiveCorrelation: ComplexMatrices? = nil, transmitCorrelation: ComplexMatrices? = nil
  ) {
    fading = SmallScaleFading(law: .rayleigh, mode: mode, copies: copies, links: links, blocks: receiveAntennas * transmitAntennas)
    channels = ComplexMatrices(count: copies * links, rows: receiveAntennas, columns: transmitAntennas)
    white = channels
    half = channels
    receiveFactor = receiveCorrelation.map { MIMOFading.factor(of: $0, size: receiveAntennas, copies: copies, links: links) }
    transmitFactor = transmitCorrelation.map { MIMOFading.factor(of: $0, size: transmitAntennas, copies: copies, links: links) }
  }

  /// The Cholesky factor of every link of every copy. `[E · links, size, size]`
  private static func factor(of correlation: ComplexMatrices, size: Int, copies: Int, links: Int) -> ComplexMatrices {
    precondition(
      correlation.rows == size && correlation.columns == size && (correlation.count == 1 || correlation.count == links),
      "MIMOFading: [\(correlation.count), \(correlation.rows), \(correlation.columns)] correlations of \(size) antennas and \(links) links")
    let (factor, isPositiveDefinite) = correlation.choleskyFactor()
    precondition(isPositiveDefinite.allSatisfy { $0 }, "MIMOFading: a correlation matrix is not positive definite: \(correlation)")
    return ComplexMatrices(count: copies * links, rows: size, columns: size) { matrix, row, column in
      factor[matrix: factor.count == 1 ? 0 : matrix % links, row: row, column: column]
    }
  }

  /// Begins a run or a new drop; see ``SmallScaleFading/start(stream:slot:)``.
  public mutating func start(stream: RandomStream, slot: Int = 0) {
    fading.start(stream: stream, slot: slot)
    form()
  }

  /// Moves to a slot; see ``SmallScaleFading/advance(stream:slot:)``.
  ///
  /// - Complexity: O(E · links · M_r M_t (M_r + M_t)) with correlation.
  public mutating func advance(stream: RandomStream, slot: Int) {
    fading.advance(stream: stream, slot: slot)
    form()
  }

  public mutating func archive(in archive: Archive) throws(FileError) {
    try fading.archive(in: archive)
    if archive.isReading { form() }
  }

  private mutating func form() {
    if receiveFactor == nil && transmitFactor == nil { return MIMOFading.arrange(fading, into: &channels) }
    MIMOFading.arrange(fading, into: &white)
    switch (receiveFactor, transmitFactor) {
    case (let receive?, let transmit?):
      receive.multiplied(by: white, into: &half, workspace: &workspace)
      half.multiplied(by: transmit, adjoint: .right, into: &channels, workspace: &workspace)
    case (let receive?, nil): receive.multiplied(by: white, into: &channels, workspace: &workspace)
    case (nil, let transmit?): white.multiplied(by: transmit, adjoint: .right, into: &channels, workspace: &workspace)
    case (nil, nil): break
    }
  }

  /// From link after link to planes with the link as the fastest index.
  private static func arrange(_ fading: SmallScaleFading, into matrices: inout ComplexMatrices) {
    let (count, stride, elements) = (matrices.count, matrices.stride, fading.blocks)
    let (x, y) = (fading.real.span, fading.imaginary.span)
    matrices.withMutablePlanes { real, imaginary in
      for element in 0..<elements {
        for matrix in 0..<count {
          real[element * stride + matrix] = Double(x[matrix * elements + element])
          imaginary[element * stride + matrix] = Double(y[matrix * elements + element])
        }
      }
    }
  }
}
