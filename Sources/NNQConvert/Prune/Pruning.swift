import NNQFloat

/// Decides what goes from each layer.
struct Pruning {
  let net: LayerGraph
  let executor: FloatExecutor
  let goal: PruningGoal
  let saliency: Saliency
  let scope: PruneScope
  /// By layer index, of the layers that have weights.
  let groups: [Int: WeightGroups]
  let threads: Int

  /// By layer index.
  ///
  /// - Parameter known: what an earlier call has measured, of other shares of the same net.
  func removals(
    _ samples: HeldSamples, known: inout [PruningCosts]?, progress: (_ done: Int, _ total: Int) -> Void
  ) throws(ConvertError) -> [Int: Removal] {
    let planned = plannedRemovals
    guard goal.removeCount > 0 else { return planned }
    let removals =
      switch (saliency, scope) {
      case (.magnitude, _): magnitude.removals(from: net)
      case (.obs, .layer): goal.removeCount.shares(inProportionTo: goal.weightCounts).map { Removal.count($0) }
      case (.obs, .global): try costs(samples, &known, progress: progress).removals(goal.removeCount).map { Removal.count($0) }
      }
    return planned.merging(zip(goal.layers, removals)) { planned, _ in planned }
  }

  private var plannedRemovals: [Int: Removal] {
    Dictionary(
      uniqueKeysWithValues: goal.planned.map { index, count in
        (index, saliency == .obs ? .count(count) : magnitude.removal(of: count, from: net, layer: index))
      })
  }

  private var magnitude: MagnitudePruning { MagnitudePruning(goal: goal, scope: scope, groups: groups) }

  private func costs(
    _ samples: HeldSamples, _ known: inout [PruningCosts]?, progress: (Int, Int) -> Void
  ) throws(ConvertError) -> [PruningCosts] {
    if let known { return known }
    let probe = LayerProbe(net: net, executor: executor, layers: goal.layers, groups: groups, threads: threads)
    let costs = try probe.pruningCosts(samples) { progress($0, net.layers.count) }
    known = costs
    return costs
  }
}
