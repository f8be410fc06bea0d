/// The paper's figures from the metrics of a run.
struct MulticellFigures: PackOutputs {
  let pack: MulticellPack
  let table: MetricTable
  let request: RunRequest

  /// A run has one network: what depends on sizes is no figure of it.
  var all: [Figure] { wanted(request.kind == .reproduce ? [sizes, channels, ratios, slots, convergence, variants] : [slots, convergence]) }

  private let capacityAxis = Axis("Capacity of a cell", unit: "bit/s/Hz")

  private func panel(_ title: String, _ x: Axis, _ places: [(x: Double, place: MulticellPlace)]) -> Panel {
    let series = schemes.map { scheme in
      Series.sweep(
        scheme.legend, isReference: scheme.isReference,
        places.map { ($0.x, table.values(MulticellMetric.capacity, of: scheme.name, at: $0.place.point)) })
    }
    return Panel(title: title, x: x, y: capacityAxis, series: series.filter { !$0.points.isEmpty })
  }

  private func sizeName(_ antennas: Int) -> String { "(\(antennas), \(antennas / 2))" }

  private let measured =
    " Mean over slots of blocks with fixed channels, summed over users and channels, mean over cells; mean and 95 % interval over seeds."

  private var sizes: Figure {
    let places = MulticellPlan.places(of: 5, at: request.scale)
    return Figure(
      number: 5, title: title(5), caption: "SIR 0 dB, T = 10." + measured,
      panels: [
        panel(
          "", Axis("(M, U)", names: places.map { sizeName($0.antennas) }), places.enumerated().map { (x: Double($0.offset), place: $0.element) })
      ])
  }

  private var channels: Figure {
    let places = MulticellPlan.places(of: 6, at: request.scale)
    var sizes: [Int] = []
    for place in places where !sizes.contains(place.antennas) { sizes.append(place.antennas) }
    return Figure(
      number: 6, title: title(6), caption: "SIR 0 dB, T = 10." + measured,
      panels: sizes.map { size in
        panel(
          sizeName(size), Axis("Frequency channels"), places.filter { $0.antennas == size }.map { (x: Double($0.frequencies), place: $0) })
      })
  }

  private var ratios: Figure {
    let places = MulticellPlan.places(of: 7, at: request.scale)
    let size = places.map(\.antennas).max() ?? 0
    return Figure(
      number: 7, title: title(7), caption: "\(sizeName(size)), T = 10." + measured,
      panels: [panel("", Axis("SIR", unit: "dB"), places.filter { $0.antennas == size }.map { (x: $0.sir, place: $0) })])
  }

  /// The mean over the first T slots divided by the users.
  private func horizons(_ scheme: SchemeDescription, _ point: SweepPoint, users: Double) -> Series {
    let curves = table.curves(MulticellMetric.slot, of: scheme.name, at: point)
    return Series.sweep(
      scheme.legend, isReference: scheme.isReference,
      MulticellPlan.horizons.map { slots in
        let long = curves.filter { $0.values.count >= slots }
        return (
          Double(slots),
          SeedValues(seeds: long.map(\.seed), values: long.map { Statistics.mean(Array($0.values.prefix(slots))) / users })
        )
      })
  }

  private var settings: MulticellSettings { MulticellSettings(request.parameters) }

  /// The networks of a figure, or the one of a run.
  private func places(of figure: Int) -> [MulticellPlace] {
    if request.kind == .reproduce { return MulticellPlan.places(of: figure, at: request.scale) }
    let system = settings.system
    return [MulticellPlace(antennas: system.antennas, frequencies: system.frequencies, sir: system.sirDB)]
  }

  private func users(_ place: MulticellPlace) -> Double {
    let system = settings.system
    return Double(place.antennas == system.antennas ? system.served : max(1, place.antennas / 2))
  }

  private var slots: Figure {
    Figure(
      number: 8, title: title(8),
      caption: "Mean over the first T slots of a block, divided by the users of a cell. Mean and 95 % interval over seeds.",
      panels: places(of: 8).map { place in
        Panel(
          title: MulticellClaims.words(place), x: Axis("Slots of a block: T", isLogarithmic: true, ticks: MulticellPlan.horizons.map { Double($0) }),
          y: Axis("Capacity of a user", unit: "bit/s/Hz"),
          series: schemes.map { horizons($0, place.point, users: users(place)) }.filter { !$0.points.isEmpty })
      }.filter { !$0.series.isEmpty })
  }

  /// Means over seeds; the band is one standard deviation over starts, itself a mean over seeds, where there are several starts.
  private func iterations(_ scheme: SchemeDescription, _ place: MulticellPlace) -> Series {
    let users = users(place)
    var series = Series.curve(scheme.legend, table.curves(MulticellMetric.iteration, of: scheme.name, at: place.point))
    let band = Series.curve("", table.curves(MulticellMetric.iterationDeviation, of: scheme.name, at: place.point)).points
    for i in series.points.indices {
      let mean = series.points[i].mean
      let deviation = i < band.count ? band[i].mean : 0
      series.points[i].mean = mean / users
      (series.points[i].low, series.points[i].high) = ((mean - deviation) / users, (mean + deviation) / users)
    }
    return series
  }

  private var convergence: Figure {
    let work = settings.work
    return Figure(
      number: 9, title: title(9),
      caption:
        "Capacity of a user against the iterations of the game, over \(work.realizations) realisations, mean over seeds. Bands: one standard deviation "
        + "over \(work.starts) random initialisations of FLWF and \(work.starts) random allocations. A learned start is chosen once, then iterated.",
      panels: places(of: 9).map { place in
        Panel(
          title: MulticellClaims.words(place), x: Axis("Iterations"), y: Axis("Capacity of a user", unit: "bit/s/Hz"),
          series: schemes.map { iterations($0, place) }.filter { !$0.points.isEmpty })
      }.filter { !$0.series.isEmpty })
  }

  private var variants: Figure {
    let ticks = MulticellPlan.variants.indices.map { Double($0 + 1) }
    let series = schemes.map { scheme in
      var series = Series.sweep(
        scheme.legend, isReference: scheme.isReference,
        ticks.map { ($0, table.values(MulticellMetric.capacity, of: scheme.name, at: ["variant": $0])) })
      series.kind = .scatter
      return series
    }
    return Figure(
      number: 10, title: title(10),
      caption: MulticellPlan.variants.enumerated().map { "\($0.offset + 1): \($0.element.name)." }.joined(separator: " ") + measured,
      panels: [
        Panel(x: Axis("Variant", ticks: ticks), y: capacityAxis, series: series.filter { !$0.points.isEmpty })
      ].filter { !$0.series.isEmpty })
  }
}
