/// The names under which jobs of this pack record what they measure. Capacities are those of a cell, in bit/s/Hz summed over users and channels.
enum MulticellMetric {
  /// While learning, the mean of each block.
  static let training = "training"
  /// The mean over the first T slots of a block, and that of its slot T.
  static let capacity = "capacity"
  static let lastSlot = "lastSlot"
  /// Of every slot of a block by its number.
  static let slot = "slot"
  /// The effective number of cells on a channel in the last slot, (Σ_b P_b)² / Σ_b P_b², mean over channels.
  static let overlap = "overlap"
  /// The part of a user's power that a learned start leaves on the channels where the slot before had it, Σ_f min(f-th share, share before), at slot T.
  static let kept = "kept"
  /// Action components of a cell that change with what others observe.
  static let foreignInfluence = "foreignInfluence"
  /// The first critic's value less the discounted rewards that follow, in standard deviations of the reward.
  static let valueBias = "valueBias"

  // Figure 9, by the number of iterations: the mean over realisations; of several starts its mean, standard deviation and extremes over starts.
  static let iteration = "iteration"
  static let iterationDeviation = "iterationDeviation"
  static let iterationBest = "iterationBest"
  /// The share of FLWF's starts, in percent, that a learned start exceeds after so many iterations.
  static let percentile = "percentile"
}
