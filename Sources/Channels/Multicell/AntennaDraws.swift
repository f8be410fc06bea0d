import Tensor

/// Draws every antenna's channel, forms the zero-forcing beams of eq. (3) and multiplies all of them out.
///
/// The paper's way word by word, for whoever needs channels and beams themselves; ``BeamDraws`` has the same law of the gains for less.
struct AntennaDraws: Sendable {
  private let network: MulticellNetwork
  /// Complex numbers of one realisation on one frequency, Σ_{b̃,b} U_b M_b̃.
  private let normals: Int
  private var real: [Float]
  private var imaginary: [Float]
  // Of each sending cell: channels to its own users, beams, channels to the users of each cell, what the beams bring there.
  private var own: [ComplexMatrices]
  private var beams: [ComplexMatrices]
  private var channels: [ComplexMatrices]
  private var received: [ComplexMatrices]
  private var isFullRank = [Bool](repeating: false, count: NetworkLanes.width)
  private var workspace = BeamWorkspace()
  private var complex = ComplexWorkspace()

  init(_ network: MulticellNetwork) {
    self.network = network
    let (cells, width) = (network.cells, NetworkLanes.width)
    normals = (0..<cells).reduce(0) { $0 + network.antennas[$1] * network.totalUsers }
    real = Array(repeating: 0, count: width * normals)
    imaginary = real
    own = (0..<cells).map { ComplexMatrices(count: width, rows: network.users[$0], columns: network.antennas[$0]) }
    beams = own.map { ComplexMatrices(count: width, rows: $0.columns, columns: $0.rows) }
    channels = (0..<cells * cells).map { ComplexMatrices(count: width, rows: network.users[$0 % cells], columns: network.antennas[$0 / cells]) }
    received = (0..<cells * cells).map { ComplexMatrices(count: width, rows: network.users[$0 % cells], columns: network.users[$0 / cells]) }
    // A lane that nobody uses holds channels of full rank.
    for i in real.indices { real[i] = Float(i % 7) - Float(i % 11) }
    for i in real.indices { imaginary[i] = Float(i % 13) - Float(i % 5) }
  }

  /// Draws the gains of up to eight realisations on one frequency; `raw` receives channels and beams, see ``MulticellChannel/raw``.
  mutating func draw(
    lanes used: Int, frequency: Int, group: Int, step: Int, first: RandomStream, into gains: inout MulticellGains, raw: inout [Float]
  ) {
    for lane in 0..<used {
      BeamDraws.fill(&real, &imaginary, lane * normals..<(lane + 1) * normals, BeamDraws.stream(first, lane), step: step)
    }
    var first = 0
    for sender in 0..<network.cells {
      for cell in 0..<network.cells {
        let scale = network.linkGain(from: sender, to: cell).squareRoot()
        if sender == cell {
          AntennaDraws.arrange(real, imaginary, normals, first, scale, &own[sender])
        } else {
          AntennaDraws.arrange(real, imaginary, normals, first, scale, &channels[sender * network.cells + cell])
        }
        first += network.users[cell] * network.antennas[sender]
      }
      Precoding.formZeroForcing(own[sender], into: &beams[sender], isFullRank: &isFullRank, workspace: &workspace)
      for cell in 0..<network.cells {
        let pair = sender * network.cells + cell
        let channel = sender == cell ? own[sender] : channels[pair]
        channel.multiplied(by: beams[sender], into: &received[pair], workspace: &complex)
        write(sender, cell, frequency, group, received[pair], &gains)
      }
      keep(sender, frequency, group, lanes: used, &raw)
    }
  }

  /// From one row a realisation to planes with the realisation as the fastest index.
  private static func arrange(
    _ x: [Float], _ y: [Float], _ stride: Int, _ first: Int, _ scale: Double, _ matrices: inout ComplexMatrices
  ) {
    let (x, y) = (x.span, y.span)
    let (width, count) = (matrices.count, matrices.rows * matrices.columns)
    matrices.withMutablePlanes { real, imaginary in
      for element in 0..<count {
        for lane in 0..<width {
          real[element * width + lane] = scale * Double(x[lane * stride + first + element])
          imaginary[element * width + lane] = scale * Double(y[lane * stride + first + element])
        }
      }
    }
  }

  private func write(_ sender: Int, _ cell: Int, _ frequency: Int, _ group: Int, _ received: ComplexMatrices, _ gains: inout MulticellGains) {
    let width = NetworkLanes.width
    let (real, imaginary) = (received.real, received.imaginary)
    let senders = network.users[sender]
    let column = sender < cell ? network.firstUser(of: sender) : network.firstUser(of: sender) - network.users[cell]
    for (row, user) in network.range(of: cell).enumerated() {
      for beam in 0..<senders where sender != cell || beam == row {
        let element = (row * senders + beam) * width
        let place =
          sender == cell
          ? ((group * network.frequencies + frequency) * gains.rows.count + user) * width
          : ((group * network.frequencies + frequency) * gains.pairs + gains.rows[user] + column + beam) * width
        for lane in 0..<width {
          let (x, y) = (real[element + lane], imaginary[element + lane])
          let gain = x * x + y * y
          if sender == cell { gains.inverseOwn[place + lane] = Float(1 / gain) } else { gains.cross[place + lane] = Float(gain) }
        }
      }
    }
  }

  /// Channels h (not conjugated, as the paper writes them) and beams of the own cell.
  private func keep(_ cell: Int, _ frequency: Int, _ group: Int, lanes used: Int, _ raw: inout [Float]) {
    let width = NetworkLanes.width
    let (users, antennas) = (network.users[cell], network.antennas[cell])
    let (channels, formed) = (own[cell], beams[cell])
    let (hx, hy) = (channels.real, channels.imaginary)
    let (wx, wy) = (formed.real, formed.imaginary)
    let plane = network.frequencies * users * antennas
    var raw = raw.mutableSpan
    for lane in 0..<used {
      let place =
        (group * width + lane) * MulticellChannel.rawSize(network) + MulticellChannel.rawStart(network, cell) + frequency * users * antennas
      for user in 0..<users {
        for antenna in 0..<antennas {
          let (channel, beam) = ((user * antennas + antenna) * width + lane, (antenna * users + user) * width + lane)
          let target = place + user * antennas + antenna
          raw[target] = Float(hx[channel])
          raw[target + plane] = -Float(hy[channel])
          raw[target + 2 * plane] = Float(wx[beam])
          raw[target + 3 * plane] = Float(wy[beam])
        }
      }
    }
  }
}
