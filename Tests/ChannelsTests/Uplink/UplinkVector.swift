import Channels

/// The worked cases of the reading of Ji, Qin and Tao (arXiv 2307.02900), computed by scalar arithmetic apart from this package.
enum UplinkVector {
  /// h of three users on subchannels of 0.18, 0.36 and 1.44 MHz.
  static let gains: [[Double]] = [[1e-9, 2e-10, 5e-10], [4e-11, 3e-10, 1e-12], [6e-10, 7e-11, 2e-9]]

  /// -160 dBm/Hz, 5 dB, 0...24 dBm.
  static func cell(users: Int) -> UplinkCell {
    var cell = UplinkCell()
    cell.users = users
    cell.bandwidthsHertz = [0.18e6, 0.36e6, 1.44e6]
    return cell
  }

  struct Case: Sendable {
    let name: String
    /// Numbered from 1, as on the page.
    let subchannels: [Int32]
    let dBm: [Double]
    let ratios: [Double]
    let isMet: [Bool]
    let efficiencies: [Double]
    let sum: Double
    let free: Int
    let reward: Double
  }

  static let cases: [Case] = [
    Case(
      name: "A", subchannels: [1, 2], dBm: [0, 3], ratios: [17.568209, 5.257978], isMet: [true, true], efficiencies: [758.657300, 477.356162],
      sum: 1236.013462, free: 2, reward: 1.236013),
    Case(
      name: "A2", subchannels: [3, 2], dBm: [0, 10], ratios: [1.098013, 26.352314], isMet: [false, true], efficiencies: [46.508278, 171.849275],
      sum: 218.357554, free: 2, reward: 0.218358),
    Case(
      name: "B", subchannels: [3, 3], dBm: [0, 10], ratios: [1.098013, 0.021960], isMet: [false, false], efficiencies: [46.508278, 3.633254],
      sum: 0, free: 0, reward: -1),
    Case(
      name: "C", subchannels: [1, 2], dBm: [0, 0], ratios: [17.568209, 2.635231], isMet: [true, false], efficiencies: [758.657300, 13.432871],
      sum: 772.090171, free: 2, reward: 0.772090),
    Case(
      name: "C2", subchannels: [3, 1], dBm: [0, 0], ratios: [1.098013, 0.702728], isMet: [false, false], efficiencies: [46.508278, 5.354251],
      sum: 51.862529, free: 2, reward: 0.051863),
    Case(
      name: "D", subchannels: [1, 3], dBm: [0, 24], ratios: [17.568209, 0.551617], isMet: [true, false], efficiencies: [758.657300, 3.633254],
      sum: 762.290554, free: 2, reward: 0.762291),
    Case(
      name: "E", subchannels: [3, 1, 3], dBm: [0, 24, 5], ratios: [1.098013, 176.517385, 13.888889], isMet: [false, true, true],
      efficiencies: [46.508278, 5.354251, 1774.188428], sum: 5.354251, free: 1, reward: -0.666667),
    Case(
      name: "F", subchannels: [2, 2, 2], dBm: [0, 0, 0], ratios: [1.756821, 2.635231, 0.614887], isMet: [false, false, false],
      efficiencies: [12.596070, 13.432871, 10.434069], sum: 0, free: 0, reward: -1),
    Case(
      name: "G", subchannels: [1, 2, 3], dBm: [0, 3, 24], ratios: [17.568209, 5.257978, 1103.233659], isMet: [true, true, true],
      efficiencies: [758.657300, 477.356162, 57.951326], sum: 1293.964788, free: 3, reward: 1.293965),
  ]
}
