/// Removes the weights of smallest magnitude (saliency |w|), a share of ALL weights of the net. Depthwise, grouped and
/// first layers are kept dense: they hold few weights and lose the most.
struct MagnitudePruning {
  /// Share of all weights to remove, 0...0.99.
  let sparsity: Double
  let scope: PruneScope
  /// Layers to leave alone, by name.
  let isExcluded: (String) -> Bool

  /// Sets weights to zero.
  ///
  /// - Throws: `ConvertError.badOption` when the prunable layers hold fewer weights than are to be removed.
  /// - Complexity: O(n log n) in the number of weights.
  func apply(to net: inout LayerGraph) throws(ConvertError) {
    guard sparsity > 0 else { return }
    let prunable = net.layers.indices.filter { isPrunable(net.layers[$0], in: net) }
    let total = net.layers.reduce(0) { $0 + ($1.weights?.values.count ?? 0) }
    let available = prunable.reduce(0) { $0 + (net.layers[$1].weights?.values.count ?? 0) }
    let removeCount = Int((sparsity * Double(total)).rounded())
    guard removeCount < available else {
      throw ConvertError(
        .badOption, at: "--prune \(sparsity)", "\(removeCount) of \(total) weights are to go, the prunable layers hold \(available)",
        remedy: "prune less than \(Double(available) / Double(max(total, 1)))")
    }
    switch scope {
    case .global: net.removeSmallest(removeCount, in: prunable)
    case .layer:
      for (index, count) in zip(prunable, shares(of: removeCount, among: prunable, of: available, in: net)) {
        net.removeSmallest(count, in: [index])
      }
    }
  }

  private func isPrunable(_ layer: Layer, in net: LayerGraph) -> Bool {
    guard layer.weights != nil, !layer.isDepthwiseOrGrouped, !isExcluded(layer.name) else { return false }
    return !net.graph.inputs.contains { net.reaches($0, layer) }
  }

  /// Parts of `count` in proportion to the layers' weights, which add up exactly.
  private func shares(of count: Int, among layers: [Int], of available: Int, in net: LayerGraph) -> [Int] {
    var (weightsBefore, removedBefore) = (0, 0)
    return layers.map { index in
      weightsBefore += net.layers[index].weights?.values.count ?? 0
      let removed = Int(Double(count) * Double(weightsBefore) / Double(available))
      defer { removedBefore = removed }
      return removed - removedBefore
    }
  }
}

extension LayerGraph {
  /// Whether a layer reads an input of the net, directly or through layers that have no weights.
  fileprivate func reaches(_ input: Int, _ layer: Layer) -> Bool {
    layer.inputs.contains { value in
      if value == input { return true }
      guard let producer = layers.first(where: { $0.output == value }), producer.weights == nil else { return false }
      return reaches(input, producer)
    }
  }

  /// Sets the `count` weights of smallest magnitude of some layers to zero; of equal ones the first go first.
  fileprivate mutating func removeSmallest(_ count: Int, in indices: [Int]) {
    guard count > 0 else { return }
    let magnitudes = indices.flatMap { (layers[$0].weights?.values ?? []).map { abs($0) } }.sorted()
    let threshold = magnitudes[count - 1]
    let belowCount = magnitudes.firstIndex(of: threshold) ?? 0
    var ties = count - belowCount
    for index in indices {
      guard var weights = layers[index].weights else { continue }
      for element in weights.values.indices {
        let magnitude = abs(weights.values[element])
        guard magnitude < threshold || (magnitude == threshold && ties > 0) else { continue }
        if magnitude == threshold { ties -= 1 }
        weights.values[element] = 0
      }
      layers[index].weights = weights
    }
  }
}
