import Agents
import Tensor

/// Slices of networks, by their names.
public enum NetworkSlices: Hashable, Sendable {
  /// All whose name begins with this path: "actor" for a network, "actor.layer2" for a layer, "actor.layer2.weights" for an array.
  case path(String)
  /// The last layer of a network: the head of an actor.
  case lastLayer(of: String)

  /// Whether they include a slice of a network.
  func contain(_ slice: Layout.Slice, of network: ExchangeableNetwork) -> Bool {
    switch self {
    case .path(let path):
      let name = "\(network.name).\(slice.name)"
      return name == path || name.hasPrefix(path + ".")
    case .lastLayer(let name):
      func layer(_ slice: Layout.Slice) -> Substring { slice.name.prefix { $0 != "." } }
      return network.name == name && network.layout.slices.last.map(layer) == layer(slice)
    }
  }
}

/// What clients exchange of their networks; the rest stays with each.
public struct ExchangedPart: Hashable, Sendable {
  /// nil: all.
  private var chosen: [NetworkSlices]?
  private var kept: [NetworkSlices]

  /// Everything.
  public static let everything = ExchangedPart(chosen: nil, kept: [])

  /// These slices alone: `.only([.path("actor")])` for the actor.
  public static func only(_ chosen: [NetworkSlices]) -> ExchangedPart { ExchangedPart(chosen: chosen, kept: []) }

  /// Everything but these slices: `.everything(but: [.lastLayer(of: "actor")])` keeps the actors' heads.
  public static func everything(but kept: [NetworkSlices]) -> ExchangedPart { ExchangedPart(chosen: nil, kept: kept) }

  /// The same without these slices.
  public func without(_ kept: [NetworkSlices]) -> ExchangedPart { ExchangedPart(chosen: chosen, kept: self.kept + kept) }

  /// Why it does not fit these networks, in one sentence; nil if it does.
  public func objection(to networks: [ExchangeableNetwork]) -> String? {
    let names = networks.flatMap { network in network.layout.slices.map { "\(network.name).\($0.name)" } }.joined(separator: ", ")
    for pattern in (chosen ?? []) + kept {
      let isKnown = networks.contains { network in network.layout.slices.contains { pattern.contain($0, of: network) } }
      if !isKnown { return "no slice is meant by \(pattern); there are \(names)" }
    }
    let isEmpty = networks.indices.allSatisfy { ranges(of: networks[$0]).isEmpty }
    return isEmpty ? "nothing is left to exchange of \(names)" : nil
  }

  /// The places in a network's flat vector, neighbours joined.
  func ranges(of network: ExchangeableNetwork) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for slice in network.layout.slices where slice.shape.count > 0 && includes(slice, of: network) {
      let range = slice.offset..<(slice.offset + slice.shape.count)
      if let last = ranges.last, last.upperBound == range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  func includes(_ slice: Layout.Slice, of network: ExchangeableNetwork) -> Bool {
    if let chosen, !chosen.contains(where: { $0.contain(slice, of: network) }) { return false }
    return !kept.contains { $0.contain(slice, of: network) }
  }
}
