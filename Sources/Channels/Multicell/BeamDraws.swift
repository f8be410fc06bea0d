import Tensor

/// Draws the gains of zero-forcing beams over independent Rayleigh channels without their antennas.
///
/// All gains depend on a cell's channels H, `[U, M]` with independent CN(0, 1) elements, through the Gram matrix G = H Hᴴ = L Lᴴ alone, and on another
/// user's channel h through the part of it that lies in the span of the beams. So these are drawn instead:
///
/// 1. L: below its diagonal CN(0, 1), and L_ii² is Gamma(M − i, 1), i = 0 … U − 1 (Bartlett 1934; Goodman 1963 for complex numbers), a sum of exponentials.
/// 2. With T = L⁻¹ the own gain of user u is g_u = 1 / [G⁻¹]_uu = 1 / Σ_k |T_ku|².
/// 3. The unit beams have inner products WᴴW = D G⁻¹ D with D_u = √g_u, so what all of them bring to a user of another cell is √a D T ᴴ z for a vector z of U
///    independent CN(0, 1) numbers: the cross gains are a g_ũ |Σ_k T*_kũ z_k|².
///
/// The joint law of all gains is that of beams which are computed from channels, at a fraction of the random numbers.
struct BeamDraws: Sendable {
  private let network: MulticellNetwork
  /// Complex normal numbers, and exponential ones, of one realisation on one frequency.
  private let normals: Int
  private let exponentials: Int
  // Rows of one realisation each. `[8, normals]`, `[8, exponentials]`
  private var real: [Float]
  private var imaginary: [Float]
  private var powers: [Float]
  // `[U, U, 8]`: L, and the transpose of its inverse.
  private var factor: (real: [Float], imaginary: [Float])
  private var inverse: (real: [Float], imaginary: [Float])
  // `[U, 8]`: diagonals, inverses of the own gains, a vector z.
  private var diagonal: [Float]
  private var inverseGains: [Float]
  private var vector: (real: [Float], imaginary: [Float])

  init(_ network: MulticellNetwork) {
    self.network = network
    var (normals, exponentials) = (0, 0)
    for sender in 0..<network.cells {
      let users = network.users[sender]
      normals += users * (users - 1) / 2
      for i in 0..<users { exponentials += network.antennas[sender] - i }
      for cell in 0..<network.cells where BeamDraws.hears(network, sender, cell) { normals += users * network.users[cell] }
    }
    (self.normals, self.exponentials) = (normals, exponentials)
    let (width, users) = (NetworkLanes.width, network.users.max() ?? 0)
    real = Array(repeating: 0, count: width * normals)
    imaginary = real
    // A lane that nobody uses holds finite numbers.
    powers = Array(repeating: 1, count: width * exponentials)
    let square = [Float](repeating: 0, count: users * users * width)
    (factor, inverse) = ((square, square), (square, square))
    diagonal = Array(repeating: 0, count: users * width)
    inverseGains = diagonal
    vector = (diagonal, diagonal)
  }

  private static func hears(_ network: MulticellNetwork, _ sender: Int, _ cell: Int) -> Bool {
    cell != sender && network.linkGain(from: sender, to: cell) > 0
  }

  /// Draws the gains of up to eight realisations on one frequency.
  ///
  /// - Parameters:
  ///   - first: The stream of the first realisation; those of the others have the indices behind it.
  ///   - step: The step of the streams; the numbers of this call have the names 2 step and 2 step + 1.
  ///   - gains: Receives them in a group.
  mutating func draw(lanes used: Int, frequency: Int, group: Int, step: Int, first: RandomStream, into gains: inout MulticellGains) {
    for lane in 0..<used {
      let stream = BeamDraws.stream(first, lane)
      BeamDraws.fill(&real, &imaginary, lane * normals..<(lane + 1) * normals, stream, step: 2 * step)
      BeamDraws.fill(&powers, lane * exponentials..<(lane + 1) * exponentials, stream, step: 2 * step + 1)
    }
    var (normal, exponential) = (0, 0)
    for sender in 0..<network.cells {
      let users = network.users[sender]
      factorize(users, antennas: network.antennas[sender], &normal, &exponential)
      invert(users, scale: Float(network.linkGain(from: sender, to: sender)))
      let (total, width) = (gains.rows.count, NetworkLanes.width)
      let own = ((group * network.frequencies + frequency) * total + network.firstUser(of: sender)) * width
      for i in 0..<users * width { gains.inverseOwn[own + i] = inverseGains[i] }
      for cell in 0..<network.cells where BeamDraws.hears(network, sender, cell) {
        // The own scale is in the gains of the beams already.
        let scale = Float(network.linkGain(from: sender, to: cell) / network.linkGain(from: sender, to: sender))
        let column = sender < cell ? network.firstUser(of: sender) : network.firstUser(of: sender) - network.users[cell]
        for user in network.range(of: cell) {
          let place = (group * network.frequencies + frequency) * gains.pairs + gains.rows[user] + column
          project(users, normal, scale: scale, to: place, &gains.cross)
          normal += users
        }
      }
    }
  }

  static func stream(_ first: RandomStream, _ lane: Int) -> RandomStream {
    RandomStream(seed: first.seed, purpose: first.purpose, index: Int(first.index) + lane)
  }

  private static func fill(_ powers: inout [Float], _ range: Range<Int>, _ stream: RandomStream, step: Int) {
    var span = powers.mutableSpan
    var part = span._mutatingExtracting(range)
    stream.fill(&part, with: .exponential, step: step)
  }

  static func fill(_ real: inout [Float], _ imaginary: inout [Float], _ range: Range<Int>, _ stream: RandomStream, step: Int) {
    var x = real.mutableSpan
    var y = imaginary.mutableSpan
    var xs = x._mutatingExtracting(range)
    var ys = y._mutatingExtracting(range)
    stream.fillComplexNormal(real: &xs, imaginary: &ys, step: step)
  }

  /// L: row after row what lies below the diagonal, and the diagonal.
  private mutating func factorize(_ users: Int, antennas: Int, _ normal: inout Int, _ exponential: inout Int) {
    var (n, e) = (normal, exponential)
    let (normals, exponentials) = (normals, exponentials)
    unsafe real.withUnsafeBufferPointer { real in
      unsafe imaginary.withUnsafeBufferPointer { imaginary in
        unsafe factor.real.withUnsafeMutableBufferPointer { x in
          unsafe factor.imaginary.withUnsafeMutableBufferPointer { y in
            for i in 0..<users {
              for j in 0..<i {
                unsafe store(gathered(real.baseAddress!, normals, n), x.baseAddress!, i &* users &+ j)
                unsafe store(gathered(imaginary.baseAddress!, normals, n), y.baseAddress!, i &* users &+ j)
                n &+= 1
              }
            }
          }
        }
      }
    }
    unsafe powers.withUnsafeBufferPointer { powers in
      unsafe diagonal.withUnsafeMutableBufferPointer { diagonal in
        for i in 0..<users {
          var sum = Lanes(repeating: 0)
          for _ in 0..<antennas - i {
            unsafe sum += gathered(powers.baseAddress!, exponentials, e)
            e &+= 1
          }
          unsafe store(sum, diagonal.baseAddress!, i)
        }
        for i in 0..<users &* NetworkLanes.width { unsafe diagonal[i] = 1 / diagonal[i].squareRoot() }
      }
    }
    (normal, exponential) = (n, e)
  }

  /// T = L⁻¹ column by column, each in a row of `inverse`; then 1 / g = Σ_k |T_ku|² / a.
  private mutating func invert(_ users: Int, scale: Float) {
    unsafe factor.real.withUnsafeBufferPointer { lx in
      unsafe factor.imaginary.withUnsafeBufferPointer { ly in
        unsafe inverse.real.withUnsafeMutableBufferPointer { tx in
          unsafe inverse.imaginary.withUnsafeMutableBufferPointer { ty in
            unsafe diagonal.withUnsafeBufferPointer { diagonal in
              unsafe inverseGains.withUnsafeMutableBufferPointer { inverseGains in
                unsafe BeamDraws.invert(
                  users, scale, lx.baseAddress!, ly.baseAddress!, diagonal.baseAddress!, tx.baseAddress!, ty.baseAddress!, inverseGains.baseAddress!)
              }
            }
          }
        }
      }
    }
  }

  private static func invert(
    _ users: Int, _ scale: Float, _ lx: UnsafePointer<Float>, _ ly: UnsafePointer<Float>, _ diagonal: UnsafePointer<Float>,
    _ tx: UnsafeMutablePointer<Float>, _ ty: UnsafeMutablePointer<Float>, _ inverseGains: UnsafeMutablePointer<Float>
  ) {
    for j in 0..<users {
      let row = j &* users
      let first = unsafe lanes(diagonal, j)
      unsafe store(first, tx, row &+ j)
      unsafe store(Lanes(repeating: 0), ty, row &+ j)
      var norm = first * first
      for i in j &+ 1..<max(users, j &+ 1) {
        var (x, y) = (Lanes(repeating: 0), Lanes(repeating: 0))
        for k in j..<i {
          let (a, b) = unsafe (lanes(lx, i &* users &+ k), lanes(ly, i &* users &+ k))
          let (c, d) = unsafe (lanes(tx, row &+ k), lanes(ty, row &+ k))
          x += a * c - b * d
          y += a * d + b * c
        }
        let factor = unsafe lanes(diagonal, i)
        (x, y) = (-x * factor, -y * factor)
        unsafe store(x, tx, row &+ i)
        unsafe store(y, ty, row &+ i)
        norm += x * x + y * y
      }
      unsafe store(norm / Lanes(repeating: scale), inverseGains, j)
    }
  }

  /// The gains of all beams of a cell at one user of another: z is the next numbers of each row.
  private mutating func project(_ users: Int, _ first: Int, scale: Float, to place: Int, _ cross: inout [Float]) {
    let normals = normals
    precondition((place + users) * NetworkLanes.width <= cross.count)
    unsafe real.withUnsafeBufferPointer { real in
      unsafe imaginary.withUnsafeBufferPointer { imaginary in
        unsafe vector.real.withUnsafeMutableBufferPointer { zx in
          unsafe vector.imaginary.withUnsafeMutableBufferPointer { zy in
            for k in 0..<users {
              unsafe store(gathered(real.baseAddress!, normals, first &+ k), zx.baseAddress!, k)
              unsafe store(gathered(imaginary.baseAddress!, normals, first &+ k), zy.baseAddress!, k)
            }
            unsafe inverse.real.withUnsafeBufferPointer { tx in
              unsafe inverse.imaginary.withUnsafeBufferPointer { ty in
                unsafe inverseGains.withUnsafeBufferPointer { inverseGains in
                  unsafe cross.withUnsafeMutableBufferPointer { cross in
                    unsafe BeamDraws.project(
                      users, Lanes(repeating: scale), tx.baseAddress!, ty.baseAddress!, inverseGains.baseAddress!, zx.baseAddress!, zy.baseAddress!,
                      cross.baseAddress! + place &* NetworkLanes.width)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private static func project(
    _ users: Int, _ scale: Lanes, _ tx: UnsafePointer<Float>, _ ty: UnsafePointer<Float>, _ inverseGains: UnsafePointer<Float>,
    _ zx: UnsafePointer<Float>, _ zy: UnsafePointer<Float>, _ cross: UnsafeMutablePointer<Float>
  ) {
    for beam in 0..<users {
      // Four sums, so that none waits for another.
      var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var (c, d) = (Lanes(repeating: 0), Lanes(repeating: 0))
      for k in beam..<users {
        let (x, y) = unsafe (lanes(tx, beam &* users &+ k), lanes(ty, beam &* users &+ k))
        let (u, v) = unsafe (lanes(zx, k), lanes(zy, k))
        a += x * u
        b += y * v
        c += x * v
        d += y * u
      }
      let (real, imaginary) = (a + b, c - d)
      unsafe store(scale * (real * real + imaginary * imaginary) / lanes(inverseGains, beam), cross, beam)
    }
  }
}
