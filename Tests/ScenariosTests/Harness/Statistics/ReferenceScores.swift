/// Scores of two methods, ten runs of three tasks each, with aggregates that an independent program (the `rliable` library of
/// Agarwal et al. 2021, NumPy and SciPy) gave for them.
enum ReferenceScores {
  static let firstRuns = [
    [0.661, 0.8498, 0.3491], [0.613, 1.0715, 1.0756], [0.1507, 0.2487, 0.0618], [0.529, 0.0359, 0.5482], [0.779, 0.3342, 0.8115],
    [0.709, 0.0288, 0.6706], [0.3111, 0.4981, 0.3402], [0.8318, 0.5285, 0.1882], [0.6536, 0.9364, 0.3676], [0.2663, 0.4656, 1.1237],
  ]
  static let secondRuns = [
    [0.967, 0.5472, 0.9727], [0.7148, 0.6977, 0.2161], [0.9763, 0.0062, 0.253], [0.4348, 0.7794, 0.1977], [0.863, 0.9834, 0.1638],
    [0.5973, 0.009, 0.3866], [0.0442, 0.9567, 0.4361], [0.949, 0.7863, 0.8663], [0.1732, 0.0749, 0.6007], [0.168, 0.7334, 0.4084],
  ]
  static let interquartileMean = 0.5223625000000001
  static let mean = 0.5346166666666666
  static let probabilityOfImprovement = 0.48
  /// From 20 000 stratified resamples.
  static let interquartileMeanInterval = (low: 0.3942734375, high: 0.6584917187499997)

  static func tasks(_ runs: [[Double]]) -> [[Double]] { (0..<3).map { task in runs.map { $0[task] } } }
}
