import Channels

/// The drop of one seed to look at, on the blocks that the oracle gives.
extension D2DPack {
  public func map(of request: RunRequest) throws -> DropMap? {
    let settings = D2DSettings(request.parameters)
    if let contradiction = settings.contradiction { throw UsageError(contradiction) }
    let parameters = settings.system
    let seed = request.seeds.first ?? 0
    let seeds = D2DSeeds(seed)
    let drop = UnderlayDrop(parameters.cell, seed: seeds.drop)
    let oracle = UnderlayOracle(parameters.cell, drop: drop, seed: seeds.oracle)
    var nodes = [DropMap.Node(.site, x: 0, y: 0, label: "BS")]
    for (user, position) in drop.cellularUsers.enumerated() {
      nodes.append(DropMap.Node(.user, x: position.x, y: position.y, block: user, label: "C\(user)"))
    }
    var links: [DropMap.Link] = []
    for pair in 0..<parameters.pairs {
      let block = Int(oracle.allocation[pair])
      let (from, to) = (drop.transmitters[pair], drop.receivers[pair])
      links.append(DropMap.Link(from: nodes.count, to: nodes.count + 1, block: block))
      nodes.append(DropMap.Node(.transmitter, x: from.x, y: from.y, block: block, label: parameters.pairs <= 20 ? "\(pair)" : ""))
      nodes.append(DropMap.Node(.receiver, x: to.x, y: to.y, block: block))
    }
    return DropMap(
      title: "Drop of seed \(seed): \(parameters.pairs) D2D pairs under one cell",
      caption: "Cellular user m owns block m. Pairs are drawn on the block that the oracle's fixed allocation gives them. Radius "
        + "\(shortText(parameters.radiusMeters)) m.",
      borders: [DropMap.Circle(x: 0, y: 0, radius: parameters.radiusMeters)], nodes: nodes, links: links, blocks: parameters.resourceBlocks)
  }
}
