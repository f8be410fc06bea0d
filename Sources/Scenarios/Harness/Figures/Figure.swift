/// A figure of a paper, drawn from a run: one or several plots, or one or several maps, under one number.
public struct Figure: Sendable, Hashable {
  /// 0 for a figure of no paper.
  public var number: Int
  public var title: String
  /// What the reader sees and how it was made.
  public var caption: String
  /// The plots; empty for a figure of maps.
  public var panels: [Panel]
  /// The maps, side by side, each under its title and with one legend for all; empty for a figure of plots.
  public var maps: [DropMap]

  /// - Precondition: `panels` or `maps` is empty.
  public init(number: Int, title: String, caption: String, panels: [Panel] = [], maps: [DropMap] = []) {
    precondition(panels.isEmpty || maps.isEmpty, "Figure: plots or maps, got \(panels.count) plots and \(maps.count) maps")
    self.number = number
    self.title = title
    self.caption = caption
    self.panels = panels
    self.maps = maps
  }

  /// What stands over the drawing.
  var heading: String { (number > 0 ? "Fig. \(number). " : "") + title }

  /// The drawing's name for those who hear it.
  var spokenName: String { (number > 0 ? "Figure \(number): " : "") + title }
}

/// One plot.
public struct Panel: Sendable, Hashable {
  /// Empty for a figure of one panel.
  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var references: [ReferenceLine]
  /// One unit is as long on both axes: for maps.
  public var hasEqualAxes: Bool

  public init(title: String = "", x: Axis, y: Axis, series: [Series], references: [ReferenceLine] = [], hasEqualAxes: Bool = false) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.hasEqualAxes = hasEqualAxes
  }
}

/// One axis of a plot.
public struct Axis: Sendable, Hashable {
  public var label: String
  /// Empty for a number without unit.
  public var unit: String
  /// A logarithmic axis shows positive numbers only.
  public var isLogarithmic: Bool
  /// What the axis shows at least; the data may widen it.
  public var range: ClosedRange<Double>?
  /// Where the axis has ticks; nil for nice numbers.
  public var ticks: [Double]?
  /// What stands at 0, 1, 2, ... instead of numbers; nil for an axis of numbers.
  public var names: [String]?

  public init(_ label: String, unit: String = "", isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil, ticks: [Double]? = nil) {
    self.label = label
    self.unit = unit
    self.isLogarithmic = isLogarithmic
    self.range = range
    self.ticks = ticks
  }

  /// An axis of names, which stand at 0, 1, 2, ..., each with half a unit of room on both sides.
  public init(_ label: String = "", names: [String]) {
    self.init(label, range: -0.5...(Double(max(1, names.count)) - 0.5))
    self.names = names
  }

  /// The label with its unit.
  public var caption: String { unit.isEmpty ? label : "\(label) (\(unit))" }
}

/// The points of one scheme in a plot.
public struct Series: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Points joined by a line, with a band between `low` and `high`.
    case line
    /// Points alone, with a bar between `low` and `high` where these differ.
    case scatter
    /// A column from zero to the mean at each place, beside those of the panel's other columns, with a line between `low` and `high`.
    case column
  }

  public struct Point: Sendable, Hashable {
    public var x: Double
    /// The mean over the seeds.
    public var mean: Double
    /// The ends of the 95 % interval.
    public var low: Double
    public var high: Double
    /// The number of seeds.
    public var seeds: Int

    public init(x: Double, mean: Double, low: Double, high: Double, seeds: Int) {
      self.x = x
      self.mean = mean
      self.low = low
      self.high = high
      self.seeds = seeds
    }
  }

  /// The name in the legend.
  public var name: String
  public var kind: Kind
  /// Drawn in grey dashes: a yardstick.
  public var isReference: Bool
  /// In the order in which a line joins them.
  public var points: [Point]

  public init(_ name: String, kind: Kind = .line, isReference: Bool = false, points: [Point]) {
    self.name = name
    self.kind = kind
    self.isReference = isReference
    self.points = points
  }
}

/// A straight line across a plot, for example a threshold.
public struct ReferenceLine: Sendable, Hashable {
  public enum Position: Sendable, Hashable {
    case horizontal(Double)
    case vertical(Double)
  }

  public var position: Position
  /// Stands at the line; may be empty.
  public var label: String

  public init(_ position: Position, label: String = "") {
    self.position = position
    self.label = label
  }
}
