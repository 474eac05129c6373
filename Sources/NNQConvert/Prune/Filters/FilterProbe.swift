import NNQFloat

/// Measures what the loss of input channels costs.
struct FilterProbe {
  let net: LayerGraph
  let saliency: Saliency
  /// Whether a layer's errors count by what they do to the net's output.
  let isMeasured: Bool

  /// Samples on which that is measured.
  private static let measuredLimit = 16
  /// Of a layer's columns those of least cost, whose loss is tried.
  private static let triedShare = 0.25

  /// - Parameter walk: of the float net.
  /// - Returns: by layer index, of the layers that mix channels: for each column of the weights the cost of its loss.
  func columnCosts(_ walk: SampleWalk, progress: (Int) -> Void) throws(ConvertError) -> [Int: [Double]] {
    var walk = walk
    let groups = net.weightGroups(.filters)
    let importance = ChannelImportance(net)
    let outputs = isMeasured ? try walk.outputs(from: 0, changing: nil, limit: Self.measuredLimit) : []
    var result: [Int: [Double]] = [:]
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights, let node = layer.node, net.graph.partsChannels(net.graph.nodes[node]), let groups = groups[index] {
        let sweep = try LayerSweep(layer, weights, walk, groups: groups, importance: importance)
        var costs = saliency == .obs ? sweep.columnCosts() : weights.columnShares
        if isMeasured {
          let factor = try factor(costs, of: index, sweep, walk, outputs)
          costs = costs.map { $0 * factor }
        }
        result[index] = costs
      }
      try walk.step(index)
      progress(index + 1)
    }
    return result
  }

  /// The error of the net's output for a unit of a layer's costs.
  private func factor(
    _ costs: [Double], of index: Int, _ sweep: LayerSweep, _ walk: SampleWalk, _ outputs: [[[Float]]]
  ) throws(ConvertError) -> Double {
    let tried = costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }.prefix(max(Int(Self.triedShare * Double(costs.count)), 1))
    let changed = try walk.outputs(from: index, changing: sweep.without(columns: Set(tried)), limit: Self.measuredLimit)
    let error = outputs.relativeError(of: changed)
    let cost = tried.reduce(0) { $0 + costs[$1] }
    return cost > 0 && error.isFinite ? error / cost : 1
  }
}

extension LayerWeights {
  /// For each column its share of the sum of all squares.
  fileprivate var columnShares: [Double] {
    var sums = [Double](repeating: 0, count: depth)
    for (index, weight) in values.enumerated() { sums[index % depth] += Double(weight) * Double(weight) }
    let total = max(sums.reduce(0, +), .leastNormalMagnitude)
    return sums.map { $0 / total }
  }
}
