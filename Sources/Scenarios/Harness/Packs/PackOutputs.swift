/// Figures or tables that a pack makes from the metrics of a run, and what all packs ask of these three.
protocol PackOutputs {
  associatedtype Owner: Pack
  var pack: Owner { get }
  var table: MetricTable { get }
  var request: RunRequest { get }
}

extension PackOutputs {
  /// The schemes that were asked for, in the pack's order.
  var schemes: [SchemeDescription] { pack.schemes.filter { request.schemes.contains($0.name) } }

  /// The title of a figure.
  func title(_ number: Int) -> String { pack.figures.first { $0.number == number }?.title ?? "" }

  /// A scheme in words.
  func legend(_ scheme: String) -> String { pack.schemes.first { $0.name == scheme }?.legend ?? scheme }

  /// The figures that were asked for, all of them where a run asked for none, as far as they show anything.
  func wanted(_ figures: [Figure]) -> [Figure] {
    let numbers = request.kind == .reproduce ? request.figures : pack.figures.map(\.number)
    return figures.filter { numbers.contains($0.number) && ($0.panels.contains { !$0.series.isEmpty } || !$0.maps.isEmpty) }
  }
}
