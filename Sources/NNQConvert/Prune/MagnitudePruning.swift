/// Chooses the weights of smallest magnitude.
///
/// Magnitudes of different layers are no measure of each other (folding a BatchNormalization rescales a layer, and with it
/// its magnitudes), so across layers the layer-adaptive score decides: w^2 over the sum of the squares of all weights of the
/// layer that are at least as large (LAMP: Lee et al., ICLR 2021, arXiv 2010.07611, equation 4). Plain magnitudes leave the
/// expanding layers of MobileNetV2 5 % of their weights. Of weights that go together w^2 is the mean of their squares.
struct MagnitudePruning {
  let goal: PruningGoal
  let scope: PruneScope
  /// By layer index, of the layers that may lose weights.
  let groups: [Int: WeightGroups]

  /// What goes from each of the goal's layers.
  ///
  /// - Complexity: O(n log n) in the number of weights.
  func removals(from net: LayerGraph) -> [Removal] {
    guard goal.removeCount > 0 else { return goal.layers.map { _ in .count(0) } }
    let scores = goal.layers.map { self.scores(net, $0) }
    let counts =
      switch scope {
      case .global: counts(scores)
      case .layer: goal.removeCount.shares(inProportionTo: goal.weightCounts)
      }
    return goal.layers.indices.map { removal(of: counts[$0], from: goal.layers[$0], scores[$0]) }
  }

  /// What goes from one layer.
  func removal(of count: Int, from net: LayerGraph, layer: Int) -> Removal { removal(of: count, from: layer, scores(net, layer)) }

  private func removal(of count: Int, from layer: Int, _ scores: [Float]) -> Removal {
    groups[layer].map { .others(than: $0.kept(scores, removing: count)) } ?? .count(0)
  }

  private func scores(_ net: LayerGraph, _ layer: Int) -> [Float] {
    guard let weights = net.layers[layer].weights, let groups = groups[layer] else { return [] }
    return groups.leveled(layerAdaptiveScores(groups.pooled(weights.values.map { $0 * $0 })))
  }

  /// How many of each layer's are among the smallest of all; of equal ones those of the first layers.
  private func counts(_ scores: [[Float]]) -> [Int] {
    let ranked = scores.flatMap(\.self).sorted()
    let threshold = ranked[goal.removeCount - 1]
    var ties = goal.removeCount - (ranked.firstIndex(of: threshold) ?? 0)
    return scores.map { scores in
      let tied = min(ties, scores.count { $0 == threshold })
      ties -= tied
      return scores.count { $0 < threshold } + tied
    }
  }

  /// For each square its share of the sum of those at least as large.
  private func layerAdaptiveScores(_ squares: [Float]) -> [Float] {
    let descending = squares.indices.sorted { (squares[$0], $1) > (squares[$1], $0) }
    var scores = [Float](repeating: 0, count: squares.count)
    var sum = 0.0
    for element in descending {
      let square = Double(squares[element])
      sum += square
      scores[element] = sum > 0 ? Float(square / sum) : 0
    }
    return scores
  }
}
