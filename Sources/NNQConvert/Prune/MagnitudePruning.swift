/// Chooses the weights of smallest magnitude.
///
/// Magnitudes of different layers are no measure of each other (folding a BatchNormalization rescales a layer, and with it
/// its magnitudes), so across layers the layer-adaptive score decides: w^2 over the sum of the squares of all weights of the
/// layer that are at least as large (LAMP: Lee et al., ICLR 2021, arXiv 2010.07611, equation 4). Plain magnitudes leave the
/// expanding layers of MobileNetV2 5 % of their weights.
struct MagnitudePruning {
  let goal: PruningGoal
  let scope: PruneScope

  /// What goes from each of the goal's layers.
  ///
  /// - Complexity: O(n log n) in the number of weights.
  func removals(from net: LayerGraph) -> [Removal] {
    let scores = goal.layers.map { net.layers[$0].weights?.layerAdaptiveScores ?? [] }
    let kept =
      switch scope {
      case .global: removing(goal.removeCount, scores)
      case .layer:
        zip(goal.removeCount.shares(inProportionTo: goal.weightCounts), scores).flatMap { removing($0, [$1]) }
      }
    return kept.map { Removal.others(than: $0) }
  }

  /// What goes from one layer.
  func removal(of count: Int, from layer: Layer) -> Removal {
    removing(count, [layer.weights?.layerAdaptiveScores ?? []]).map { Removal.others(than: $0) }.first ?? .count(0)
  }

  /// For each layer which weights stay after the `count` smallest of all these layers went; of equal ones the first go first.
  private func removing(_ count: Int, _ scores: [[Float]]) -> [[Bool]] {
    guard count > 0 else { return scores.map { $0.map { _ in true } } }
    let ranked = scores.flatMap(\.self).sorted()
    let threshold = ranked[count - 1]
    var ties = count - (ranked.firstIndex(of: threshold) ?? 0)
    return scores.map { scores in
      scores.map { score in
        guard score == threshold else { return score > threshold }
        ties -= 1
        return ties < 0
      }
    }
  }
}

extension LayerWeights {
  /// For each weight its square over the sum of the squares of the weights at least as large.
  fileprivate var layerAdaptiveScores: [Float] {
    let descending = values.indices.sorted { (abs(values[$0]), $1) > (abs(values[$1]), $0) }
    var scores = [Float](repeating: 0, count: values.count)
    var sum = 0.0
    for element in descending {
      let square = Double(values[element]) * Double(values[element])
      sum += square
      scores[element] = sum > 0 ? Float(square / sum) : 0
    }
    return scores
  }
}
