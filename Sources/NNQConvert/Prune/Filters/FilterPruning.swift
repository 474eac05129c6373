import NNQFloat

/// Chooses which channels go, with all that gives and reads them.
///
/// A tie of channels costs what its loss adds to the errors of the layers that read it, each relative to the layer's signal,
/// for each weight that goes with it.
struct FilterPruning {
  let net: LayerGraph
  /// Of the net's graph; the channels of excluded layers are fixed.
  let ties: ChannelTies
  private let layers: [FilterLayer]

  /// What a layer keeps at least of the channels that it reads or gives.
  private static let leastShare = 0.125

  init(_ net: LayerGraph, isExcluded: (String) -> Bool) {
    var ties = ChannelTies(net.graph)
    for layer in net.layers where layer.weights != nil && isExcluded(layer.name) {
      for value in [layer.inputs[0], layer.accumulator] { ties.fix(value) }
    }
    (self.net, self.ties) = (net, ties)
    layers = net.layers.indices.compactMap { FilterLayer($0, of: net, ties) }
  }

  /// The ties that go, so that `removeCount` weights do, or the nearest number above it.
  ///
  /// - Parameters:
  ///   - columnCosts: by layer index, of the layers that mix channels: for each column of the weights what its loss costs.
  ///   - scope: `.layer` takes the same share of the channels of all tensors.
  /// - Throws: `ConvertError.badOption` when that leaves too little of a layer.
  func removedTies(_ removeCount: Int, columnCosts: [Int: [Double]], scope: PruneScope) throws(ConvertError) -> Set<Int> {
    var left = layers.map(\.remaining)
    let total = left.reduce(0) { $0 + $1.weightCount }
    var removed: Set<Int> = []
    for tie in order(columnCosts, scope) {
      guard total - left.reduce(0, { $0 + $1.weightCount }) < removeCount else { break }
      let uses = layers.indices.filter { layers[$0].uses(tie) }
      let next = uses.map { left[$0].without(layers[$0].count(of: tie)) }
      guard next.allSatisfy({ $0.isEnough(Self.leastShare) }) else { continue }
      for (layer, remaining) in zip(uses, next) { left[layer] = remaining }
      removed.insert(tie)
    }
    let removedCount = total - left.reduce(0) { $0 + $1.weightCount }
    guard removedCount >= removeCount else {
      throw ConvertError(
        .badOption, at: "--prune", "\(removeCount) weights are to go, whole channels that can go hold \(removedCount)",
        remedy: "prune less, or single weights")
    }
    return removed
  }

  /// What goes from each layer, by its index: the weights that give or read a channel that goes.
  func removals(_ removed: Set<Int>) -> [Int: Removal] {
    Dictionary(uniqueKeysWithValues: layers.map { ($0.index, .others(than: $0.isKept(removed))) }).filter { !$0.value.isEmpty }
  }

  // MARK: Costs

  /// Ties by ascending cost.
  private func order(_ columnCosts: [Int: [Double]], _ scope: PruneScope) -> [Int] {
    var (costs, weightCounts): ([Int: Double], [Int: Int]) = ([:], [:])
    for layer in layers {
      for (tie, cost) in layer.costs(columnCosts[layer.index] ?? []) { costs[tie, default: 0] += cost }
      for (tie, count) in layer.weightCounts { weightCounts[tie, default: 0] += count }
    }
    let fixed = ties.fixedTies
    let prices = weightCounts.filter { !fixed.contains($0.key) }.map { tie, count in
      (tie: tie, price: (costs[tie] ?? 0) / Double(max(count, 1)))
    }.sorted { ($0.price, $0.tie) < ($1.price, $1.tie) }
    guard scope == .layer else { return prices.map(\.tie) }
    // Each tensor's channels by their ranks.
    let sets = ties.tensors
    let tensors = Dictionary(grouping: prices) { sets.find($0.tie) }
    return tensors.values.flatMap { ranked in
      ranked.enumerated().map { (tie: $1.tie, rank: (Double($0) + 0.5) / Double(ranked.count)) }
    }.sorted { ($0.rank, $0.tie) < ($1.rank, $1.tie) }.map(\.tie)
  }
}
