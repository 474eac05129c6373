extension LayerGraph {
  /// By layer index, of the layers that have weights: the groups of a pattern.
  ///
  /// Neighbours are those of the integer graph, where a dense layer behind a Flatten reads the channels of one position side by
  /// side.
  func weightGroups(_ pattern: PrunePattern) -> [Int: WeightGroups] {
    let orders = pattern.groupSize == 1 ? [:] : columnOrders
    return layers.indices.reduce(into: [:]) { groups, index in
      guard let weights = layers[index].weights else { return }
      let positions = weights.shape.dropFirst(2).reduce(1, *)
      let channelCount = weights.depth / positions
      let own = (0..<positions).flatMap { position in (0..<channelCount).map { $0 * positions + position } }
      groups[index] = WeightGroups(pattern, order: orders[index] ?? own, channelCount: channelCount)
    }
  }
}
