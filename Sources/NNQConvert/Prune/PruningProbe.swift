import NNQFloat

/// Measures what pruning single layers does to the output of the float net.
struct PruningProbe {
  let net: LayerGraph
  /// Layers that may lose weights.
  let layers: [Int]
  /// By layer index, of these layers at least.
  let groups: [Int: WeightGroups]

  /// Steps in which the weights of one share go: half the error of one.
  private static let steps = 2

  /// - Parameters:
  ///   - fitted: a walk of the float net over samples that the pruned weights are fitted to.
  ///   - measured: over others, on which the effect is measured.
  /// - Returns: for each of `layers`.
  func costs(fitted: SampleWalk, measured: SampleWalk, progress: (Int) -> Void) throws(ConvertError) -> [PruningCosts] {
    var (fitted, measured) = (fitted, measured)
    let outputs = try measured.outputs(from: 0, changing: nil)
    let importance = ChannelImportance(net)
    var costs: [PruningCosts] = []
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights, let groups = groups[index], layers.contains(index) {
        let counts = PruningCosts.shares.map { Int($0 * Double(weights.values.count)) }
        let sweep = try LayerSweep(layer, weights, fitted, groups: groups, importance: importance)
        let candidates = sweep.unfitted(removing: counts, steps: Self.steps)
        let errors = try candidates.map { candidate throws(ConvertError) in
          outputs.relativeError(of: try measured.outputs(from: index, changing: candidate))
        }
        costs.append(PruningCosts(weightCount: weights.values.count, errors: errors, leastShare: groups.leastShare))
      }
      try fitted.step(index)
      try measured.step(index)
      progress(index + 1)
    }
    return costs
  }
}
