/// Two cells of two users on two channels, computed in double precision by an independent program and printed with nine significant digits.
struct OffloadingVector: Sendable {
  let name: String
  let offloaded: [Double]
  let channels: [Int32]
  let powers: [Double]
  let shares: [Double]
  let sinr: [Double]
  let rates: [Double]
  let localTimes: [Double]
  let transmissionTimes: [Double]
  let serverTimes: [Double]
  let offloadingTimes: [Double]
  let delays: [Double]
  let slacks: [Double]
  let localEnergies: [Double]
  let transmissionEnergies: [Double]
  let serverEnergies: [Double]
  let interference: [Double]
  let values: [Double]
  let rewards: [Double]
  let cellRewards: [Double]
  let systemReward: Double
  let energy: Double
  let isInTime: [Bool]

  /// Full offloading; partial offloading; a local user in each cell; all local; the local part exactly at the deadline.
  static let all: [OffloadingVector] = [
    OffloadingVector(
      name: "A", offloaded: [1, 1, 1, 1], channels: [0, 1, 0, 1],
      powers: [0.19952623149688797, 0.19952623149688797, 0.19952623149688797, 0.19952623149688797], shares: [0.5, 0.5, 0.5, 0.5],
      sinr: [50.0592913, 0.76930086, 60.0569061, 5.00197482],
      rates: [56741016.1, 8231793.91, 59320825.8, 25854372.7],
      localTimes: [0, 0, 0, 0],
      transmissionTimes: [0.0281982966, 0.242960407, 0.0404579668, 0.0680735914],
      serverTimes: [0.032, 0.06, 0.096, 0.04224],
      offloadingTimes: [0.0601982966, 0.302960407, 0.136457967, 0.110313591],
      delays: [0.0601982966, 0.302960407, 0.136457967, 0.110313591],
      slacks: [0.659801703, 1.04703959, 2.02354203, 0.840086409],
      localEnergies: [0, 0, 0, 0],
      transmissionEnergies: [0.00562629985, 0.0484769744, 0.00807242564, 0.0135824672],
      serverEnergies: [0.008, 0.015, 0.024, 0.01056],
      interference: [3.99052463e-14, 9.97631157e-13, 5.98578694e-14, 1.99526231e-13],
      values: [1, 1, 1, 1],
      rewards: [0.9863737, 0.936523026, 0.967927574, 0.975857533],
      cellRewards: [1.92289673, 1.94378511], systemReward: 3.86668183, energy: 0.133318167,
      isInTime: [true, true, true, true]),
    OffloadingVector(
      name: "B", offloaded: [0.8, 0.5, 1, 0.1], channels: [0, 1, 1, 0],
      powers: [0.1, 0.05, 0.15, 0.2], shares: [0.6, 0.4, 0.9, 0.1],
      sinr: [1.92342699, 2.86488964, 16.7017929, 2.29191171],
      rates: [15476605.6, 19504272.2, 41458235.9, 17189256.4],
      localTimes: [0.16, 0.75, 0, 0.9504],
      transmissionTimes: [0.0827054737, 0.0512708185, 0.0578895833, 0.0102389537],
      serverTimes: [0.0213333333, 0.0375, 0.0533333333, 0.02112],
      offloadingTimes: [0.104038807, 0.0887708185, 0.111222917, 0.0313589537],
      delays: [0.16, 0.75, 0.111222917, 0.9504],
      slacks: [0.56, 0.6, 2.04877708, 0],
      localEnergies: [0.16, 0.75, 0, 0.9504],
      transmissionEnergies: [0.00827054737, 0.00256354093, 0.0086834375, 0.00204779073],
      serverEnergies: [0.0064, 0.0075, 0.024, 0.001056],
      interference: [1e-12, 3e-14, 3e-14, 5e-14],
      values: [1, 1, 1, 1],
      rewards: [0.825329453, 0.239936459, 0.967316563, 0.0464962093],
      cellRewards: [1.06526591, 1.01381277], systemReward: 2.07907868, energy: 1.92092132,
      isInTime: [true, true, true, true]),
    OffloadingVector(
      name: "C", offloaded: [1, 0, 1, 0], channels: [0, -1, 1, -1],
      powers: [0.1, 0, 0.1, 0], shares: [1, 0, 1, 0],
      sinr: [50.2377286, 0, 25.1188643, 0],
      rates: [56791346.2, 0, 47070202.6, 0],
      localTimes: [0, 1.5, 0, 1.056],
      transmissionTimes: [0.0281733065, 0, 0.0509876709, 0],
      serverTimes: [0.016, 0, 0.048, 0],
      offloadingTimes: [0.0441733065, 0, 0.0989876709, 0],
      delays: [0.0441733065, 1.5, 0.0989876709, 1.056],
      slacks: [0.675826694, -0.15, 2.06101233, -0.1056],
      localEnergies: [0, 1.5, 0, 1.056],
      transmissionEnergies: [0.00281733065, 0, 0.00509876709, 0],
      serverEnergies: [0.008, 0, 0.024, 0],
      interference: [0, 2e-14, 3e-14, 0],
      values: [1, -0.15, 1, -0.1056],
      rewards: [0.989182669, -1.65, 0.970901233, -1.1616],
      cellRewards: [-0.660817331, -0.190698767], systemReward: -0.851516098, energy: 2.5959161,
      isInTime: [true, false, true, false]),
    OffloadingVector(
      name: "D", offloaded: [0, 0, 0, 0], channels: [-1, -1, -1, -1],
      powers: [0, 0, 0, 0], shares: [0, 0, 0, 0],
      sinr: [0, 0, 0, 0],
      rates: [0, 0, 0, 0],
      localTimes: [0.8, 1.5, 2.4, 1.056],
      transmissionTimes: [0, 0, 0, 0],
      serverTimes: [0, 0, 0, 0],
      offloadingTimes: [0, 0, 0, 0],
      delays: [0.8, 1.5, 2.4, 1.056],
      slacks: [-0.08, -0.15, -0.24, -0.1056],
      localEnergies: [0.8, 1.5, 2.4, 1.056],
      transmissionEnergies: [0, 0, 0, 0],
      serverEnergies: [0, 0, 0, 0],
      interference: [0, 0, 0, 0],
      values: [-0.08, -0.15, -0.24, -0.1056],
      rewards: [-0.88, -1.65, -2.64, -1.1616],
      cellRewards: [-2.53, -3.8016], systemReward: -6.3316, energy: 5.756,
      isInTime: [false, false, false, false]),
    OffloadingVector(
      name: "E", offloaded: [0.1, 0.1, 0.1, 0.1], channels: [1, 0, 1, 0],
      powers: [0.19952623149688797, 0.19952623149688797, 0.19952623149688797, 0.19952623149688797], shares: [0.5, 0.5, 0.5, 0.5],
      sinr: [12.5148228, 0.192325215, 20.0189687, 0.666929975],
      rates: [37564706.9, 2537777.95, 43936199.8, 7371935.01],
      localTimes: [0.72, 1.35, 2.16, 0.9504],
      transmissionTimes: [0.00425931714, 0.0788091016, 0.00546246605, 0.0238743288],
      serverTimes: [0.0032, 0.006, 0.0096, 0.004224],
      offloadingTimes: [0.00745931714, 0.0848091016, 0.0150624661, 0.0280983288],
      delays: [0.72, 1.35, 2.16, 0.9504],
      slacks: [0, 0, 0, 0],
      localEnergies: [0.72, 1.35, 2.16, 0.9504],
      transmissionEnergies: [0.000849845497, 0.0157244831, 0.00108990527, 0.00476355485],
      serverEnergies: [0.0008, 0.0015, 0.0024, 0.001056],
      interference: [9.97631157e-13, 3.99052463e-14, 1.99526231e-13, 5.98578694e-14],
      values: [1, 1, 1, 1],
      rewards: [0.278350155, -0.367224483, -1.16348991, 0.0437804452],
      cellRewards: [-0.0888743286, -1.11970946], systemReward: -1.20858379, energy: 5.20858379,
      isInTime: [true, true, true, true]),
  ]
}
