/// How many weights go and which layers may lose them.
///
/// Depthwise, grouped and first layers are kept dense: they hold few weights and lose the most.
struct PruningGoal {
  /// By layer index, how many weights go from layers whose share is given.
  let planned: [Int: Int]
  /// The others that may lose weights, by index.
  let layers: [Int]
  /// Weights of each of `layers`.
  let weightCounts: [Int]
  /// Of all these layers together.
  let removeCount: Int

  /// - Parameters:
  ///   - sparsity: share of ALL weights of the net that goes, 0...0.99, unless the given shares are more.
  ///   - share: given for a layer, by its name: of its own weights, whatever its kind.
  ///   - isExcluded: layers to leave alone, by name.
  /// - Throws: `ConvertError.badOption` when the prunable layers hold no more weights than are to be removed.
  init(
    _ net: LayerGraph, sparsity: Double, share: (String) -> Double? = { _ in nil }, isExcluded: (String) -> Bool
  ) throws(ConvertError) {
    let planned = net.layers.indices.reduce(into: [Int: Int]()) { planned, index in
      guard let count = net.layers[index].weights?.values.count, let share = share(net.layers[index].name) else { return }
      planned[index] = Int((share * Double(count)).rounded())
    }
    self.planned = planned
    let delicate = net.delicateLayers
    layers = net.layers.indices.filter { index in
      planned[index] == nil && net.layers[index].weights != nil && !delicate.contains(index) && !isExcluded(net.layers[index].name)
    }
    let total = net.layers.reduce(0) { $0 + ($1.weights?.values.count ?? 0) }
    weightCounts = layers.map { net.layers[$0].weights?.values.count ?? 0 }
    let available = weightCounts.reduce(0, +)
    removeCount = max(0, Int((sparsity * Double(total)).rounded()) - planned.values.reduce(0, +))
    guard removeCount == 0 || removeCount < available else {
      throw ConvertError(
        .badOption, at: "--prune \(sparsity)", "\(removeCount) of \(total) weights are to go, the prunable layers hold \(available)",
        remedy: "prune less than \(Double(available) / Double(max(total, 1)))")
    }
  }
}
