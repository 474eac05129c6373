import NNQFloat

extension Converter {
  /// The net without whole channels that hold the share of weights that is asked for, the others refitted: smaller tensors.
  ///
  /// - Throws: `ConvertError.badOption` where channels that can go hold too few weights, or a plan has shares of layers.
  func withoutFilters(_ net: LayerGraph, _ executor: FloatExecutor) throws -> LayerGraph {
    try requireNoGoal()
    guard options.sparsity > 0 else { return net }
    try options.plan.requireNoShares()
    try requireSamples()
    let samples = try held(SampleWalk.sampleLimit(for: net), of: net)
    let pruning = FilterPruning(net) { options.isExcluded(layer: $0) }
    let probe = FilterProbe(net: net, saliency: options.saliency, isMeasured: options.pruneScope == .global)
    let costs = try probe.columnCosts(SampleWalk(net, executor, samples: samples, threads: options.threads)) {
      progress(Progress(stage: .probe, done: $0, total: net.layers.count))
    }
    let removed = try pruning.removedTies(
      Int((options.sparsity * Double(net.weightCount)).rounded()), columnCosts: costs, scope: options.pruneScope)
    let sweep = NetSweep(net: net, plan: nil, removals: pruning.removals(removed), groups: net.weightGroups(.filters))
    let walk = try SampleWalk(net, executor, samples: samples, threads: options.threads, hasReferences: true)
    let pruned = try net.taking(
      sweep.run(walk) { progress(Progress(stage: .sweep, done: $0, total: net.layers.count)) })
    return LayerGraph(pruned.graph.removing(removed, of: pruning.ties))
  }
}

extension Converter {
  private func requireNoGoal() throws(ConvertError) {
    guard options.goal == nil else {
      throw ConvertError(
        .badOption, at: "--prune-pattern filters", "the share of whole channels is to be given", remedy: "take --prune instead of a goal")
    }
  }
}

extension LayerGraph {
  /// With the weights that a sweep of real weights has left, also in its graph.
  func taking(_ outcome: NetSweep.Outcome) throws(ConvertError) -> LayerGraph {
    var result = self
    for (index, weights) in outcome.weights { result.layers[index].weights = weights }
    result.writeWeightsToGraph()
    if let index = outcome.overflowing { throw .overflow(at: layers[index].name) }
    try result.requireFiniteWeights()
    return result
  }
}

extension ConversionPlan {
  fileprivate func requireNoShares() throws(ConvertError) {
    guard let layer = layers.first(where: { $0.share ?? 0 > 0 }) else { return }
    throw ConvertError(
      .badOption, at: "--prune-pattern filters", "the plan has a share for layer '\(layer.name)', channels are tied across layers",
      remedy: "leave shares out of the plan, or prune single weights")
  }
}
